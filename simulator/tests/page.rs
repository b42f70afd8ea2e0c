//! The phone page and the controls behind it.

use serde_json::{Value, json};

use crate::support::{Town, text};

#[tokio::test]
async fn every_asset_is_served_with_a_strict_policy() {
    let town = Town::new();
    let mut waiting = vec!["/".to_owned(), "/phone/U1".to_owned()];
    let mut seen = Vec::new();
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        let answer = town
            .client
            .get(format!("{}{path}", town.sim.api_base()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        let body = answer.text().await.unwrap();
        assert!(
            !body.contains(" style=\"") && !body.contains("onclick=\""),
            "{path} breaks its own policy"
        );
        // What a page or script asks for, it asks for here.
        let named = body
            .split(['"', '\''])
            .filter(|word| word.starts_with("/page/"));
        waiting.extend(named.map(str::to_owned));
        seen.push(path);
    }
    assert!(seen.iter().any(|path| path == "/page/flex.js"), "{seen:?}");
}

#[tokio::test]
async fn a_person_lives_through_the_controls_alone() {
    let town = Town::new();
    let base = format!("{}/_sim", town.sim.api_base());
    let post = async |path: &str, body: Value| {
        let answer = town
            .client
            .post(format!("{base}{path}"))
            .json(&body)
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let (status, person) = post("/people", json!({ "name": "花子" })).await;
    assert_eq!(status, 201);
    let user = person["id"].as_str().unwrap();
    let (status, _) = post(&format!("/people/{user}/follow"), json!({})).await;
    assert_eq!(status, 200);
    post(
        &format!("/people/{user}/say"),
        json!({ "text": "こんにちは" }),
    )
    .await;
    town.sim.settle().await.unwrap();
    assert_eq!(town.hook.last_event()["message"]["text"], "こんにちは");

    town.post(
        "/v2/bot/message/push",
        json!({ "to": user, "messages": [text("はい")] }),
    )
    .await;
    let get = async |path: String| {
        town.client
            .get(format!("{base}{path}"))
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
    };
    let inbox = get(format!("/people/{user}/inbox")).await.unwrap();
    assert_eq!(inbox[0]["message"]["text"], "はい");
    let screen = get(format!("/people/{user}?after=1")).await.unwrap();
    assert_eq!(
        (
            screen["bubbles"].as_array().unwrap().len(),
            &screen["count"]
        ),
        (1, &json!(2))
    );
    let requests = get("/requests".to_owned()).await.unwrap();
    assert_eq!(requests[0]["path"], "/v2/bot/message/push");

    let (status, error) = post(&format!("/people/{user}/tap"), json!({ "label": "なし" })).await;
    assert_eq!(status, 409);
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("to be seen: nothing")
    );
    let (_, clock) = post("/clock", json!({ "advanceSeconds": 60 })).await;
    assert_eq!(clock["now"], "2026-11-22T03:01:00Z");
    let (status, _) = post("/webhooks/redeliver", json!({})).await;
    assert_eq!(status, 200);
    town.sim.settle().await.unwrap();
    assert_eq!(
        town.hook.last_event()["deliveryContext"]["isRedelivery"],
        true
    );
}

#[tokio::test]
async fn the_stream_speaks_at_once_and_after_a_change() {
    let town = Town::new();
    let mut stream = town
        .client
        .get(format!("{}/_sim/stream", town.sim.api_base()))
        .send()
        .await
        .unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert!(
        stream
            .chunk()
            .await
            .unwrap()
            .unwrap()
            .starts_with(b"event: changed")
    );
    town.sim.add_person("花子");
    assert!(
        stream
            .chunk()
            .await
            .unwrap()
            .unwrap()
            .starts_with(b"event: changed")
    );
}
