//! Narrowcast: 202, then progress.

use serde_json::json;

use crate::support::{Town, text};

#[tokio::test]
async fn a_narrowcast_is_accepted_and_its_progress_found_by_the_request_id() {
    let town = Town::new();
    let crowd = town.sim.add_crowd(60);
    let accepted = town
        .post(
            "/v2/bot/message/narrowcast",
            json!({ "messages": [text("x")] }),
        )
        .await;
    assert_eq!((accepted.status, accepted.body), (202, json!({})));
    let path = format!(
        "/v2/bot/message/progress/narrowcast?requestId={}",
        accepted.request_id
    );
    let progress = town.get(&path).await.body;
    assert_eq!(
        (&progress["phase"], &progress["successCount"]),
        (&json!("succeeded"), &json!(60))
    );
    assert_eq!(town.sim.inbox(&crowd[59]).len(), 1);
    assert_eq!(
        town.get("/v2/bot/message/progress/narrowcast?requestId=x")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn attributes_need_a_large_enough_audience() {
    let town = Town::new();
    town.sim.add_crowd(60);
    let filter = json!({ "demographic": { "type": "area", "oneOf": ["jp_13"] } });
    let answer = town
        .post(
            "/v2/bot/message/narrowcast",
            json!({ "messages": [text("x")], "filter": filter }),
        )
        .await;
    assert_eq!(answer.status, 403);
}
