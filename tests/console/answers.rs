//! The FAQ in the console: written, tried out; and residents are answered anew.

use kairan::audit;
use kairan::faq::{self, Held};
use kairan::table;
use reqwest::Response;

use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;
use crate::support::town::Town;

pub(super) async fn text(answer: Response, status: u16) -> String {
    let found = answer.status().as_u16();
    let page = answer.text().await.unwrap();
    assert_eq!(found, status, "{page}");
    page
}

pub(super) async fn look(staff: &Staff, path: &str) -> String {
    text(staff.get(path).await, 200).await
}

pub(super) async fn entry(town: &Town, question: &str) -> Held {
    let held = faq::all(&town.db).await.unwrap();
    let found = held
        .into_iter()
        .find(|held| held.entry.question == question);
    found.unwrap_or_else(|| panic!("`{question}` is not kept"))
}

pub(super) async fn acts(town: &Town) -> Vec<String> {
    let query = audit::Query {
        act: Some("faq.".to_owned()),
        ..Default::default()
    };
    let page = audit::search(&town.db, &query).await.unwrap();
    let by_staff = page.entries.into_iter().filter(|e| e.actor.is_some());
    by_staff.map(|entry| entry.act).collect()
}

on_both!(
    what_is_written_is_answered_at_once_and_on_record,
    |town: Town| {
        let staff = town.staff().await;
        let resident = town.resident("はな").await;
        resident
            .says("ドローンの練習")
            .await
            .contains("お答えできません");
        let added = staff
            .post(
                "/answers",
                &[
                    ("question", " ドローンを飛ばしたい "),
                    (
                        "answer",
                        "中央公園の広場で飛ばせます。\r\n公園課 電話 0000-00-2600",
                    ),
                    ("synonyms", "マルチコプター\r\nドローンの練習"),
                    ("category", "スポーツ"),
                ],
            )
            .await;
        assert_eq!(
            (added.status().as_u16(), leads_to(&added)),
            (303, "/answers")
        );
        resident
            .says("ドローンの練習")
            .await
            .contains("中央公園の広場で飛ばせます。\n公園課");

        let held = entry(&town, "ドローンを飛ばしたい").await;
        let path = format!("/answers/{}", held.entry.id);
        let page = look(&staff, &path).await;
        assert!(
            page.contains("マルチコプター\nドローンの練習") && page.contains("class=\"bubble\"")
        );
        let changed = staff
            .post(
                &path,
                &[
                    ("question", "ドローンを飛ばしたい"),
                    ("answer", "海浜公園で飛ばせます。"),
                    ("synonyms", "マルチコプター"),
                    ("revision", "0"),
                ],
            )
            .await;
        assert_eq!(changed.status(), 303);
        resident
            .says("マルチコプターできますか")
            .await
            .contains("海浜公園で飛ばせます。");
        let again = entry(&town, "ドローンを飛ばしたい").await;
        assert_eq!((again.entry.id, again.revision), (held.entry.id, 1));

        let ask = look(&staff, &format!("{path}/remove")).await;
        assert!(
            ask.contains("海浜公園で飛ばせます。") && ask.contains("name=\"revision\" value=\"1\"")
        );
        let removed = staff
            .post(&format!("{path}/remove"), &[("revision", "1")])
            .await;
        assert_eq!(removed.status(), 303);
        resident
            .says("マルチコプターできますか")
            .await
            .contains("お答えできません");
        assert_eq!(staff.get(&path).await.status(), 404);
        assert_eq!(
            acts(&town).await,
            ["faq.removed", "faq.changed", "faq.added"]
        );
        assert!(audit::verify(&town.db, None).await.unwrap().is_ok());
        town.nothing_went_wrong().await;
    }
);

on_both!(
    the_second_of_two_writers_is_told_and_loses_nothing,
    |town: Town| {
        let staff = town.staff().await;
        let held = entry(&town, "印鑑登録をしたい").await;
        let path = format!("/answers/{}", held.entry.id);
        let write = |answer: &'static str, revision: &'static str| {
            let fields = [
                ("question", "印鑑登録をしたい"),
                ("answer", answer),
                ("revision", revision),
            ];
            let (staff, path) = (&staff, &path);
            async move { staff.post(path, &fields).await }
        };
        assert_eq!(write("市民課へ。", "0").await.status(), 303);
        let page = text(write("支所へ。", "0").await, 409).await;
        assert!(page.contains("ほかの職員が先に書き換えました"));
        assert!(
            page.contains("市民課へ。") && page.contains("支所へ。"),
            "both are there"
        );
        assert!(page.contains("name=\"revision\" value=\"1\""));
        assert_eq!(
            entry(&town, "印鑑登録をしたい").await.entry.answer,
            "市民課へ。"
        );
        let old = staff
            .post(&format!("{path}/remove"), &[("revision", "0")])
            .await;
        assert_eq!(leads_to(&old), path, "nor is it removed unseen");
        assert_eq!(write("支所へ。", "1").await.status(), 303);
        assert_eq!(
            entry(&town, "印鑑登録をしたい").await.entry.answer,
            "支所へ。"
        );
    }
);

on_both!(
    a_faulty_entry_comes_back_with_what_was_written,
    |town: Town| {
        let staff = town.staff().await;
        let long = "あ".repeat(501);
        let fields = [
            ("question", ""),
            ("answer", long.as_str()),
            ("link", "www.example.jp"),
        ];
        let page = text(staff.post("/answers", &fields).await, 422).await;
        for words in [
            "質問が空です",
            "答えが501文字",
            "「www.example.jp」は",
            "aria-invalid",
        ] {
            assert!(page.contains(words), "{words}");
        }
        let fields = [("question", "印鑑登録をしたい"), ("answer", "あ")];
        let page = text(staff.post("/answers", &fields).await, 422).await;
        assert!(page.contains("同じ質問がもうあります"));
        for path in [
            "/answers/999999",
            "/answers/nothing",
            "/answers/999999/remove",
        ] {
            assert_eq!(staff.get(path).await.status(), 404, "{path}");
        }
        assert_eq!(acts(&town).await, [""; 0]);
    }
);

on_both!(a_list_is_searched_and_put_in_order, |town: Town| {
    let staff = town.staff().await;
    let page = look(&staff, "/answers?q=ｲﾝｶﾝ 証明書").await;
    assert!(!page.contains("住民票の写しを取りたい"));
    let page = look(&staff, "/answers?q=印鑑").await;
    assert!(page.contains("印鑑登録をしたい") && !page.contains("戸籍の証明書を取りたい"));
    let page = look(&staff, "/answers?category=%E8%A8%BC%E6%98%8E%E6%9B%B8").await;
    assert!(page.contains("戸籍の証明書を取りたい"));
    assert!(
        look(&staff, "/answers?q=%3Cb%3E")
            .await
            .contains("見つかりませんでした")
    );
    let before = faq::by_category(faq::all(&town.db).await.unwrap());
    let (first, second) = (before[0].1[0].entry.id, before[0].1[1].entry.id);
    let path = format!("/answers/{second}/move");
    let fields = [("way", "up"), ("back", "/answers?page=2")];
    let moved = staff.post(&path, &fields).await;
    assert_eq!(leads_to(&moved), format!("/answers?page=2#entry-{second}"));
    let after = faq::by_category(faq::all(&town.db).await.unwrap());
    assert_eq!(
        (after[0].1[0].entry.id, after[0].1[1].entry.id),
        (second, first)
    );
    let foreign = [("way", "up"), ("back", "https://evil.example/")];
    let moved = staff.post(&path, &foreign).await;
    assert_eq!(leads_to(&moved), format!("/answers#entry-{second}"));
    assert_eq!(
        acts(&town).await,
        ["faq.moved"],
        "the first stays the first"
    );
});

on_both!(
    trying_shows_the_answer_and_why_and_changes_nothing,
    |town: Town| {
        let staff = town.staff().await;
        let fields = [
            ("question", "ドローンを飛ばしたい"),
            ("answer", "中央公園へ。"),
        ];
        assert_eq!(staff.post("/answers", &fields).await.status(), 303);
        let area = kairan::area::directory(&town.db).await.unwrap();
        let area = area.areas().next().unwrap().id;
        let tries = |q: &str, more: &str| {
            let query: String = url::form_urlencoded::byte_serialize(q.as_bytes()).collect();
            format!("/answers/try?q={query}{more}")
        };
        for (words, more, expected) in [
            (
                "ドローンを飛ばしたい",
                String::new(),
                vec!["よくある質問から答えました", "この答え", "100%"],
            ),
            (
                "明日のごみ",
                format!("&area={area}"),
                vec!["決まった機能が答えました", "ごみの日を尋ねる言葉"],
            ),
            (
                "ペットボトル",
                String::new(),
                vec!["分別の辞書から答えました"],
            ),
            (
                "ブラックホール",
                String::new(),
                vec![
                    "答えが見つかりませんでした",
                    "「ぶらっくほる」として",
                    "お答えできません",
                ],
            ),
            (
                "disaster",
                "&language=en".to_owned(),
                vec!["防災と避難についての言葉"],
            ),
            (
                "登録",
                format!("&area={area}"),
                vec!["登録や受け取りの設定"],
            ),
        ] {
            let page = look(&staff, &tries(words, &more)).await;
            for said in expected {
                assert!(page.contains(said), "{words}: {said} is not in {page}");
            }
            assert!(page.contains("class=\"phone\""), "{words}");
        }
        let page = look(&staff, &tries("ごみ袋", "&language=ja-Hira")).await;
        assert!(page.contains("自動の返信だけをします"));
        let words = kairan::conversation::unanswered_words(&town.db, 9)
            .await
            .unwrap();
        assert_eq!(words, [], "nobody asked");
    }
);

on_both!(words_without_an_answer_get_one, |town: Town| {
    let staff = town.staff().await;
    let resident = town.resident("はな").await;
    for words in [
        "ブラックホール",
        "ブラックホール",
        "ひとりごと",
        "流れ星",
        "流れ星",
    ] {
        resident.says(words).await;
    }
    let page = look(&staff, "/answers/words").await;
    assert!(
        page.contains("ぶらっくほる") && !page.contains("ひとりごと"),
        "{page}"
    );
    assert!(!look(&staff, "/").await.contains("答えられなかった言葉が"));
    let new = look(&staff, "/answers/new?word=%E6%B5%81%E3%82%8C%E6%98%9F").await;
    assert!(new.contains("name=\"question\" value=\"流れ星\""), "{new}");
    let fields = [
        ("question", "流れ星を見たい"),
        ("answer", "天文台へ。"),
        ("word", "流れ星"),
    ];
    assert_eq!(
        leads_to(&staff.post("/answers", &fields).await),
        "/answers/words"
    );
    let fields = [("word", "ぶらっくほる")];
    assert_eq!(
        leads_to(&staff.post("/answers/words/dismiss", &fields).await),
        "/answers/words"
    );
    assert!(
        look(&staff, "/answers/words")
            .await
            .contains("いまはありません")
    );
    resident.says("流れ星").await.contains("天文台へ。");
    for n in ["い", "ろ", "は", "に", "ほ"] {
        for _ in 0..2 {
            resident.says(&format!("わからない{n}")).await;
        }
    }
    assert!(
        look(&staff, "/")
            .await
            .contains("答えられなかった言葉が5件あります")
    );
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_sound_to_look_at() {
    let town = Town::begin(Engine::Sqlite).await;
    let staff = town.staff().await;
    let resident = town.resident("はな").await;
    for words in [
        "ブラックホール",
        "ブラックホール",
        "流れ星",
        "流れ星",
        "流れ星",
    ] {
        resident.says(words).await;
    }
    let mut rows = faq::export(&town.db).await.unwrap();
    rows.truncate(20);
    rows[2][1] = "新しい答えです。".to_owned();
    rows.push(["新しい質問", "答え", "", "", "その他"].map(str::to_owned));
    let laid_by = staff
        .hands_in("/answers/files", "faq.csv", &table::csv(rows))
        .await;
    let id = entry(&town, "住民票の写しを取りたい").await.entry.id;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (path, name) in [
            ("/answers", "list"),
            (&format!("/answers/{id}"), "edit"),
            (&format!("/answers/{id}/remove"), "remove"),
            ("/answers/new?word=流れ星", "new"),
            ("/answers/try?q=住民票がほしい", "try"),
            ("/answers/try?q=ブラックホール", "try-nothing"),
            ("/answers/words", "words"),
            ("/answers/files", "files"),
            (leads_to(&laid_by), "changes"),
        ] {
            staff.opens(&window, path).await;
            picture(&window, &format!("answers-{name}-{width}")).await;
            nothing_is_wrong(&window).await;
        }
        window.quit().await.unwrap();
    }
}
