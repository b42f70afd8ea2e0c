//! What a new edition of the calendar changes of the days that residents are used to. Pure.
//!
//! An edition says nothing of the one before: a Thursday that has become a Friday is a Friday like any other. So
//! what residents would not expect is kept beside the calendar, for four weeks from the first day that differs,
//! and reminders tell it. After that it is what they are used to.
//!
//! A category is told of where both editions have it: one that is new was never expected on another day, and one
//! that is no more has no name by which residents could be told.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::model::{Calendar, later};
use super::schedule::Schedule;

/// How far ahead days are compared: a fiscal year and the month in which the next one is published.
const COMPARED_DAYS: u64 = 400;
/// For how many days residents are told, beginning with the first that differs.
const TOLD_DAYS: u64 = 28;

/// Days on which the collection of a category is not as residents are used to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// They expect it, and it is not collected.
    pub gone: BTreeSet<NaiveDate>,
    /// They do not expect it, and it is collected.
    pub new: BTreeSet<NaiveDate>,
    /// The last day of which they are told.
    pub until: NaiveDate,
}

impl Changed {
    fn days(&self) -> impl Iterator<Item = &NaiveDate> {
        self.gone.iter().chain(&self.new)
    }

    fn is_empty(&self) -> bool {
        self.days().next().is_none()
    }

    /// With `more`, of other days.
    fn and(self, more: Self) -> Option<Self> {
        match (self.is_empty(), more.is_empty()) {
            (true, true) => None,
            (true, false) => Some(more),
            (false, true) => Some(self),
            (false, false) => Some(Self {
                gone: &self.gone | &more.gone,
                new: &self.new | &more.new,
                until: self.until.max(more.until),
            }),
        }
    }
}

/// What is not as residents are used to from `today` on, by category, where `new` comes after `old`. What `old`
/// had still to tell is not forgotten as long as it is true.
pub(super) fn since(old: &Calendar, new: &Calendar, today: NaiveDate) -> BTreeMap<String, Changed> {
    let told = new.categories().filter_map(|category| {
        let changed = of_category(old, new, &category.label, today)?;
        Some((category.label.clone(), changed))
    });
    told.collect()
}

fn of_category(old: &Calendar, new: &Calendar, label: &str, today: NaiveDate) -> Option<Changed> {
    let (was, will) = (old.schedule(label)?, new.schedule(label)?);
    let earlier = old.changed.get(label);
    if earlier.is_none() && was == will && old.closures == new.closures {
        return None;
    }
    let (before, after) = (days(old, label, today), days(new, label, today));
    let known = known_until(was).min(known_until(will));
    let edition = told_of(&before, &after, known.min(later(today, COMPARED_DAYS)));
    match earlier {
        Some(earlier) => merged(earlier, edition, &after, today),
        None => edition,
    }
}

/// The first weeks of what an edition changes of the days `before`, as far as is known.
fn told_of(
    before: &BTreeSet<NaiveDate>,
    after: &BTreeSet<NaiveDate>,
    known: NaiveDate,
) -> Option<Changed> {
    let first = before.symmetric_difference(after).next()?;
    let until = later(*first, TOLD_DAYS - 1).min(known);
    let only = |some: &BTreeSet<NaiveDate>, others: &BTreeSet<NaiveDate>| {
        let only = some.difference(others).copied();
        only.filter(|day| *day <= until).collect()
    };
    let (gone, new) = (only(before, after), only(after, before));
    Some(Changed { gone, new, until }).filter(|changed| !changed.is_empty())
}

/// What an edition changes, after one that changed something `earlier`: it is compared with what residents were
/// used to before either. `after` is when it is collected now.
fn merged(
    earlier: &Changed,
    edition: Option<Changed>,
    after: &BTreeSet<NaiveDate>,
    today: NaiveDate,
) -> Option<Changed> {
    let mut ahead = earlier.clone();
    ahead.gone.retain(|day| *day >= today);
    ahead.new.retain(|day| *day >= today);
    let mut kept = ahead.clone();
    kept.gone.retain(|day| !after.contains(day));
    kept.new.retain(|day| after.contains(day));
    let Some(mut fresh) = edition else {
        return Some(kept).filter(|kept| !kept.is_empty());
    };
    // What comes back is as they were used to; what goes again they never were.
    fresh.gone.retain(|day| !ahead.new.contains(day));
    fresh.new.retain(|day| !ahead.gone.contains(day));
    // All that was still to be told is taken back: that they would have been used to it later does not matter.
    let taken_back = !ahead.is_empty() && kept.is_empty();
    if taken_back && fresh.days().all(|day| *day > ahead.until) {
        return None;
    }
    kept.and(fresh)
}

/// Up to when a schedule says whether it is collected: a list of dates goes on when the next year is published.
fn known_until(schedule: &Schedule) -> NaiveDate {
    match schedule.rules.is_empty() {
        true => schedule.ends_on().unwrap_or(NaiveDate::MIN),
        false => NaiveDate::MAX,
    }
}

/// When a category is collected from `today` on, as far as days are compared.
pub(super) fn days(calendar: &Calendar, label: &str, today: NaiveDate) -> BTreeSet<NaiveDate> {
    let schedule = calendar.schedule(label);
    schedule.map_or_else(BTreeSet::new, |schedule| {
        schedule.between(today, later(today, COMPARED_DAYS), &calendar.closures)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "changed_tests.rs"]
mod tests;
