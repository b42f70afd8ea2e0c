//! What is said of which day.
use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::garbage::{Closure, Effect};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar(collected: &[(&str, &str)], closures: &[(&str, &str, Effect)]) -> Calendar {
    let category = |label: &str| Category {
        label: label.to_owned(),
        names: [("en".to_owned(), format!("{label} in English"))].into(),
        ..Category::default()
    };
    Calendar {
        collected: collected
            .iter()
            .map(|(label, schedule)| (Arc::new(category(label)), schedule.parse().unwrap()))
            .collect(),
        closures: closures
            .iter()
            .map(|(first, last, effect)| Closure {
                first: day(first),
                last: day(last),
                effect: *effect,
            })
            .collect(),
        ..Calendar::default()
    }
}

/// What residents read in Japanese.
fn said(calendar: &Calendar, date: &str, when: ReminderDay) -> Option<String> {
    phrases::garbage(Language::japanese(), when, &Day::of(calendar, day(date)))
}

const MONDAY_THURSDAY: &str = "RRULE:FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=WEEKLY;BYDAY=TH";

#[test]
fn an_ordinary_day_is_said_in_one_line_and_a_day_off_not_at_all() {
    let calendar = calendar(
        &[
            ("燃やすごみ", MONDAY_THURSDAY),
            ("古紙", "RRULE:FREQ=WEEKLY;BYDAY=TH"),
        ],
        &[],
    );
    assert_eq!(
        said(&calendar, "2026-11-26", ReminderDay::Before).unwrap(),
        "明日11月26日(木)は、燃やすごみ、古紙の収集日です。"
    );
    assert_eq!(
        said(&calendar, "2026-11-26", ReminderDay::Same).unwrap(),
        "今日11月26日(木)は、燃やすごみ、古紙の収集日です。"
    );
    assert_eq!(said(&calendar, "2026-11-27", ReminderDay::Before), None);
    assert_eq!(
        said(&Calendar::default(), "2026-11-26", ReminderDay::Before),
        None
    );
}

#[test]
fn at_the_years_end_the_day_that_is_lost_names_the_next() {
    let calendar = calendar(
        &[
            ("燃やすごみ", MONDAY_THURSDAY),
            ("缶", "RRULE:FREQ=WEEKLY;BYDAY=SA"),
        ],
        &[("2026-12-29", "2027-01-03", Effect::Skip)],
    );
    assert_eq!(
        said(&calendar, "2026-12-31", ReminderDay::Before).unwrap(),
        "12月31日(木)は、燃やすごみの収集がありません。\n燃やすごみの次の収集日は、1月4日(月)です。"
    );
    assert_eq!(said(&calendar, "2027-01-01", ReminderDay::Same), None);
    assert_eq!(
        said(&calendar, "2027-01-02", ReminderDay::Same).unwrap(),
        "1月2日(土)は、缶の収集がありません。\n缶の次の収集日は、1月9日(土)です。"
    );
}

#[test]
fn a_day_that_moves_is_said_on_both_days() {
    // Thanksgiving's Monday is collected on the Saturday before.
    let moved = format!("{MONDAY_THURSDAY}\nRDATE;VALUE=DATE:20261121\nEXDATE;VALUE=DATE:20261123");
    let calendar = calendar(
        &[
            ("燃やすごみ", &moved),
            ("古紙", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
        ],
        &[],
    );
    assert_eq!(
        said(&calendar, "2026-11-21", ReminderDay::Before).unwrap(),
        "明日11月21日(土)は、燃やすごみの収集日です。\n燃やすごみは、いつもと違う日の収集です。"
    );
    assert_eq!(
        said(&calendar, "2026-11-23", ReminderDay::Before).unwrap(),
        "明日11月23日(月)は、古紙の収集日です。\n11月23日(月)は、燃やすごみの収集がありません。\n\
         燃やすごみの次の収集日は、11月26日(木)です。"
    );
}

#[test]
fn a_week_that_shifts_is_said_on_both_days() {
    let calendar = calendar(
        &[("びん", "RRULE:FREQ=MONTHLY;BYDAY=2WE")],
        &[("2026-12-09", "2026-12-09", Effect::ShiftWeek)],
    );
    assert_eq!(
        said(&calendar, "2026-12-09", ReminderDay::Before).unwrap(),
        "12月9日(水)は、びんの収集がありません。\nびんの次の収集日は、12月16日(水)です。"
    );
    assert_eq!(
        said(&calendar, "2026-12-16", ReminderDay::Same).unwrap(),
        "今日12月16日(水)は、びんの収集日です。\nびんは、いつもと違う日の収集です。"
    );
}

#[test]
fn dates_that_are_only_listed_are_never_unusual() {
    let calendar = calendar(&[("有害ごみ", "RDATE;VALUE=DATE:20261209")], &[]);
    assert_eq!(
        said(&calendar, "2026-12-09", ReminderDay::Before).unwrap(),
        "明日12月9日(水)は、有害ごみの収集日です。"
    );
}

#[test]
fn areas_with_another_calendar_and_the_same_words_are_one_group() {
    let mondays = |others: &str| calendar(&[("燃やすごみ", MONDAY_THURSDAY), ("缶", others)], &[]);
    let calendars = [
        (
            vec![AreaId(5), AreaId(1)],
            mondays("RRULE:FREQ=WEEKLY;BYDAY=TU"),
        ),
        (vec![AreaId(3)], mondays("RRULE:FREQ=WEEKLY;BYDAY=WE")),
        (vec![AreaId(4)], mondays("RRULE:FREQ=WEEKLY;BYDAY=TH")),
    ];
    let groups = plan(&calendars, day("2026-11-26"), ReminderDay::Before);
    assert_eq!(groups.len(), 2 * Language::all().count());
    let together = vec![AreaId(1), AreaId(3), AreaId(5)];
    let of_three: Vec<&Group> = groups
        .iter()
        .filter(|group| group.areas.as_ref() == Some(&together))
        .collect();
    assert_eq!(of_three.len(), Language::all().count());
    let english = of_three
        .iter()
        .find(|group| group.language.code() == "en")
        .unwrap();
    assert_eq!(
        english.message,
        "Tomorrow, Thu, 26 Nov: 燃やすごみ in English."
    );
    // On Tuesday only those hear something for whom something is collected.
    let tuesday = plan(&calendars, day("2026-11-24"), ReminderDay::Same);
    assert!(
        tuesday
            .iter()
            .all(|group| group.areas == Some(vec![AreaId(1), AreaId(5)]))
    );
}

const WEEKDAYS: [&str; 5] = ["MO", "TU", "WE", "TH", "FR"];

proptest! {
    #[test]
    fn everybody_is_in_one_group_at_most_and_nobody_left_out(
        towns in prop::collection::vec((0usize..5, 0usize..5, 1i64..4), 1..12),
        after in 0i64..60,
    ) {
        let (mut calendars, mut next) = (Vec::new(), 1);
        for (first, second, areas) in towns {
            let rule = |day: usize| format!("RRULE:FREQ=WEEKLY;BYDAY={}", WEEKDAYS[day]);
            let (first, second) = (rule(first), rule(second));
            let closures = [("2026-12-29", "2027-01-03", Effect::Skip)];
            let calendar = calendar(&[("燃やすごみ", &first), ("缶", &second)], &closures);
            calendars.push(((next..next + areas).map(AreaId).collect::<Vec<_>>(), calendar));
            next += areas;
        }
        let date = day("2026-11-24") + TimeDelta::days(after);
        let groups = plan(&calendars, date, ReminderDay::Before);
        for language in Language::all() {
            let mut areas = BTreeSet::new();
            let mut messages = BTreeSet::new();
            for group in groups.iter().filter(|group| group.language == language) {
                prop_assert!(messages.insert(&group.message), "one message, one group");
                for area in group.areas.iter().flatten() {
                    prop_assert!(areas.insert(*area), "{area} is in two groups");
                }
            }
            for (of_calendar, calendar) in &calendars {
                let speaks = phrases::garbage(language, ReminderDay::Before, &Day::of(calendar, date));
                for area in of_calendar {
                    prop_assert_eq!(areas.contains(area), speaks.is_some());
                }
            }
        }
    }
}
