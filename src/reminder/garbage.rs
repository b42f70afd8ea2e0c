//! What is said of a day's collections, and to whom. Pure.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::model::{Group, Occasion, Run};
use super::phrases;
use crate::clock::instant_in_japan;
use crate::garbage::{Calendar, Category, Collection};
use crate::ids::AreaId;
use crate::language::Language;
use crate::resident::{GarbageReminder, ReminderDay};

/// How long after its hour a reminder still helps.
const HELPS: TimeDelta = TimeDelta::hours(2);

/// A day in a calendar, as it differs from what residents are used to: by the calendar's own rules, and since an
/// edition moved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day<'a> {
    /// The day.
    pub date: NaiveDate,
    /// What is collected.
    pub collected: Vec<Collection<'a>>,
    /// What of it is otherwise collected on other days.
    pub moved_here: Vec<Collection<'a>>,
    /// What is otherwise collected on such a day, and when it is collected next.
    pub missing: Vec<(&'a Category, Option<NaiveDate>)>,
}

impl<'a> Day<'a> {
    /// The day `date` in `calendar`.
    pub fn of(calendar: &'a Calendar, date: NaiveDate) -> Self {
        let mut day = Self {
            date,
            collected: calendar.between(date, date),
            moved_here: Vec::new(),
            missing: Vec::new(),
        };
        for (category, schedule) in &calendar.collected {
            let category = category.as_ref();
            let here = Collection { date, category };
            let usual = schedule.rules.iter().any(|rule| rule.falls_on(date));
            let changed = calendar.changed.get(&category.label);
            if day.collected.contains(&here) {
                let is_new = changed.is_some_and(|changed| changed.new.contains(&date));
                // What is only ever collected on listed dates has no usual day.
                if is_new || !(usual || schedule.rules.is_empty()) {
                    day.moved_here.push(here);
                }
            } else if usual || changed.is_some_and(|changed| changed.gone.contains(&date)) {
                let later = date.succ_opt();
                let next = later.and_then(|later| calendar.next(&category.label, later));
                day.missing.push((category, next));
            }
        }
        day
    }
}

/// What is said of the collections of `day`, the evening before or that morning: for each message, those who
/// read it. Nobody is told of a day on which nothing is collected, nor usually is.
pub fn plan(
    calendars: &[(Vec<AreaId>, Calendar)],
    day: NaiveDate,
    when: ReminderDay,
) -> Vec<Group> {
    let mut groups = Vec::new();
    for language in Language::all() {
        let mut said: BTreeMap<String, Vec<AreaId>> = BTreeMap::new();
        for (areas, calendar) in calendars {
            if let Some(message) = phrases::garbage(language, when, &Day::of(calendar, day)) {
                said.entry(message).or_default().extend(areas);
            }
        }
        groups.extend(said.into_iter().map(|(message, mut areas)| {
            areas.sort_unstable();
            Group {
                language,
                areas: Some(areas),
                topic: None,
                message,
            }
        }));
    }
    groups
}

/// The run of `today` for those who chose `hour`; none for those who wish to hear nothing.
pub fn run(today: NaiveDate, hour: GarbageReminder) -> Option<Run> {
    let GarbageReminder::At(when, time) = hour else {
        return None;
    };
    let day = match when {
        ReminderDay::Before => today.succ_opt()?,
        ReminderDay::Same => today,
    };
    let begins = instant_in_japan(today.and_time(time));
    Some(Run {
        occasion: Occasion::Garbage { day, hour },
        last: None,
        day: today,
        begins,
        until: begins + HELPS,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "garbage_tests.rs"]
mod tests;
