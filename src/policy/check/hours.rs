//! Hours that follow each other, on days that stand once.

use chrono::NaiveTime;

use super::Check;
use crate::policy::profile::{Hours, Profile};

pub(super) fn check(profile: &Profile, check: &mut Check<'_>) {
    check.within("working_hours", |check| {
        hours(&profile.working_hours, check)
    });
    check.within("counter_hours", |check| {
        hours(&profile.counter_hours, check)
    });
}

fn hours(hours: &Hours, check: &mut Check<'_>) {
    if hours.week.iter().all(|opening| opening.days.is_empty()) {
        check.fault("week", "it is never open; write days and hours");
    }
    check.each("week", &hours.week, |check, opening| {
        ordered(opening.from, opening.to, check);
    });
    check.within("week", |check| {
        for (at, later) in hours.week.iter().enumerate() {
            let overlaps = hours.week.iter().take(at).any(|earlier| {
                earlier.days.iter().any(|day| later.days.contains(day))
                    && earlier.from < later.to
                    && later.from < earlier.to
            });
            if overlaps {
                check.within(at, |check| {
                    check.fault(
                        "",
                        "these hours overlap with others of the same day; join them",
                    );
                });
            }
        }
    });
    let dates: Vec<_> = hours.exceptions.iter().map(|e| e.date).collect();
    check.once("exceptions", &dates);
    check.each("exceptions", &hours.exceptions, |check, exception| {
        check.words("reason", &exception.reason);
        match (exception.from, exception.to) {
            (Some(from), Some(to)) => ordered(from, to, check),
            (None, None) => {}
            _ => check.fault(
                "",
                "write both `from` and `to`, or neither when it is closed",
            ),
        }
    });
}

fn ordered(from: NaiveTime, to: NaiveTime, check: &mut Check<'_>) {
    if from >= to {
        check.fault(
            "from",
            format!(
                "{} is not before {}; write hours of one day",
                from.format("%H:%M"),
                to.format("%H:%M")
            ),
        );
    }
}
