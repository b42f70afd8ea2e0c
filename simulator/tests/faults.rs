//! Faults on API calls.

use std::time::{Duration, Instant};

use line_simulator::{Effect, Fault};
use reqwest::Method;
use serde_json::json;

use crate::support::{Town, text};

const PUSH: &str = "/v2/bot/message/push";
const KEY: &str = "123e4567-e89b-12d3-a456-426614174001";

#[tokio::test]
async fn refusals_are_not_processed() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = json!({ "to": hanako, "messages": [text("x")] });
    for (effect, status, words) in [
        (
            Effect::RateLimited,
            429,
            "The API rate limit has been exceeded. Try again later.",
        ),
        (
            Effect::QuotaReached,
            429,
            "You have reached your monthly limit.",
        ),
        (Effect::Refused, 400, "The request body has 1 error(s)"),
        (Effect::ServerError, 500, "Internal server error"),
    ] {
        town.sim.inject(Fault::next(1, effect).on("POST", PUSH));
        let answer = town.with_key(PUSH, KEY, body.clone()).await;
        assert_eq!((answer.status, answer.message()), (status, words));
    }
    assert!(town.sim.inbox(&hanako).is_empty());
    assert_eq!(
        town.with_key(PUSH, KEY, body).await.status,
        200,
        "the key is still unused"
    );
}

#[tokio::test]
async fn a_reset_loses_the_call_and_a_lost_answer_only_the_answer() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = json!({ "to": hanako, "messages": [text("x")] });
    let call = || {
        town.request(Method::POST, PUSH)
            .header("x-line-retry-key", KEY)
            .json(&body)
            .send()
    };

    town.sim
        .inject(Fault::next(1, Effect::Reset).on("POST", PUSH));
    assert!(call().await.is_err());
    assert!(town.sim.inbox(&hanako).is_empty());

    town.sim
        .inject(Fault::next(1, Effect::LostAnswer).on("POST", PUSH));
    assert!(call().await.is_err());
    assert_eq!(town.sim.inbox(&hanako).len(), 1);

    let retried = town.with_key(PUSH, KEY, body.clone()).await;
    assert_eq!(retried.status, 409);
    assert_eq!(town.sim.inbox(&hanako).len(), 1);
    let statuses: Vec<u16> = town.sim.requests().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [0, 200, 409]);
    assert_eq!(
        retried.accepted_id.as_deref(),
        Some(town.sim.requests()[1].request_id.as_str())
    );
}

/// A call that the client gives up after two seconds; once LINE took it, it is not taken again.
async fn taken_once(effect: Effect) -> Result<String, reqwest::Error> {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = json!({ "to": hanako, "messages": [text("x")] });
    town.sim.inject(Fault::next(1, effect).on("POST", PUSH));
    let call = town.request(Method::POST, PUSH);
    let call = call.header("x-line-retry-key", KEY).json(&body);
    let answer = call.timeout(Duration::from_secs(2)).send().await;
    assert_eq!(town.sim.inbox(&hanako).len(), 1, "{effect:?}");
    assert_eq!(town.with_key(PUSH, KEY, body).await.status, 409);
    assert_eq!(town.sim.inbox(&hanako).len(), 1, "{effect:?}");
    let answer = answer?;
    assert_eq!(answer.status(), 200, "{effect:?}");
    answer.text().await
}

#[tokio::test]
async fn an_answer_comes_half_or_never_or_ends_late() {
    let stalled = taken_once(Effect::Stall).await.unwrap_err();
    assert!(stalled.is_timeout(), "{stalled:?}");
    let half = taken_once(Effect::HalfBody).await.unwrap_err();
    assert!(half.is_body() || half.is_decode(), "{half:?}");
    let begun = Instant::now();
    assert!(
        taken_once(Effect::SlowClose)
            .await
            .unwrap()
            .starts_with('{')
    );
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn latency_delays_the_answer() {
    let town = Town::new();
    town.sim
        .inject(Fault::next(1, Effect::LatencyMs(120)).on("GET", "/v2/bot/info"));
    let started = Instant::now();
    assert_eq!(town.get("/v2/bot/info").await.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn faults_are_injected_and_cleared_over_http() {
    let town = Town::new();
    let fault = json!({ "path": "/v2/bot/info", "effect": "server_error", "occurrence": { "probability": 1.0 } });
    let url = format!("{}/_sim/faults", town.sim.api_base());
    assert_eq!(
        town.client
            .post(&url)
            .json(&fault)
            .send()
            .await
            .unwrap()
            .status(),
        201
    );
    assert_eq!(town.get("/v2/bot/info").await.status, 500);
    assert_eq!(town.get("/v2/bot/message/quota").await.status, 200);
    assert_eq!(town.client.delete(&url).send().await.unwrap().status(), 200);
    assert_eq!(town.get("/v2/bot/info").await.status, 200);
}
