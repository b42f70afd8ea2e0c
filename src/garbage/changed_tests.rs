//! What residents are told after one edition or several.

use std::sync::Arc;

use chrono::Days;
use proptest::prelude::*;

use super::*;
use crate::garbage::recurrence::Recurrence;
use crate::garbage::recurrence::tests::any_recurrence;
use crate::garbage::{Category, Closure, Effect};

const BURNABLE: &str = "燃えるごみ";
const THURSDAYS: &str = "RRULE:FREQ=WEEKLY;BYDAY=TH";
const FRIDAYS: &str = "RRULE:FREQ=WEEKLY;BYDAY=FR";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A Tuesday.
fn today() -> NaiveDate {
    day("2026-11-24")
}

fn edition(collected: &[(&str, &str)]) -> Calendar {
    let category = |label: &str| Category {
        label: label.to_owned(),
        ..Category::default()
    };
    let collected = collected.iter();
    Calendar {
        collected: collected
            .map(|(label, schedule)| (Arc::new(category(label)), schedule.parse().unwrap()))
            .collect(),
        ..Calendar::default()
    }
}

fn burnable(schedule: &str) -> Calendar {
    edition(&[(BURNABLE, schedule)])
}

/// The edition that comes after `self`, as it is kept.
trait Then {
    fn then(&self, next: Calendar, today: NaiveDate) -> Calendar;
    /// Days of burnable garbage that are gone, and those that are new.
    fn told(&self) -> [Vec<String>; 2];
}

impl Then for Calendar {
    fn then(&self, next: Calendar, today: NaiveDate) -> Calendar {
        let changed = since(self, &next, today);
        Calendar { changed, ..next }
    }

    fn told(&self) -> [Vec<String>; 2] {
        let days = |days: &BTreeSet<NaiveDate>| {
            let days = days.iter();
            days.map(|day| day.format("%m-%d").to_string()).collect()
        };
        let changed = self.changed.get(BURNABLE);
        changed.map_or_else(Default::default, |changed| {
            [days(&changed.gone), days(&changed.new)]
        })
    }
}

const NOTHING: [[&str; 0]; 2] = [[], []];

#[test]
fn a_weekday_that_moves_is_told_for_four_weeks() {
    let moved = burnable(THURSDAYS).then(burnable(FRIDAYS), today());
    assert_eq!(
        moved.told(),
        [
            ["11-26", "12-03", "12-10", "12-17"],
            ["11-27", "12-04", "12-11", "12-18"]
        ]
    );
    // The next edition moves nothing: what is still ahead stays, for no longer.
    let again = moved.then(burnable(FRIDAYS), day("2026-12-04"));
    assert_eq!(
        again.told(),
        [vec!["12-10", "12-17"], vec!["12-04", "12-11", "12-18"]]
    );
    let over = again.then(burnable(FRIDAYS), day("2026-12-19"));
    assert_eq!(over.told(), NOTHING);
}

#[test]
fn a_correction_keeps_what_is_still_true() {
    let moved = burnable(THURSDAYS).then(burnable(FRIDAYS), today());
    // The second Friday is a Thursday after all, and the third a Saturday.
    let but = "\nRDATE;VALUE=DATE:20261203,20261212\nEXDATE;VALUE=DATE:20261204,20261211";
    let corrected = moved.then(burnable(&format!("{FRIDAYS}{but}")), today());
    assert_eq!(
        corrected.told(),
        [["11-26", "12-10", "12-17"], ["11-27", "12-12", "12-18"]]
    );
}

#[test]
fn the_old_edition_takes_it_back() {
    let moved = burnable(THURSDAYS).then(burnable(FRIDAYS), today());
    for back_on in ["2026-11-24", "2026-12-08", "2026-12-18"] {
        let back = moved.then(burnable(THURSDAYS), day(back_on));
        assert_eq!(back.told(), NOTHING, "{back_on}");
    }
    // Of what had been told to the end, going back is another change.
    let back = moved.then(burnable(THURSDAYS), day("2026-12-19"));
    assert_eq!(back.told()[0][0], "12-25");
    // Through another edition and back it is told as before.
    let there = moved.then(burnable("RRULE:FREQ=WEEKLY;BYDAY=SA"), today());
    assert_eq!(there.told()[1], ["11-28", "12-05", "12-12", "12-19"]);
    let back = there.then(burnable(FRIDAYS), today());
    assert_eq!(back.told(), moved.told());
}

#[test]
fn a_single_day_taken_back_hides_nothing_that_comes_after_it() {
    let but = "\nRDATE;VALUE=DATE:20261204\nEXDATE;VALUE=DATE:20261203";
    let once = burnable(THURSDAYS).then(burnable(&format!("{THURSDAYS}{but}")), today());
    assert_eq!(once.told(), [["12-03"], ["12-04"]]);
    // That week it is Thursday again, and from the next on Friday.
    let but = "\nRDATE;VALUE=DATE:20261126,20261203\nEXDATE;VALUE=DATE:20261127,20261204";
    let later = once.then(burnable(&format!("{FRIDAYS}{but}")), today());
    assert_eq!(
        later.told(),
        [["12-10", "12-17", "12-24"], ["12-11", "12-18", "12-25"]]
    );
}

#[test]
fn a_list_of_dates_that_goes_on_changes_nothing() {
    let this_year = "RDATE;VALUE=DATE:20261209,20270210";
    let goes_on = burnable(this_year).then(burnable(&format!("{this_year},20270414")), today());
    assert_eq!(goes_on.told(), NOTHING);
    let weekly = burnable(this_year).then(burnable(THURSDAYS), day("2027-02-11"));
    assert_eq!(weekly.told(), NOTHING, "after the list's end");
    let ends = burnable(THURSDAYS).then(burnable("RDATE;VALUE=DATE:20261126,20261203"), today());
    assert_eq!(ends.told(), NOTHING, "the list says nothing of later days");
    // A date of the list that moves is told.
    let moved = "RDATE;VALUE=DATE:20261210,20270210,20270414";
    let moved = burnable(this_year).then(burnable(moved), today());
    assert_eq!(moved.told(), [["12-09"], ["12-10"]]);
}

#[test]
fn what_comes_or_goes_altogether_is_no_move() {
    let [cans, both] = [
        edition(&[("缶", FRIDAYS)]),
        edition(&[("缶", FRIDAYS), (BURNABLE, THURSDAYS)]),
    ];
    assert!(cans.then(both.clone(), today()).changed.is_empty());
    assert!(both.then(cans.clone(), today()).changed.is_empty());
    // And what had been told of it goes with it.
    let moved = burnable(THURSDAYS).then(burnable(FRIDAYS), today());
    let gone = moved.then(cans, today());
    assert_eq!(gone.then(burnable(FRIDAYS), today()).told(), NOTHING);
}

#[test]
fn a_closure_that_comes_later_is_a_change_of_its_days() {
    let mut closed = burnable(THURSDAYS);
    closed.closures.push(Closure {
        first: day("2026-12-29"),
        last: day("2027-01-03"),
        effect: Effect::Skip,
    });
    let closed = burnable(THURSDAYS).then(closed, today());
    assert_eq!(closed.told(), [vec!["12-31"], vec![]]);
}

fn with(rules: Vec<Recurrence>) -> Calendar {
    let schedule = Schedule {
        rules,
        ..Schedule::default()
    };
    let category = Category {
        label: BURNABLE.to_owned(),
        ..Category::default()
    };
    Calendar {
        collected: vec![(Arc::new(category), schedule)],
        ..Calendar::default()
    }
}

fn any_edition() -> impl Strategy<Value = Calendar> {
    prop::collection::vec(any_recurrence(), 1..3).prop_map(with)
}

proptest! {
    #[test]
    fn only_what_is_true_is_told_and_no_day_that_is_over(
        editions in prop::collection::vec((any_edition(), 0..20_u64), 2..6),
    ) {
        let (mut now, mut today) = (editions[0].0.clone(), today());
        for (next, after) in editions {
            today = today + Days::new(after);
            now = now.then(next, today);
            let collected = days(&now, BURNABLE, today);
            for changed in now.changed.values() {
                prop_assert!(!changed.is_empty());
                prop_assert!(changed.gone.iter().all(|day| !collected.contains(day)));
                prop_assert!(changed.new.iter().all(|day| collected.contains(day)));
                prop_assert!(changed.days().all(|day| (today..=changed.until).contains(day)));
            }
        }
    }

    #[test]
    fn the_same_edition_again_changes_nothing(
        old in any_edition(), new in any_edition(), after in 0..40_u64,
    ) {
        let kept = old.then(new.clone(), today());
        prop_assert_eq!(&kept.then(new.clone(), today()).changed, &kept.changed);
        let later = today() + Days::new(after);
        let ahead = |calendar: &Calendar| {
            let changed = calendar.changed.values().next();
            let days = changed.into_iter().flat_map(Changed::days).copied();
            days.filter(|day| *day >= later).collect::<BTreeSet<_>>()
        };
        let again = kept.then(new, later);
        prop_assert_eq!(ahead(&again), ahead(&kept));
    }

    #[test]
    fn the_edition_before_takes_back_what_is_still_to_be_told(
        old in any_edition(), new in any_edition(), after in 0..30_u64,
    ) {
        let kept = old.then(new, today());
        let later = today() + Days::new(after);
        let told = kept.changed.get(BURNABLE);
        prop_assume!(told.is_some_and(|told| told.days().any(|day| *day >= later)));
        prop_assert!(kept.then(old, later).changed.is_empty());
    }

    #[test]
    fn two_editions_of_a_day_tell_what_one_would(
        old in any_edition(), between in any_edition(), new in any_edition(),
    ) {
        let until = |calendar: &Calendar| {
            let changed = calendar.changed.get(BURNABLE);
            changed.map_or(NaiveDate::MAX, |changed| changed.until)
        };
        let first = old.then(between.clone(), today());
        let second = between.then(new.clone(), today());
        let until = until(&first).min(until(&second));
        let far = today() + Days::new(COMPARED_DAYS);
        let expected = |some: &Calendar, others: &Calendar| -> BTreeSet<NaiveDate> {
            let (some, others) = (days(some, BURNABLE, today()), days(others, BURNABLE, today()));
            let only = some.difference(&others).copied();
            only.filter(|day| *day <= until.min(far)).collect()
        };
        let both = first.then(new.clone(), today());
        let told = |of: fn(&Changed) -> &BTreeSet<NaiveDate>| -> BTreeSet<NaiveDate> {
            let days = both.changed.get(BURNABLE).into_iter().flat_map(of).copied();
            days.filter(|day| *day <= until).collect()
        };
        prop_assert_eq!(told(|changed| &changed.gone), expected(&old, &new));
        prop_assert_eq!(told(|changed| &changed.new), expected(&new, &old));
    }
}
