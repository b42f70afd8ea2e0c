//! Reply, push, multicast, broadcast; retry keys; tokens.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{Town, send, text};

const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

#[tokio::test]
async fn a_reply_token_answers_once() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let token = town.hook.last_event()["replyToken"].clone();
    let body = json!({ "replyToken": token, "messages": [text("ようこそ")] });

    let first = town.post("/v2/bot/message/reply", body.clone()).await;
    assert_eq!(first.status, 200);
    assert!(
        first.body["sentMessages"][0]["id"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .is_ok()
    );
    let again = town.post("/v2/bot/message/reply", body).await;
    assert_eq!(
        (again.status, again.message()),
        (400, "Invalid reply token")
    );

    let inbox = town.sim.inbox(&hanako);
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0]["message"]["text"], "ようこそ");
    assert_eq!(inbox[0]["via"], "reply");
    assert_eq!(inbox[0]["requestId"], first.request_id);
}

#[tokio::test]
async fn a_reply_token_lives_a_minute_and_a_redelivery_renews_it() {
    let town = Town::new();
    town.friend("花子").await;
    let event = town.hook.last_event();
    let body = json!({ "replyToken": event["replyToken"], "messages": [text("遅い返事")] });
    town.sim.advance(Duration::from_secs(61));
    assert_eq!(
        town.post("/v2/bot/message/reply", body.clone())
            .await
            .status,
        400
    );

    town.sim
        .redeliver(event["webhookEventId"].as_str().unwrap())
        .unwrap();
    town.sim.settle().await.unwrap();
    town.sim.advance(Duration::from_secs(59));
    assert_eq!(town.post("/v2/bot/message/reply", body).await.status, 200);
}

#[tokio::test]
async fn a_redelivery_more_than_twenty_minutes_after_the_event_renews_nothing() {
    let town = Town::new();
    town.friend("花子").await;
    let event = town.hook.last_event();
    town.sim.advance(Duration::from_secs(20 * 60 + 1));
    town.sim
        .redeliver(event["webhookEventId"].as_str().unwrap())
        .unwrap();
    town.sim.settle().await.unwrap();
    let body = json!({ "replyToken": event["replyToken"], "messages": [text("x")] });
    assert_eq!(
        town.post("/v2/bot/message/reply", body).await.message(),
        "Invalid reply token"
    );
}

#[tokio::test]
async fn a_refused_reply_does_not_spend_its_token() {
    let town = Town::new();
    town.friend("花子").await;
    let token = town.hook.last_event()["replyToken"].clone();
    let wrong = json!({ "replyToken": token, "messages": [] });
    assert_eq!(town.post("/v2/bot/message/reply", wrong).await.status, 400);
    let right = json!({ "replyToken": token, "messages": [text("はい")] });
    assert_eq!(town.post("/v2/bot/message/reply", right).await.status, 200);
}

#[tokio::test]
async fn the_same_retry_key_is_accepted_once_in_24_hours() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = json!({ "to": hanako, "messages": [text("一度だけ")] });

    let first = town
        .with_key("/v2/bot/message/push", KEY, body.clone())
        .await;
    assert_eq!(first.status, 200);
    let again = town
        .with_key("/v2/bot/message/push", &KEY.to_uppercase(), body.clone())
        .await;
    assert_eq!(
        (again.status, again.message()),
        (409, "The retry key is already accepted")
    );
    assert_eq!(
        again.accepted_id.as_deref(),
        Some(first.request_id.as_str())
    );
    assert_ne!(again.request_id, first.request_id);
    assert_eq!(again.body["sentMessages"], first.body["sentMessages"]);
    assert_eq!(town.sim.inbox(&hanako).len(), 1);

    town.sim.advance(Duration::from_secs(24 * 3600));
    assert_eq!(
        town.with_key("/v2/bot/message/push", KEY, body)
            .await
            .status,
        200,
        "a day later the key is new"
    );
    assert_eq!(town.sim.inbox(&hanako).len(), 2);
}

#[tokio::test]
async fn a_refused_call_leaves_its_retry_key_usable() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let wrong = json!({ "to": hanako, "messages": [] });
    assert_eq!(
        town.with_key("/v2/bot/message/push", KEY, wrong)
            .await
            .status,
        400
    );
    let right = json!({ "to": hanako, "messages": [text("はい")] });
    assert_eq!(
        town.with_key("/v2/bot/message/push", KEY, right)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_retry_key_is_refused_where_it_has_no_place_or_no_shape() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let token = town.hook.last_event()["replyToken"].clone();
    let reply = json!({ "replyToken": token, "messages": [text("x")] });
    assert_eq!(
        town.with_key("/v2/bot/message/reply", KEY, reply)
            .await
            .status,
        400
    );
    let push = json!({ "to": hanako, "messages": [text("x")] });
    for shapeless in [
        "1",
        "123e4567e89b12d3a456426614174000",
        "not-a-uuid-not-a-uuid-not-a-uuid-not",
    ] {
        assert_eq!(
            town.with_key("/v2/bot/message/push", shapeless, push.clone())
                .await
                .status,
            400,
            "{shapeless}"
        );
    }
    assert!(town.sim.inbox(&hanako).is_empty());
}

#[tokio::test]
async fn one_bad_recipient_stops_the_whole_multicast() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let body = json!({ "to": [hanako, "@hanako"], "messages": [text("x")] });
    let answer = town.post("/v2/bot/message/multicast", body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.message(),
        "The property, to[1], in the request body is invalid (line: -, column: -)"
    );
    assert!(town.sim.inbox(&hanako).is_empty());

    let own = json!({ "to": [hanako, line_simulator::Options::default().bot_user_id], "messages": [text("x")] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", own).await.status,
        400
    );
}

#[tokio::test]
async fn a_multicast_takes_1_to_500_people() {
    let town = Town::new();
    let crowd = town.sim.add_crowd(501);
    let answer = town
        .post(
            "/v2/bot/message/multicast",
            json!({ "to": crowd, "messages": [text("x")] }),
        )
        .await;
    assert_eq!(
        (answer.status, answer.message()),
        (400, "The request body has 1 error(s)")
    );
    assert_eq!(answer.body["details"][0]["property"], "to");
    let none = town
        .post(
            "/v2/bot/message/multicast",
            json!({ "to": [], "messages": [text("x")] }),
        )
        .await;
    assert_eq!(none.status, 400);
    let fits = json!({ "to": crowd[..500], "messages": [text("x")] });
    let answer = town.post("/v2/bot/message/multicast", fits).await;
    assert_eq!((answer.status, answer.body), (200, json!({})));
    assert_eq!(
        town.sim
            .inbox_sizes()
            .iter()
            .filter(|(_, n)| *n == 1)
            .count(),
        500
    );
}

#[tokio::test]
async fn people_who_blocked_hear_nothing_and_the_caller_does_not_know() {
    let town = Town::new();
    let (hanako, taro) = (town.friend("花子").await, town.friend("太郎").await);
    town.sim.block(&hanako).unwrap();
    let push = json!({ "to": hanako, "messages": [text("x")] });
    assert_eq!(town.post("/v2/bot/message/push", push).await.status, 200);
    let multicast = json!({ "to": [hanako, taro], "messages": [text("x")] });
    assert_eq!(
        town.post("/v2/bot/message/multicast", multicast)
            .await
            .status,
        200
    );
    assert_eq!(
        town.post(
            "/v2/bot/message/broadcast",
            json!({ "messages": [text("x")] })
        )
        .await
        .status,
        200
    );
    assert_eq!(town.sim.inbox(&hanako).len(), 0);
    assert_eq!(town.sim.inbox(&taro).len(), 2);
    let usage = town.get("/v2/bot/message/quota/consumption").await;
    assert_eq!(usage.body["totalUsage"], 2, "only who was reached counts");
}

#[tokio::test]
async fn a_push_reaches_a_stranger_for_a_week_after_they_wrote() {
    let town = Town::new();
    let stranger = town.sim.add_person("通りすがり");
    town.sim.say(&stranger, "こんにちは").unwrap();
    let push = json!({ "to": stranger, "messages": [text("x")] });
    town.post("/v2/bot/message/push", push.clone()).await;
    town.sim.advance(Duration::from_secs(7 * 86_400));
    town.post("/v2/bot/message/push", push).await;
    assert_eq!(town.sim.inbox(&stranger).len(), 1);
}

#[tokio::test]
async fn a_token_is_needed() {
    let town = Town::new();
    let url = format!("{}/v2/bot/info", town.sim.api_base());
    assert_eq!(send(town.client.get(&url)).await.status, 401);
    let wrong = send(town.client.get(&url).bearer_auth("wrong")).await;
    assert_eq!(wrong.status, 401);
    assert!(
        wrong
            .message()
            .starts_with("Authentication failed due to the following reason: ")
    );
    let info = town.get("/v2/bot/info").await;
    assert_eq!(
        info.body["userId"],
        line_simulator::Options::default().bot_user_id
    );
}

#[tokio::test]
async fn a_stateless_token_lives_fifteen_minutes() {
    let town = Town::new();
    let url = format!("{}/oauth2/v3/token", town.sim.api_base());
    let options = line_simulator::Options::default();
    let form = |secret: &str| {
        [
            ("grant_type", "client_credentials"),
            ("client_id", options.channel_id.as_str()),
            ("client_secret", secret),
        ]
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
    };
    let refused = send(town.client.post(&url).form(&form("wrong"))).await;
    assert_eq!(
        (refused.status, &refused.body["error"]),
        (400, &json!("invalid_client"))
    );

    let issued = send(town.client.post(&url).form(&form(&options.channel_secret))).await;
    assert_eq!(
        (issued.status, &issued.body["expires_in"]),
        (200, &json!(900))
    );
    let token = issued.body["access_token"].as_str().unwrap();
    let info = format!("{}/v2/bot/info", town.sim.api_base());
    assert_eq!(
        send(town.client.get(&info).bearer_auth(token)).await.status,
        200
    );
    let verify = format!("{}/oauth2/v2.1/verify", town.sim.api_base());
    let check = || send(town.client.get(&verify).query(&[("access_token", token)]));
    assert_eq!(check().await.body["expires_in"], 900);
    town.sim.advance(Duration::from_secs(900));
    assert_eq!(
        send(town.client.get(&info).bearer_auth(token)).await.status,
        401
    );
    assert_eq!(check().await.status, 400);
}

#[tokio::test]
async fn paths_media_types_and_sizes_are_looked_at_as_at_line() {
    let town = Town::new();
    assert_eq!(
        town.get("/v2/bot/nothing/here").await.message(),
        "Not found"
    );
    assert_eq!(town.get("/v2/bot/message/push").await.status, 405);
    assert_eq!(
        send(town.data_request(Method::GET, "/v2/bot/info"))
            .await
            .status,
        404,
        "wrong host"
    );

    let plain = town
        .request(Method::POST, "/v2/bot/message/push")
        .header("content-type", "text/plain")
        .body("{}");
    assert_eq!(send(plain).await.status, 415);
    let json = || {
        town.request(Method::POST, "/v2/bot/message/push")
            .header("content-type", "application/json")
    };
    assert_eq!(
        send(json().body(vec![b' '; 2 * 1024 * 1024 + 1]))
            .await
            .status,
        413
    );
    let broken = send(json().body("{\"to\":")).await;
    assert!(
        broken
            .message()
            .starts_with("The request body could not be parsed as JSON (line: 1"),
        "{broken:?}"
    );
}

#[tokio::test]
async fn a_post_must_announce_its_length() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let path = format!("/v2/bot/user/{hanako}/linkToken");
    assert_eq!(send(town.request(Method::POST, &path)).await.status, 411);
    let token = town.post_empty(&path).await;
    assert_eq!(token.status, 200);
    assert!(token.body["linkToken"].is_string());
}

#[tokio::test]
async fn every_call_is_in_the_log() {
    let town = Town::new();
    let body = json!({ "messages": [text("皆さんへ")] });
    let answer = town
        .with_key("/v2/bot/message/broadcast", KEY, body.clone())
        .await;
    let calls = town.sim.requests();
    let call = calls.last().unwrap();
    assert_eq!(
        (call.method.as_str(), call.path.as_str(), call.status),
        ("POST", "/v2/bot/message/broadcast", 200)
    );
    assert_eq!(call.retry_key.as_deref(), Some(KEY));
    assert_eq!(call.request_id, answer.request_id);
    assert_eq!(call.json(), body);
}
