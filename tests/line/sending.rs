//! Messages on their way, and every way a call can end.

use std::net::TcpListener;
use std::sync::Arc;

use kairan::line::UserId;
use kairan::line::client::{
    ApiBase, Audience, Client, ClientError, Config, Credentials, Failure, InvalidRecipients, Lost,
    Notification, Recipients, RetryKey, Unit,
};
use kairan::line::event::ReplyToken;
use secrecy::SecretString;
use serde_json::json;

use super::server::{Answer, Server, messages, ok, push, status, user};

#[tokio::test]
async fn a_push_is_lines_request_and_keeps_its_id() {
    let server = Server::start(|_| {
        ok(json!({"sentMessages": [{"id": "461230966842064897", "quoteToken": "q"}]}))
    });
    let key = RetryKey::random();
    let accepted = server
        .client()
        .push(&user('1'), &messages(), Notification::Off, key)
        .await
        .unwrap();
    assert_eq!(
        (accepted.request_id.as_deref(), accepted.already),
        (Some("req-1"), false)
    );
    assert_eq!(accepted.body.sent_messages[0].id, "461230966842064897");
    let request = server.only_request();
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/v2/bot/message/push")
    );
    assert_eq!(request.header("authorization"), Some("Bearer long-lived"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.header("x-line-retry-key"),
        Some(key.to_string().as_str())
    );
    assert_eq!(
        request.json(),
        json!({
            "to": user('1').as_str(), "messages": [{"type": "text", "text": "もえるごみ"}],
            "notificationDisabled": true,
        })
    );
}

#[tokio::test]
async fn each_kind_of_send_has_its_shape_and_only_replies_no_retry_key() {
    let server = Server::start(|_| ok("{}"));
    let client = server.client();
    let both = Recipients::new(vec![user('2'), user('1')]).unwrap();
    client
        .reply(&ReplyToken::new("token"), &messages())
        .await
        .unwrap();
    client
        .multicast(
            &both,
            &messages(),
            Notification::On,
            Some(&Unit::parse("tests_2026").unwrap()),
            RetryKey::random(),
        )
        .await
        .unwrap();
    client
        .broadcast(&messages(), Notification::On, RetryKey::random())
        .await
        .unwrap();
    client
        .validate(Audience::Broadcast, &messages())
        .await
        .unwrap();
    let requests = server.requests();
    let paths: Vec<&str> = requests
        .iter()
        .map(|request| request.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "/v2/bot/message/reply",
            "/v2/bot/message/multicast",
            "/v2/bot/message/broadcast",
            "/v2/bot/message/validate/broadcast",
        ]
    );
    let text = json!([{"type": "text", "text": "もえるごみ"}]);
    assert_eq!(
        requests[0].json(),
        json!({"replyToken": "token", "messages": text})
    );
    assert_eq!(
        requests[1].json(),
        json!({
            "to": [user('2').as_str(), user('1').as_str()], "messages": text,
            "customAggregationUnits": ["tests_2026"],
        })
    );
    assert_eq!(requests[2].json(), json!({"messages": text}));
    assert_eq!(requests[3].json(), json!({"messages": text}));
    let keyed: Vec<bool> = requests
        .iter()
        .map(|request| request.header("x-line-retry-key").is_some())
        .collect();
    assert_eq!(keyed, [false, true, true, false]);
}

#[tokio::test]
async fn a_repeated_key_is_accepted_under_the_first_id() {
    let server = Server::start(|_| {
        let ids = vec![
            ("x-line-request-id", "second"),
            ("x-line-accepted-request-id", "first"),
        ];
        let body =
            json!({"message": "The retry key is already accepted", "sentMessages": [{"id": "1"}]});
        Answer::Status(409, ids, body.to_string())
    });
    let client = server.client();
    let accepted = client
        .push(
            &user('1'),
            &messages(),
            Notification::On,
            RetryKey::random(),
        )
        .await
        .unwrap();
    assert_eq!(
        (accepted.request_id.as_deref(), accepted.already),
        (Some("first"), true)
    );
    assert_eq!(accepted.body.sent_messages.len(), 1);
    // Without a key a 409 is no sign of an earlier success.
    let reply = client.reply(&ReplyToken::new("token"), &messages()).await;
    assert!(matches!(reply, Err(Failure::Refused(refusal)) if refusal.status == 409));
}

#[tokio::test]
async fn a_refusal_says_what_is_wrong_where() {
    let server = Server::start(|_| {
        let details = json!([{"property": "messages[0].text", "message": "May not be empty"}, {}]);
        status(
            400,
            json!({"message": "The request body has 1 error(s)", "details": details}),
        )
    });
    let Err(Failure::Refused(refusal)) = push(&server.client()).await else {
        panic!()
    };
    assert_eq!(
        (refusal.status, refusal.request_id.as_deref()),
        (400, Some("req-1"))
    );
    assert_eq!(refusal.details[0].property, "messages[0].text");
    assert_eq!(refusal.refused_recipient(), None);
    assert_eq!(
        Failure::Refused(refusal).to_string(),
        "LINE refused the call: 400 \"The request body has 1 error(s)\" \
         (messages[0].text: May not be empty) [request req-1]"
    );
}

#[tokio::test]
async fn a_bad_recipient_is_named() {
    let server = Server::start(|_| {
        let words = "The property, to[17], in the request body is invalid (line: -, column: -)";
        status(400, json!({"message": words}))
    });
    let Err(Failure::Refused(refusal)) = push(&server.client()).await else {
        panic!()
    };
    assert_eq!(refusal.refused_recipient(), Some(17));
}

#[tokio::test]
async fn error_bodies_of_any_shape_keep_the_status() {
    let bodies = [
        "",
        "<html>Bad Gateway</html>",
        "null",
        "[]",
        r#"{"message":null}"#,
        r#"{"details":7}"#,
    ];
    for body in bodies {
        let server = Server::start(move |_| status(403, body));
        let Err(Failure::Refused(refusal)) = push(&server.client()).await else {
            panic!("{body}")
        };
        assert_eq!(
            (
                refusal.status,
                refusal.message.as_str(),
                refusal.details.len()
            ),
            (403, "", 0),
            "{body}"
        );
    }
}

#[tokio::test]
async fn the_two_kinds_of_429_are_told_apart() {
    let words =
        |words: &'static str| Server::start(move |_| status(429, json!({"message": words})));
    let rate = words("The API rate limit has been exceeded. Try again later.");
    assert!(matches!(
        push(&rate.client()).await,
        Err(Failure::RateLimited(_))
    ));
    let quota = words("You have reached your monthly limit.");
    assert!(matches!(
        push(&quota.client()).await,
        Err(Failure::OutOfQuota(_))
    ));
    let new = words("Something LINE never said before");
    assert!(matches!(
        push(&new.client()).await,
        Err(Failure::RateLimited(_))
    ));
}

#[tokio::test]
async fn lost_answers_are_unknown() {
    let lost = |answer: fn() -> Answer| async move {
        match push(&Server::start(move |_| answer()).client()).await {
            Err(Failure::Unknown { lost, request_id }) => (lost, request_id),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(lost(|| Answer::Silence).await, (Lost::Timeout, None));
    assert!(matches!(
        lost(|| Answer::Close).await,
        (Lost::Connection(_), None)
    ));
    let (server, id) = lost(|| status(500, "oops")).await;
    assert!(matches!(server, Lost::Server(refusal) if refusal.status == 500));
    assert_eq!(id.as_deref(), Some("req-1"));
    assert!(matches!(lost(|| status(408, "")).await.0, Lost::Server(_)));
    assert!(matches!(lost(|| status(503, "")).await.0, Lost::Server(_)));
}

#[tokio::test]
async fn a_yes_cut_short_is_still_a_yes() {
    let server = Server::start(|_| Answer::HalfBody);
    assert_eq!(
        push(&server.client()).await.unwrap(),
        (Some("req-1".to_owned()), false)
    );
    // But a question whose answer is cut short is not answered.
    let quota = server.client().quota().await;
    assert!(
        matches!(
            quota,
            Err(Failure::Unknown {
                lost: Lost::Unreadable(_),
                ..
            })
        ),
        "{quota:?}"
    );
}

#[tokio::test]
async fn a_call_that_never_left_is_not_unknown() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let base = ApiBase::parse(&format!("http://{free}")).unwrap();
    let nowhere = Server {
        base,
        requests: Arc::default(),
    };
    let Err(Failure::NotSent { cause }) = push(&nowhere.client()).await else {
        panic!()
    };
    assert!(!cause.contains("/v2/"), "an address may hold ids: {cause}");
    assert!(matches!(
        push(&nowhere.stateless_client()).await,
        Err(Failure::NoToken { status: None, .. })
    ));
}

#[test]
fn recipients_are_one_to_five_hundred_different_people() {
    let many = |n: usize| {
        (0..n)
            .map(|i| UserId::parse(&format!("U{i:032x}")).unwrap())
            .collect::<Vec<_>>()
    };
    assert!(Recipients::new(many(500)).is_ok());
    for given in [0, 501] {
        assert_eq!(
            Recipients::new(many(given)).unwrap_err(),
            InvalidRecipients::Count { given }
        );
    }
    let twice = [many(3), many(1)].concat();
    assert_eq!(
        Recipients::new(twice).unwrap_err(),
        InvalidRecipients::Duplicate {
            user: many(1).remove(0)
        }
    );
}

#[test]
fn line_and_a_simulator_are_not_mixed() {
    let credentials = Credentials::LongLived(SecretString::from("long-lived"));
    let config = Config {
        api_base: ApiBase::parse("http://127.0.0.1:9").unwrap(),
        ..Config::new(credentials)
    };
    assert!(
        !format!("{config:?}").contains("long-lived"),
        "secrets do not print"
    );
    assert!(matches!(
        Client::new(config),
        Err(ClientError::MixedBases { .. })
    ));
}
