//! The life of a rich menu.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Town, send};

pub fn menu(label: &str) -> Value {
    json!({
        "size": { "width": 800, "height": 540 }, "selected": true, "name": "main", "chatBarText": "メニュー",
        "areas": [{ "bounds": { "x": 0, "y": 0, "width": 400, "height": 540 },
            "action": { "type": "message", "label": label, "text": label } }],
    })
}

pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

pub async fn create(town: &Town, label: &str) -> String {
    let created = town.post("/v2/bot/richmenu", menu(label)).await;
    assert_eq!(created.status, 200);
    created.body["richMenuId"].as_str().unwrap().to_owned()
}

pub async fn upload(town: &Town, id: &str, content_type: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/v2/bot/richmenu/{id}/content");
    send(
        town.data_request(Method::POST, &path)
            .header("content-type", content_type)
            .body(bytes),
    )
    .await
}

pub async fn with_image(town: &Town, label: &str) -> String {
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
async fn insight_withholds_what_few_people_did_and_bounds_its_span() {
    let town = Town::new();
    let id = create(&town, "ごみ").await;
    let insight = async |kind: &str, from: &str, to: &str| {
        town.get(&format!(
            "/v2/bot/insight/richmenu/{id}/{kind}?from={from}&to={to}"
        ))
        .await
    };
    assert_eq!(
        insight("daily", "20261001", "20261031").await.body,
        json!({ "richMenuId": id })
    );
    assert_eq!(insight("daily", "20261031", "20261001").await.status, 400);
    assert_eq!(insight("daily", "20260101", "20261031").await.status, 400);
    assert_eq!(insight("summary", "20260101", "20261031").await.status, 200);
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
