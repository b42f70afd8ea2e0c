//! What a person sees and taps.

use serde_json::{Value, json};

use crate::support::{Town, text};

fn offering(actions: Value) -> Value {
    let items: Vec<Value> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| json!({ "type": "action", "action": action }))
        .collect();
    json!({ "type": "text", "text": "どれにしますか", "quickReply": { "items": items } })
}

async fn push(town: &Town, user: &str, message: Value) {
    let answer = town
        .post(
            "/v2/bot/message/push",
            json!({ "to": user, "messages": [message] }),
        )
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_quick_reply_is_tapped_once_and_then_gone() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let ask = offering(json!([
        { "type": "postback", "label": "潮見", "data": "area=1", "displayText": "潮見にする" },
        { "type": "message", "label": "市外", "text": "市外に住んでいます" },
    ]));
    push(&town, &hanako, ask.clone()).await;
    assert_eq!(town.sim.quick_replies(&hanako), ["潮見", "市外"]);
    town.sim.tap(&hanako, "潮見").unwrap();
    town.sim.settle().await.unwrap();
    assert_eq!(
        town.hook.last_event()["postback"],
        json!({ "data": "area=1" })
    );
    assert!(town.sim.quick_replies(&hanako).is_empty());

    push(&town, &hanako, ask).await;
    push(&town, &hanako, text("次の話")).await;
    assert!(
        town.sim.quick_replies(&hanako).is_empty(),
        "the next message takes them away"
    );
    let error = town.sim.tap(&hanako, "市外").unwrap_err().to_string();
    assert_eq!(error, "花子 sees no 「市外」 to tap; to be seen: nothing");
}

#[tokio::test]
async fn buttons_in_bubbles_stay_and_say_what_they_say() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let row = json!({ "type": "text", "text": "燃やすごみ", "action": { "type": "message", "text": "燃やすごみ" } });
    let link = json!({ "type": "button", "action": { "type": "uri", "label": "市のページ", "uri": "https://a.jp/" } });
    let body = json!({ "type": "box", "layout": "vertical", "contents": [row, link] });
    let flex =
        json!({ "type": "flex", "altText": "a", "contents": { "type": "bubble", "body": body } });
    push(&town, &hanako, flex).await;
    push(&town, &hanako, text("次の話")).await;
    assert_eq!(town.sim.buttons(&hanako), ["燃やすごみ", "市のページ"]);
    town.sim.tap(&hanako, "燃やすごみ").unwrap();
    assert_eq!(
        town.sim.tap(&hanako, "市のページ").unwrap(),
        json!({ "open": "https://a.jp/" })
    );
    town.sim.settle().await.unwrap();
    assert_eq!(town.hook.last_event()["message"]["text"], "燃やすごみ");
}

#[tokio::test]
async fn a_date_is_picked_within_its_bounds() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let ask = json!({ "type": "datetimepicker", "label": "誕生日", "data": "child", "mode": "date",
        "min": "2020-01-01", "max": "2026-12-31" });
    push(&town, &hanako, offering(json!([ask]))).await;
    assert!(town.sim.tap(&hanako, "誕生日").is_err());
    for wrong in ["2019-12-31", "2027-01-01", "2026-02-30", "2026-02"] {
        assert!(
            town.sim.pick_date(&hanako, "誕生日", wrong).is_err(),
            "{wrong}"
        );
    }
    town.sim.pick_date(&hanako, "誕生日", "2024-04-01").unwrap();
    town.sim.settle().await.unwrap();
    assert_eq!(
        town.hook.last_event()["postback"],
        json!({ "data": "child", "params": { "date": "2024-04-01" } })
    );
}

#[tokio::test]
async fn places_and_stickers_arrive_as_messages() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    town.sim.send_location(&hanako, 35.5, 139.5).unwrap();
    town.sim.send_sticker(&hanako, "446", "1988").unwrap();
    town.sim.settle().await.unwrap();
    let events = town.hook.events();
    assert_eq!(
        (
            &events[1]["message"]["type"],
            &events[1]["message"]["latitude"]
        ),
        (&json!("location"), &json!(35.5))
    );
    assert_eq!(events[2]["message"]["stickerId"], "1988");
}

#[tokio::test]
async fn waiting_ends_when_the_bubble_comes() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = json!({ "to": hanako, "messages": [text("遅れて")] });
    let (inbox, _) = tokio::join!(
        town.sim.wait_inbox(&hanako, 1),
        town.post("/v2/bot/message/push", body)
    );
    assert_eq!(inbox.unwrap()[0]["message"]["text"], "遅れて");
}

#[tokio::test]
async fn strangers_do_nothing() {
    let town = Town::new();
    assert!(
        town.sim
            .say("U00000000000000000000000000000000", "x")
            .is_err()
    );
    assert!(town.sim.redeliver("01HMQGW40RZJPJM3RAJP7BHC2Q").is_err());
}

#[tokio::test]
async fn the_screen_says_how_webhooks_fare() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let state = async || {
        let url = format!("{}/_sim/people/{hanako}", town.sim.api_base());
        let screen: Value = town
            .client
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        screen["webhook"].clone()
    };
    assert_eq!(state().await, "well");
    town.hook.answer_next(&[500]);
    town.sim.say(&hanako, "x").unwrap();
    town.sim.settle().await.unwrap();
    assert_eq!(state().await, "failed");
}
