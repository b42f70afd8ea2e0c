//! The account and its rich menus.

use kairan::line::client::{
    Batch, BatchOperation, BatchPhase, MenuImage, Quota, Recipients, ResumeKey,
};
use kairan::line::message::Action;
use kairan::line::rich_menu::{AliasId, Area, Bounds, RichMenu, RichMenuId, Size};
use kairan::line::{GroupId, RoomId};
use serde_json::json;

use super::server::{Server, ok, status, user};

#[tokio::test]
async fn empty_posts_say_that_they_are_empty() {
    let server = Server::start(|_| ok("{}"));
    let client = server.client();
    let menu = RichMenuId::new("richmenu-1");
    client.set_default_rich_menu(&menu).await.unwrap();
    client.link_rich_menu(&user('1'), &menu).await.unwrap();
    client
        .leave_group(&GroupId::parse(&format!("C{}", "0".repeat(32))).unwrap())
        .await
        .unwrap();
    client
        .leave_room(&RoomId::parse(&format!("R{}", "0".repeat(32))).unwrap())
        .await
        .unwrap();
    let requests = server.requests();
    for request in &requests {
        assert_eq!(
            (request.method.as_str(), request.header("content-length")),
            ("POST", Some("0")),
            "{request:?}"
        );
    }
    assert_eq!(
        requests[1].path,
        format!("/v2/bot/user/{}/richmenu/richmenu-1", user('1').as_str())
    );
    assert_eq!(
        requests[2].path,
        format!("/v2/bot/group/C{}/leave", "0".repeat(32))
    );
}

#[tokio::test]
async fn rich_menus_are_made_shown_and_replaced() {
    let listed = json!({
        "richMenuId": "richmenu-1", "size": {"width": 2500, "height": 843}, "selected": true,
        "name": "main", "chatBarText": "メニュー", "areas": [],
    });
    let server =
        Server::start(
            move |request| match (request.method.as_str(), request.path.as_str()) {
                ("POST", "/v2/bot/richmenu") | ("GET", "/v2/bot/user/all/richmenu") => {
                    ok(json!({"richMenuId": "richmenu-1"}))
                }
                ("GET", "/v2/bot/richmenu/list") => ok(json!({"richmenus": [listed]})),
                ("GET", "/v2/bot/richmenu/alias/list") => ok(
                    json!({"aliases": [{"richMenuAliasId": "main", "richMenuId": "richmenu-1"}]}),
                ),
                ("GET", "/v2/bot/richmenu/progress/batch?requestId=req-1") => {
                    ok(json!({"phase": "ongoing", "acceptedTime": "2026-11-22T00:00:00.000Z"}))
                }
                ("POST", "/v2/bot/richmenu/bulk/link" | "/v2/bot/richmenu/batch") => {
                    status(202, "{}")
                }
                _ => ok("{}"),
            },
        );
    let client = server.client();
    let bounds = Bounds {
        x: 0,
        y: 0,
        width: 2500,
        height: 843,
    };
    let area = Area {
        bounds,
        action: Action::message("ごみ", "ごみ").unwrap(),
    };
    let size = Size {
        width: 2500,
        height: 843,
    };
    let menu = RichMenu::new("main", "メニュー", true, size, vec![area]).unwrap();
    let id = client.create_rich_menu(&menu).await.unwrap().body;
    assert_eq!(id.as_str(), "richmenu-1");
    let png = [&b"\x89PNG\r\n\x1a\n"[..], &[0, 1, 2]].concat();
    client
        .upload_rich_menu_image(&id, MenuImage::new(png.clone()).unwrap())
        .await
        .unwrap();
    let upload = server.requests().pop().unwrap();
    assert_eq!(upload.path, "/v2/bot/richmenu/richmenu-1/content");
    assert_eq!(
        (upload.header("content-type"), &upload.body),
        (Some("image/png"), &png)
    );

    assert_eq!(client.list_rich_menus().await.unwrap().body[0].name, "main");
    assert_eq!(client.default_rich_menu().await.unwrap().body, id);
    assert_eq!(
        client.list_rich_menu_aliases().await.unwrap().body,
        [("main".to_owned(), id.clone())]
    );
    let both = Recipients::new(vec![user('1'), user('2')]).unwrap();
    client.bulk_link_rich_menu(&both, &id).await.unwrap();
    let expected =
        json!({"richMenuId": "richmenu-1", "userIds": [user('1').as_str(), user('2').as_str()]});
    assert_eq!(server.requests().pop().unwrap().json(), expected);
    client
        .create_rich_menu_alias(&AliasId::parse("main").unwrap(), &id)
        .await
        .unwrap();
    let expected = json!({"richMenuId": "richmenu-1", "richMenuAliasId": "main"});
    assert_eq!(server.requests().pop().unwrap().json(), expected);
    client.unlink_rich_menu(&user('1')).await.unwrap();
    assert_eq!(server.requests().pop().unwrap().method, "DELETE");

    let link = BatchOperation::Link {
        from: id.clone(),
        to: RichMenuId::new("richmenu-2"),
    };
    let batch = Batch::new(vec![link.clone()], Some(ResumeKey::parse("k-1").unwrap())).unwrap();
    let started = client.start_rich_menu_batch(&batch).await.unwrap();
    let operations = json!([{"type": "link", "from": "richmenu-1", "to": "richmenu-2"}]);
    let expected = json!({"operations": operations, "resumeRequestKey": "k-1"});
    assert_eq!(server.requests().pop().unwrap().json(), expected);
    let progress = client
        .rich_menu_batch_progress(&started.request_id.unwrap())
        .await
        .unwrap()
        .body;
    assert_eq!(progress.phase, BatchPhase::Ongoing);
    assert!(Batch::new(vec![link.clone(), link], None).is_err());
    assert!(
        Batch::new(
            vec![
                BatchOperation::UnlinkAll,
                BatchOperation::Unlink { from: id }
            ],
            None
        )
        .is_err()
    );
    assert!(Batch::new(vec![BatchOperation::UnlinkAll], None).is_ok());
}

#[test]
fn menu_images_are_jpeg_or_png_of_one_megabyte() {
    let jpeg = |bytes: usize| [&b"\xFF\xD8\xFF"[..], &vec![0; bytes - 3]].concat();
    assert!(MenuImage::new(jpeg(1024 * 1024)).is_ok());
    assert!(MenuImage::new(jpeg(1024 * 1024 + 1)).is_err());
    assert!(MenuImage::new(b"GIF89a".to_vec()).is_err());
    assert!(MenuImage::new(Vec::new()).is_err());
}

#[tokio::test]
async fn the_account_answers_about_itself() {
    let server = Server::start(|request| match request.path.as_str() {
        "/v2/bot/message/quota" => ok(json!({"type": "limited", "value": 30000})),
        "/v2/bot/message/quota/consumption" => ok(json!({"totalUsage": 512})),
        "/v2/bot/info" => ok(json!({
            "userId": "U00000000000000000000000000000b07", "basicId": "@town", "displayName": "本町",
            "chatMode": "bot", "markAsReadMode": "auto",
        })),
        "/v2/bot/followers/ids?limit=1000" => {
            ok(json!({"userIds": [user('1').as_str(), "?"], "next": "a/b=="}))
        }
        "/v2/bot/followers/ids?limit=1000&start=a%2Fb%3D%3D" => ok(json!({"userIds": []})),
        "/v2/bot/channel/webhook/test" => ok(json!({
            "success": false, "timestamp": "2026-11-22T00:00:00Z", "statusCode": 0,
            "reason": "COULD_NOT_CONNECT", "detail": "TLS handshake failure",
        })),
        "/v2/bot/channel/webhook/endpoint" if request.method == "GET" => {
            ok(json!({"endpoint": "https://town.example.jp/line/webhook", "active": true}))
        }
        _ => ok("{}"),
    });
    let client = server.client();
    assert_eq!(client.quota().await.unwrap().body, Quota::Limited(30000));
    assert_eq!(client.consumption().await.unwrap().body, 512);
    assert_eq!(client.bot_info().await.unwrap().body.basic_id, "@town");
    let page = client.follower_ids(None).await.unwrap().body;
    assert_eq!(
        (page.user_ids, page.unusable, page.next.as_deref()),
        (vec![user('1')], 1, Some("a/b=="))
    );
    assert_eq!(
        client.follower_ids(Some("a/b==")).await.unwrap().body.next,
        None
    );
    let test = client.test_webhook_endpoint(None).await.unwrap().body;
    assert_eq!(
        (test.success, test.reason.as_deref()),
        (false, Some("COULD_NOT_CONNECT"))
    );
    assert!(client.webhook_endpoint().await.unwrap().body.active);
    client
        .set_webhook_endpoint("https://town.example.jp/line/webhook")
        .await
        .unwrap();
    client.start_loading(&user('1')).await.unwrap();
    let requests = server.requests();
    let [.., set, loading] = requests.as_slice() else {
        panic!()
    };
    assert_eq!(
        (set.method.as_str(), set.json()),
        (
            "PUT",
            json!({"endpoint": "https://town.example.jp/line/webhook"})
        )
    );
    assert_eq!(loading.json(), json!({"chatId": user('1').as_str()}));
}

#[tokio::test]
async fn an_unlimited_quota_is_not_a_missing_one() {
    let server = Server::start(|_| ok(json!({"type": "none"})));
    assert_eq!(
        server.client().quota().await.unwrap().body,
        Quota::Unlimited
    );
    let server = Server::start(|_| ok(json!({"type": "limited"})));
    assert!(server.client().quota().await.is_err());
}
