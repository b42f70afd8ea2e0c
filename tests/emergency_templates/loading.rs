//! Files that are no templates.

use kairan::emergency::template::Library;

use super::{file, source};

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
