//! What calls leave in the logs: enough to ask LINE about them, nothing about anybody.

use kairan::line::rich_menu::RichMenuId;
use serde_json::Value;

use super::server::{Answer, Server, ok, push, user};
use crate::support::log::Log;

#[tokio::test]
async fn calls_are_logged_without_people_words_or_tokens() {
    let log = Log::listen();
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

    let ours = log.ours();
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
