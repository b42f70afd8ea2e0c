//! Whatever the program holds of a person is registered, once.

use super::Check;
use crate::policy::profile::{Held, Keep, Profile};

/// Days in which somebody who was told something wrong must still be reached.
const DAYS_TO_CORRECT: u32 = 7;

pub(super) fn check(profile: &Profile, check: &mut Check<'_>) {
    check.within("personal", |check| {
        check.words("law", &profile.personal.law);
        check.address("page", &profile.personal.page);
    });
    check.each("personal_field", &profile.personal_fields, |check, entry| {
        check.words("name", &entry.name);
        check.words("purpose", &entry.purpose);
        check.words("basis", &entry.basis);
        let expected = match entry.field {
            Held::Words => Keep::Answer,
            _ => Keep::Registration,
        };
        if entry.keep != expected {
            check.fault("keep", format!("`{}` is not kept so; words are kept until the `answer`, everything else for the `registration`", entry.field.key()));
        }
    });
    for held in Held::ALL {
        let times = profile
            .personal_fields
            .iter()
            .filter(|f| f.field == held)
            .count();
        if times != 1 {
            let key = held.key();
            check.fault("personal_field", format!("`{key}` is registered {times} times; write one [[personal_field]] with field = \"{key}\""));
        }
    }
    check.within("retention", |check| {
        let keep = profile.retention;
        for (key, number) in [
            ("unreachable_days", keep.unreachable_days),
            ("half_finished_hours", keep.half_finished_hours),
            ("event_days", keep.event_days),
            ("word_days", keep.word_days),
        ] {
            check.number(key, number, 1, 3660);
        }
        let days = keep.recipient_days;
        if !(DAYS_TO_CORRECT..=3660).contains(&days) {
            check.fault("recipient_days", format!("{days} is not {DAYS_TO_CORRECT} to 3660; a mistake that is noticed a week later must still be corrected to exactly those who were sent it"));
        }
    });
}
