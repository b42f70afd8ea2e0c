//! Residents and the town, as it looks on their phones.

use chrono::{NaiveDate, TimeDelta};

use kairan::audit::Actor;
use kairan::garbage::{self, Options, Strictness};
use kairan::table::Source;

use crate::on_both;
use crate::support::town::{Town, garbage_files, tuesday};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

on_both!(
    a_newcomer_is_told_who_asks_what_and_why_before_anything_is_asked,
    |town: Town| {
        let hanako = town.person("花子");
        let greeting = hanako
            .answered(|line| line.follow(&hanako.id).unwrap())
            .await;
        greeting
            .contains("汐見市 広報課")
            .contains("https://www.city.shiomi.example/line-policy/")
            .contains("お住まいの地区")
            .contains("ごみの日と地区のお知らせ")
            .contains("30日後にすべて消します")
            .contains("同意して登録する")
            .offers("English");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    somebody_registers_by_tapping_and_asks_about_garbage,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako
            .taps("同意して登録する")
            .await
            .contains("お住まいの地域を選んでください")
            .offers("港地区")
            .offers("市外");
        hanako
            .taps("本町地区")
            .await
            .contains("「本町地区」の中から選んでください")
            .offers("本町2丁目");
        hanako
            .taps("本町2丁目")
            .await
            .contains("お住まいの地区を「本町地区/本町2丁目」にしました")
            .contains("いつ届くとよいですか")
            .offers("前の日の 19:00")
            .offers("その日の 6:00");
        hanako
            .taps("前の日の 19:00")
            .await
            .contains("「前の日の 19:00」にお知らせします")
            .offers("妊娠・子育て");
        hanako
            .taps("妊娠・子育て")
            .await
            .contains("選んだ分野：妊娠・子育て")
            .offers("✓ 妊娠・子育て");
        hanako
            .taps("これで決める")
            .await
            .contains("受け取る分野は「妊娠・子育て」です")
            .contains("お子さんはいらっしゃいますか")
            .offers("生まれた月を追加");
        hanako
            .picks("生まれた月を追加", day("2025-05-17"))
            .await
            .contains("「2025年5月生まれ」を登録しました");
        hanako
            .taps("これで全部")
            .await
            .contains("登録が終わりました")
            .contains("わたしの登録")
            .contains("本町地区/本町2丁目")
            .contains("2025年5月生まれ")
            .contains("同意：2026-11-24 10:00（ポリシー 2026-04-01）");

        hanako
            .says("明日のごみは？")
            .await
            .contains("明日11月25日(水)")
            .contains("ペットボトル")
            .offers("ほかの地区");
        hanako
            .says("ペットボトル")
            .await
            .contains("「ペットボトル」です")
            .contains("次の収集日は、11月25日(水)");
        hanako
            .says("ありがとう")
            .await
            .contains("どういたしまして")
            .lacks("お答えできません");
        hanako
            .says("防災")
            .await
            .contains("【防災】")
            .offers("位置情報を送る");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    everything_held_can_be_seen_changed_and_erased,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.registers().await;
        hanako
            .says("わたしの登録")
            .await
            .contains("前の日の 19:00")
            .contains("催し・講座")
            .contains("すべて消す");
        hanako.taps("お住まいの地区を変える").await.offers("港地区");
        hanako
            .says("しんまち")
            .await
            .contains("2件")
            .offers("港地区/新町");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    a_half_finished_registration_is_kept_for_a_day,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.taps("同意して登録する").await;
        town.later(TimeDelta::hours(23));
        hanako
            .says("本町2丁目")
            .await
            .contains("お住まいの地区を「本町地区/本町2丁目」にしました");
        town.later(TimeDelta::hours(25));
        hanako.says("本町2丁目").await.lacks("にしました");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    what_staff_publish_is_what_the_next_question_gets,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.says("回覧板の袋").await.contains("お答えできません");
        let target = "label,name,notice,furigana\n燃やすごみ,回覧板の袋,,か\n";
        let mut files = garbage_files();
        files.retain(|file| file.name != "target.csv");
        files.push(Source::new("target.csv", target));
        garbage::import(
            &town.db,
            tuesday(),
            Actor::Operator,
            &files,
            Options::default(),
            Strictness::Strict,
        )
        .await
        .unwrap();
        hanako
            .says("回覧板の袋")
            .await
            .contains("「燃やすごみ」です");
        town.nothing_went_wrong().await;
    }
);
