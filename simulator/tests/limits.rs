//! Rates and the quota, told apart only by their wording.

use std::time::Duration;

use line_simulator::{Options, Quota};
use serde_json::json;

use crate::support::{Town, options, text};

const RATE: &str = "The API rate limit has been exceeded. Try again later.";
const QUOTA: &str = "You have reached your monthly limit.";

#[tokio::test]
async fn sixty_broadcasts_an_hour() {
    let town = Town::new();
    let body = json!({ "messages": [text("x")] });
    for _ in 0..60 {
        assert_eq!(
            town.post("/v2/bot/message/broadcast", body.clone())
                .await
                .status,
            200
        );
    }
    let over = town.post("/v2/bot/message/broadcast", body.clone()).await;
    assert_eq!((over.status, over.message()), (429, RATE));
    assert_eq!(
        town.get("/v2/bot/info").await.status,
        200,
        "other endpoints have their own allowance"
    );
    town.sim.advance(Duration::from_secs(60));
    assert_eq!(
        town.post("/v2/bot/message/broadcast", body).await.status,
        200
    );
}

#[tokio::test]
async fn rate_limits_can_be_switched_off() {
    let town = Town::with(Options {
        rate_limits: false,
        ..options()
    });
    for _ in 0..70 {
        assert_eq!(
            town.post(
                "/v2/bot/message/broadcast",
                json!({ "messages": [text("x")] })
            )
            .await
            .status,
            200
        );
    }
}

#[tokio::test]
async fn the_quota_counts_people_and_a_send_it_has_no_room_for_reaches_nobody() {
    let town = Town::with(Options {
        quota: Quota::Limited(5),
        ..options()
    });
    let crowd = town.sim.add_crowd(3);
    let body = json!({ "to": crowd, "messages": [text("一"), text("二")] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", body.clone())
            .await
            .status,
        200
    );
    let over = town.post("/v2/bot/message/multicast", body.clone()).await;
    assert_eq!((over.status, over.message()), (429, QUOTA));
    assert!(
        town.sim
            .inbox_sizes()
            .iter()
            .all(|(_, messages)| *messages == 2)
    );
    assert_eq!(
        town.get("/v2/bot/message/quota").await.body,
        json!({ "type": "limited", "value": 5 })
    );
    assert_eq!(
        town.get("/v2/bot/message/quota/consumption").await.body,
        json!({ "totalUsage": 3 })
    );

    town.sim.advance(Duration::from_secs(30 * 86_400));
    assert_eq!(
        town.post("/v2/bot/message/multicast", body).await.status,
        200,
        "a new month"
    );
}

#[tokio::test]
async fn replies_are_free() {
    let town = Town::with(Options {
        quota: Quota::Limited(0),
        ..options()
    });
    town.friend("花子").await;
    let token = town.hook.last_event()["replyToken"].clone();
    let body = json!({ "replyToken": token, "messages": [text("x")] });
    assert_eq!(town.post("/v2/bot/message/reply", body).await.status, 200);
}

#[tokio::test]
async fn numbers_of_a_day_are_ready_on_the_next() {
    let town = Town::new();
    town.sim.add_crowd(4);
    town.post(
        "/v2/bot/message/broadcast",
        json!({ "messages": [text("x")] }),
    )
    .await;
    let path = "/v2/bot/message/delivery/broadcast?date=20261122";
    assert_eq!(town.get(path).await.body, json!({ "status": "unready" }));
    town.sim.advance(Duration::from_secs(12 * 3600));
    assert_eq!(
        town.get(path).await.body,
        json!({ "status": "ready", "success": 4 })
    );
    assert_eq!(
        town.get("/v2/bot/message/delivery/broadcast").await.status,
        400
    );
}
