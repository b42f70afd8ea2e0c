//! What residents read.

use kairan::emergency::template::{About, Effect, Filled, Kind, Slip, Template, Where, compose};
use kairan::evacuation::Level;
use kairan::line::client::Audience;
use kairan::mode::Mode;
use kairan::startup;
use line_simulator::{Options, Simulator};

use super::{CODES, beginning, composed, library, lines, made, now, read};
use crate::support::town::{policy, settings};

#[test]
fn every_template_is_there_and_has_its_answer() {
    let library = library();
    let codes: Vec<&str> = library
        .all()
        .map(|template| template.code.as_str())
        .collect();
    assert_eq!(codes, CODES);
    for template in library.all() {
        let answer = template
            .answers
            .as_deref()
            .map(|code| library.find(code).unwrap());
        assert!(
            answer.is_none_or(|answer| answer.answers.is_none()),
            "{}",
            template.code
        );
        assert_eq!(template.version.len(), 12);
    }
    let effect = |code: &str| library.find(code).unwrap().effect;
    assert_eq!(effect("EV3"), Some(Effect::Evacuation(Level::Three)));
    assert_eq!(effect("EV4"), Some(Effect::Evacuation(Level::Four)));
    assert_eq!(effect("EV5"), Some(Effect::Evacuation(Level::Five)));
    assert_eq!(effect("TS-W"), Some(Effect::Evacuation(Level::Order)));
    for code in ["EV-LIFT", "ALLCLEAR"] {
        assert_eq!(effect(code), Some(Effect::Lift), "{code}");
    }
    // What a choice changes.
    let by_choice = |code: &str, key: &str, chosen: &str| {
        let filled = Filled([(key.to_owned(), chosen.to_owned())].into());
        library.find(code).unwrap().effect_of(&filled)
    };
    assert_eq!(
        by_choice("EV-CHG", "level", "level-4"),
        Some(Effect::Evacuation(Level::Four))
    );
    assert_eq!(by_choice("TS-LIFT", "kind", "order"), Some(Effect::Lift));
    assert_eq!(by_choice("TS-LIFT", "kind", "advisory"), None);
    assert_eq!(
        by_choice("FIX-FALSE", "evacuation", "none"),
        Some(Effect::Lift)
    );
    assert_eq!(
        by_choice("FIX-FALSE", "evacuation", "others"),
        Some(Effect::Withdraw)
    );
}

#[test]
fn every_template_says_level_place_and_action_first_in_three_languages() {
    for template in library().all() {
        for mode in [Mode::Live, Mode::Drill] {
            let made = composed(template, mode, &template.example(), &["本町", "港町"]);
            if template.code == "DRILL-STAFF" && mode == Mode::Live {
                let findings = made.unwrap_err();
                assert!(
                    findings
                        .iter()
                        .any(|f| matches!(f.slip, Slip::DrillWord { .. }))
                );
                continue;
            }
            let messages = made.unwrap_or_else(|f| panic!("{} {mode:?}: {f:?}", template.code));
            assert_eq!(messages.len(), 3, "{}", template.code);
            let notice = messages[0]["altText"].as_str().unwrap();
            let first = beginning(notice);
            let drill = mode == Mode::Drill || template.public_drill;
            let mark = if drill { "【訓練】" } else { "" };
            assert!(
                first.starts_with(&format!("{mark}【")),
                "{}: {first}",
                template.code
            );
            assert!(first.contains("本町・港町"), "{}: {first}", template.code);
            let called = notice.lines().next().unwrap();
            assert!(
                called.encode_utf16().count() <= 40,
                "{}: {called}",
                template.code
            );
            for message in &messages {
                let lines = lines(message);
                let marked = |line: &String| line.starts_with("【訓練】");
                assert_eq!(marked(&lines[0]), drill, "{}: {lines:?}", template.code);
                assert_eq!(
                    marked(lines.last().unwrap()),
                    drill,
                    "{}: {lines:?}",
                    template.code
                );
                let all = lines.join("\n");
                for word in ["本町", "港町", "https://www.city.shiomi.example/"] {
                    assert!(
                        all.contains(word) || message["type"] == "flex",
                        "{}: {word} not in {all}",
                        template.code
                    );
                }
                assert!(!all.contains(['{', '}']), "{}: {all}", template.code);
            }
            assert!(
                read(&messages[1])[0].contains("16時30分"),
                "{}",
                template.code
            );
            assert!(read(&messages[2])[0].contains("16:30"), "{}", template.code);
        }
    }
}

#[tokio::test]
async fn the_platform_takes_every_template() {
    let platform = Simulator::start(Options::default()).unwrap();
    let line = startup::line(&settings(&platform, "sqlite://unused.db")).unwrap();
    // The longest there are: a drill, and more areas than a message can name.
    let names: Vec<String> = (1..=900).map(|n| format!("汐見台{n}丁目")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let library = library();
    let longest =
        |template: &Template| made(template, Mode::Drill, &template.example(), &names).unwrap();
    let all: Vec<_> = library
        .all()
        .map(|template| (&template.code, longest(template)))
        .collect();
    for (code, messages) in all {
        for audience in [Audience::Multicast, Audience::Broadcast] {
            let taken = line.validate(audience, &messages).await;
            assert!(taken.is_ok(), "{code}: {taken:?}");
        }
    }
}

#[test]
fn every_choice_composes_and_english_has_no_words_of_others() {
    for template in library()
        .all()
        .filter(|template| template.code != "DRILL-STAFF")
    {
        for field in &template.fields {
            let Kind::Choice(choices) = &field.kind else {
                continue;
            };
            for choice in choices {
                let mut filled = template.example();
                filled.0.insert(field.key.clone(), choice.key.clone());
                let messages = composed(template, Mode::Live, &filled, &["Area"]);
                let messages =
                    messages.unwrap_or_else(|f| panic!("{} {}: {f:?}", template.code, choice.key));
                let english = lines(&messages[2]).join("\n");
                let known = ["汐見市", "訓練", "○○川", "○○小学校", "【", "】"];
                let rest = known
                    .iter()
                    .fold(english, |text, word| text.replace(word, ""));
                let foreign = rest.chars().find(|c| ('ぁ'..='龠').contains(c));
                assert_eq!(foreign, None, "{}: {rest}", template.code);
            }
        }
    }
}

#[test]
fn only_what_must_be_is_asked_for() {
    for template in library()
        .all()
        .filter(|template| template.code != "DRILL-STAFF")
    {
        let mut filled = template.example();
        filled
            .0
            .retain(|key, _| template.field(key).is_some_and(|field| field.required));
        let messages = composed(template, Mode::Live, &filled, &[]);
        let messages = messages.unwrap_or_else(|f| panic!("{}: {f:?}", template.code));
        let said = read(&messages[1])[0].clone();
        assert!(!said.contains("：\n"), "{}: {said}", template.code);
        for field in template.fields.iter().filter(|field| field.required) {
            let mut without = filled.clone();
            without.0.remove(&field.key);
            let findings = composed(template, Mode::Live, &without, &[]).unwrap_err();
            let named = findings.iter().any(|f| {
                f.slip == Slip::Missing
                    && f.field.as_ref().is_some_and(|(key, _)| *key == field.key)
            });
            assert!(
                named,
                "{} without {}: {findings:?}",
                template.code, field.key
            );
        }
    }
}

#[test]
fn many_places_are_counted_in_the_notice_and_named_in_the_message() {
    let names: Vec<String> = (1..=60).map(|n| format!("汐見台{n}丁目")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let template = library().find("EV4").unwrap().clone();
    for mode in [Mode::Live, Mode::Drill] {
        let messages = composed(&template, mode, &template.example(), &names).unwrap();
        let notice = messages[0]["altText"].as_str().unwrap().to_owned();
        let first = beginning(&notice);
        assert!(
            first.contains("地区") && first.contains("全員避難"),
            "{first}"
        );
        for (message, counted) in messages.iter().zip(["ほか", "ほかの", "more areas"]) {
            let lines = lines(message);
            assert!(lines.join("\n").contains("汐見台60丁目"));
            assert!(
                lines
                    .iter()
                    .take(4)
                    .any(|line| line.contains(counted) && line.contains("汐見台1丁目"))
                    || mode == Mode::Drill,
                "{lines:?}"
            );
        }
    }
    let one = composed(
        &template,
        Mode::Live,
        &template.example(),
        &["とても長い名前の地区の端から端まで全部"],
    )
    .unwrap();
    assert!(beginning(one[0]["altText"].as_str().unwrap()).contains("全員避難"));
    // Nowhere is never everywhere.
    let about = About {
        profile: &policy().profile,
        places: Where::Places(Vec::new()),
        now: now(),
    };
    let nowhere = compose(&template, Mode::Live, &template.example(), &about).unwrap_err();
    assert_eq!(nowhere[0].slip, Slip::NoArea);
}
