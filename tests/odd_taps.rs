//! Buttons of long ago, of another version, and of nobody: whatever comes, the town answers.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use crate::on_both;
use crate::questions::no_key_leaks;
use crate::support::town::{Answer, Person, Town};

const REPLY: &str = "/v2/bot/message/reply";

/// LINE took everything the town said.
#[track_caller]
fn line_took_everything(town: &Town) {
    for call in town.line.requests() {
        let body = String::from_utf8_lossy(&call.body).into_owned();
        assert!(
            call.path != REPLY || call.status == 200,
            "{}: {body}",
            call.answer
        );
    }
}

async fn posts(person: &Person<'_>, data: &str) -> Answer {
    person
        .answered(|line| line.postback(&person.id, data, None).unwrap())
        .await
}

on_both!(buttons_of_long_ago_say_that_they_are_old, |town: Town| {
    let hanako = town.resident("花子").await;
    hanako.registers().await;
    let before = hanako.says("わたしの登録").await.words();
    for data in [
        "2/help",
        "district=3",
        "1/",
        "0",
        "1/garbage-in/999999",
        "1/next/燃えないごみ（旧）",
        "1/question/999999",
        "1/garbage/yesterday",
        "1/remind/25:00",
        "1/no-child/birth/soon",
        "1/live/12345678901234567890",
    ] {
        posts(&hanako, data)
            .await
            .contains("このボタンは古くなっていて");
    }
    posts(&hanako, "1/live/999999")
        .await
        .contains("お住まいの地域を選んで");
    posts(&hanako, "1/topic/no-such-topic")
        .await
        .lacks("no-such-topic");
    posts(&hanako, "1/speak/tlh").await.offers("English");
    posts(&hanako, "1/cancel").await;
    assert_eq!(hanako.says("わたしの登録").await.words(), before);
    line_took_everything(&town);
    town.nothing_went_wrong().await;
});

on_both!(forged_buttons_do_no_harm, |town: Town| {
    let taro = town.resident("太郎").await;
    taro.registers().await;
    let hanako = town.resident("花子").await;
    let long = "本".repeat(270);
    let forged = [
        format!("1/areas/home/{}/entrance", usize::MAX),
        format!("1/areas/home/{}/district/本町地区", usize::MAX),
        "1/areas/home/9/row/ん".into(),
        "1/areas/home/0/district/".into(),
        "1/areas/visit/0/found/".into(),
        format!("1/areas/home/0/found/{long}"),
        format!("1/areas/visit/0/district/{long}"),
        format!("1/sort/{long}"),
        "1/sort/".into(),
        "1/sort/\0".into(),
        format!("1/words/{long}"),
        "1/words/".into(),
        "1/words/\0ふにゃ".into(),
        "1/topic/'; DROP TABLE resident; --".into(),
        "1/child/birth".into(),
        "1/no-child/birth/2025-05".into(),
        "1/live/unanswered".into(),
        "1/live/-1".into(),
        format!("1/garbage-in/{}", i64::MIN),
        format!("1/question/{}", i64::MAX),
        "1/erase-yes".into(),
    ];
    for stage in ["1/help", "1/agree/2026-04-01", "1/ask/children"] {
        posts(&hanako, stage).await;
        for data in &forged {
            let answer = posts(&hanako, data).await;
            assert!(!answer.0.is_empty(), "{data} after {stage}");
        }
        town.nothing_went_wrong().await;
    }
    line_took_everything(&town);
    // A button acts for who taps it and for nobody else.
    taro.says("わたしの登録")
        .await
        .contains("本町地区/本町2丁目")
        .contains("催し・講座");
});

/// Something a person does.
#[derive(Debug, Clone)]
enum Deed {
    Tap(prop::sample::Index),
    Say(String),
    Post(String),
    Stand(f64, f64),
    Stick,
    BlockAndReturn,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let known = prop::sample::select(vec![
        "わたしの登録",
        "ごみ",
        "明日のごみは？",
        "本町",
        "しんまち",
        "市外",
        "もどる",
        "スキップ",
        "やめる",
        "すべて消す",
        "つづき",
        "ペットボトル",
        "古い布団",
        "紙",
        "住民票",
        "次の燃やすごみはいつ",
        "English",
        "やさしい日本語",
        "ことば",
        "流産",
    ]);
    let verb = prop::sample::select(vec![
        "agree", "resume", "ask", "remove", "skip", "back", "areas", "live", "remind", "topic",
        "child", "no-child", "speak", "show", "erase", "garbage", "next", "sort", "question",
        "words",
    ]);
    let deed = prop_oneof![
        8 => any::<prop::sample::Index>().prop_map(Deed::Tap),
        2 => known.prop_map(|words| Deed::Say(words.into())),
        1 => "\\PC{1,40}".prop_map(Deed::Say),
        1 => (verb, "[ -~ぁ-ん本町/0-9]{0,30}").prop_map(|(v, rest)| Deed::Post(format!("1/{v}/{rest}"))),
        1 => "\\PC{1,40}".prop_map(Deed::Post),
        1 => (-90.0..90.0, -180.0..180.0).prop_map(|(lat, lon)| Deed::Stand(lat, lon)),
        1 => Just(Deed::Stick),
        1 => Just(Deed::BlockAndReturn),
    ];
    prop::collection::vec(deed, 1..30)
}

async fn perform(town: &Town, person: &Person<'_>, deed: &Deed) -> Answer {
    let (id, today) = (&person.id, "2026-11-24");
    person
        .answered(|line| match deed {
            Deed::Tap(index) => {
                let buttons = line.buttons(id);
                if let Some(label) = buttons.get(index.index(buttons.len().max(1)))
                    && line.tap(id, label).is_err()
                {
                    // A date picker, or the place on the map.
                    let picked = line.pick_date(id, label, today);
                    drop(picked.or_else(|_| line.send_location(id, 36.15, 140.55)));
                }
            }
            Deed::Say(words) => drop(line.say(id, words)),
            Deed::Post(data) => drop(line.postback(id, data, None)),
            Deed::Stand(latitude, longitude) => {
                drop(line.send_location(id, *latitude, *longitude));
            }
            Deed::Stick => drop(line.send_sticker(id, "1", "1")),
            Deed::BlockAndReturn => {
                line.block(id).unwrap();
                town.later(chrono::TimeDelta::milliseconds(1));
                line.unblock(id).unwrap();
            }
        })
        .await
}

on_both!(
    whatever_people_do_the_town_answers_within_lines_limits,
    |town: Town| {
        let mut runner = TestRunner::new(Config {
            cases: 24,
            failure_persistence: None,
            max_shrink_iters: 200,
            ..Config::default()
        });
        let told = runner.run(&deeds(), |deeds| {
            block_in_place(|| {
                Handle::current().block_on(async {
                    let person = town.resident("花子").await;
                    for deed in &deeds {
                        let calls = town.line.requests().len();
                        let answer = perform(&town, &person, deed).await;
                        no_key_leaks(&answer);
                        for call in &town.line.requests()[calls..] {
                            let taken = call.path != REPLY || call.status == 200;
                            prop_assert!(taken, "{deed:?}: {}", call.answer);
                        }
                        let aside = kairan::inbox::set_aside(&town.db).await.unwrap();
                        prop_assert!(aside.is_empty(), "{deed:?}: {aside:?}");
                    }
                    Ok(())
                })
            })
        });
        told.unwrap();
    }
);
