//! Questions the town answers, and those it does not; in every language.

use kairan::conversation::unanswered_words;

use crate::on_both;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::{Answer, Town, policy_but};

/// A town whose policy lets only the functions answer.
struct QuietTown(Town);

impl Begin for QuietTown {
    async fn begin(engine: Engine) -> Self {
        let quiet = policy_but("mode = \"auto\"", "mode = \"none\"");
        Self(Town::with(engine, quiet).await)
    }
}

on_both!(
    where_replies_are_off_only_the_functions_answer,
    |quiet: QuietTown| {
        let town = quiet.0;
        let hanako = town.resident("花子").await;
        assert_eq!(hanako.says("ふにゃふにゃ").await.0.len(), 0);
        let sticker = hanako
            .answered(|line| line.send_sticker(&hanako.id, "1", "1").unwrap())
            .await;
        assert_eq!(sticker.0.len(), 0);
        hanako.says("わたしの登録").await;
        hanako.taps("登録をはじめる").await.contains("広報課");
        hanako.registers().await;
        hanako.says("明日のごみは？").await.contains("明日11月25日");
        hanako.says("わたしの登録").await.contains("本町2丁目");
        hanako
            .says("ペットボトル")
            .await
            .contains("「ペットボトル」");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    what_is_no_question_gets_the_fixed_answer_and_the_window,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let sticker = hanako
            .answered(|line| line.send_sticker(&hanako.id, "446", "1988").unwrap())
            .await;
        let picture = hanako
            .answered(|line| {
                line.send_image(&hanako.id, "image/png", vec![0; 9])
                    .unwrap();
            })
            .await;
        for answer in [sticker, picture] {
            answer
                .contains("スタンプや写真の中身は、読み取ることができません")
                .offers("問い合わせ先");
        }
        hanako
            .says("？！")
            .await
            .contains("ここではお答えできません")
            .contains("汐見市役所 代表")
            .contains("0000-00-1111")
            .contains("https://www.city.shiomi.example/opinion/");
        town.nothing_went_wrong().await;
    }
);

on_both!(
    words_without_an_answer_are_counted_without_who_said_them,
    |town: Town| {
        let (hanako, taro) = (town.resident("花子").await, town.resident("太郎").await);
        for words in [
            "ふにゃふにゃ",
            "フニャフニャ！",
            "ぬぬぬ７号",
            "yamada@example.jp",
            "090-1234-5678",
            "ぬぬぬのことなのですがじつはわたしはぬぬぬなのです",
        ] {
            hanako.says(words).await.contains("お答えできません");
        }
        taro.says("ふにゃふにゃ").await;
        let counted = unanswered_words(&town.db, 99).await.unwrap();
        let counted: Vec<_> = counted.iter().map(|w| (w.word.as_str(), w.times)).collect();
        assert_eq!(counted, [("ふにゃふにゃ", 3), ("ぬぬぬ0号", 1)]);
    }
);

on_both!(
    who_sends_a_place_is_told_the_nearest_shelters,
    |town: Town| {
        let hanako = town.resident("花子").await;
        let asked = hanako.stands_at(36.1501, 140.5552).await;
        asked.contains("どの災害から避難しますか");
        let near = hanako.taps("地震").await;
        near.contains("「地震」のときに使える").contains("直線で約");
        let places = near.0.iter().filter(|b| b["message"]["type"] == "location");
        assert_eq!(places.count(), 3);
        for (latitude, longitude) in [(0.0, 0.0), (90.0, 180.0), (-90.0, -180.0)] {
            hanako
                .stands_at(latitude, longitude)
                .await
                .contains("見つかりませんでした");
        }
        town.nothing_went_wrong().await;
    }
);

/// No sentence is missing: a key that no language has stands for itself.
#[track_caller]
pub fn no_key_leaks(answer: &Answer) {
    let words = answer.words();
    let labels = answer.buttons();
    for line in words
        .lines()
        .chain(labels.iter().map(String::as_str))
        .map(str::trim)
    {
        let key = line.contains('-') && line.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(!key, "`{line}` stands for a sentence in:\n{words}");
    }
}

on_both!(every_sentence_follows_the_language_chosen, |town: Town| {
    let hanako = town.resident("花子").await;
    let greeting = hanako.taps("English").await;
    let mut tour = vec![greeting];
    for data in [
        "1/agree/2026-04-01",
        "1/areas/home/0/kana",
        "1/areas/home/0/found/本町",
        "1/live/outside",
        "1/topic/event",
        "1/topics-done",
        "1/children-done",
        "1/ask/reminder",
        "1/remind/before-19:00",
        "1/remind/none",
        "1/ask/language",
        "1/show",
        "1/stop-children",
        "1/erase",
        "1/erase-no",
        "1/cancel",
        "1/help",
        "1/garbage/tomorrow",
        "1/other-area",
        "1/disaster",
        "1/evacuation",
        "1/inquiry",
        "1/sorting",
        "1/question/0",
        "1/remove/topics",
        "9/what",
    ] {
        let answer = hanako
            .answered(|line| line.postback(&hanako.id, data, None).unwrap())
            .await;
        assert!(!answer.0.is_empty(), "{data}");
        tour.push(answer);
    }
    tour.push(hanako.says("流産しました").await);
    tour.push(hanako.says("ふにゃふにゃ").await);
    for answer in &tour {
        no_key_leaks(answer);
        // Names of places stay Japanese; sentences do not.
        let words = answer.words().replace("やさしい日本語", "");
        let kana = words.chars().any(|c| ('ぁ'..='ん').contains(&c));
        let language_picker = words.contains("Choose your language");
        assert!(!kana || language_picker, "{words}");
    }
    hanako.says("やさしい日本語").await;
    let easy = hanako.says("help").await;
    no_key_leaks(&easy);
    hanako.says("日本語").await.contains("日本語でお返事します");
    assert_ne!(easy.words(), hanako.says("help").await.words());
    town.nothing_went_wrong().await;
});
