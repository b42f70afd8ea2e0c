//! The life of a rich menu.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Town, send};

fn menu(label: &str) -> Value {
    json!({
        "size": { "width": 800, "height": 540 }, "selected": true, "name": "main", "chatBarText": "メニュー",
        "areas": [{ "bounds": { "x": 0, "y": 0, "width": 400, "height": 540 },
            "action": { "type": "message", "label": label, "text": label } }],
    })
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

async fn create(town: &Town, label: &str) -> String {
    let created = town.post("/v2/bot/richmenu", menu(label)).await;
    assert_eq!(created.status, 200);
    created.body["richMenuId"].as_str().unwrap().to_owned()
}

async fn upload(town: &Town, id: &str, content_type: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/v2/bot/richmenu/{id}/content");
    send(
        town.data_request(Method::POST, &path)
            .header("content-type", content_type)
            .body(bytes),
    )
    .await
}

async fn with_image(town: &Town, label: &str) -> String {
    let id = create(town, label).await;
    assert_eq!(
        upload(town, &id, "image/png", picture(800, 540, ImageFormat::Png))
            .await
            .status,
        200
    );
    id
}

#[tokio::test]
async fn a_menu_is_made_shown_and_deleted() {
    let town = Town::new();
    let hanako = town.friend("花子").await;
    let id = create(&town, "ごみ").await;
    let default = format!("/v2/bot/user/all/richmenu/{id}");
    let early = town.post_empty(&default).await;
    assert_eq!(
        early.status, 400,
        "a menu without an image cannot be the default: {early:?}"
    );
    assert_eq!(town.get("/v2/bot/user/all/richmenu").await.status, 404);

    let bytes = picture(800, 540, ImageFormat::Png);
    assert_eq!(
        upload(&town, &id, "image/png", bytes.clone()).await.status,
        200
    );
    let second = upload(&town, &id, "image/png", bytes.clone()).await;
    assert_eq!(
        (
            second.status,
            second.message().contains("already been uploaded")
        ),
        (400, true)
    );
    let content = format!("/v2/bot/richmenu/{id}/content");
    let back = town
        .data_request(Method::GET, &content)
        .send()
        .await
        .unwrap();
    assert_eq!(back.bytes().await.unwrap(), bytes);

    assert_eq!(town.post_empty(&default).await.status, 200);
    assert_eq!(
        town.get("/v2/bot/user/all/richmenu").await.body,
        json!({ "richMenuId": id })
    );
    assert_eq!(town.sim.buttons(&hanako), ["ごみ"]);
    let shown = town.get(&format!("/v2/bot/richmenu/{id}")).await.body;
    assert_eq!(
        (&shown["richMenuId"], &shown["areas"]),
        (&json!(id), &menu("ごみ")["areas"])
    );
    assert_eq!(
        town.get("/v2/bot/richmenu/list").await.body["richmenus"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    assert_eq!(
        town.delete(&format!("/v2/bot/richmenu/{id}")).await.status,
        200
    );
    assert_eq!(
        town.delete(&format!("/v2/bot/richmenu/{id}")).await.status,
        404
    );
    assert!(town.sim.buttons(&hanako).is_empty());
}

#[tokio::test]
async fn an_image_must_be_of_the_right_kind_size_and_host() {
    let town = Town::new();
    let id = create(&town, "ごみ").await;
    assert_eq!(upload(&town, &id, "image/gif", vec![0]).await.status, 415);
    assert_eq!(
        upload(&town, &id, "image/png", picture(800, 541, ImageFormat::Png))
            .await
            .status,
        400
    );
    assert_eq!(
        upload(
            &town,
            &id,
            "image/png",
            picture(800, 540, ImageFormat::Jpeg)
        )
        .await
        .status,
        400
    );
    let mut heavy = picture(800, 540, ImageFormat::Png);
    heavy.resize(1024 * 1024 + 1, 0);
    assert_eq!(upload(&town, &id, "image/png", heavy).await.status, 413);
    let path = format!("/v2/bot/richmenu/{id}/content");
    let wrong_host = town
        .request(Method::POST, &path)
        .header("content-type", "image/png")
        .body("x");
    assert_eq!(send(wrong_host).await.status, 404);
    assert_eq!(
        upload(
            &town,
            &id,
            "image/jpeg",
            picture(800, 540, ImageFormat::Jpeg)
        )
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn menus_out_of_shape_are_refused() {
    let town = Town::new();
    let mut cases: Vec<(Value, &str)> = Vec::new();
    let mut case = |pointer: &str, value: Value, property: &'static str| {
        let mut changed = menu("a");
        *changed.pointer_mut(pointer).unwrap() = value;
        cases.push((changed, property));
    };
    case(
        "/size",
        json!({ "width": 799, "height": 540 }),
        "size.width",
    );
    case("/size", json!({ "width": 800, "height": 552 }), "size");
    case(
        "/size",
        json!({ "width": 800, "height": 249 }),
        "size.height",
    );
    case("/chatBarText", json!("メ".repeat(15)), "chatBarText");
    case("/name", json!(""), "name");
    case(
        "/areas",
        json!(vec![menu("a")["areas"][0].clone(); 21]),
        "areas",
    );
    case("/areas/0/bounds/width", json!(801), "areas[0].bounds");
    case(
        "/areas/0/action/label",
        json!("あ".repeat(21)),
        "areas[0].action.label",
    );
    case(
        "/areas/0/action",
        json!({ "type": "camera" }),
        "areas[0].action.type",
    );
    for (object, property) in cases {
        let answer = town.post("/v2/bot/richmenu/validate", object.clone()).await;
        assert_eq!(answer.status, 400, "{object}");
        assert!(
            answer.body["details"]
                .as_array()
                .unwrap()
                .iter()
                .any(|detail| detail["property"] == property),
            "{property} in {answer:?}"
        );
        assert_eq!(town.post("/v2/bot/richmenu", object).await.status, 400);
    }
    assert_eq!(
        town.post("/v2/bot/richmenu/validate", menu("a"))
            .await
            .status,
        200
    );
}

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
