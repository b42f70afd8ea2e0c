//! What calls leave in the logs: enough to ask LINE about them, nothing about anybody.

use std::io::Write;
use std::sync::{Arc, Mutex};

use kairan::line::rich_menu::RichMenuId;
use serde_json::Value;

use super::server::{Answer, Server, ok, push, user};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn calls_are_logged_without_people_words_or_tokens() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = Server::start(|request| match request.path.as_str() {
        "/oauth2/v3/token" => ok(r#"{"access_token":"stateless-1","expires_in":900}"#),
        "/v2/bot/message/push" => Answer::Close,
        _ => ok("{}"),
    });
    let client = server.stateless_client();
    client
        .link_rich_menu(&user('1'), &RichMenuId::new("richmenu-1"))
        .await
        .unwrap();
    push(&client).await.unwrap_err();
    client.start_loading(&user('1')).await.unwrap();

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"].as_str().unwrap().starts_with("kairan::"))
        .collect();
    let paths: Vec<&str> = ours
        .iter()
        .map(|line| line["fields"]["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "/oauth2/v3/token",
            "/v2/bot/user/{userId}/richmenu/{richMenuId}",
            "/v2/bot/message/push",
            "/v2/bot/chat/loading/start",
        ]
    );
    let link = &ours[1]["fields"];
    assert_eq!(
        (link["status"].as_u64(), link["request_id"].as_str()),
        (Some(200), Some("req-1"))
    );
    assert!(link["duration_ms"].is_u64());
    let message = "LINE answered 200 to POST /v2/bot/user/{userId}/richmenu/{richMenuId}";
    assert_eq!(link["message"], message);
    let everything: String = ours.iter().map(Value::to_string).collect();
    for secret in [user('1').as_str(), "もえるごみ", "s3cr3t", "stateless-1"] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
}
