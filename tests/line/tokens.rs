//! Channel access tokens: issued once, renewed in time, renewed when refused.

use std::collections::HashMap;
use std::sync::Mutex;

use futures_util::future::join_all;
use kairan::line::client::Failure;
use serde_json::json;

use super::server::{Answer, Server, ok, push, status};

fn token_answer(expires_in: u64, token: &str) -> Answer {
    ok(json!({"token_type": "Bearer", "access_token": token, "expires_in": expires_in}))
}

#[tokio::test]
async fn stateless_tokens_are_issued_once_for_many_calls() {
    let server = Server::start(|request| match request.path.as_str() {
        "/oauth2/v3/token" => token_answer(900, "stateless-1"),
        _ => ok("{}"),
    });
    let client = server.stateless_client();
    for outcome in join_all((0..20).map(|_| push(&client))).await {
        outcome.unwrap();
    }
    push(&client).await.unwrap();
    let requests = server.requests();
    let (issues, calls): (Vec<_>, Vec<_>) = requests
        .iter()
        .partition(|request| request.path == "/oauth2/v3/token");
    assert_eq!((issues.len(), calls.len()), (1, 21));
    assert_eq!(
        issues[0].header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        String::from_utf8_lossy(&issues[0].body),
        "grant_type=client_credentials&client_id=2000000001&client_secret=s3cr3t"
    );
    assert!(
        calls
            .iter()
            .all(|call| call.header("authorization") == Some("Bearer stateless-1"))
    );
}

#[tokio::test]
async fn an_ending_token_is_renewed_before_the_call() {
    let server = Server::start(|request| match request.path.as_str() {
        "/oauth2/v3/token" => token_answer(0, "stateless"),
        _ => ok("{}"),
    });
    let client = server.stateless_client();
    push(&client).await.unwrap();
    push(&client).await.unwrap();
    let issues = server
        .requests()
        .iter()
        .filter(|request| request.path == "/oauth2/v3/token")
        .count();
    assert_eq!(issues, 2);
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once_and_the_call_repeated_with_its_key() {
    let issued = Mutex::new(0);
    let server = Server::start(move |request| {
        match (request.path.as_str(), request.header("authorization")) {
            ("/oauth2/v3/token", _) => {
                let mut issued = issued.lock().unwrap();
                *issued += 1;
                token_answer(900, &format!("stateless-{issued}"))
            }
            (_, Some("Bearer stateless-2")) => ok("{}"),
            _ => status(401, json!({"message": "Authentication failed"})),
        }
    });
    let client = server.stateless_client();
    for outcome in join_all((0..10).map(|_| push(&client))).await {
        outcome.unwrap();
    }
    let requests = server.requests();
    let (issues, calls): (Vec<_>, Vec<_>) = requests
        .iter()
        .partition(|request| request.path == "/oauth2/v3/token");
    assert_eq!(issues.len(), 2, "everybody waits for the one renewal");
    let mut attempts: HashMap<&str, usize> = HashMap::new();
    for call in calls {
        *attempts
            .entry(call.header("x-line-retry-key").unwrap())
            .or_default() += 1;
    }
    assert_eq!(attempts.len(), 10);
    assert!(
        attempts.values().all(|attempts| *attempts <= 2),
        "{attempts:?}"
    );
}

#[tokio::test]
async fn a_401_is_repeated_no_more_than_once() {
    let server = Server::start(|request| match request.path.as_str() {
        "/oauth2/v3/token" => token_answer(900, "stateless"),
        _ => status(401, "{}"),
    });
    assert!(
        matches!(push(&server.stateless_client()).await, Err(Failure::Refused(r)) if r.status == 401)
    );
    assert_eq!(server.requests().len(), 4, "token, call, token, call");

    let server = Server::start(|_| status(401, "{}"));
    assert!(matches!(push(&server.client()).await, Err(Failure::Refused(r)) if r.status == 401));
    assert_eq!(
        server.requests().len(),
        1,
        "a long-lived token cannot be renewed"
    );
}

#[tokio::test]
async fn without_a_token_no_call_is_made() {
    for (code, body) in [
        (
            400,
            r#"{"error":"invalid_client","error_description":"wrong secret"}"#,
        ),
        (200, "{}"),
    ] {
        let server = Server::start(move |_| status(code, body));
        let Err(failure) = push(&server.stateless_client()).await else {
            panic!()
        };
        assert!(
            matches!(failure, Failure::NoToken { status: Some(found), .. } if found == code),
            "{failure}"
        );
        assert!(!failure.to_string().contains("s3cr3t"));
        assert_eq!(server.only_request().path, "/oauth2/v3/token");
    }
}
