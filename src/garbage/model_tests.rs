#![allow(clippy::unwrap_used)]

use super::*;
use chrono::Datelike;
use chrono::Weekday::{self, Fri, Mon, Thu, Tue, Wed};

use crate::garbage::recurrence::{MonthSet, Recurrence};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(texts: &[&str]) -> Vec<NaiveDate> {
    texts.iter().map(|text| day(text)).collect()
}

fn schedule(label: &str, rules: Vec<Recurrence>) -> (Arc<Category>, Schedule) {
    let category = Category {
        label: label.into(),
        ..Category::default()
    };
    let schedule = Schedule {
        rules,
        ..Schedule::default()
    };
    (Arc::new(category), schedule)
}

fn weekly(weekday: Weekday) -> Recurrence {
    Recurrence::Weekly(weekday, MonthSet::ALL)
}

fn nth(nth: u8, weekday: Weekday) -> Recurrence {
    Recurrence::Monthly(nth, weekday, MonthSet::ALL)
}

fn closed(first: &str, last: &str, effect: Effect) -> Closure {
    Closure {
        first: day(first),
        last: day(last),
        effect,
    }
}

fn dates(calendar: &Calendar, from: &str, to: &str) -> Vec<NaiveDate> {
    let found = calendar.between(day(from), day(to));
    found.iter().map(|collection| collection.date).collect()
}

#[test]
fn collections_come_by_date_and_then_in_the_files_order() {
    let calendar = Calendar {
        collected: vec![
            schedule("b", vec![weekly(Mon), weekly(Thu)]),
            schedule("a", vec![nth(1, Mon)]),
        ],
        closures: Vec::new(),
        ..Calendar::default()
    };
    let found: Vec<(NaiveDate, &str)> = calendar
        .collections(day("2026-12-03"), 5)
        .into_iter()
        .map(|c| (c.date, c.category.label.as_str()))
        .collect();
    let monday = day("2026-12-07");
    assert_eq!(
        found,
        [(day("2026-12-03"), "b"), (monday, "b"), (monday, "a")]
    );
    assert_eq!(
        calendar.next("a", day("2026-12-08")),
        Some(day("2027-01-04"))
    );
    assert_eq!(calendar.next("c", day("2026-12-08")), None);
    assert!(calendar.collections(monday, 0).is_empty());
}

#[test]
fn the_fifth_weekday_is_the_fifth_in_the_month() {
    let calendar = Calendar {
        collected: vec![schedule("a", vec![nth(5, Wed)])],
        closures: Vec::new(),
        ..Calendar::default()
    };
    assert_eq!(
        dates(&calendar, "2026-11-01", "2026-12-31"),
        days(&["2026-12-30"])
    );
}

#[test]
fn the_next_day_is_found_however_far_off() {
    let february = MonthSet::of([2]).unwrap();
    let calendar = Calendar {
        collected: vec![schedule("a", vec![Recurrence::Monthly(5, Wed, february)])],
        closures: Vec::new(),
        ..Calendar::default()
    };
    assert_eq!(
        calendar.next("a", day("2026-01-01")),
        Some(day("2040-02-29"))
    );
}

#[test]
fn a_closure_loses_what_falls_in_it() {
    let calendar = Calendar {
        collected: vec![
            schedule("weekly", vec![weekly(Mon), weekly(Thu)]),
            schedule("monthly", vec![nth(1, Thu)]),
            schedule(
                "fortnight",
                vec![Recurrence::Fortnightly(day("2018-12-17"), MonthSet::ALL)],
            ),
        ],
        closures: vec![closed("2018-12-29", "2019-01-03", Effect::Skip)],
        ..Calendar::default()
    };
    assert_eq!(
        dates(&calendar, "2018-12-24", "2019-01-14"),
        days(&[
            "2018-12-24",
            "2018-12-27",
            "2019-01-07",
            "2019-01-10",
            "2019-01-14",
            "2019-01-14"
        ])
    );
}

#[test]
fn a_shifting_closure_moves_the_nth_weekdays_of_the_rest_of_its_month() {
    // January 2019: Tuesdays 1, 8, 15, 22, 29.
    let shifted = |nths: &[u8]| {
        let calendar = Calendar {
            collected: vec![schedule("a", nths.iter().map(|n| nth(*n, Tue)).collect())],
            closures: vec![closed("2018-12-29", "2019-01-03", Effect::ShiftWeek)],
            ..Calendar::default()
        };
        dates(&calendar, "2018-12-01", "2019-02-28")
            .into_iter()
            .filter(|d| d.month() == 1)
            .collect::<Vec<_>>()
    };
    assert_eq!(shifted(&[1, 3]), days(&["2019-01-08", "2019-01-22"]));
    assert_eq!(shifted(&[4]), days(&["2019-01-29"]));
    assert_eq!(shifted(&[5]), days(&[]), "what leaves the month is lost");
}

#[test]
fn a_shift_begins_with_the_closed_day_and_ends_with_the_month() {
    let calendar = Calendar {
        collected: vec![schedule("a", vec![nth(1, Fri), nth(2, Fri), nth(3, Fri)])],
        closures: vec![closed("2026-08-12", "2026-08-16", Effect::ShiftWeek)],
        ..Calendar::default()
    };
    assert_eq!(
        dates(&calendar, "2026-08-01", "2026-09-12"),
        days(&[
            "2026-08-07",
            "2026-08-21",
            "2026-08-28",
            "2026-09-04",
            "2026-09-11"
        ])
    );
}

#[test]
fn shifting_and_skipping_are_one_for_weekly_rules() {
    for effect in [Effect::Skip, Effect::ShiftWeek] {
        let calendar = Calendar {
            collected: vec![schedule("a", vec![weekly(Tue)])],
            closures: vec![closed("2018-12-29", "2019-01-09", effect)],
            ..Calendar::default()
        };
        assert_eq!(
            dates(&calendar, "2018-12-25", "2019-01-15"),
            days(&["2018-12-25", "2019-01-15"])
        );
    }
}

#[test]
fn no_collection_is_moved_into_a_closure() {
    let calendar = Calendar {
        collected: vec![schedule("a", vec![nth(1, Tue)])],
        closures: vec![closed("2018-12-29", "2019-01-09", Effect::ShiftWeek)],
        ..Calendar::default()
    };
    assert!(dates(&calendar, "2019-01-01", "2019-01-31").is_empty());
}

#[test]
fn dated_additions_win_over_everything_and_cancellations_over_rules() {
    let mut moved = schedule("a", vec![weekly(Mon)]);
    moved.1.cancelled = days(&["2026-11-23"]).into_iter().collect();
    moved.1.added = days(&["2026-11-22", "2026-12-31"]).into_iter().collect();
    let calendar = Calendar {
        collected: vec![moved],
        closures: vec![closed("2026-12-28", "2027-01-03", Effect::Skip)],
        ..Calendar::default()
    };
    assert_eq!(
        dates(&calendar, "2026-11-20", "2027-01-04"),
        days(&[
            "2026-11-22",
            "2026-11-30",
            "2026-12-07",
            "2026-12-14",
            "2026-12-21",
            "2026-12-31",
            "2027-01-04"
        ])
    );
}

#[test]
fn a_list_of_dates_ends_and_a_rule_does_not() {
    let mut listed = Schedule::default();
    assert_eq!(listed.ends_on(), None);
    listed.added = days(&["2026-11-22", "2027-03-25"]).into_iter().collect();
    assert_eq!(listed.ends_on(), Some(day("2027-03-25")));
    listed.rules.push(weekly(Mon));
    assert_eq!(listed.ends_on(), None);
}
