//! When one category is collected in one area, and the RFC 5545 text it is stored as.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};

use super::model::{Closure, Effect, later};
use super::recurrence::{NotARecurrence, Recurrence, nth_in_month, nth_weekday, parse_date};

const ADDED: &str = "RDATE;VALUE=DATE:";
const CANCELLED: &str = "EXDATE;VALUE=DATE:";

/// Rules, dates added to them and dates taken from them. As text, one RFC 5545 property a line;
/// a `DTSTART` belongs to the `RRULE` right behind it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Schedule {
    /// The rules by which the collection comes again.
    pub rules: Vec<Recurrence>,
    /// Dates on which it is collected, whatever rules and closures say.
    pub added: BTreeSet<NaiveDate>,
    /// Dates on which it is not collected, whatever the rules say.
    pub cancelled: BTreeSet<NaiveDate>,
    /// What the town remarks on it, sentence by sentence.
    pub remarks: Vec<String>,
}

impl Schedule {
    /// The days from `from` to `to`, both included, in order.
    pub fn between(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        closures: &[Closure],
    ) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        if from > to {
            return days;
        }
        // A day that a closure has moved comes from the week before.
        let earlier = from.checked_sub_days(Days::new(7)).unwrap_or(from);
        for rule in &self.rules {
            let due = rule.between(earlier, to).into_iter();
            days.extend(due.filter_map(|day| observed(*rule, day, closures)));
        }
        days.retain(|day| (from..=to).contains(day) && !self.cancelled.contains(day));
        days.extend(self.added.range(from..=to));
        days
    }

    /// Whether the rules and dates, closures aside, name `date`.
    pub fn names(&self, date: NaiveDate) -> bool {
        self.added.contains(&date) || self.rules.iter().any(|rule| rule.falls_on(date))
    }

    /// The last day of a schedule that is a list of dates and nothing else.
    pub fn ends_on(&self) -> Option<NaiveDate> {
        self.added.last().copied().filter(|_| self.rules.is_empty())
    }
}

/// The day on which the collection that `rule` sets on `day` takes place, if any.
fn observed(rule: Recurrence, day: NaiveDate, closures: &[Closure]) -> Option<NaiveDate> {
    let closed = |day: NaiveDate| closures.iter().any(|closure| closure.covers(day));
    let observed = if shifted(rule, day, closures) {
        later(day, 7)
    } else {
        day
    };
    (observed.month() == day.month() && !closed(observed)).then_some(observed)
}

/// Whether a closure, on this weekday of the month up to `day`, has moved the rule by a week.
fn shifted(rule: Recurrence, day: NaiveDate, closures: &[Closure]) -> bool {
    let Recurrence::Monthly(_, weekday, _) = rule else {
        return false;
    };
    let shifts = |day: NaiveDate| {
        let mut shifting = closures.iter().filter(|c| c.effect == Effect::ShiftWeek);
        shifting.any(|closure| closure.covers(day))
    };
    day.with_day(1).is_some_and(|first_of_month| {
        (1..=nth_in_month(day))
            .filter_map(|nth| nth_weekday(first_of_month, nth, weekday))
            .any(shifts)
    })
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines: Vec<String> = self.rules.iter().map(Recurrence::to_string).collect();
        for (property, dates) in [(ADDED, &self.added), (CANCELLED, &self.cancelled)] {
            if !dates.is_empty() {
                let dates: Vec<String> = dates
                    .iter()
                    .map(|d| d.format("%Y%m%d").to_string())
                    .collect();
                lines.push(format!("{property}{}", dates.join(",")));
            }
        }
        f.write_str(&lines.join("\n"))
    }
}

impl FromStr for Schedule {
    type Err = NotARecurrence;

    /// Reads what [`Display`](fmt::Display) wrote; remarks are not part of it.
    fn from_str(text: &str) -> Result<Self, NotARecurrence> {
        let mut schedule = Self::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if let Some(listed) = line.strip_prefix(ADDED) {
                schedule.added = dates(listed)?;
            } else if let Some(listed) = line.strip_prefix(CANCELLED) {
                schedule.cancelled = dates(listed)?;
            } else if line.starts_with("DTSTART") {
                let rule = format!("{line}\n{}", lines.next().unwrap_or_default());
                schedule.rules.push(rule.parse()?);
            } else {
                schedule.rules.push(line.parse()?);
            }
        }
        Ok(schedule)
    }
}

fn dates(listed: &str) -> Result<BTreeSet<NaiveDate>, NotARecurrence> {
    let date = |text: &str| parse_date(text).ok_or_else(|| NotARecurrence(listed.to_owned()));
    listed.split(',').map(date).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::garbage::recurrence::tests::any_recurrence;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_read_back_is_the_same_schedule(
            rules in prop::collection::vec(any_recurrence(), 0..5),
            added in prop::collection::btree_set(0..9999_u64, 0..5),
            cancelled in prop::collection::btree_set(0..9999_u64, 0..5),
        ) {
            let dates = |days: BTreeSet<u64>| {
                days.into_iter().map(|n| NaiveDate::default() + Days::new(n)).collect()
            };
            let schedule = Schedule {
                rules,
                added: dates(added),
                cancelled: dates(cancelled),
                remarks: Vec::new(),
            };
            prop_assert_eq!(schedule.to_string().parse(), Ok(schedule));
        }
    }
}
