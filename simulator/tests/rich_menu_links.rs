//! Who sees which menu: links, aliases, batches.

use image::ImageFormat;
use serde_json::json;

use crate::rich_menu::{create, menu, picture, upload, with_image};
use crate::support::Town;

#[tokio::test]
async fn links_of_one_person_come_before_the_default() {
    let town = Town::new();
    let (hanako, taro) = (town.friend("花子").await, town.friend("太郎").await);
    let (common, own) = (
        with_image(&town, "共通").await,
        with_image(&town, "花子用").await,
    );
    town.post_empty(&format!("/v2/bot/user/all/richmenu/{common}"))
        .await;
    let linked = format!("/v2/bot/user/{hanako}/richmenu");
    assert_eq!(town.get(&linked).await.status, 404);
    assert_eq!(
        town.post_empty(&format!("{linked}/{own}")).await.status,
        200
    );
    assert_eq!(town.get(&linked).await.body, json!({ "richMenuId": own }));
    assert_eq!(town.sim.buttons(&hanako), ["花子用"]);
    assert_eq!(town.sim.buttons(&taro), ["共通"]);
    assert_eq!(town.delete(&linked).await.status, 200);
    assert_eq!(town.sim.buttons(&hanako), ["共通"]);

    let bulk = json!({ "richMenuId": own, "userIds": [hanako, taro] });
    assert_eq!(
        town.post("/v2/bot/richmenu/bulk/link", bulk).await.status,
        202
    );
    assert_eq!(town.sim.buttons(&taro), ["花子用"]);
    let bad = json!({ "userIds": [hanako, "x"] });
    assert_eq!(
        town.post("/v2/bot/richmenu/bulk/unlink", bad).await.status,
        400
    );
    assert_eq!(
        town.sim.buttons(&hanako),
        ["花子用"],
        "one bad id and nobody is changed"
    );
    let all = json!({ "userIds": [hanako, taro] });
    assert_eq!(
        town.post("/v2/bot/richmenu/bulk/unlink", all).await.status,
        202
    );
    assert_eq!(town.sim.buttons(&taro), ["共通"]);
}

#[tokio::test]
async fn a_link_to_somebody_out_of_reach_succeeds_without_effect() {
    let town = Town::new();
    let id = with_image(&town, "a").await;
    let stranger = town.sim.add_person("未登録");
    assert_eq!(
        town.post_empty(&format!("/v2/bot/user/{stranger}/richmenu/{id}"))
            .await
            .status,
        200
    );
    assert_eq!(
        town.get(&format!("/v2/bot/user/{stranger}/richmenu"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn aliases_switch_menus_and_do_not_collide() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let (first, second) = (with_image(&town, "一").await, with_image(&town, "二").await);
    let alias = |alias: &str, menu: &str| json!({ "richMenuAliasId": alias, "richMenuId": menu });
    let path = "/v2/bot/richmenu/alias";
    assert_eq!(town.post(path, alias("Tab B", &second)).await.status, 400);
    let bare = create(&town, "画像なし").await;
    assert_eq!(town.post(path, alias("bare", &bare)).await.status, 400);
    assert_eq!(town.post(path, alias("tab-b", &first)).await.status, 200);
    assert_eq!(
        town.post(path, alias("tab-b", &first)).await.message(),
        "conflict richmenu alias id"
    );
    assert_eq!(
        town.post(
            "/v2/bot/richmenu/alias/tab-b",
            json!({ "richMenuId": second })
        )
        .await
        .status,
        200
    );
    let got = town.get("/v2/bot/richmenu/alias/tab-b").await.body;
    assert_eq!(got, alias("tab-b", &second));
    assert_eq!(
        town.get("/v2/bot/richmenu/alias/list").await.body,
        json!({ "aliases": [got] })
    );

    let mut tabbed = menu("a");
    tabbed["areas"][0]["action"] = json!({ "type": "richmenuswitch", "label": "次へ", "richMenuAliasId": "tab-b", "data": "to=b" });
    let id = town.post("/v2/bot/richmenu", tabbed).await.body["richMenuId"]
        .as_str()
        .unwrap()
        .to_owned();
    upload(&town, &id, "image/png", picture(800, 540, ImageFormat::Png)).await;
    town.post_empty(&format!("/v2/bot/user/all/richmenu/{id}"))
        .await;
    town.sim.tap(&hanako, "次へ").unwrap();
    town.sim.settle().await.unwrap();
    let params = json!({ "newRichMenuAliasId": "tab-b", "status": "SUCCESS" });
    assert_eq!(
        town.hook.last_event()["postback"],
        json!({ "data": "to=b", "params": params })
    );
    assert_eq!(town.sim.buttons(&hanako), ["二"]);

    assert_eq!(
        town.delete("/v2/bot/richmenu/alias/tab-b").await.status,
        200
    );
    assert_eq!(
        town.delete("/v2/bot/richmenu/alias/tab-b").await.status,
        404
    );
}

#[tokio::test]
async fn a_batch_replaces_links_and_runs_three_times_an_hour() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let (old, new) = (with_image(&town, "旧").await, with_image(&town, "新").await);
    town.post_empty(&format!("/v2/bot/user/{hanako}/richmenu/{old}"))
        .await;
    let link = json!({ "operations": [{ "type": "link", "from": old, "to": new }] });
    assert_eq!(
        town.post("/v2/bot/richmenu/validate/batch", link.clone())
            .await
            .status,
        200
    );
    let accepted = town.post("/v2/bot/richmenu/batch", link.clone()).await;
    assert_eq!(accepted.status, 202);
    assert_eq!(town.sim.buttons(&hanako), ["新"]);
    let progress = town
        .get(&format!(
            "/v2/bot/richmenu/progress/batch?requestId={}",
            accepted.request_id
        ))
        .await;
    assert_eq!(progress.body["phase"], "succeeded");

    let twice = json!({ "operations": [{ "type": "unlink", "from": old }, { "type": "unlink", "from": old }] });
    assert_eq!(
        town.post("/v2/bot/richmenu/validate/batch", twice)
            .await
            .status,
        400
    );
    let mixed =
        json!({ "operations": [{ "type": "unlinkAll" }, { "type": "unlink", "from": old }] });
    assert_eq!(
        town.post("/v2/bot/richmenu/validate/batch", mixed)
            .await
            .status,
        400
    );
    for status in [202, 202, 429] {
        assert_eq!(
            town.post("/v2/bot/richmenu/batch", link.clone())
                .await
                .status,
            status
        );
    }
}
