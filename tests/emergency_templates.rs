//! The wordings of emergencies: every one of them in every language and mode, and who publishes a changed one.

use chrono::TimeDelta;
use kairan::clock::Instant;
use kairan::emergency::template::{
    self, About, CONSENT, Effect, Filled, Finding, Kind, Library, NotPublished, Slip, Template,
    Templates, Where, compose,
};
use kairan::evacuation::Level;
use kairan::mode::Mode;
use kairan::policy::Profile;
use kairan::table::Source;
use proptest::prelude::*;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::on_both;
use crate::staff::Hall;
use crate::support::database::TestDb;
use crate::support::town::policy;

/// Every template that a municipality needs, each once.
const CODES: [&str; 34] = [
    "ALLCLEAR",
    "CIVIL",
    "CRIME",
    "DRILL-END",
    "DRILL-PRE",
    "DRILL-PUBLIC",
    "DRILL-STAFF",
    "EQ1",
    "EQ2",
    "EV-CHG",
    "EV-LIFT",
    "EV3",
    "EV4",
    "EV5",
    "FIRE",
    "FIX-FALSE",
    "FIX-PART",
    "GAS",
    "HEAT",
    "INFECT",
    "JMA-RLY",
    "MISSING",
    "MISSING-END",
    "NANKAI",
    "POWER",
    "ROAD",
    "SHELTER",
    "SNOW",
    "SYS",
    "TS-A",
    "TS-LIFT",
    "TS-W",
    "TYPH",
    "WATER",
];

fn library() -> Library {
    Library::builtin().unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn now() -> Instant {
    "2026-11-24T07:30:00Z".parse().unwrap()
}

fn composed(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    places: &[&str],
) -> Result<Vec<Value>, Vec<Finding>> {
    let profile: &Profile = &policy().profile;
    let places = match places {
        [] => Where::WholeTown,
        names => Where::Places(names.iter().map(|name| (*name).to_owned()).collect()),
    };
    let about = About {
        profile,
        places,
        now: now(),
    };
    let messages = compose(template, mode, filled, &about)?;
    let json = serde_json::to_value(&messages).unwrap();
    Ok(json.as_array().unwrap().clone())
}

/// What residents read of a message, from top to bottom.
fn read(message: &Value) -> Vec<String> {
    fn walk(part: &Value, found: &mut Vec<String>) {
        if part["type"] == "text" {
            found.push(part["text"].as_str().unwrap().to_owned());
        }
        for inner in part["contents"].as_array().into_iter().flatten() {
            walk(inner, found);
        }
    }
    if message["type"] == "text" {
        return vec![message["text"].as_str().unwrap().to_owned()];
    }
    let mut found = Vec::new();
    for block in ["header", "body", "footer"] {
        walk(&message["contents"][block], &mut found);
    }
    found
}

fn lines(message: &Value) -> Vec<String> {
    let read = read(message).join("\n");
    read.lines().map(str::to_owned).collect()
}

fn beginning(text: &str) -> String {
    let units: Vec<u16> = text.encode_utf16().take(40).collect();
    String::from_utf16_lossy(&units)
}

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
    assert_eq!(by_choice("FIX-FALSE", "evacuation", "others"), None);
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
        for message in &messages {
            assert!(lines(message).join("\n").contains("汐見台60丁目"));
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

fn source(code: &str, text: &str) -> Source {
    Source::new(format!("{code}.toml"), text)
}

fn file(code: &str) -> String {
    let path = format!(
        "{}/emergency-templates/{code}.toml",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_file_with_a_fault_does_not_load_and_names_its_line() {
    let answer = source("FIX-PART", &file("FIX-PART"));
    for (good, bad, says) in [
        ("answers = \"FIX-PART\"", "", "nothing lifts or corrects it"),
        (
            "answers = \"FIX-PART\"",
            "answers = \"EV-LIFT\"",
            "there is no `EV-LIFT`",
        ),
        (
            "answers = \"FIX-PART\"",
            "answers = \"ROAD\"",
            "lifts or corrects nothing itself",
        ),
        ("code = \"ROAD\"", "code = \"road\"", "is not usable"),
        (
            "severity = \"info\"",
            "severity = \"grave\"",
            "unknown variant",
        ),
        ("minutes = 180", "minuets = 180", "unknown field"),
        ("review = 2027-05-20", "review = \"soon\"", "invalid type"),
        (
            "{town}です。{since}から、{place}の",
            "{town}です。{since}から、",
            "does not say for where",
        ),
        (
            "通れません（{issued}現在）",
            "通れません",
            "does not say when",
        ),
        ("道路：{road}", "道路：{rood}", "nothing fills `{rood}`"),
        (
            "{place}に 通れない",
            "{road}が 通れない",
            "translated by nobody",
        ),
        (
            "この道路には入らず",
            "避難勧告です。この道路には入らず",
            "避難勧告",
        ),
        (
            "signal = \"通行止め\"",
            "signal = \"通行止めについての大切なお知らせをお伝えします\"",
            "a place fits beside",
        ),
        (
            "key = \"detour\"",
            "key = \"town\"",
            "known without a field",
        ),
        ("回り道：{detour}\n", "", "no wording says `detour`"),
        (
            "kind = \"choice\"",
            "kind = \"time\"",
            "has [[field.choice]]",
        ),
    ] {
        let text = file("ROAD");
        assert!(text.contains(good), "{good}");
        let files = [source("ROAD", &text.replacen(good, bad, 1)), answer.clone()];
        let faults = Library::of(&files).expect_err(bad);
        let named = faults.iter().find(|fault| fault.to_string().contains(says));
        let named = named.unwrap_or_else(|| panic!("{bad}: {faults:?}"));
        assert!(named.to_string().starts_with("ROAD.toml:"), "{named}");
    }
    assert!(Library::of(&[source("ROAD", &file("ROAD")), answer]).is_ok());
}

/// The road's template in other words.
fn changed() -> Vec<Source> {
    let mut files: Vec<Source> = CODES.iter().map(|code| source(code, &file(code))).collect();
    for source in &mut files {
        if source.name == "ROAD.toml" {
            let text = file("ROAD").replace("通らず回り道を", "回り道をお願い");
            *source = Source::new("ROAD.toml", text);
        }
    }
    files
}

on_both!(
    what_comes_with_the_program_is_in_force_at_once,
    |db: TestDb| {
        let templates = Templates::new(db.db.clone());
        assert_eq!(templates.in_force().await.unwrap().all().count(), 0);
        template::record(&db, now()).await.unwrap();
        assert_eq!(*templates.in_force().await.unwrap(), library());
        // A second start changes nothing.
        template::record(&db, now() + TimeDelta::days(1))
            .await
            .unwrap();
        let versions = template::versions(&db).await.unwrap();
        assert_eq!(versions.len(), CODES.len());
        assert!(
            versions
                .iter()
                .all(|v| v.is_in_force() && v.asked.is_none())
        );
    }
);

on_both!(a_changed_wording_waits_for_two_people, |hall: Hall| {
    let templates = Templates::new(hall.db.db.clone());
    template::record(&hall.db, hall.now).await.unwrap();
    let before = templates
        .in_force()
        .await
        .unwrap()
        .find("ROAD")
        .unwrap()
        .version
        .clone();
    template::record_these(&hall.db, hall.now, &changed())
        .await
        .unwrap();
    let after = Library::of(&changed())
        .unwrap()
        .find("ROAD")
        .unwrap()
        .version
        .clone();
    let in_force = async || {
        templates
            .in_force()
            .await
            .unwrap()
            .find("ROAD")
            .unwrap()
            .version
            .clone()
    };
    assert_eq!(in_force().await, before, "it waits");

    let (first, second) = (
        hall.signed(hall.first).await.unwrap(),
        hall.signed(hall.second).await.unwrap(),
    );
    let asks = async |now, by, version: &str| {
        let tx = hall.db.begin().await.unwrap();
        let done = template::ask(&tx, now, by, "ROAD", version).await;
        tx.commit().await.unwrap();
        done
    };
    let seconds = async |now, by, version: &str| {
        let tx = hall.db.begin().await.unwrap();
        let done = template::second(&tx, now, by, "ROAD", version).await;
        tx.commit().await.unwrap();
        done
    };
    assert!(matches!(
        seconds(hall.now, &second, &after).await,
        Err(NotPublished::NotAsked)
    ));
    assert!(
        matches!(
            asks(hall.now, &first, &before).await,
            Err(NotPublished::NotWaiting)
        ),
        "it is in force"
    );
    assert!(matches!(
        asks(hall.now, &first, "000000000000").await,
        Err(NotPublished::NotWaiting)
    ));
    asks(hall.now, &first, &after).await.unwrap();
    assert!(matches!(
        seconds(hall.now, &first, &after).await,
        Err(NotPublished::SamePerson)
    ));
    let late = hall.now + TimeDelta::hours(1);
    assert!(matches!(
        seconds(late, &second, &after).await,
        Err(NotPublished::NotAsked)
    ));
    let staff = hall.holder("2001", hall.pr_staff).await;
    let staff = hall.signed(staff).await.unwrap();
    assert!(matches!(
        asks(hall.now, &staff, &after).await,
        Err(NotPublished::NotEntitled)
    ));
    assert!(matches!(
        seconds(hall.now, &staff, &after).await,
        Err(NotPublished::NotEntitled)
    ));
    assert_eq!(in_force().await, before);

    seconds(hall.now, &second, &after).await.unwrap();
    assert_eq!(in_force().await, after);
    for act in ["emergency.template_asked", "emergency.template_published"] {
        assert_eq!(hall.record(act).await.len(), 1, "{act}");
    }
    // The old one retired, and may be asked for again.
    asks(late, &second, &before).await.unwrap();
    assert_eq!(in_force().await, after);
    seconds(late, &first, &before).await.unwrap();
    assert_eq!(in_force().await, before);
});

on_both!(the_database_itself_demands_two, |hall: Hall| {
    template::record(&hall.db, hall.now).await.unwrap();
    template::record_these(&hall.db, hall.now, &changed())
        .await
        .unwrap();
    let versions = template::versions(&hall.db).await.unwrap();
    let waits = versions.iter().find(|v| v.published_at.is_none()).unwrap();
    let of = format!("WHERE code = 'ROAD' AND version = '{}'", waits.version);
    let (first, second) = (hall.first.0, hall.second.0);
    let literal = |id: uuid::Uuid| match hall.db.url.starts_with("sqlite") {
        true => format!("x'{}'", id.simple()),
        false => format!("'{id}'"),
    };
    let (first, second) = (literal(first), literal(second));
    let time = "'2026-11-24T00:00:00+00:00'";
    let refused = async |statement: String| {
        let done = hall.db.conn().execute_unprepared(&statement).await;
        assert!(done.is_err(), "{statement}");
    };
    refused(format!(
        "UPDATE emergency_template SET published_at = {time} {of}"
    ))
    .await;
    refused(format!("UPDATE emergency_template SET published_at = {time}, published_by = {first}, asked_at = {time}, seconded_by = {second} {of}")).await;
    let asked =
        format!("UPDATE emergency_template SET published_by = {first}, asked_at = {time} {of}");
    hall.db.conn().execute_unprepared(&asked).await.unwrap();
    refused(format!(
        "UPDATE emergency_template SET published_at = {time}, seconded_by = {first} {of}"
    ))
    .await;
    refused(format!("UPDATE emergency_template SET text = 'x' {of}")).await;
    // Two in force at once.
    refused(format!(
        "UPDATE emergency_template SET published_at = {time}, seconded_by = {second} {of}"
    ))
    .await;
    refused("DELETE FROM emergency_template WHERE code = 'EV4'".to_owned()).await;
    refused("UPDATE emergency_template SET text = 'x' WHERE code = 'EV4'".to_owned()).await;
    refused(format!("INSERT INTO emergency_template (code, version, text, recorded_at, published_at) VALUES ('EV4', '000000000000', 'x', {time}, {time})")).await;
});
