//! Whoever tries what is not theirs is seen in the log of the real program, by number.

use line_simulator::{Options, Simulator};
use serde_json::Value;

use crate::support::authenticator::Authenticator;
use crate::support::guest::Guest;
use crate::support::program::{Server, free_port, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_tries_what_is_not_theirs_is_in_the_log_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("town.db").display());
    let line = Simulator::start(Options::default()).unwrap();
    let port = free_port();
    let origin = format!("http://localhost:{port}");
    let server = Server::with(port, &url, &line, &[("KAIRAN_PUBLIC_URL", &origin)]);
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("KAIRAN_PUBLIC_URL", &origin),
    ];
    let words = "staff add --admin --number A-1 --name 青葉花子";
    let words: Vec<&str> = words.split(' ').collect();
    let added = run(&environment, &words);
    assert_eq!(added.code, 0, "{added:?}");
    let link = added.out.lines().last().unwrap();
    let mut guest = Guest::at(&origin, Authenticator::new(&origin));
    let to = format!("{}/passkey", link.strip_prefix(&origin).unwrap());
    guest.proves(&to, &[]).await.leads("/");

    assert_eq!(guest.get("/people").await.status, 200);
    assert_eq!(guest.get("/emergencies").await.status, 403);
    assert_eq!(guest.post("/emergencies/call-out", &[]).await.status, 403);

    let said = server.ends();
    let refused: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].clone())
        .filter(|fields| fields["message"] == "not theirs: refused")
        .collect();
    let tried: Vec<_> = refused
        .iter()
        .map(|r| (r["path"].as_str(), r["tried"].as_str()))
        .collect();
    assert_eq!(
        tried,
        [
            (Some("/emergencies"), Some("GET")),
            (Some("/emergencies/call-out"), Some("POST")),
        ],
        "{said}"
    );
    for refused in refused {
        let person = refused["person"].as_str().unwrap();
        assert!(uuid::Uuid::parse_str(person).is_ok(), "{person}");
    }
    for known in ["青葉", "A-1"] {
        assert!(!said.contains(known), "{known} in {said}");
    }
}
