//! From a bulletin to a draft.

use kairan::emergency::template::{About, Draft, Library, Where, compose, from_bulletin};
use kairan::jma::Intensity;
use kairan::mode::Mode;

use super::{EARTHQUAKE, LANDSLIDE, TSUNAMI, bulletin, profile};

fn draft(telegram: &str) -> Option<Draft> {
    let library = Library::builtin().unwrap();
    from_bulletin(&library, &bulletin(telegram), Intensity::Four)
}

/// What residents' notifications would say.
fn says(draft: &Draft) -> String {
    let library = Library::builtin().unwrap();
    let profile = profile();
    let about = About {
        profile: &profile,
        places: Where::WholeTown,
        now: "2026-11-24T09:05:00Z".parse().unwrap(),
    };
    let messages = compose(
        library.find(&draft.code).unwrap(),
        Mode::Live,
        &draft.filled,
        &about,
    );
    let messages = messages.unwrap_or_else(|findings| panic!("{findings:?}"));
    let json = serde_json::to_value(&messages).unwrap();
    json[0]["altText"].as_str().unwrap().to_owned()
}

#[test]
fn an_earthquake_is_told_with_the_bulletins_values_and_no_others() {
    let quake = draft(EARTHQUAKE).unwrap();
    assert_eq!(quake.code, "EQ1");
    let said = says(&quake);
    assert!(said.starts_with("【地震 震度5弱】汐見市全域"), "{said}");
    assert!(said.contains("18時ごろ、地震がありました"), "{said}");
    assert!(said.contains("津波の心配はない"), "{said}");
    assert!(!said.contains("レベル"), "{said}");
    let weak = EARTHQUAKE.replace("9999900</Code><MaxInt>5-", "9999900</Code><MaxInt>3");
    assert_eq!(draft(&weak), None, "weaker than residents are told of");
}

#[test]
fn a_tsunami_is_told_by_its_kind() {
    let warning = draft(TSUNAMI).unwrap();
    assert_eq!(warning.code, "TS-W");
    let said = says(&warning);
    assert!(
        said.starts_with("【避難指示 津波警報】汐見市全域"),
        "{said}"
    );
    assert!(said.contains("予想される高さ：3m"), "{said}");
    assert!(said.contains("第1波の到達予想：18時40分"), "{said}");
    let own = |code: &str| {
        TSUNAMI.replace(
            "<Name>津波警報</Name><Code>51</Code>",
            &format!("<Name>x</Name><Code>{code}</Code>"),
        )
    };
    assert_eq!(draft(&own("62")).unwrap().code, "TS-A");
    assert_eq!(draft(&own("71")), None);
    let great =
        draft(&own("53").replace("description=\"３ｍ\"", "description=\"１０ｍ超\"")).unwrap();
    assert!(says(&great).contains("予想される高さ：10mを超える"));
    let lifted = own("50").replace(
        "<Name>津波なし</Name><Code>00</Code>",
        "<Name>津波警報</Name><Code>51</Code>",
    );
    assert_eq!(draft(&lifted).unwrap().code, "TS-LIFT");
}

#[test]
fn a_warning_is_relayed_and_whoever_decides_says_what_the_town_has_issued() {
    let mut relay = draft(LANDSLIDE).unwrap();
    assert_eq!(relay.code, "JMA-RLY");
    assert_eq!(
        relay.source,
        "汐見架空気象台 気象警報・注意報（Ｒ０６）（土砂）（11月24日 20時13分 発表）"
    );
    assert_eq!(
        relay.filled.get("evacuation"),
        None,
        "no bulletin knows that"
    );
    relay.filled.0.insert("evacuation".into(), "none".into());
    assert!(
        says(&relay).starts_with("【気象庁 レベル4土砂災害危険警報】"),
        "{}",
        says(&relay)
    );
    // What goes on, was lifted, or is a mere advisory is not told again.
    for (from, to) in [
        (
            "<Status>発表</Status><LastKind>",
            "<Status>継続</Status><LastKind>",
        ),
        (
            "<Status>発表</Status><LastKind>",
            "<Status>解除</Status><LastKind>",
        ),
        (
            "<Kind><Name>レベル４土砂災害危険警報</Name>",
            "<Kind><Name>レベル２土砂災害注意報</Name>",
        ),
    ] {
        assert!(LANDSLIDE.contains(from));
        assert_eq!(draft(&LANDSLIDE.replace(from, to)), None, "{to}");
    }
}

#[test]
fn exercises_tests_and_what_was_withdrawn_never_become_drafts() {
    for telegram in [EARTHQUAKE, TSUNAMI, LANDSLIDE] {
        for (good, other) in [
            ("<Status>通常</Status>", "<Status>訓練</Status>"),
            ("<Status>通常</Status>", "<Status>試験</Status>"),
            ("<InfoType>発表</InfoType>", "<InfoType>取消</InfoType>"),
        ] {
            assert_eq!(draft(&telegram.replacen(good, other, 1)), None, "{other}");
        }
        assert!(draft(&telegram.replace("<InfoType>発表", "<InfoType>訂正")).is_some());
    }
}
