//! The program at the command line: what it says, and what it ends with.

use std::time::Duration;

use line_simulator::{Options, Simulator};

use crate::on_both;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::program::{Server, file, free_port, run};
use crate::support::town::{SAMPLE, Town};

#[test]
fn bad_settings_are_told_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(folder.path(), "policy.toml", "[profile\n");
    let told = run(
        &[
            ("DATABASE_URL", "mysql://town"),
            ("LINE_API_BASE", "https://line.example"),
            ("KAIRAN_LISTEN", "8080"),
            ("KAIRAN_POLICY", &policy),
        ],
        &["serve"],
    );
    assert_eq!(told.code, 2, "{told:?}");
    for name in [
        "DATABASE_URL: ",
        "LINE_CHANNEL_SECRET: ",
        "LINE_CHANNEL_ACCESS_TOKEN: ",
        "LINE_API_BASE: ",
        "KAIRAN_LISTEN: ",
        &format!("{policy}:1: "),
    ] {
        let lines = told.err.lines().filter(|line| line.starts_with(name));
        assert_eq!(lines.count(), 1, "{name} in {}", told.err);
    }
}

#[test]
fn a_wrong_word_ends_with_two_and_names_the_right_ones() {
    for words in [
        vec![],
        vec!["dance"],
        vec!["serve", "--fast"],
        vec!["migrate", "sideways"],
        vec!["import", "residents"],
        vec!["garbage", "next", "--from", "tomorrow"],
    ] {
        let told = run(&[], &words);
        assert_eq!(told.code, 2, "{words:?}: {told:?}");
        assert!(told.err.contains("--help"), "{words:?}: {}", told.err);
    }
    assert_eq!(run(&[], &["--help"]).code, 0);
}

#[test]
fn a_policy_is_checked_with_its_lines() {
    let good = format!("{SAMPLE}/policy.toml");
    let told = run(&[], &["policy", "check", &good]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("version 2026-04-01"), "{}", told.out);

    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(good).unwrap();
    let bad = text.replace("event_days = 30", "event_days = 0");
    let bad = file(folder.path(), "bad.toml", bad);
    let told = run(&[], &["policy", "check", &bad]);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    let line = 1 + text.lines().position(|l| l == "event_days = 30").unwrap();
    assert!(
        told.err.starts_with(&format!("{bad}:{line}: ")),
        "{}",
        told.err
    );
    assert_eq!(run(&[], &["policy", "check", "no-such-file"]).code, 2);
}

on_both!(the_schema_goes_down_and_up, |db: TestDb| {
    let place = [("DATABASE_URL", db.url.as_str())];
    let count = |words: &[&str], state: &str| {
        let told = run(&place, words);
        assert_eq!(told.code, 0, "{told:?}");
        let lines = told.out.lines().filter(|line| line.starts_with(state));
        lines.count()
    };
    let all = count(&["migrate", "status"], "applied");
    assert!(all >= 7);
    assert_eq!(count(&["migrate", "down", "--steps", "2"], "missing"), 2);
    assert_eq!(count(&["migrate", "status"], "applied"), all - 2);
    assert_eq!(count(&["migrate", "up"], "missing"), 0);
    assert_eq!(count(&["migrate", "up"], "applied"), all);
});

on_both!(
    the_doctor_says_what_is_well_and_what_is_not,
    |town: Town| {
        let options = Options::default();
        let (api, data) = (town.line.api_base(), town.line.data_base());
        let policy = format!("{SAMPLE}/policy.toml");
        let mut settings = vec![
            ("DATABASE_URL", town.db.url.as_str()),
            ("LINE_CHANNEL_SECRET", &options.channel_secret),
            ("LINE_CHANNEL_ACCESS_TOKEN", &options.access_token),
            ("LINE_API_BASE", &api),
            ("LINE_API_DATA_BASE", &data),
            ("KAIRAN_POLICY", &policy),
        ];
        let told = run(&settings, &["doctor"]);
        assert_eq!(told.code, 0, "{told:?}");
        for well in [
            "ok   settings: complete",
            "ok   policy: 汐見市公式 (汐見市)",
            "ok   database: answers",
            "ok   garbage: ",
            "ok   events: none set aside",
            "ok   LINE: the token speaks for 汐見市公式 (@000town)",
        ] {
            assert!(told.out.contains(well), "{well} in {}", told.out);
        }
        settings[2] = ("LINE_CHANNEL_ACCESS_TOKEN", "an old token");
        settings[5] = ("KAIRAN_POLICY", "/no/such/file");
        let told = run(&settings, &["doctor"]);
        assert_eq!(told.code, 1, "{told:?}");
        let bad: Vec<_> = told.out.lines().filter(|l| l.starts_with("BAD")).collect();
        assert!(bad.iter().any(|l| l.contains("check the token")), "{bad:?}");
        assert!(bad.iter().any(|l| l.contains("/no/such/file")), "{bad:?}");
        assert_eq!(bad.len(), 2, "{bad:?}");
        assert!(!told.out.contains("an old token"));
    }
);

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_sees_a_database_behind() {
    let line = Simulator::start(Options::default()).unwrap();
    let db = TestDb::begin(Engine::Sqlite).await;
    db.migrate_down(1).await.unwrap();
    let options = Options::default();
    let told = run(
        &[
            ("DATABASE_URL", &db.url),
            ("LINE_CHANNEL_SECRET", &options.channel_secret),
            ("LINE_CHANNEL_ACCESS_TOKEN", &options.access_token),
            ("LINE_API_BASE", &line.api_base()),
            ("LINE_API_DATA_BASE", &line.data_base()),
        ],
        &["doctor"],
    );
    assert_eq!(told.code, 1);
    assert!(told.out.contains("run `kairan migrate up`"), "{}", told.out);
}

on_both!(a_calendar_is_imported_and_asked, |db: TestDb| {
    let place = [("DATABASE_URL", db.url.as_str())];
    let folder = tempfile::tempdir().unwrap();
    let calendar = folder.path().display().to_string();
    let garbage = ["import", "garbage", &calendar];
    file(
        folder.path(),
        "area_days.csv",
        "地名,センター,燃えるごみ\n本町,,月 木\n港町,,毎日\n",
    );
    let told = run(&place, &garbage);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.err.contains("area_days.csv:3:"), "{}", told.err);
    let areas = run(&place, &["garbage", "areas", "--json"]);
    assert_eq!((areas.code, areas.out.as_str()), (0, ""));

    file(
        folder.path(),
        "area_days.csv",
        "地名,センター,燃えるごみ\n本町,,月 木\n港町,,火\n",
    );
    let told = run(&place, &garbage);
    assert_eq!(told.code, 0, "{told:?}");
    let areas = run(&place, &["garbage", "areas", "--json"]);
    assert_eq!(
        areas.out,
        "{\"area\":\"本町\",\"district\":null,\"categories\":[\"燃えるごみ\"]}\n\
         {\"area\":\"港町\",\"district\":null,\"categories\":[\"燃えるごみ\"]}\n"
    );
    let next = [
        "garbage",
        "next",
        "--area",
        "本町",
        "--from",
        "2026-12-01",
        "--days",
        "7",
        "--json",
    ];
    let next = run(&place, &next);
    assert_eq!(
        next.out,
        "{\"date\":\"2026-12-03\",\"area\":\"本町\",\"category\":\"燃えるごみ\"}\n\
         {\"date\":\"2026-12-07\",\"area\":\"本町\",\"category\":\"燃えるごみ\"}\n"
    );
    let nowhere = [
        "garbage",
        "next",
        "--area",
        "北町",
        "--from",
        "2026-12-01",
        "--days",
        "7",
        "--json",
    ];
    let nowhere = run(&place, &nowhere);
    assert_eq!((nowhere.code, nowhere.out.as_str()), (2, ""));
});

on_both!(the_door_counts_whom_it_turned_away, |db: TestDb| {
    let (line, port) = (Simulator::start(Options::default()).unwrap(), free_port());
    let server = Server::start(port, &db.url, &line);
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    for _ in 0..3 {
        let unsigned = http.post(at("/line/webhook")).body("{}").send().await;
        assert_eq!(unsigned.unwrap().status(), 401);
    }
    let body = r#"{"events":[]}"#;
    let signature = line_simulator::signature(&Options::default().channel_secret, body.as_bytes());
    let signed = http
        .post(at("/line/webhook"))
        .header("x-line-signature", signature);
    assert_eq!(signed.body(body).send().await.unwrap().status(), 200);
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/no-such-page", 404),
    ] {
        assert_eq!(
            http.get(at(path)).send().await.unwrap().status(),
            status,
            "{path}"
        );
    }
    let counts = http
        .get(at("/metrics"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for count in [
        r#"kairan_webhook_requests_total{outcome="unsigned"} 3"#,
        r#"kairan_webhook_requests_total{outcome="stored"} 1"#,
        "kairan_events_set_aside 0",
    ] {
        assert!(counts.contains(count), "{count} in {counts}");
    }
    db.migrate_down(1).await.unwrap();
    assert_eq!(http.get(at("/readyz")).send().await.unwrap().status(), 503);
    assert!(server.terminate().success());
});
