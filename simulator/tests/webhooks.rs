//! Webhooks: signature, shape, redelivery, and the odd ones.

use line_simulator::{Effect, Fault, Options, signature};
use serde_json::{Value, json};

use crate::support::{Town, noon, options};

#[test]
fn the_official_signature_vector_holds() {
    let body = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    let expected = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";
    assert_eq!(
        signature("8c570fa6dd201bb328f1c1eac23a96d8", body),
        expected
    );
}

#[tokio::test]
async fn a_webhook_is_signed_over_its_bytes_and_shaped_as_lines() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    town.sim.say(&hanako, "ゴミの日 🗑️").unwrap();
    town.sim.settle().await.unwrap();
    let all = town.hook.all();
    let secret = Options::default().channel_secret;
    assert!(
        all.iter()
            .all(|webhook| webhook.signature == signature(&secret, &webhook.body))
    );
    assert_eq!(all[0].json()["destination"], Options::default().bot_user_id);

    let [follow, message] = &town.hook.events()[..] else {
        panic!("two events")
    };
    assert_eq!(
        (&follow["type"], &follow["follow"]),
        (&json!("follow"), &json!({ "isUnblocked": false }))
    );
    assert_eq!(
        follow["source"],
        json!({ "type": "user", "userId": hanako })
    );
    assert_eq!(
        (&follow["mode"], &follow["timestamp"]),
        (&json!("active"), &json!(noon().timestamp_millis()))
    );
    assert_eq!(follow["deliveryContext"], json!({ "isRedelivery": false }));
    assert_eq!(follow["webhookEventId"].as_str().unwrap().len(), 26);
    assert_eq!(
        (&message["message"]["type"], &message["message"]["text"]),
        (&json!("text"), &json!("ゴミの日 🗑️"))
    );
    assert!(message["message"]["quoteToken"].is_string());
    assert_ne!(follow["webhookEventId"], message["webhookEventId"]);
}

#[tokio::test]
async fn blocking_tells_without_a_reply_token_and_unblocking_says_so() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    town.sim.block(&hanako).unwrap();
    town.sim.settle().await.unwrap();
    let unfollow = town.hook.last_event();
    assert_eq!(
        (&unfollow["type"], unfollow.get("replyToken")),
        (&json!("unfollow"), None)
    );
    assert!(town.sim.say(&hanako, "聞こえますか").is_err());
    town.sim.unblock(&hanako).unwrap();
    town.sim.settle().await.unwrap();
    assert_eq!(
        town.hook.last_event()["follow"],
        json!({ "isUnblocked": true })
    );
}

#[tokio::test]
async fn a_failed_webhook_comes_again_the_same_but_marked() {
    let town = Town::with(Options {
        redelivery: true,
        ..options()
    });
    town.hook.answer_next(&[500, 503]);
    let hanako = town.friend("花子").await;
    let events = town.hook.events();
    assert_eq!(events.len(), 3);
    assert_eq!(
        events
            .iter()
            .map(|e| e["deliveryContext"]["isRedelivery"] == true)
            .collect::<Vec<_>>(),
        [false, true, true]
    );
    let mut first = events[0].clone();
    first["deliveryContext"]["isRedelivery"] = true.into();
    assert_eq!(first, events[1], "nothing else differs");
    let record = &town.sim.webhook_log()[0];
    assert_eq!(
        record.attempts.iter().map(|a| a.status).collect::<Vec<_>>(),
        [Some(500), Some(503), Some(200)]
    );
    assert!(record.is_answered() && town.sim.inbox(&hanako).is_empty());
}

#[tokio::test]
async fn without_redelivery_a_failure_is_final() {
    let town = Town::new();
    town.hook.answer_next(&[500]);
    town.friend("花子").await;
    assert_eq!(town.hook.all().len(), 1);
    let record = &town.sim.webhook_log()[0];
    assert!(record.settled && !record.is_answered());
}

#[tokio::test]
async fn silence_counts_as_failure() {
    let timeout = std::time::Duration::from_millis(100);
    let town = Town::with(Options {
        redelivery: true,
        webhook_timeout: timeout,
        ..options()
    });
    town.hook.answer_next(&[0]);
    town.friend("花子").await;
    let record = &town.sim.webhook_log()[0];
    assert_eq!(
        record.attempts.iter().map(|a| a.status).collect::<Vec<_>>(),
        [None, Some(200)]
    );
}

#[tokio::test]
async fn what_one_person_says_arrives_in_order() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    for n in 0..20 {
        town.sim.say(&hanako, &n.to_string()).unwrap();
    }
    town.sim.settle().await.unwrap();
    let said: Vec<String> = town.hook.events()[1..]
        .iter()
        .map(|e| e["message"]["text"].as_str().unwrap().into())
        .collect();
    assert_eq!(said, (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_body_can_hold_events_of_several_people() {
    let town = Town::new();
    let (hanako, taro) = (town.friend("花子").await, town.friend("太郎").await);
    town.sim.in_one_body(|sim| {
        sim.say(&hanako, "一").unwrap();
        sim.say(&taro, "二").unwrap();
    });
    town.sim.settle().await.unwrap();
    let last = town.hook.all().pop().unwrap();
    let people: Vec<Value> = last
        .events()
        .iter()
        .map(|event| event["source"]["userId"].clone())
        .collect();
    assert_eq!(people, [json!(hanako), json!(taro)]);
}

#[tokio::test]
async fn faults_duplicate_drop_and_reorder_webhooks() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    town.sim.inject(Fault::next(1, Effect::WebhookDuplicate));
    town.sim.say(&hanako, "二重").unwrap();
    town.sim.settle().await.unwrap();
    let all = town.hook.all();
    assert_eq!(all.len(), 3);
    assert_eq!(all[1].body, all[2].body);

    town.sim.inject(Fault::next(1, Effect::WebhookDrop));
    town.sim.say(&hanako, "消える").unwrap();
    town.sim.inject(Fault::next(2, Effect::WebhookReorder));
    town.sim.say(&hanako, "先").unwrap();
    town.sim.say(&hanako, "後").unwrap();
    town.sim.settle().await.unwrap();
    let said: Vec<Value> = town.hook.events()[3..]
        .iter()
        .map(|e| e["message"]["text"].clone())
        .collect();
    assert_eq!(
        said,
        [json!("後"), json!("先")],
        "reversed, and the dropped one never comes"
    );
}

#[tokio::test]
async fn raw_bodies_go_out_as_they_are() {
    let town = Town::new();
    town.sim.send_raw("{ not json", None);
    town.sim.send_raw("{}", Some("forged"));
    town.sim.settle().await.unwrap();
    let mut all = town.hook.all();
    all.sort_by_key(|webhook| webhook.body.len());
    assert_eq!(
        (&all[0].body[..], all[0].signature.as_str()),
        (&b"{}"[..], "forged")
    );
    assert_eq!(
        all[1].signature,
        signature(&Options::default().channel_secret, b"{ not json")
    );
}

#[tokio::test]
async fn the_webhook_is_set_and_tested_through_the_api() {
    let town = Town::new();
    let path = "/v2/bot/channel/webhook/endpoint";
    assert_eq!(
        town.get(path).await.body,
        json!({ "endpoint": town.hook.url, "active": true })
    );
    let tested = town.post_empty("/v2/bot/channel/webhook/test").await.body;
    assert_eq!(
        (&tested["success"], &tested["statusCode"], &tested["reason"]),
        (&json!(true), &json!(200), &json!("OK"))
    );
    assert!(town.hook.events().is_empty(), "a test has no events");
    assert_eq!(town.hook.all().len(), 1);
    town.hook.answer_next(&[401]);
    let tested = town
        .post("/v2/bot/channel/webhook/test", json!({}))
        .await
        .body;
    assert_eq!(
        (&tested["success"], &tested["reason"]),
        (&json!(false), &json!("ERROR_STATUS_CODE"))
    );

    let put = |url: &str| {
        town.request(reqwest::Method::PUT, path)
            .json(&json!({ "endpoint": url }))
            .send()
    };
    assert_eq!(
        put("http://example.jp/hook").await.unwrap().status(),
        400,
        "HTTPS, or this machine"
    );
    assert_eq!(put("https://example.jp/hook").await.unwrap().status(), 200);
    assert_eq!(
        town.get(path).await.body["endpoint"],
        "https://example.jp/hook"
    );
}
