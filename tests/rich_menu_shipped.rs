//! What the menus that ship promise: their questions have answers, large letters lose nothing, and the
//! document that says how to write one is true.

use std::collections::BTreeSet;

use kairan::audit::Actor;
use kairan::commands::rich_menu::check;
use kairan::faq::{self, Found};
use kairan::richmenu::Tap;
use kairan::table::Source;

use crate::on_both;
use crate::rich_menu::{YAML, faults, files, profile, shipped, source};
use crate::support::database::TestDb;
use crate::support::town::tuesday;

const DOCUMENT: &str = include_str!("../docs/RICH-MENUS.md");

on_both!(
    whatever_a_menu_asks_the_sample_town_answers,
    |db: TestDb| {
        let sample = Source::new("faq.csv", include_bytes!("../sample-town/faq.csv"));
        faq::import(&db, tuesday(), Actor::Operator, &sample)
            .await
            .unwrap();
        let index = faq::load(&db).await.unwrap();
        let mut asked = BTreeSet::new();
        for menu in shipped() {
            for area in menu.object.areas() {
                let action = serde_json::to_value(&area.action).unwrap();
                let tap = action["data"].as_str().and_then(Tap::read);
                let words = tap.and_then(|tap| tap.data?.strip_prefix("1/words/"));
                asked.extend(words.map(str::to_owned));
            }
        }
        assert!(asked.len() >= 4, "{asked:?}");
        for words in asked {
            // Where several answers are near, the resident chooses; the first is the one that was meant.
            let first = match index.find(&words) {
                Found::Answer(entry) => entry,
                Found::Near(entries) => entries[0],
                Found::Nothing => panic!("{words}: nothing"),
            };
            let mut said = first.synonyms.iter().chain([&first.question]);
            assert!(said.any(|said| said.contains(&words)), "{words}: {first:?}");
        }
    }
);

#[test]
fn large_letters_lose_no_cell() {
    let menus = shipped();
    let cells = |menu: &kairan::richmenu::Menu| {
        let labels = menu.object.areas().iter().map(|area| {
            let action = serde_json::to_value(&area.action).unwrap();
            action["label"].as_str().unwrap().to_owned()
        });
        labels.collect::<BTreeSet<String>>()
    };
    for large in menus.iter().filter(|menu| menu.variant.is_large()) {
        let usual = menus.iter().find(|menu| {
            menu.folder == large.folder
                && menu.variant.language == large.variant.language
                && !menu.variant.is_large()
        });
        assert_eq!(cells(large), cells(usual.unwrap()), "{}", large.folder);
    }
}

#[test]
fn the_document_names_every_key_and_its_example_is_a_menu() {
    let example = DOCUMENT
        .split("```yaml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let icon = "<svg viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"9\"/></svg>";
    let mut all = vec![source("library/menu.yaml", example.as_bytes())];
    for name in ["backpack", "search"] {
        all.push(source(&format!("icons/{name}.svg"), icon.as_bytes()));
    }
    let menus = check(&profile(), all).unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(menus.len(), 6);

    // Of a key that is none the reader says which there are.
    let tab = YAML.replace("rows:", "tab: { x: 1 }\nrows:");
    let large = YAML.replace("rows:", "large: { x: 1 }\nrows:");
    let mut named = 0;
    for yaml in [
        format!("x: 1\n{YAML}"),
        tab,
        large,
        YAML.replace("icon: dot", "x: 1"),
        YAML.replace("postback: 1/garbage/today", "x: 1"),
        YAML.replace("shown_to: default", "shown_to: x"),
        YAML.replace("icon: dot", "style: x"),
    ] {
        let found = faults(files(&yaml));
        let expected = found[0].split("expected one of ").nth(1);
        let expected = expected.unwrap_or_else(|| panic!("{found:?}"));
        let expected = expected.split(" at line ").next().unwrap();
        for key in expected.split(", ") {
            named += 1;
            assert!(DOCUMENT.contains(&format!("`{key}`")), "{key}");
        }
    }
    assert!(named > 30, "{named}");
}
