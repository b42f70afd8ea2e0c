//! What may be filled in, and what comes of it.

use kairan::emergency::template::{CONSENT, Finding, Kind, Slip};
use kairan::mode::Mode;
use proptest::prelude::*;

use super::{CODES, composed, library, lines, read};

#[test]
fn a_field_takes_what_it_is_for() {
    let refused = |code: &str, key: &str, typed: &str| {
        let template = library().find(code).unwrap().clone();
        let mut filled = template.example();
        filled.0.insert(key.to_owned(), typed.to_owned());
        let findings = composed(&template, Mode::Live, &filled, &["本町"])
            .err()
            .unwrap_or_default();
        findings.into_iter().map(|finding| finding.slip).next()
    };
    for (code, key, good, bad) in [
        ("WATER", "since", "６：２０", "6時20分"),
        ("WATER", "since", "2026-11-23T06:20", "2026-13-01 06:20"),
        ("WATER", "phone", "０１２３-４５-６７８９", "れんらくさき"),
        ("SNOW", "depth", "３０", "301"),
        ("SNOW", "depth", "1", "0"),
        ("EV4", "hazard", "flood", "tsunami"),
        ("EV4", "river", "汐見川", "汐見川のほとりの家"),
        (
            "INFECT",
            "link",
            "https://www.city.shiomi.example/a",
            "https://evil.example/",
        ),
        (
            "INFECT",
            "link",
            "https://www.pref.x.lg.jp/",
            "http://www.city.shiomi.example/a",
        ),
        ("MISSING", "family", CONSENT, "たぶん"),
    ] {
        assert_eq!(refused(code, key, good), None, "{code} {key} {good}");
        assert!(refused(code, key, bad).is_some(), "{code} {key} {bad}");
    }
    assert!(matches!(
        refused("EV4", "note", &"あ".repeat(121)),
        Some(Slip::TooLong {
            given: 121,
            most: 120
        })
    ));
    assert!(matches!(
        refused("EV4", "levle", "x"),
        Some(Slip::Unknown { .. })
    ));
}

#[test]
fn a_name_is_published_only_with_the_familys_consent() {
    let template = library().find("MISSING").unwrap().clone();
    let mut filled = template.example();
    filled.0.insert("name".into(), "汐見花子".into());
    let with = composed(&template, Mode::Live, &filled, &["本町"]).unwrap();
    assert!(with[0]["altText"].as_str().unwrap().contains("汐見花子"));
    filled.0.remove("name_consent");
    let findings = composed(&template, Mode::Live, &filled, &["本町"]).unwrap_err();
    assert!(
        matches!(
            findings[..],
            [Finding {
                slip: Slip::Consent { .. },
                ..
            }]
        ),
        "{findings:?}"
    );
    filled.0.remove("name");
    assert!(composed(&template, Mode::Live, &filled, &["本町"]).is_ok());
    filled.0.remove("family");
    assert!(composed(&template, Mode::Live, &filled, &["本町"]).is_err());
}

#[test]
fn an_hour_of_another_day_is_said_with_its_day() {
    let template = library().find("WATER").unwrap().clone();
    let mut filled = template.example();
    filled.0.insert("until".into(), "2026-11-25 06:00".into());
    let messages = composed(&template, Mode::Live, &filled, &["本町"]).unwrap();
    assert!(
        messages[0]["altText"]
            .as_str()
            .unwrap()
            .contains("復旧の見込み：11月25日(水)6時\n")
    );
    assert!(read(&messages[2])[0].contains("Wed, 25 Nov, 06:00"));
    filled.0.remove("until");
    let messages = composed(&template, Mode::Live, &filled, &["本町"]).unwrap();
    assert!(
        messages[0]["altText"]
            .as_str()
            .unwrap()
            .contains("復旧の見込み：未定")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever is typed, a drill stays one, nothing unseen comes through, and the lines are the template's.
    #[test]
    fn no_value_breaks_out_of_its_place(
        typed in prop_oneof![
            "\\PC{0,60}",
            "[\\x00-\\x1f\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}あ【】訓練\\n]{1,12}",
            "[{}a-z.町【】]{1,20}",
        ],
        at in 0..CODES.len(),
    ) {
        let library = library();
        let template = library.find(CODES[at]).unwrap();
        let free = template.fields.iter().filter(|field| {
            matches!(field.kind, Kind::Text { .. } | Kind::River | Kind::Facility { .. } | Kind::Telephone | Kind::Link | Kind::Time)
        });
        for field in free {
            let mut filled = template.example();
            let plain = composed(template, Mode::Drill, &filled, &["本町"]).unwrap();
            filled.0.insert(field.key.clone(), typed.clone());
            let Ok(messages) = composed(template, Mode::Drill, &filled, &["本町"]) else { continue };
            prop_assert!(messages[0]["altText"].as_str().unwrap().starts_with("【訓練】【"));
            for (message, plain) in messages.iter().zip(&plain) {
                let (lines, before) = (lines(message), lines(plain));
                prop_assert!(lines[0].starts_with("【訓練】"));
                prop_assert!(lines.last().unwrap().starts_with("【訓練】"));
                // An optional field that is left out takes its line along, and never adds one.
                prop_assert!(lines.len() <= before.len() + 1);
                let unseen = lines.iter().flat_map(|line| line.chars()).find(|c| c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
                prop_assert_eq!(unseen, None);
            }
        }
    }
}
