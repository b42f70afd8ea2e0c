//! Texts and segments, both ways.

use proptest::prelude::*;

use super::*;

fn any_fact() -> impl Strategy<Value = Fact> {
    let name = "[ぁ-ん一-龠a-z0-9 　()（）:：\"\\\\.]{1,12}";
    let month = || {
        (2000i32..2060, 1u32..=12).prop_map(|(year, month)| {
            Month::of(NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default())
        })
    };
    let hour = prop_oneof![
        Just("none".to_owned()),
        (0u32..24, 0u32..60).prop_map(|(h, m)| format!("before-{h:02}:{m:02}")),
        (0u32..24, 0u32..60).prop_map(|(h, m)| format!("same-{h:02}:{m:02}")),
    ];
    prop_oneof![
        name.prop_map(Fact::District),
        name.prop_map(Fact::Area),
        "[a-z][a-z0-9_-]{0,10}".prop_map(Fact::Topic),
        any_span(0u32..=OLDEST_MONTHS).prop_map(Fact::Child),
        any_span(month()).prop_map(Fact::Born),
        any_span(month()).prop_map(Fact::Due),
        (0usize..3)
            .prop_map(|at| Fact::Language(Language::all().nth(at).unwrap_or(Language::japanese()))),
        any_span(
            (0i64..20_000).prop_map(|days| NaiveDate::default() + chrono::TimeDelta::days(days))
        )
        .prop_map(Fact::Registered),
        hour.prop_filter_map("an hour", |hour| GarbageReminder::parse(&hour).ok())
            .prop_map(Fact::Reminder),
    ]
}

fn any_span<T: PartialOrd + Copy + std::fmt::Debug>(
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Span<T>> {
    let end = || proptest::option::of(value.clone());
    (end(), end()).prop_filter_map("an end", |(a, b)| {
        Span::new(a, b).or_else(|| Span::new(b, a))
    })
}

fn any_segment() -> impl Strategy<Value = Segment> {
    let one = prop_oneof![
        1 => Just(Segment::Everyone),
        9 => any_fact().prop_map(Segment::Is),
    ];
    one.prop_recursive(4, 24, 4, |inner| {
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(Segment::not),
            two().prop_map(|(a, b)| a.and(b)),
            two().prop_map(|(a, b)| a.or(b)),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(segment in any_segment()) {
        let text = segment.to_string();
        prop_assert_eq!(parse(&text), Ok(segment), "{}", text);
    }

    #[test]
    fn no_text_is_too_odd(text in "(and|or|not|[ ():\"\\\\.a-z本　（]){0,40}") {
        if let Err(fault) = parse(&text) {
            prop_assert!((1..=text.chars().count() + 1).contains(&fault.column), "{fault}");
        }
    }
}

fn read(text: &str) -> String {
    parse(text).map_or_else(|fault| fault.to_string(), |segment| segment.to_string())
}

#[test]
fn clerks_may_type_as_they_do() {
    for (typed, meant) in [
        ("  everyone ", "everyone"),
        (
            "（topic：event　or　topic:safety） and not language:EN",
            "(topic:event or topic:safety) and not language:en",
        ),
        (
            "a",
            "column 1: found `a`, expected `everyone`, `not`, `(` or one of `district:`, `area:`, `topic:`, \
               `child:`, `born:`, `due:`, `language:`, `registered:`, `reminder:`",
        ),
        (
            "topic:a OR topic:b AND topic:c",
            "topic:a or topic:b and topic:c",
        ),
        (
            "topic:a and (topic:b and topic:c)",
            "topic:a and topic:b and topic:c",
        ),
        ("((topic:a))", "topic:a"),
        ("area:\"本町 1丁目\"", "area:\"本町 1丁目\""),
        ("area:\"本町1丁目\"", "area:本町1丁目"),
        ("child:36", "child:36"),
        ("child:36..36", "child:36"),
        ("child:..36", "child:..36"),
        ("due:2027-1..2027-03", "due:2027-01..2027-03"),
        ("reminder:19", "reminder:before-19:00"),
    ] {
        assert_eq!(read(typed), meant, "{typed}");
    }
}

#[test]
fn a_fault_has_its_column_and_what_was_expected() {
    for (typed, told) in [
        ("", "column 1: found the end, expected `everyone`"),
        (
            "topic:a and",
            "column 12: found the end, expected `everyone`",
        ),
        (
            "topic:a topic:b",
            "column 9: found `topic`, expected `and`, `or` or the end",
        ),
        (
            "(topic:a",
            "column 9: found the end, expected `and`, `or` or `)`",
        ),
        ("topic a", "column 7: found `a`, expected `:` after `topic`"),
        ("topic:", "column 7: found the end, expected a topic's id"),
        (
            "child:36..0",
            "column 7: found `36..0`, expected the earlier or smaller end first",
        ),
        (
            "child:..",
            "column 7: found `..`, expected months of age, such as 0..36",
        ),
        ("child:999", "column 7: found `999`, expected months of age"),
        ("due:2027-13", "column 5: found `2027-13`, expected months"),
        (
            "registered:2026-02-30..",
            "column 12: found `2026-02-30..`, expected days",
        ),
        (
            "language:tlh",
            "column 10: found `tlh`, expected a language's code",
        ),
        (
            "reminder:evening",
            "column 10: found `evening`, expected an hour",
        ),
        ("area:\"本町", "column 6: found `本町`, expected a `\"`"),
    ] {
        let read = read(typed);
        assert!(read.starts_with(told), "{typed}: {read}");
    }
    let deep = format!("{}topic:a{}", "(".repeat(200), ")".repeat(200));
    assert!(read(&deep).contains("at most 32 brackets"));
    assert!(read(&"not ".repeat(100_000)).contains("at most 32"));
}
