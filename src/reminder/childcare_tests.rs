//! What comes when, and for whom.

use proptest::prelude::*;

use super::*;
use crate::area::Area;
use crate::childcare::Anchor;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(code: &str, anchor: Anchor, notify_at: &str) -> Rule {
    Rule {
        code: code.into(),
        title: code.into(),
        anchor,
        notify_at: notify_at.parse().unwrap(),
        default_on: true,
        ..Rule::default()
    }
}

fn timetable() -> Timetable {
    Timetable::new(vec![
        rule("pregnancy", Anchor::Due, "-P12W"),
        rule("vaccine", Anchor::Birth, "P2M"),
        Rule {
            window_end: Some("P24M".parse().unwrap()),
            ..rule("checkup", Anchor::Birth, "P18M")
        },
        rule("nursery", Anchor::AprilEntry, "-P6M"),
        rule("school", Anchor::SchoolEntry, "-P5M"),
    ])
}

fn born(month: &str) -> Child {
    Child {
        kind: ChildKind::Born,
        month: Month::parse(month).unwrap(),
    }
}

#[test]
fn what_comes_on_a_day_comes_for_whole_months_of_children() {
    let table = timetable();
    let told = coming(&table, day("2026-11-01"));
    let told: Vec<String> = told
        .iter()
        .map(|c| format!("{} {} {}", c.rule.code, c.child.month, c.nth))
        .collect();
    assert_eq!(told[..2], ["vaccine 2026-09 0", "checkup 2025-05 0"]);
    // Who enters school next April: born from April 2020 to March 2021, as far as months tell.
    assert_eq!(told.len(), 2 + 12, "{told:?}");
    assert_eq!(coming(&table, day("2026-11-02")), []);
    let nurseries = coming(&table, day("2026-10-01"));
    let nurseries = nurseries.iter().filter(|c| c.rule.code == "nursery");
    assert!(nurseries.count() > 60, "each April until school");
}

#[test]
fn the_next_days_of_a_rule_are_those_on_which_it_comes() {
    let table = timetable();
    let days = |code: &str, today: &str| -> Vec<String> {
        let days = next(&table, code, day(today), 2);
        days.iter().map(NaiveDate::to_string).collect()
    };
    assert_eq!(days("vaccine", "2026-11-01"), ["2026-11-01", "2026-12-01"]);
    assert_eq!(days("school", "2026-11-02"), ["2027-11-01", "2028-11-01"]);
    assert_eq!(days("nobody's", "2026-11-02"), [""; 0]);
    for code in ["pregnancy", "vaccine", "nursery"] {
        let first = next(&table, code, day("2026-11-24"), 1)[0];
        assert!(
            coming(&table, first)
                .iter()
                .any(|coming| coming.rule.code == code)
        );
    }
}

#[test]
fn a_rule_off_by_default_comes_for_those_who_chose_its_topic_or_for_nobody() {
    let off = Rule {
        default_on: false,
        ..rule("extra", Anchor::Birth, "P2M")
    };
    let chosen = Rule {
        code: "chosen".into(),
        topic: Some("childcare".into()),
        ..off.clone()
    };
    let table = Timetable::new(vec![off, chosen]);
    let told = coming(&table, day("2026-11-01"));
    let codes: Vec<&str> = told.iter().map(|c| c.rule.code.as_str()).collect();
    assert_eq!(codes, ["chosen"]);
    let groups = plan(&Directory::new(Vec::new()), &told[0]);
    assert!(
        groups
            .iter()
            .all(|g| g.topic.as_deref() == Some("childcare"))
    );
}

#[test]
fn a_rule_of_some_areas_reaches_those_only() {
    let area = |id: i64, district: &str, name: &str| Area {
        id: AreaId(id),
        district: Some(district.into()),
        name: name.into(),
        reading: None,
    };
    let directory = Directory::new(vec![
        area(2, "北区", "本町"),
        area(1, "北区", "港町"),
        area(3, "南区", "坂町"),
        area(4, "南区", "新町"),
    ]);
    let in_areas = |labels: &[&str]| {
        let table = Timetable::new(vec![Rule {
            areas: labels.iter().map(|label| (*label).to_owned()).collect(),
            ..rule("class", Anchor::Birth, "P2M")
        }]);
        let told = coming(&table, day("2026-11-01"));
        plan(&directory, &told[0])[0].areas.clone()
    };
    assert_eq!(in_areas(&[]), None);
    assert_eq!(
        in_areas(&["坂町", "北区"]),
        Some(vec![AreaId(1), AreaId(2), AreaId(3)])
    );
    // An area that is gone means nobody, not everybody.
    assert_eq!(in_areas(&["西区"]), Some(vec![]));
}

#[test]
fn what_has_come_can_be_had_until_its_window_closes() {
    let table = timetable();
    let open = |moment: &str| {
        let now = instant_in_japan(moment.parse().unwrap());
        let open = open_for(&table, born("2025-05"), now);
        let open: Vec<String> = open
            .iter()
            .map(|coming| coming.occasion().to_string())
            .collect();
        open.join(" ")
    };
    let checkup = "childcare/checkup/birth/2025-05/0";
    assert_eq!(open("2026-11-01T09:59:00"), "", "it comes at ten");
    assert_eq!(open("2026-11-01T10:00:00"), checkup);
    assert_eq!(open("2027-04-30T23:59:00"), checkup);
    assert_eq!(open("2027-05-01T00:00:00"), "", "the window has closed");
}

#[test]
fn months_that_read_the_same_are_told_together() {
    let table = timetable();
    let told = |coming: &[Coming<'_>]| -> Vec<String> {
        let runs = runs(coming).into_iter();
        runs.map(|run| match run.last {
            Some(last) => format!("{} to {last}", run.occasion),
            None => run.occasion.to_string(),
        })
        .collect()
    };
    let mut november = coming(&table, day("2026-11-01"));
    assert_eq!(
        told(&november),
        [
            "childcare/vaccine/birth/2026-09/0",
            "childcare/checkup/birth/2025-05/0",
            "childcare/school/birth/2020-04/0 to 2021-03",
        ]
    );
    // What came already does not come again, nor do months around it seem to be one.
    november.retain(|coming| coming.child != born("2020-06"));
    assert_eq!(
        told(&november)[2..],
        [
            "childcare/school/birth/2020-04/0 to 2020-05",
            "childcare/school/birth/2020-07/0 to 2021-03",
        ]
    );
    // However often it came for each of them before.
    let october = coming(&table, day("2026-10-01"));
    let nurseries = told(&october).into_iter();
    let nurseries = nurseries.filter(|run| run.starts_with("childcare/nursery/"));
    assert_eq!(nurseries.count(), 1);
}

proptest! {
    #[test]
    fn the_day_knows_what_the_child_knows(year in 2018i32..2028, month in 1u32..=12, due in any::<bool>()) {
        let kind = if due { ChildKind::Due } else { ChildKind::Born };
        let child = Child { kind, ..born(&format!("{year}-{month:02}")) };
        let table = timetable();
        let mut seen = std::collections::BTreeSet::new();
        for (rule, due) in table.due(&child) {
            let told = coming(&table, due.on);
            let mine: Vec<_> = told.iter().filter(|c| c.child == child && c.rule == rule).collect();
            prop_assert_eq!(mine.len(), 1, "{} on {}", rule.code, due.on);
            prop_assert!(seen.insert((rule.code.clone(), mine[0].nth)), "twice");
        }
    }
}
