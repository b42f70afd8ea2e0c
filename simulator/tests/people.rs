//! Profiles, followers, groups, and the chat's extras.

use line_simulator::Options;
use reqwest::Method;
use serde_json::json;

use crate::support::{Town, options, send, text};

#[tokio::test]
async fn a_profile_is_shown_of_friends_only() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let path = format!("/v2/bot/profile/{hanako}");
    assert_eq!(town.get(&path).await.body["displayName"], "花子");
    town.sim.block(&hanako).unwrap();
    assert_eq!(town.get(&path).await.status, 404);
}

#[tokio::test]
async fn followers_come_in_pages_without_those_who_blocked() {
    let town = Town::new();
    let crowd = town.sim.add_crowd(5);
    town.sim.block(&crowd[0]).unwrap();
    let first = town.get("/v2/bot/followers/ids?limit=3").await.body;
    assert_eq!(first["userIds"], json!(crowd[1..4]));
    let next = first["next"].as_str().unwrap();
    let last = town
        .get(&format!("/v2/bot/followers/ids?limit=3&start={next}"))
        .await
        .body;
    assert_eq!(last, json!({ "userIds": [crowd[4]] }));
    assert_eq!(
        town.get("/v2/bot/followers/ids?limit=1001").await.status,
        400
    );
}

#[tokio::test]
async fn an_unverified_account_may_not_list_its_followers() {
    let town = Town::with(Options {
        verified: false,
        ..options()
    });
    assert_eq!(town.get("/v2/bot/followers/ids").await.status, 403);
}

#[tokio::test]
async fn a_group_is_left_once_and_no_longer_pushed_to() {
    let town = Town::new();
    let group = town.sim.invite_to_group();
    town.sim.settle().await.unwrap();
    let join = town.hook.last_event();
    assert_eq!(
        (&join["type"], &join["source"]["groupId"]),
        (&json!("join"), &json!(group))
    );
    let push = json!({ "to": group, "messages": [text("x")] });
    assert_eq!(
        town.post("/v2/bot/message/push", push.clone()).await.status,
        200
    );
    let leave = format!("/v2/bot/group/{group}/leave");
    assert_eq!(town.post_empty(&leave).await.status, 200);
    assert_eq!(town.post_empty(&leave).await.status, 404);
    assert_eq!(
        town.post("/v2/bot/message/push", push).await.message(),
        "Failed to send messages"
    );
}

#[tokio::test]
async fn a_loading_animation_runs_in_steps_of_five_seconds() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let start = |seconds: u32| json!({ "chatId": hanako, "loadingSeconds": seconds });
    assert_eq!(
        town.post("/v2/bot/chat/loading/start", start(20))
            .await
            .status,
        202
    );
    for wrong in [0, 7, 65] {
        assert_eq!(
            town.post("/v2/bot/chat/loading/start", start(wrong))
                .await
                .status,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_picture_somebody_sent_is_fetched_from_the_data_host() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let id = town
        .sim
        .send_image(&hanako, "image/jpeg", vec![1, 2, 3])
        .unwrap();
    town.sim.settle().await.unwrap();
    assert_eq!(town.hook.last_event()["message"]["id"], id);
    let path = format!("/v2/bot/message/{id}/content");
    let answer = town.data_request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.bytes().await.unwrap(), &[1, 2, 3][..]);
    assert_eq!(town.get(&path).await.status, 404, "wrong host");
    assert_eq!(
        send(town.data_request(Method::GET, "/v2/bot/message/1/content"))
            .await
            .status,
        404
    );

    town.sim.unsend(&hanako, &id).unwrap();
    town.sim.settle().await.unwrap();
    assert_eq!(town.hook.last_event()["unsend"], json!({ "messageId": id }));
    assert_eq!(
        send(town.data_request(Method::GET, &path)).await.status,
        410
    );
}
