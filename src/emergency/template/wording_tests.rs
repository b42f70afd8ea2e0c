use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;
use crate::emergency::template::Library;
use crate::policy::Profile;

fn links() -> Links {
    let text = include_str!("../../../sample-town/policy.toml");
    let profile = Profile::parse(text);
    profile.unwrap_or_else(|faults| panic!("{faults:?}")).links
}

fn template(code: &str) -> Template {
    let library = Library::builtin().unwrap_or_else(|faults| panic!("{faults:?}"));
    library
        .find(code)
        .unwrap_or_else(|| panic!("no {code}"))
        .clone()
}

/// What is found in `typed`, in the free field of an ordinary template.
fn found_in(code: &str, mode: Mode, typed: &str) -> Vec<Slip> {
    let template = template(code);
    let field = template
        .field("note")
        .unwrap_or_else(|| panic!("{code} has no note"));
    free(&template, mode, field, typed)
}

fn live(typed: &str) -> Vec<Slip> {
    found_in("ROAD", Mode::Live, typed)
}

#[test]
fn a_term_that_is_used_no_more_is_named_with_todays() {
    for (typed, instead) in [
        ("避難勧告を出しました", "避難指示"),
        ("避難 勧告", "避難指示"),
        ("避難指示（緊急）です", "避難指示"),
        ("避難準備・高齢者等避難開始", "高齢者等避難"),
        ("避難準備情報", "高齢者等避難"),
        ("災害発生情報", "緊急安全確保"),
        ("土砂災害警戒情報が出ました", "レベル4土砂災害危険警報"),
    ] {
        let found = live(typed);
        let named =
            matches!(&found[..], [Slip::Retired { instead: today, .. }] if today == instead);
        assert!(named, "{typed}: {found:?}");
    }
    for typed in [
        "避難指示",
        "避難の準備をしてください",
        "土砂災害に警戒",
        "災害が発生しました",
    ] {
        assert_eq!(live(typed), [], "{typed}");
    }
}

#[test]
fn a_level_goes_with_its_own_name() {
    for (typed, right) in [
        ("警戒レベル3「避難指示」", 4),
        ("警戒レベル４ 高齢者等避難", 3),
        ("警戒レベル4緊急安全確保", 5),
        ("避難指示（警戒レベル3）", 4),
        ("レベル４大雨特別警報", 5),
        ("レベル5土砂災害危険警報", 4),
        ("レベル4大雨警報", 3),
        ("レベル三大雨注意報", 2),
    ] {
        let found = live(typed);
        let named =
            matches!(&found[..], [Slip::WrongLevel { right: level, .. }] if *level == right);
        assert!(named, "{typed}: {found:?}");
    }
    for typed in [
        "警戒レベル3「高齢者等避難」、警戒レベル4「避難指示」",
        "避難指示（警戒レベル4）",
        "レベル5大雨特別警報",
        "レベル4氾濫危険警報、レベル3大雨警報",
        "警戒レベル4を発令し、大雨特別警報も出ています",
        "レベルの高い避難",
    ] {
        assert_eq!(live(typed), [], "{typed}");
    }
}

#[test]
fn the_municipalitys_levels_and_the_agencys_are_not_mixed_up() {
    for typed in [
        "警戒レベル5大雨特別警報",
        "警戒レベル4土砂災害危険警報",
        "レベル4避難指示",
    ] {
        let found = live(typed);
        assert!(
            matches!(found[..], [Slip::Mixed { .. }]),
            "{typed}: {found:?}"
        );
    }
}

#[test]
fn a_template_speaks_of_its_own_level_only() {
    let ev4 = |typed: &str| found_in("EV4", Mode::Live, typed);
    assert!(matches!(
        ev4("警戒レベル3の地区もあります")[..],
        [Slip::OtherLevel { own: 4, .. }]
    ));
    assert_eq!(ev4("警戒レベル4の地区です"), []);
    assert_eq!(live("警戒レベル3の地区もあります"), []);
}

#[test]
fn tsunami_and_earthquakes_have_no_level() {
    for (code, typed) in [
        ("TS-W", "警戒レベル4です"),
        ("TS-A", "レベル3相当"),
        ("EQ2", "警戒レベル4 避難指示"),
        ("ROAD", "津波のため警戒レベル4"),
        ("ROAD", "地震によりレベル5"),
    ] {
        let found = found_in(code, Mode::Live, typed);
        assert!(
            matches!(found[..], [Slip::NoLevelHere { .. }]),
            "{code} {typed}: {found:?}"
        );
    }
    assert_eq!(found_in("TS-W", Mode::Live, "避難指示が出ています"), []);
    assert_eq!(live("警戒レベル4です。津波の心配はありません。"), []);
}

#[test]
fn nobody_is_told_to_wait_for_level_five() {
    for typed in [
        "警戒レベル5が出るまで自宅で待ってください",
        "緊急安全確保が発令されてから動いてください",
        "レベル5が出たら逃げましょう",
    ] {
        let found = live(typed);
        assert!(
            matches!(found[..], [Slip::Waits { .. }]),
            "{typed}: {found:?}"
        );
    }
    for typed in [
        "警戒レベル5を待たずに避難してください",
        "警戒レベル5が出てからでは遅い",
        "次の情報をお待ちください",
        "雨が弱まるまで待ってください",
    ] {
        assert_eq!(live(typed), [], "{typed}");
    }
    assert_eq!(level::waits("waitforlevel5").len(), 1);
    assert_eq!(level::waits("donotwaitforlevel5").len(), 0);
}

#[test]
fn links_lead_to_the_town_or_under_lg_jp() {
    let links = links();
    for good in [
        "https://www.city.shiomi.example/bousai",
        "https://www.pref.chiba.lg.jp/a?b=c",
    ] {
        assert_eq!(link(good, &links), Ok(()), "{good}");
    }
    for bad in [
        "http://www.city.shiomi.example/",
        "https://www.city.shiomi.example.evil.example/",
        "https://lg.jp.evil.example/",
        "https://evil-lg.jp/",
        "https://bit.ly/a",
        "https://line.me/a",
        "javascript:alert(1)",
    ] {
        assert!(matches!(link(bad, &links), Err(Slip::Link { .. })), "{bad}");
    }
}

#[test]
fn words_hide_no_links_brackets_and_house_numbers() {
    for typed in [
        "詳しくは https://www.city.shiomi.example/",
        "www.city.shiomi.exampleを見て",
        "bit.ly/abcへ",
        "ｗｗｗ．ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "mail@evil.example",
    ] {
        let found = live(typed);
        assert!(
            matches!(found[..], [Slip::LinkInWords { .. }]),
            "{typed}: {found:?}"
        );
    }
    for typed in ["【本番】です", "これは】です"] {
        assert!(matches!(live(typed)[..], [Slip::Bracket { .. }]), "{typed}");
    }
    let fire = template("FIRE");
    let spot = fire.field("spot").unwrap_or_else(|| panic!("no spot"));
    for typed in ["東町12番地", "東町1-2", "東町３－４－５", "東町1番2号"] {
        let found = free(&fire, Mode::Live, spot, typed);
        assert!(
            matches!(found[..], [Slip::HouseNumber { .. }]),
            "{typed}: {found:?}"
        );
    }
    for typed in ["東町2丁目の公園の近く", "国道3号の東橋", "雨量3.5ミリ"] {
        assert_eq!(free(&fire, Mode::Live, spot, typed), [], "{typed}");
    }
}

#[test]
fn a_real_message_never_speaks_of_a_drill() {
    for typed in [
        "これは訓練です",
        "訓 練",
        "テスト配信",
        "ﾃｽﾄ",
        "くんれん",
        "This is a DRILL",
    ] {
        let found = live(typed);
        assert!(
            matches!(found[..], [Slip::DrillWord { .. }]),
            "{typed}: {found:?}"
        );
    }
    for typed in [
        "職業訓練校の近く",
        "スピーチコンテストは中止",
        "ドリンクを配ります",
    ] {
        assert_eq!(live(typed), [], "{typed}");
    }
    assert_eq!(
        found_in("DRILL-PUBLIC", Mode::Live, "訓練の後で説明会があります"),
        []
    );
    assert_eq!(found_in("ROAD", Mode::Drill, "訓練です"), []);
}

#[test]
fn a_drill_never_says_that_it_is_none() {
    for typed in ["これは訓練ではありません", "This is NOT a drill"] {
        let found = found_in("ROAD", Mode::Drill, typed);
        assert!(
            matches!(found[..], [Slip::DeniesDrill { .. }]),
            "{typed}: {found:?}"
        );
    }
}

#[test]
fn signs_that_nobody_sees_are_found() {
    for sign in [
        '\u{202e}',
        '\u{2066}',
        '\u{200b}',
        '\u{200d}',
        '\u{feff}',
        '\u{ad}',
        '\n',
        '\u{7}',
        '\u{85}',
        '\u{2029}',
        '\u{e0041}',
    ] {
        assert!(hidden(&format!("本町{sign}港町")).is_some(), "{sign:?}");
    }
    assert_eq!(hidden("本町・港町 1丁目　𠮷野家🐻"), None);
    assert_eq!(hidden("a\u{202e}b").as_deref(), Some("U+202E"));
}

#[test]
fn every_text_of_a_drill_says_so_first_and_last() {
    let marked = |text: &str| unmarked(&[text.to_owned()], "【訓練】x").is_empty();
    assert!(marked(
        "【訓練】これは訓練です\n本文\n【訓練】これは訓練です"
    ));
    assert!(!marked("本文\n【訓練】これは訓練です"));
    assert!(!marked("【訓練】これは訓練です\n本文"));
    assert!(!marked(" 【訓練】\n【訓練】"));
    assert_eq!(unmarked(&[], "本文").len(), 1);
}

/// A message that says all it must.
fn sound() -> Spoken {
    Spoken {
        tongue: Tongue::Japanese,
        signal: "通行止め".into(),
        place: "本町".into(),
        short_place: "本町".into(),
        call: "回り道を".into(),
        body: "16時から本町が通れません。回り道をしてください。".into(),
    }
}

fn slips(said: &Spoken, notice: &str) -> Vec<Slip> {
    composed(
        &template("ROAD"),
        Mode::Live,
        std::slice::from_ref(said),
        notice,
        &links(),
    )
}

#[test]
fn a_message_says_where_when_and_what_to_do() {
    let notice = "【通行止め】本町　回り道を";
    assert_eq!(slips(&sound(), notice), []);
    let far = format!("{}{notice}", "あ".repeat(NOTICE));
    assert_eq!(slips(&sound(), &far), [Slip::NoArea, Slip::NoAction]);
    let nowhere = Spoken {
        body: "16時から通れません。回り道をしてください。".into(),
        ..sound()
    };
    assert_eq!(slips(&nowhere, notice), [Slip::NoArea]);
    let never = Spoken {
        body: "本町が通れません。回り道をしてください。".into(),
        ..sound()
    };
    assert_eq!(slips(&never, notice), [Slip::NoTime]);
    let idle = Spoken {
        body: "16時から本町が通れません。".into(),
        ..sound()
    };
    assert_eq!(slips(&idle, notice), [Slip::NoAction]);
}

#[test]
fn the_whole_is_held_to_the_same_as_its_parts() {
    let notice = "【通行止め】本町　回り道を";
    let with = |more: &str| {
        let body = format!("{}\n{more}", sound().body);
        slips(&Spoken { body, ..sound() }, notice)
    };
    assert!(matches!(with("避難勧告")[..], [Slip::Retired { .. }]));
    assert!(matches!(with("訓練です")[..], [Slip::DrillWord { .. }]));
    assert!(matches!(
        with("https://evil.example/")[..],
        [Slip::Link { .. }]
    ));
    assert!(matches!(with("a\u{202e}b")[..], [Slip::Hidden { .. }]));
    // How a place is called, nobody chose at night.
    let place = Spoken {
        place: "訓練場前".into(),
        short_place: "訓練場前".into(),
        body: "16時から訓練場前が通れません。回り道をしてください。".into(),
        ..sound()
    };
    assert_eq!(slips(&place, "【通行止め】訓練場前　回り道を"), []);
}

#[test]
fn the_template_itself_is_held_to_it() {
    let mut bad = template("ROAD");
    assert_eq!(of_template(&bad), []);
    let phrase = super::super::phrase::Phrase::parse("避難勧告に従ってください");
    let wordings: &mut BTreeMap<_, _> = &mut bad.wordings;
    let wording = wordings.get_mut(&Tongue::Japanese);
    wording
        .unwrap_or_else(|| panic!("no Japanese"))
        .body
        .push(phrase.unwrap_or_else(|e| panic!("{e}")));
    assert!(matches!(of_template(&bad)[..], [Slip::Retired { .. }]));
    assert!(bad.review > NaiveDate::default());
}

#[test]
fn every_finding_says_what_to_do_in_japanese() {
    let w = || "○○".to_owned();
    let all = [
        Slip::Unknown { written: w() },
        Slip::Missing,
        Slip::Unfit {
            written: w(),
            expected: w(),
        },
        Slip::TooLong { given: 9, most: 3 },
        Slip::Consent { consent: w() },
        Slip::Hidden { sign: w() },
        Slip::Bracket { written: w() },
        Slip::Retired {
            written: w(),
            instead: w(),
        },
        Slip::WrongLevel {
            written: w(),
            right: 4,
        },
        Slip::Mixed { written: w() },
        Slip::OtherLevel {
            written: w(),
            own: 4,
        },
        Slip::NoLevelHere { written: w() },
        Slip::Waits { written: w() },
        Slip::NoArea,
        Slip::NoTime,
        Slip::NoAction,
        Slip::Link {
            written: w(),
            why: w(),
        },
        Slip::LinkInWords { written: w() },
        Slip::HouseNumber { written: w() },
        Slip::DrillWord { written: w() },
        Slip::DeniesDrill { written: w() },
        Slip::Unmarked { begins: w() },
        Slip::NoMessage { why: w() },
    ];
    for slip in all {
        let said = slip.to_string();
        let asks = ["ください", "までにしてください"]
            .iter()
            .any(|asks| said.contains(asks));
        assert!(asks && said.ends_with('。'), "{said}");
    }
}
