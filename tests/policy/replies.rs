//! What the policy lets the account answer, and when its window opens.

use chrono::TimeDelta;
use kairan::policy::Document;

use crate::on_both;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::{Town, policy, policy_but};

/// A word no function knows.
const ODD: &str = "ふにゃふにゃ";

macro_rules! town_under {
    ($name:ident, $policy:expr) => {
        struct $name(Town);

        impl Begin for $name {
            async fn begin(engine: Engine) -> Self {
                Self(Town::with(engine, $policy).await)
            }
        }
    };
}

town_under!(
    SilentTown,
    policy_but("mode = \"auto\"", "mode = \"none\"\nanswer_words = false")
);
town_under!(
    PointingTown,
    policy_but(
        "mode = \"auto\"",
        "mode = \"none\"\npoint_to_opinions = true"
    )
);
town_under!(
    ListeningTown,
    policy_but("mode = \"auto\"", "mode = \"selective\"")
);
town_under!(
    LetterTown,
    policy_but("[replies]", "opinions_name = \"市長への手紙\"\n\n[replies]")
);
town_under!(YearEndTown, year_end());

fn year_end() -> Document {
    // Of the two kinds of hours only the counter's are told to residents.
    let text = policy().text;
    let (before, after) = text.split_once("[counter_hours]").unwrap();
    let after = after.replacen(
        "exceptions = []",
        "exceptions = [{ date = 2026-12-28, reason = \"庁舎の点検\" }, { date = 2027-01-04, from = \"10:00\", to = \"15:00\", reason = \"仕事始め\" }]",
        1,
    );
    Document::parse(format!("{before}[counter_hours]{after}")).unwrap()
}

on_both!(
    where_nothing_is_answered_words_are_met_with_silence,
    |silent: SilentTown| {
        let town = silent.0;
        let hanako = town.resident("花子").await;
        for words in [
            ODD,
            "ペットボトル",
            "明日のごみは？",
            "住民票",
            "ありがとう",
        ] {
            assert_eq!(hanako.says(words).await.0.len(), 0, "{words}");
        }
        // What a resident holds here is theirs to see, change and erase; and taps are no messages.
        hanako.registers().await;
        hanako.says("わたしの登録").await.contains("本町2丁目");
        let tomorrow = hanako
            .answered(|line| {
                line.postback(&hanako.id, "1/garbage/tomorrow", None)
                    .unwrap()
            })
            .await;
        tomorrow.contains("明日11月25日");
        hanako
            .says("流産しました")
            .await
            .offers("お子さんの知らせを全て止める");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    where_opinions_have_a_form_it_is_all_that_is_named,
    |pointing: PointingTown| {
        let town = pointing.0;
        let hanako = town.resident("花子").await;
        let sticker = hanako
            .answered(|line| line.send_sticker(&hanako.id, "446", "1988").unwrap())
            .await;
        for answer in [hanako.says(ODD).await, sticker] {
            answer
                .contains("お返事をしていません")
                .contains("https://www.city.shiomi.example/opinion/")
                .lacks("0000-00-1111");
        }
        hanako
            .says("明日のごみは？")
            .await
            .contains("お住まいの地区");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    a_reply_that_may_come_is_never_promised,
    |listening: ListeningTown| {
        let town = listening.0;
        let hanako = town.resident("花子").await;
        hanako
            .says(ODD)
            .await
            .contains(
                "お返事することもありますが、すべてのメッセージにお返事するものではありません",
            )
            .contains("汐見市役所 代表");
        hanako.says("English").await;
        hanako
            .says("qwertyuiop")
            .await
            .contains("may write back to some messages, but not to all");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    the_form_for_opinions_bears_its_own_name,
    |letter: LetterTown| {
        let hanako = letter.0.resident("花子").await;
        hanako
            .says(ODD)
            .await
            .contains("市長への手紙 https://www.city.shiomi.example/opinion/");
    }
);

on_both!(
    outside_its_hours_the_window_says_when_it_opens_next,
    |town: Town| {
        let hanako = town.resident("花子").await;
        // Tuesday, ten o'clock.
        hanako
            .says(ODD)
            .await
            .contains("0000-00-1111")
            .lacks("受付時間外");
        town.later(TimeDelta::minutes(7 * 60 + 15));
        hanako
            .says(ODD)
            .await
            .contains("いまは受付時間外です。\n次は11月25日(水) 8:30から受け付けます。");
        hanako
            .says("問い合わせ")
            .await
            .contains("次は11月25日(水) 8:30");
        hanako
            .says("流産しました")
            .await
            .contains("次は11月25日(水) 8:30");
        // Saturday.
        town.later(TimeDelta::days(4));
        hanako.says(ODD).await.contains("次は11月30日(月) 8:30");
        hanako.says("English").await;
        hanako
            .says("qwertyuiop")
            .await
            .contains("It opens next on Mon, 30 Nov at 8:30.");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    holidays_and_the_turn_of_the_year_are_named,
    |town: YearEndTown| {
        let town = town.0;
        let hanako = town.resident("花子").await;
        let to = |days| town.later(TimeDelta::days(days));
        // 28 December, a Monday like others but for its exception.
        to(34);
        hanako
            .says(ODD)
            .await
            .contains("今日は庁舎の点検のため、窓口はお休みです。")
            .contains("次は1月4日(月) 10:00から受け付けます。");
        to(3);
        hanako
            .says(ODD)
            .await
            .contains("年末年始")
            .contains("1月4日(月) 10:00");
        // 11 January 2027, coming of age.
        to(11);
        hanako
            .says(ODD)
            .await
            .contains("祝日・休日（成人の日）")
            .contains("次は1月12日(火) 8:30");
        town.nothing_went_wrong().await;
    }
);
