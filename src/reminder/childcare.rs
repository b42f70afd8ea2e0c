//! What comes for children on a day, and to whom. Pure. It ends by itself: no rule counts beyond school entry.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate, NaiveTime, TimeDelta};

use super::model::{Group, Occasion, Run};
use crate::area::{Directory, Lookup};
use crate::childcare::{Due, Rule, Timetable, phrases};
use crate::clock::{Instant, instant_in_japan};
use crate::ids::AreaId;
use crate::language::Language;
use crate::resident::{Child, ChildKind, Month};

/// Minutes after midnight at which notices go out: ten in the morning.
const AT_MINUTE: i64 = 10 * 60;
/// The same, as it is agreed to.
pub(super) const HOUR: &str = "10:00";
/// How long a notice that was missed still goes out.
const LATE_DAYS: u64 = 3;
/// Months before and after a day in which children can be whom something is due for on it: an offset is twenty
/// years at most, and a child is due within a year.
const MONTHS_BACK: u32 = 27 * 12;
const MONTHS_AHEAD: u32 = 12;

/// Something that comes for all children of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming<'a> {
    /// By which version of which rule.
    pub rule: &'a Rule,
    /// For whom.
    pub child: Child,
    /// Which time: 0, unless it comes each April.
    pub nth: usize,
    /// When, and from when to when it can be had.
    pub due: Due,
}

impl Coming<'_> {
    /// Under which name it is taken up.
    pub fn occasion(&self) -> Occasion {
        Occasion::Childcare {
            rule: self.rule.code.clone(),
            child: self.child,
            nth: self.nth,
        }
    }
}

/// What comes on `day`, in the town's order; rules that are off unless chosen, and cannot be chosen, left out.
pub fn coming(timetable: &Timetable, day: NaiveDate) -> Vec<Coming<'_>> {
    coming_between(timetable, day, day)
}

/// What comes from `from` to `to`, both days included, by day and then as [`coming`].
pub fn coming_between(timetable: &Timetable, from: NaiveDate, to: NaiveDate) -> Vec<Coming<'_>> {
    let children = children(from, to);
    let rules = timetable.all().iter();
    let sent = rules.filter(|rule| rule.default_on || rule.topic.is_some());
    let mut coming = Vec::new();
    for rule in sent {
        for child in &children {
            let due = rule.due(child).into_iter().enumerate();
            let due = due.filter(|(_, due)| (from..=to).contains(&due.on) && rule.holds_on(due.on));
            coming.extend(due.map(|(nth, due)| Coming {
                rule,
                child: *child,
                nth,
                due,
            }));
        }
    }
    // Stable: within a day, the town's order.
    coming.sort_by_key(|coming| coming.due.on);
    coming
}

/// When on `day` notices go out.
pub(super) fn begins(day: NaiveDate) -> Instant {
    instant_in_japan(day.and_time(NaiveTime::MIN)) + TimeDelta::minutes(AT_MINUTE)
}

/// Everybody whom something can be due for from `from` to `to`.
fn children(from: NaiveDate, to: NaiveDate) -> Vec<Child> {
    let first = Month::of(from).first_day() - Months::new(MONTHS_BACK);
    let last = Month::of(to).first_day() + Months::new(MONTHS_AHEAD);
    let months = (0..).map(|after| first + Months::new(after));
    months
        .take_while(|month| *month <= last)
        .map(Month::of)
        .flat_map(|month| [ChildKind::Born, ChildKind::Due].map(|kind| Child { month, kind }))
        .collect()
}

/// The next days on which the rule of this code comes for children of some month, `today` among them; at
/// most so many.
pub fn next(timetable: &Timetable, code: &str, today: NaiveDate, most: usize) -> Vec<NaiveDate> {
    let children = children(today, today);
    let mut days = BTreeSet::new();
    for rule in timetable.versions(code) {
        if !(rule.default_on || rule.topic.is_some()) {
            continue;
        }
        let due = children.iter().flat_map(|child| rule.due(child));
        let due = due.map(|due| due.on);
        days.extend(due.filter(|day| *day >= today && rule.holds_on(*day)));
    }
    days.into_iter().take(most).collect()
}

/// The runs that may be taken up on `today`: those of the day, and of a few days before in case nobody did.
pub fn runs(timetable: &Timetable, today: NaiveDate) -> Vec<Run> {
    let days = (0..=LATE_DAYS).rev().map(|back| today - Days::new(back));
    days.flat_map(|day| {
        let begins = begins(day);
        let run = move |coming: Coming<'_>| Run {
            occasion: coming.occasion(),
            day,
            begins,
            until: begins + TimeDelta::days(LATE_DAYS.cast_signed()),
        };
        coming(timetable, day)
            .into_iter()
            .map(run)
            .collect::<Vec<_>>()
    })
    .collect()
}

/// What is said of it, in each language, and to whom.
pub fn plan(directory: &Directory, coming: &Coming<'_>) -> Vec<Group> {
    let Coming { rule, due, .. } = coming;
    let areas = (!rule.areas.is_empty()).then(|| areas(directory, &rule.areas));
    Language::all()
        .map(|language| Group {
            language,
            areas: areas.clone(),
            topic: rule.topic.clone(),
            message: phrases::notice(language, rule, *due),
        })
        .collect()
}

/// The areas that labels of areas and districts mean; one the town no longer has means none.
fn areas(directory: &Directory, labels: &[String]) -> Vec<AreaId> {
    let mut areas: Vec<AreaId> = Vec::new();
    for label in labels {
        let in_district = directory.in_district(label);
        if in_district.is_empty() {
            match directory.by_label(label) {
                Lookup::Found(area) => areas.push(area.id),
                _ => tracing::warn!(label, "a childcare rule names an area that is not there"),
            }
        }
        areas.extend(in_district.into_iter().map(|area| area.id));
    }
    areas.sort_unstable();
    areas.dedup();
    areas
}

/// What came for `child` before `today` and can still be had: told to whoever registers the child late. What has
/// no last day is not among it.
pub fn still_useful<'a>(
    timetable: &'a Timetable,
    child: &Child,
    today: NaiveDate,
) -> Vec<(&'a Rule, Due)> {
    let mut useful = timetable.due(child);
    useful.retain(|(rule, due)| {
        let open = due.until.is_some_and(|until| today < until);
        (rule.default_on || rule.topic.is_some()) && due.on < today && open
    });
    useful
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "childcare_tests.rs"]
mod tests;
