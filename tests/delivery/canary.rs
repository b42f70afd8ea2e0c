//! Secrets of recognisable values go through the real program, its log at its most talkative, and turn up nowhere:
//! not in the log, not in one byte of the database. In memory they are plain, so that no core dump is ever written.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chrono::Utc;
use kairan::delivery;
use kairan::startup;
use kairan::text::hex;
use line_simulator::{ApiCall, Effect, Fault, Options, Simulator};

use super::everybody::{BROADCAST, crisis};
use super::opened_by_anybody;
use super::post::people;
use crate::support::postgres;
use crate::support::program::{Server, free_port};

/// Longest wait for a call to LINE.
const PATIENCE: Duration = Duration::from_secs(120);
const TOKEN: &str = "canary-channel-access-token-6f1d";
const REVOKED: &str = "canary-revoked-access-token-9c3e";
const CHANNEL: &str = "canary-channel-secret-41b7";
const MAIL: &str = "canary-mail-password-d20a";
const GATEWAY: &str = "canary-gateway-secret-of-enough-letters";
/// Sixteen times over it makes the data key.
const KEY: &str = "cnry";
const SECRETS: [&str; 6] = [TOKEN, REVOKED, CHANNEL, MAIL, GATEWAY, "cnrycnrycnrycnry"];

/// Every way in which a secret may be written: as it is, in hexadecimal, in base64 wherever in a longer text.
fn forms(secret: &str) -> Vec<String> {
    let hexed = hex(secret.as_bytes());
    let mut forms = vec![secret.to_owned(), hexed.to_uppercase(), hexed];
    for before in 0..3 {
        let shifted = [&vec![0; before], secret.as_bytes()].concat();
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&shifted);
            // What stands beside it shares its first and last letters.
            let first = (before * 8).div_ceil(6);
            forms.push(text[first..text.len() - 2].to_owned());
        }
    }
    forms
}

/// The secrets in `bytes`, of whatever form.
fn leaked(bytes: &[u8]) -> Vec<String> {
    // Every form is ASCII: what else stands there does not matter.
    let text = String::from_utf8_lossy(bytes);
    let forms = SECRETS.iter().flat_map(|secret| forms(secret));
    forms.filter(|form| text.contains(form.as_str())).collect()
}

#[test]
fn a_leak_would_be_seen() {
    for text in [
        format!("Bearer {TOKEN}"),
        hex(format!("a{MAIL}b").as_bytes()),
        STANDARD_NO_PAD.encode(format!("Basic kairan:{GATEWAY};")),
        URL_SAFE_NO_PAD.encode(KEY.repeat(16)),
    ] {
        assert_ne!(leaked(text.as_bytes()), [""; 0], "{text}");
    }
    assert_eq!(leaked(b"canary-channel-access-token"), [""; 0]);
}

/// Everything the program does with its secrets; gives all it logged.
async fn lives(url: &str, folder: &Path) -> String {
    let key = folder.join("kairan.key");
    std::fs::write(&key, STANDARD_NO_PAD.encode(KEY.repeat(16)) + "==\n").unwrap();
    only_ours(&key);
    let line = Simulator::start(Options {
        channel_secret: CHANNEL.to_owned(),
        access_token: TOKEN.to_owned(),
        rate_limits: false,
        ..Options::default()
    })
    .unwrap();
    let (port, key_file) = (free_port(), key.display().to_string());
    line.set_webhook(&format!("http://127.0.0.1:{port}/line/webhook"));
    // Nobody answers at these: what is logged of that must not repeat what is in the address.
    let mail = format!("smtp://kairan:{MAIL}@127.0.0.1:{}", free_port());
    let gateway = format!("http://127.0.0.1:{}/calls", free_port());
    let with = |token: &'static str| {
        [
            ("LINE_CHANNEL_SECRET", CHANNEL),
            ("LINE_CHANNEL_ACCESS_TOKEN", token),
            ("KAIRAN_DATA_KEY_FILE", key_file.as_str()),
            ("KAIRAN_SMTP_URL", mail.as_str()),
            ("KAIRAN_MAIL_FROM", "line@city.example.jp"),
            ("KAIRAN_AUDIT_MAIL", "auditor@city.example.jp"),
            ("KAIRAN_CALL_GATEWAY", gateway.as_str()),
            ("KAIRAN_CALL_GATEWAY_SECRET", GATEWAY),
            ("RUST_LOG", "debug"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let start = |token: &'static str| {
        let more = with(token);
        let more: Vec<_> = more.iter().map(|(n, v)| (*n, v.as_str())).collect();
        Server::with(port, url, &line, &more)
    };
    let server = start(TOKEN);
    for effect in [Effect::ServerError, Effect::Reset, Effect::RateLimited] {
        line.inject(Fault::next(1, effect).on("POST", BROADCAST));
    }
    line.inject(Fault::next(1, Effect::ServerError).on("POST", "/v2/bot/message/reply"));
    let hanako = line.add_person("花子");
    line.follow(&hanako).unwrap();
    line.say(&hanako, "ごみ").unwrap();
    line.settle().await.unwrap();
    let forged = reqwest::Client::new()
        .post(format!("http://127.0.0.1:{port}/line/webhook"))
        .header(
            "x-line-signature",
            line_simulator::signature("guessed", b"{}"),
        )
        .body("{}");
    assert_eq!(forged.send().await.unwrap().status(), 401);
    let db = startup::database(&url.to_owned().into(), &key)
        .await
        .unwrap();
    opened_by_anybody(&db).await;
    people(&db, &line, 3).await;
    let tx = db.begin().await.unwrap();
    let opened = delivery::open_to_everybody(&tx, Utc::now(), crisis("canary"), 4).await;
    opened.unwrap();
    tx.commit().await.unwrap();
    // After the three faults it is taken.
    comes(&line, |call| call.path == BROADCAST && call.status == 200).await;
    server.wait_for("a mail was not taken");
    let mut said = server.ends();
    let server = start(REVOKED);
    line.say(&hanako, "ごみ").unwrap();
    comes(&line, |call| call.status == 401).await;
    said += &server.ends();
    assert!(said.contains(r#""level":"DEBUG""#), "{said}");
    said
}

async fn comes(line: &Simulator, wanted: impl Fn(&ApiCall) -> bool) {
    let patience = Instant::now();
    while line
        .wait_requests(|calls| calls.iter().any(&wanted))
        .await
        .is_err()
    {
        assert!(patience.elapsed() < PATIENCE, "LINE is not called so");
    }
}

fn only_ours(key: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_turns_up_in_log_or_database_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("town.db");
    let said = lives(&format!("sqlite://{}", file.display()), folder.path()).await;
    assert_eq!(leaked(said.as_bytes()), [""; 0]);
    let mut seen = 0;
    // The file itself, what has not been carried into it yet, and whatever else lies beside it.
    for file in std::fs::read_dir(data.path()).unwrap().flatten() {
        // What the last connection leaves behind goes with it.
        let Ok(bytes) = std::fs::read(file.path()) else {
            continue;
        };
        seen += bytes.len();
        assert_eq!(leaked(&bytes), [""; 0], "{:?}", file.path());
    }
    assert!(seen > 100_000, "{seen}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_turns_up_in_log_or_database_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = tokio::task::spawn_blocking(postgres::start).await.unwrap();
    let said = lives(&cluster.url("postgres"), folder.path()).await;
    assert_eq!(leaked(said.as_bytes()), [""; 0]);
    let dump = cluster.dump("postgres");
    assert!(dump.contains("COPY public.audit_entry"), "{dump}");
    assert_eq!(leaked(dump.as_bytes()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_core_is_dumped() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("town.db").display());
    let line = Simulator::start(Options::default()).unwrap();
    let server = Server::start(free_port(), &url, &line);
    let limits = server.known("limits");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file"));
    let core: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[core.len() - 3..], ["0", "0", "bytes"], "{limits}");
    let ended = server.abort();
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
}
