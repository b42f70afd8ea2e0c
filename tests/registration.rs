//! Registering, step by step and out of step; and what is held afterwards.

use chrono::NaiveDate;
use entity::{child, conversation, resident, resident_topic, webhook_event};
use line_simulator::Simulator;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::on_both;
use crate::support::database::sealed;
use crate::support::town::{Answer, Person, Town};

async fn posts(person: &Person<'_>, data: &str) -> Answer {
    person
        .answered(|line| line.postback(&person.id, data, None).unwrap())
        .await
}

async fn held_of(town: &Town, person: &Person<'_>) -> resident::Model {
    resident::Entity::find()
        .filter(resident::Column::LineUserId.eq(sealed(
            &town.db,
            "resident.line_user_id",
            &person.id,
        )))
        .one(town.db.conn())
        .await
        .unwrap()
        .unwrap()
}

async fn topics(town: &Town) -> Vec<String> {
    let rows = resident_topic::Entity::find().all(town.db.conn()).await;
    rows.unwrap().into_iter().map(|row| row.topic).collect()
}

async fn children(town: &Town) -> usize {
    let rows = child::Entity::find().all(town.db.conn()).await;
    rows.unwrap().len()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

on_both!(
    elsewhere_and_no_answer_are_answers_of_their_own,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.taps("同意して登録する").await;
        let after_area = hanako.taps("市外").await;
        // Nobody collects garbage there, so that no hour is asked.
        after_area
            .contains("「市外」にしました")
            .offers("催し・講座");
        assert_eq!(held_of(&town, &hanako).await.residence, "outside");

        let taro = town.resident("太郎").await;
        taro.taps("同意して登録する").await;
        taro.taps("答えない").await.offers("催し・講座");
        assert_eq!(held_of(&town, &taro).await.residence, "unanswered");
        taro.taps("どれも受け取らない").await;
        taro.taps("いない")
            .await
            .contains("登録が終わりました")
            .contains("答えていません");
        let held = held_of(&town, &taro).await;
        assert!(held.topics_answered && held.children_answered);
        town.nothing_went_wrong().await;
    }
);

on_both!(
    nonsense_going_back_and_skipping_are_fine_at_every_step,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let nonsense = async || {
            let words = hanako.says("ふにゃふにゃ").await;
            let sticker = hanako
                .answered(|line| line.send_sticker(&hanako.id, "1", "1").unwrap())
                .await;
            sticker.contains("スタンプや写真の中身は、読み取ることができません");
            words
        };
        hanako.taps("同意して登録する").await;
        let lost = nonsense().await;
        lost.contains("合う地区が見つかりませんでした")
            .offers("本町地区");
        for (step, question) in [
            ("もどる", "お住まいの地域を選んで"),
            ("本町2丁目", "いつ届くとよいですか"),
            ("もどる", "お住まいの地域を選んで"),
            ("ﾎﾝﾁｮｳﾆ", "合う地区が1件あります"),
            ("本町2丁目", "いつ届くとよいですか"),
            ("スキップ", "受け取りたい分野"),
            ("もどる", "いつ届くとよいですか"),
            ("スキップ", "受け取りたい分野"),
            ("スキップ", "お子さんはいらっしゃいますか"),
            ("もどる", "受け取りたい分野"),
            ("スキップ", "お子さんはいらっしゃいますか"),
        ] {
            hanako.says(step).await.contains(question);
            if !question.contains("地") {
                nonsense().await.contains("ここではお答えできません");
            }
        }
        hanako.says("スキップ").await.contains("登録が終わりました");

        posts(&hanako, "1/ask/area").await;
        hanako.says("やめる").await.contains("わかりました");
        hanako.says("本町3丁目").await.lacks("にしました");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    a_question_may_interrupt_and_the_registration_goes_on,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.taps("同意して登録する").await;
        hanako.says("防災").await.contains("【防災】");
        hanako.says("本町2丁目").await.contains("いつ届く");
        hanako
            .says("明日のごみは？")
            .await
            .contains("明日11月25日(水)");
        hanako
            .says("ペットボトル")
            .await
            .contains("「ペットボトル」");
        hanako.says("ヘルプ").await.offers("登録のつづき");
        hanako
            .taps("登録のつづき")
            .await
            .contains("いつ届くとよいですか")
            .offers("前の日の 19:00");
        hanako
            .taps("前の日の 19:00")
            .await
            .contains("受け取りたい分野");
        town.nothing_went_wrong().await;
    }
);

on_both!(each_item_can_be_changed_and_removed, |town: Town| {
    let hanako = town.resident("花子").await;
    hanako.registers().await;

    posts(&hanako, "1/ask/reminder").await;
    hanako
        .taps("その日の 6:00")
        .await
        .contains("「その日の 6:00」にお知らせします")
        .contains("わたしの登録");
    let held = held_of(&town, &hanako).await;
    assert_eq!(held.garbage_reminder.as_deref(), Some("same-06:00"));
    posts(&hanako, "1/remove/reminder")
        .await
        .contains("消しました")
        .lacks("6:00");
    assert_eq!(held_of(&town, &hanako).await.garbage_reminder, None);

    posts(&hanako, "1/ask/topics").await;
    hanako.taps("健康・検診").await;
    hanako
        .taps("これで決める")
        .await
        .contains("催し・講座、健康・検診");
    posts(&hanako, "1/topic/event").await;
    assert_eq!(topics(&town).await, ["health"]);
    posts(&hanako, "1/remove/topics").await.lacks("健康・検診");
    assert_eq!(topics(&town).await, [""; 0]);
    assert!(!held_of(&town, &hanako).await.topics_answered);

    posts(&hanako, "1/ask/children").await;
    hanako.picks("生まれた月を追加", day("2025-05-17")).await;
    hanako
        .picks("生まれた月を追加", day("2025-05-01"))
        .await
        .contains("もう登録されています");
    hanako.picks("出産予定の月を追加", day("2027-02-03")).await;
    hanako
        .taps("これで全部")
        .await
        .contains("2025年5月生まれ")
        .contains("2027年2月出産予定");
    posts(&hanako, "1/no-child/due/2027-02")
        .await
        .contains("2025年5月生まれ")
        .lacks("2027年2月");
    assert_eq!(children(&town).await, 1);
    posts(&hanako, "1/remove/children").await.lacks("2025年5月");
    assert_eq!(children(&town).await, 0);

    posts(&hanako, "1/ask/language").await;
    hanako.taps("English").await.contains("English");
    assert_eq!(
        held_of(&town, &hanako).await.language.as_deref(),
        Some("en")
    );
    posts(&hanako, "1/remove/language")
        .await
        .contains("消しました");
    assert_eq!(held_of(&town, &hanako).await.language, None);

    posts(&hanako, "1/ask/area").await;
    hanako.says("しんまち").await;
    hanako
        .taps("港地区/新町")
        .await
        .contains("「港地区/新町」にしました");
    posts(&hanako, "1/remove/area").await.lacks("新町");
    let held = held_of(&town, &hanako).await;
    assert_eq!(
        (held.residence.as_str(), held.area_id),
        ("unanswered", None)
    );
    town.nothing_went_wrong().await;
});

on_both!(
    one_tap_without_a_question_ends_all_notices_about_children,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.registers().await;
        posts(&hanako, "1/topic/childcare").await;
        posts(&hanako, "1/ask/children").await;
        hanako.picks("生まれた月を追加", day("2025-05-17")).await;
        hanako.picks("出産予定の月を追加", day("2027-02-03")).await;
        hanako
            .says("おなかの子が亡くなりました")
            .await
            .contains("おつらいなか")
            .contains("0000-00-1111")
            .offers("お子さんの知らせを全て止める");
        hanako
            .taps("お子さんの知らせを全て止める")
            .await
            .contains("すべて止め");
        assert_eq!(children(&town).await, 0);
        assert_eq!(topics(&town).await, ["event"]);
        hanako.says("わたしの登録").await.lacks("2027年2月");
        town.nothing_went_wrong().await;
    }
);

on_both!(after_erasing_nothing_is_held, |town: Town| {
    let hanako = town.resident("花子").await;
    hanako.registers().await;
    posts(&hanako, "1/ask/children").await;
    hanako.picks("生まれた月を追加", day("2025-05-17")).await;
    hanako.says("すべて消す").await.contains("よろしいですか");
    hanako.taps("やめる").await.contains("登録はそのまま");
    assert_eq!(children(&town).await, 1);
    hanako.says("すべて消す").await;
    hanako
        .taps("すべて消す")
        .await
        .contains("登録をすべて消しました");

    for _ in 0..2 {
        let conn = town.db.conn();
        assert_eq!(resident::Entity::find().all(conn).await.unwrap(), []);
        assert_eq!(conversation::Entity::find().all(conn).await.unwrap(), []);
        assert_eq!((topics(&town).await.len(), children(&town).await), (0, 0));
        for row in webhook_event::Entity::find().all(conn).await.unwrap() {
            assert!(!format!("{row:?}").contains(&hanako.id), "{row:?}");
            assert_eq!((&row.body, &row.reply), (&None, &None), "{row:?}");
        }
        // Answers still come, and leave no trace either.
        hanako
            .says("明日のごみは？")
            .await
            .contains("お住まいの地区がわかると");
        hanako.says("防災").await.contains("【防災】");
    }
    town.nothing_went_wrong().await;
});

on_both!(
    nobody_has_more_children_than_the_card_has_room_for,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.registers().await;
        for months in 0..18 * 12 {
            let born = day("2026-11-01") - chrono::Months::new(months);
            let picked = Some(json!({ "date": born }));
            let deed = |line: &Simulator| {
                line.postback(&hanako.id, "1/child/birth", picked).unwrap();
            };
            // What is asked next, and before it what can still be had, if there is something.
            let told = hanako.answered(deed).await.0.len();
            assert!((1..=2).contains(&told), "{born}");
        }
        let card = hanako.says("わたしの登録").await;
        card.contains("2026年11月").lacks("2024年11月");
        town.nothing_went_wrong().await;
    }
);
