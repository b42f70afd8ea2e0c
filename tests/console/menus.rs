//! The menus under the chat, as the console shows them.

use kairan::richmenu;

use crate::on_both;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::{Town, policy, tuesday};

async fn text(answer: reqwest::Response) -> String {
    answer.text().await.unwrap()
}

on_both!(
    a_menu_is_shown_with_what_its_cells_do_and_how_often,
    |town: Town| {
        let staff = town.staff().await;
        let page = text(staff.get("/menus?menu=living").await).await;
        for words in [
            "LINEにまだ反映していない変更があります",
            "「暮らし」（日本語）を作ります。LINEにまだありません。",
            "登録した方に出します",
            "明日のごみ",
            "トークで「明日のごみ」に答えます",
            "のメニューに切り替えます",
            "やさしい日本語・大きな文字",
            "LINEの統計で見ます",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let other = text(staff.get("/menus?menu=%3Cscript%3E&variant=x").await).await;
        assert!(other.contains("出す相手") && !other.contains("<script>"));
    }
);

on_both!(
    a_picture_is_painted_for_who_is_signed_in_and_kept,
    |town: Town| {
        let staff = town.staff().await;
        let page = text(staff.get("/menus?menu=parents&variant=en").await).await;
        let path = page.split("src=\"/menus").nth(1).unwrap();
        let path = format!("/menus{}", path.split('"').next().unwrap());
        let picture = staff.get(&path).await;
        let headers = picture.headers().clone();
        let told = ["content-type", "cache-control", "x-content-type-options"]
            .map(|name| headers[name].to_str().unwrap().to_owned());
        assert_eq!(
            told,
            [
                "image/png",
                "private, max-age=31536000, immutable",
                "nosniff"
            ]
        );
        let bytes = picture.bytes().await.unwrap();
        assert!(
            bytes.starts_with(b"\x89PNG") && bytes.len() < 150 * 1024,
            "{}",
            bytes.len()
        );
        assert_eq!(staff.get(&path).await.bytes().await.unwrap(), bytes);
        // Another content has another address.
        let (folder, _) = path.rsplit_once('/').unwrap();
        assert_eq!(staff.get(&format!("{folder}/0000")).await.status(), 404);
        assert_eq!(
            staff
                .get("/menus/pictures/..%2f..%2fetc/ja/x")
                .await
                .status(),
            404
        );
        let stranger = crate::support::console::client();
        let answer = stranger
            .get(format!("{}{path}", staff.origin))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 303);
    }
);

on_both!(
    when_line_does_not_answer_the_files_are_shown_all_the_same,
    |town: Town| {
        let staff = town.staff().await;
        town.line.stop();
        let page = text(staff.get("/menus").await).await;
        assert!(
            page.contains("LINEに問い合わせられませんでした") && page.contains("押された数"),
            "{page}"
        );
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_applied_line_has_what_files_describe() {
    let town = Town::begin(Engine::Sqlite).await;
    let staff = town.staff().await;
    let folder = richmenu::Folder::open(std::path::Path::new("rich-menus")).unwrap();
    let profile = policy().profile;
    let menus = richmenu::desired(&profile, &folder, kairan::conversation::is_postback).unwrap();
    let line = &town.product.worker.line;
    let found = richmenu::look(&town.db, line, tuesday()).await.unwrap();
    let plan = richmenu::plan(&menus, &found, richmenu::Foreign::Leave);
    richmenu::apply(&town.db, line, tuesday(), plan)
        .await
        .unwrap();
    let page = text(staff.get("/menus").await).await;
    assert!(page.contains("ファイルのとおりです"), "{page}");
}
