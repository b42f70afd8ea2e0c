//! What comes for children on a day, and to whom. Pure. It ends by itself: no rule counts beyond school entry.

use chrono::{Months, NaiveDate, NaiveTime, TimeDelta};

use super::model::{Group, Occasion, Run};
use crate::area::{Directory, Lookup};
use crate::childcare::{Due, Rule, Timetable, phrases};
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::ids::AreaId;
use crate::language::Language;
use crate::resident::{Child, ChildKind, Month};

/// When on their day notices go out: ten in the morning.
const HOUR: NaiveTime = match NaiveTime::from_hms_opt(10, 0, 0) {
    Some(hour) => hour,
    None => NaiveTime::MIN,
};
/// How long a notice that was missed still goes out.
pub(super) const LATE_DAYS: u64 = 3;
/// Months after that of a birth in which the last day falls from which a rule counts: the child enters school.
const UNTIL_SCHOOL: u32 = 8 * 12;
/// Days ahead in which the next day of a rule is looked for: there are some that come once a year.
const DAYS_AHEAD: usize = 3 * 366;

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

    /// Whether it is said on `run`.
    pub(super) fn is_said_on(&self, run: &Run) -> bool {
        match &run.occasion {
            Occasion::Childcare { rule, child, .. } => {
                let months = child.month..=run.last.unwrap_or(child.month);
                (*rule == self.rule.code && child.kind == self.child.kind)
                    && (run.day == self.due.on && months.contains(&self.child.month))
            }
            Occasion::Garbage { .. } => false,
        }
    }

    /// Whether `next` is said in the same words, for children of the month after.
    fn is_said_with(&self, next: &Self) -> bool {
        let after = Month::of(self.child.month.first_day() + Months::new(1));
        // Words are made of the rule, and of when it is due.
        (std::ptr::eq(self.rule, next.rule) && self.due == next.due)
            && (self.child.kind == next.child.kind && after == next.child.month)
    }
}

/// What comes on `day`, in the town's order; rules that are off unless chosen, and cannot be chosen, left out.
pub fn coming(timetable: &Timetable, day: NaiveDate) -> Vec<Coming<'_>> {
    let sent = timetable
        .in_force(day)
        .filter(|rule| rule.default_on || rule.topic.is_some());
    sent.flat_map(|rule| of_rule(rule, day)).collect()
}

/// What comes from `from` to `to`, both days included, by day and then as [`coming`].
pub fn coming_between(timetable: &Timetable, from: NaiveDate, to: NaiveDate) -> Vec<Coming<'_>> {
    let days = from.iter_days().take_while(|day| *day <= to);
    days.flat_map(|day| coming(timetable, day)).collect()
}

/// When on `day` notices go out.
pub(super) fn begins(day: NaiveDate) -> Instant {
    instant_in_japan(day.and_time(HOUR))
}

/// The same, as it is agreed to.
pub(super) fn hour() -> String {
    HOUR.format("%H:%M").to_string()
}

/// What comes by this version on `day`.
fn of_rule(rule: &Rule, day: NaiveDate) -> Vec<Coming<'_>> {
    let Some(anchor) = rule.counts_from(day) else {
        return Vec::new();
    };
    let first = anchor - Months::new(UNTIL_SCHOOL);
    let months = (0..=UNTIL_SCHOOL).map(|after| Month::of(first + Months::new(after)));
    let children = months
        .flat_map(|month| [ChildKind::Born, ChildKind::Due].map(|kind| Child { month, kind }));
    let coming = children.flat_map(|child| of_child(rule, child));
    coming.filter(|coming| coming.due.on == day).collect()
}

/// Whatever comes by this version for `child`, whether or not it holds then.
fn of_child(rule: &Rule, child: Child) -> impl Iterator<Item = Coming<'_>> {
    let due = rule.due(&child).into_iter().enumerate();
    due.map(move |(nth, due)| Coming {
        rule,
        child,
        nth,
        due,
    })
}

/// The next days on which the rule of this code comes for children of some month, `today` among them; at
/// most so many.
pub fn next(timetable: &Timetable, code: &str, today: NaiveDate, most: usize) -> Vec<NaiveDate> {
    let versions = timetable.versions(code);
    let comes = |day: &NaiveDate| {
        let mut sent = versions.iter().filter(|rule| rule.holds_on(*day));
        sent.any(|rule| {
            (rule.default_on || rule.topic.is_some()) && !of_rule(rule, *day).is_empty()
        })
    };
    let days = today.iter_days().take(DAYS_AHEAD);
    days.filter(comes).take(most).collect()
}

/// On which runs it is said, in the order in which it comes. What is said in the same words for children of months in
/// a row is one run: a family with several of them is told once, and envelopes are full.
pub fn runs(coming: &[Coming<'_>]) -> Vec<Run> {
    let together = coming.chunk_by(|one, next| one.is_said_with(next));
    let runs = together.filter_map(|coming| {
        let (first, last) = (coming.first()?, coming.last()?);
        let last = (coming.len() > 1).then_some(last.child.month);
        Some(run(first.occasion(), last, first.due.on))
    });
    runs.collect()
}

/// An occasion that comes on `day`, for months to `last`.
pub(super) fn run(occasion: Occasion, last: Option<Month>, day: NaiveDate) -> Run {
    Run {
        occasion,
        last,
        day,
        begins: begins(day),
        until: until(day),
    }
}

/// From when on what came on `day` does not go out any more.
pub(super) fn until(day: NaiveDate) -> Instant {
    begins(day) + TimeDelta::days(LATE_DAYS.cast_signed())
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

/// What has come for `child` by `now` and can still be had. What has no last day is not among it.
pub fn open_for(timetable: &Timetable, child: Child, now: Instant) -> Vec<Coming<'_>> {
    let today = date_in_japan(now);
    let rules = timetable.all().iter();
    let sent = rules.filter(|rule| rule.default_on || rule.topic.is_some());
    let coming = sent.flat_map(|rule| of_child(rule, child));
    let mut open: Vec<Coming<'_>> = coming
        .filter(|Coming { rule, due, .. }| {
            let has_come = rule.holds_on(due.on) && begins(due.on) <= now;
            has_come && due.until.is_some_and(|until| today < until)
        })
        .collect();
    open.sort_by_key(|coming| coming.due.on); // stable: the town's order within a day
    open
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "childcare_tests.rs"]
mod tests;
