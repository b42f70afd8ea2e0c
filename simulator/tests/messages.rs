//! What LINE refuses: a table of messages on either side of each limit.

use serde_json::{Value, json};

use crate::support::{Town, text};

/// Validates one message and gives the properties found wrong.
async fn findings(town: &Town, message: &Value) -> Vec<String> {
    let answer = town
        .post(
            "/v2/bot/message/validate/push",
            json!({ "messages": [message] }),
        )
        .await;
    if answer.status == 200 {
        return Vec::new();
    }
    assert_eq!(answer.status, 400);
    let details = answer.body["details"].as_array().unwrap();
    assert_eq!(
        answer.message(),
        format!("The request body has {} error(s)", details.len())
    );
    details
        .iter()
        .map(|detail| detail["property"].as_str().unwrap().to_owned())
        .collect()
}

fn long(n: usize) -> String {
    "あ".repeat(n)
}

fn buttons(action: Value) -> Value {
    json!({ "type": "template", "altText": "a", "template": { "type": "buttons", "text": "t", "actions": [action] } })
}

fn quick(actions: Vec<Value>) -> Value {
    let items: Vec<Value> = actions
        .into_iter()
        .map(|action| json!({ "type": "action", "action": action }))
        .collect();
    json!({ "type": "text", "text": "t", "quickReply": { "items": items } })
}

fn bubble(contents: Value) -> Value {
    let body = json!({ "type": "box", "layout": "vertical", "contents": contents });
    json!({ "type": "flex", "altText": "a", "contents": { "type": "bubble", "body": body } })
}

fn say(label: &str) -> Value {
    json!({ "type": "message", "label": label, "text": "x" })
}

fn picker(more: Value) -> Value {
    let mut action = json!({ "type": "datetimepicker", "label": "l", "data": "d", "mode": "date" });
    action
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    buttons(action)
}

#[tokio::test]
async fn messages_within_the_limits_pass() {
    let town = Town::new();
    let column = json!({ "text": long(120), "actions": [say("a")] });
    let tall = json!({ "text": long(60), "title": long(40), "actions": [say("a"), say("b")] });
    let good = [
        text(&long(5_000)),
        text(&"🍎".repeat(2_500)),
        json!({ "type": "textV2", "text": "{{x}} {a}",
            "substitution": { "a": { "type": "emoji", "productId": "p", "emojiId": "e" } } }),
        json!({ "type": "sticker", "packageId": "446", "stickerId": "1988", "quoteToken": "q" }),
        json!({ "type": "image", "originalContentUrl": "https://a.jp/a.png", "previewImageUrl": "https://a.jp/b.png" }),
        json!({ "type": "location", "title": "t", "address": "a", "latitude": 35.6, "longitude": 139.7 }),
        json!({ "type": "template", "altText": long(1_500), "template": { "type": "confirm", "text": long(240),
            "actions": [say("はい"), say("いいえ")] } }),
        json!({ "type": "template", "altText": "a", "template": { "type": "carousel", "columns": vec![column; 10] } }),
        json!({ "type": "template", "altText": "a", "template": { "type": "carousel", "columns": [tall] } }),
        quick((0..13).map(|_| say(&long(20))).collect()),
        quick(vec![say(&"👨‍👩‍👧‍👦".repeat(20))]),
        quick(vec![json!({ "type": "location", "label": "l" })]),
        buttons(json!({ "type": "uri", "label": "l", "uri": "tel:0312345678" })),
        buttons(json!({ "type": "uri", "label": "l", "uri": "https://a.jp/%E3%81%82" })),
        buttons(json!({ "type": "clipboard", "label": "l", "clipboardText": "x" })),
        picker(json!({ "min": "2026-01-01", "initial": "2026-06-01", "max": "2026-12-31" })),
        bubble(
            json!([{ "type": "text", "text": "t", "size": "24px", "color": "#112233", "wrap": true, "flex": 0 },
            { "type": "button", "action": say(&long(40)) }, { "type": "separator", "margin": "md" },
            { "type": "text", "contents": [{ "type": "span", "text": "s" }] },
            { "type": "box", "layout": "baseline", "contents": [
                { "type": "icon", "url": "https://a.jp/i.png" }, { "type": "filler" }] }]),
        ),
    ];
    for message in good {
        assert_eq!(
            findings(&town, &message).await,
            Vec::<String>::new(),
            "{message}"
        );
    }
}

#[tokio::test]
async fn messages_beyond_the_limits_are_refused_with_the_place() {
    let town = Town::new();
    let uneven = json!([{ "text": "a", "actions": [say("a")] }, { "text": "b", "actions": [say("a"), say("b")] }]);
    let bad = [
        (json!({ "type": "text" }), "text"),
        (json!({ "type": "telepathy" }), "type"),
        (text(""), "text"),
        (text(&long(5_001)), "text"),
        (text(&"🍎".repeat(2_501)), "text"),
        (
            json!({ "type": "text", "text": "a", "emojis": [{ "index": 0, "productId": "p", "emojiId": "e" }] }),
            "emojis[0].index",
        ),
        (json!({ "type": "textV2", "text": "{name}" }), "text"),
        (json!({ "type": "textV2", "text": "1 } 2" }), "text"),
        (
            json!({ "type": "image", "originalContentUrl": "http://a.jp/a.png", "previewImageUrl": "https://a.jp/b" }),
            "originalContentUrl",
        ),
        (
            json!({ "type": "location", "title": "t", "address": "a", "latitude": 135, "longitude": 139 }),
            "latitude",
        ),
        (
            json!({ "type": "template", "altText": long(1_501), "template": { "type": "confirm", "text": "t",
            "actions": [say("a"), say("b")] } }),
            "altText",
        ),
        (
            json!({ "type": "template", "altText": "a", "template": { "type": "confirm", "text": "t",
            "actions": [say("a")] } }),
            "template.actions",
        ),
        (
            json!({ "type": "template", "altText": "a", "template": { "type": "buttons", "title": "t", "text": long(61),
            "actions": [say("a")] } }),
            "template.text",
        ),
        (
            json!({ "type": "template", "altText": "a", "template": { "type": "carousel", "columns": uneven } }),
            "template.columns",
        ),
        (buttons(say(&long(21))), "template.actions[0].label"),
        (
            buttons(json!({ "type": "message", "text": "x" })),
            "template.actions[0].label",
        ),
        (
            buttons(json!({ "type": "message", "label": "l", "text": long(301) })),
            "template.actions[0].text",
        ),
        (
            buttons(json!({ "type": "postback", "label": "l", "data": "d".repeat(301) })),
            "template.actions[0].data",
        ),
        (
            buttons(json!({ "type": "uri", "label": "l", "uri": "javascript:alert(1)" })),
            "template.actions[0].uri",
        ),
        (
            buttons(json!({ "type": "uri", "label": "l", "uri": "https://a.jp/あ" })),
            "template.actions[0].uri",
        ),
        (
            buttons(json!({ "type": "location", "label": "l" })),
            "template.actions[0].type",
        ),
        (
            buttons(
                json!({ "type": "richmenuswitch", "label": "l", "richMenuAliasId": "a", "data": "d" }),
            ),
            "template.actions[0].type",
        ),
        (
            picker(json!({ "mode": "month" })),
            "template.actions[0].mode",
        ),
        (
            picker(json!({ "min": "2026-02-30" })),
            "template.actions[0].min",
        ),
        (
            picker(json!({ "max": "2101-01-01" })),
            "template.actions[0].max",
        ),
        (
            picker(json!({ "min": "2026-02-02", "max": "2026-02-01" })),
            "template.actions[0].min",
        ),
        (
            picker(json!({ "initial": "2026-02-02", "max": "2026-02-01" })),
            "template.actions[0].initial",
        ),
        (
            quick((0..14).map(|_| say("a")).collect()),
            "quickReply.items",
        ),
        (
            json!({ "type": "text", "text": "t", "sender": { "name": "LINE公式" } }),
            "sender.name",
        ),
        (
            bubble(json!([{ "type": "text", "text": "" }])),
            "contents.body.contents[0].text",
        ),
        (
            bubble(json!([{ "type": "text", "text": "t", "colour": "#000000" }])),
            "contents.body.contents[0].colour",
        ),
        (
            bubble(json!([{ "type": "text", "text": "t", "color": "red" }])),
            "contents.body.contents[0].color",
        ),
        (
            bubble(json!([{ "type": "text", "text": "t", "size": "huge" }])),
            "contents.body.contents[0].size",
        ),
        (
            bubble(json!([{ "type": "icon", "url": "https://a.jp/i.png" }])),
            "contents.body.contents[0].type",
        ),
        (
            bubble(json!([{ "type": "button", "action": say(&long(41)) }])),
            "contents.body.contents[0].action.label",
        ),
        (
            json!({ "type": "flex", "altText": "a", "contents": { "type": "bubble" } }),
            "contents",
        ),
    ];
    for (message, property) in bad {
        assert_eq!(
            findings(&town, &message).await,
            [format!("messages[0].{property}")],
            "{message}"
        );
    }
}

#[tokio::test]
async fn flex_messages_have_a_largest_size() {
    let town = Town::new();
    let of = |n: usize| {
        let body = json!({ "type": "box", "layout": "vertical", "contents": [{ "type": "text", "text": "a".repeat(n) }] });
        json!({ "type": "bubble", "body": body })
    };
    let flex = |contents: Value| json!({ "type": "flex", "altText": "a", "contents": contents });
    assert!(findings(&town, &flex(of(29_000))).await.is_empty());
    assert_eq!(
        findings(&town, &flex(of(31_000))).await,
        ["messages[0].contents"]
    );
    let carousel =
        |n: usize, each: usize| flex(json!({ "type": "carousel", "contents": vec![of(each); n] }));
    assert!(findings(&town, &carousel(12, 3_000)).await.is_empty());
    assert_eq!(
        findings(&town, &carousel(2, 27_000)).await,
        ["messages[0].contents"]
    );
    assert_eq!(
        findings(&town, &carousel(13, 10)).await,
        ["messages[0].contents.contents"]
    );
}

#[tokio::test]
async fn a_call_takes_one_to_five_messages_and_tells_of_all_errors_at_once() {
    let town = Town::new();
    let six = vec![text("x"); 6];
    let answer = town
        .post(
            "/v2/bot/message/validate/broadcast",
            json!({ "messages": six }),
        )
        .await;
    assert_eq!(
        answer.body["details"][0]["message"],
        "Size must be between 1 and 5"
    );
    let two_bad =
        json!({ "messages": [text(""), text("ok"), { "type": "sticker", "packageId": "1" }] });
    let answer = town
        .post("/v2/bot/message/validate/broadcast", two_bad)
        .await;
    assert_eq!(answer.message(), "The request body has 2 error(s)");
    assert_eq!(
        answer.body["details"][1]["property"],
        "messages[2].stickerId"
    );
}

#[tokio::test]
async fn quotes_and_mentions_belong_to_one_chat() {
    let town = Town::new();
    let quote = json!({ "messages": [{ "type": "text", "text": "x", "quoteToken": "q" }] });
    assert_eq!(
        town.post("/v2/bot/message/validate/push", quote.clone())
            .await
            .status,
        200
    );
    assert_eq!(
        town.post("/v2/bot/message/validate/multicast", quote)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn an_aggregation_unit_has_a_plain_name_and_is_counted() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = |unit: &str| json!({ "to": [hanako], "messages": [text("x")], "customAggregationUnits": [unit] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", body("gomi-2026"))
            .await
            .status,
        400
    );
    assert_eq!(
        town.post("/v2/bot/message/multicast", body("gomi_2026"))
            .await
            .status,
        200
    );
    let list = town.get("/v2/bot/message/aggregation/list").await;
    assert_eq!(
        list.body,
        json!({ "customAggregationUnits": ["gomi_2026"] })
    );
    let count = town.get("/v2/bot/message/aggregation/info").await;
    assert_eq!(count.body, json!({ "numOfCustomAggregationUnits": 1 }));
}
