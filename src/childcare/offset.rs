//! How long before or after: a duration of ISO 8601 in whole days, such as `-P32W`, `P50D` or `P18M`.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

/// The longest that makes sense here: childhood.
const LONGEST_MONTHS: u32 = 20 * 12;

/// A duration, backward or forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Offset {
    backward: bool,
    years: u32,
    months: u32,
    weeks: u32,
    days: u32,
}

/// A text that is no duration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("found “{0}”, expected a duration of at most 20 years, such as P3M, P50D or -P32W")]
pub struct NotAnOffset(pub String);

impl Offset {
    /// The day so long before or after `date`: the same day of another month, or that month's last day
    /// where it has no such day (Civil Code, article 143), and weeks and days from there.
    pub fn from(self, date: NaiveDate) -> NaiveDate {
        let months = Months::new(self.years * 12 + self.months);
        let days = TimeDelta::days((self.weeks * 7 + self.days).into());
        let moved = if self.backward {
            date.checked_sub_months(months)
                .and_then(|date| date.checked_sub_signed(days))
        } else {
            date.checked_add_months(months)
                .and_then(|date| date.checked_add_signed(days))
        };
        // Twenty years from any date of ours are within the calendar.
        moved.unwrap_or(date)
    }

    /// The first day of a month from which it leads to `date`, if it does from one: it is never another's.
    pub(super) fn back_to_a_first(self, date: NaiveDate) -> Option<NaiveDate> {
        let months = Months::new(self.years * 12 + self.months);
        let days = TimeDelta::days((self.weeks * 7 + self.days).into());
        let moved = match self.backward {
            true => date.checked_add_signed(days)?,
            false => date.checked_sub_signed(days)?,
        };
        // From a first of a month, months lead to a first.
        let first = (moved.day() == 1).then_some(moved)?;
        match self.backward {
            true => first.checked_add_months(months),
            false => first.checked_sub_months(months),
        }
    }

    /// Whether it leads backward.
    pub fn is_backward(self) -> bool {
        self.backward
    }

    /// Years, months, weeks and days.
    pub fn parts(self) -> [u32; 4] {
        [self.years, self.months, self.weeks, self.days]
    }
}

impl FromStr for Offset {
    type Err = NotAnOffset;

    fn from_str(text: &str) -> Result<Self, NotAnOffset> {
        read(text.trim()).ok_or_else(|| NotAnOffset(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Offset> {
    let (backward, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let mut parts = [0; 4];
    for (part, unit) in parts.iter_mut().zip(['Y', 'M', 'W', 'D']) {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if let Some(after) = rest[digits..].strip_prefix(unit) {
            *part = rest[..digits].parse().ok()?;
            rest = after;
        }
    }
    let [years, months, weeks, days] = parts;
    let fits = [years * 12, months, weeks / 4, days / 30]
        .iter()
        .all(|months| *months <= LONGEST_MONTHS);
    (rest.is_empty() && fits).then_some(Offset {
        backward: backward && parts != [0; 4],
        years,
        months,
        weeks,
        days,
    })
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.backward {
            f.write_str("-")?;
        }
        f.write_str("P")?;
        for (part, unit) in self.parts().into_iter().zip(['Y', 'M', 'W', 'D']) {
            if part > 0 {
                write!(f, "{part}{unit}")?;
            }
        }
        if self.parts() == [0; 4] {
            f.write_str("0D")?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::{Datelike, Days};
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_where_the_month_ends() {
        for (offset, from, to) in [
            ("P1M", "2027-01-31", "2027-02-28"),
            ("P1M", "2028-01-31", "2028-02-29"),
            ("P1Y", "2028-02-29", "2029-02-28"),
            ("P1M", "2027-02-28", "2027-03-28"),
            ("-P1M", "2027-03-31", "2027-02-28"),
            ("P1Y6M", "2026-08-31", "2028-02-29"),
            ("P0D", "2026-11-24", "2026-11-24"),
            // The RS vaccine's window for a due date of 2026-04-23: 28w0d, and the day after 36w6d.
            ("-P12W", "2026-04-23", "2026-01-29"),
            ("-P3W", "2026-04-23", "2026-04-02"),
        ] {
            let offset: Offset = offset.parse().unwrap();
            assert_eq!(offset.from(day(from)), day(to), "{offset} from {from}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for odd in [
            "",
            "P",
            "3M",
            "P3",
            "PM",
            "P3X",
            "P1D2M",
            "P-3M",
            "--P3M",
            "P3M ago",
            "PT3H",
            "P1.5M",
            "P21Y",
            "P99999999999D",
        ] {
            assert!(odd.parse::<Offset>().is_err(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn it_reads_back(backward in any::<bool>(), years in 0u32..20, months in 0u32..24, weeks in 0u32..60, days in 0u32..400) {
            let offset = Offset { backward: backward && years + months + weeks + days > 0, years, months, weeks, days };
            prop_assert_eq!(offset.to_string().parse(), Ok(offset));
        }

        #[test]
        fn months_land_on_the_same_day_or_on_the_last(months in 0u32..240, after in 0u64..9000) {
            let from = day("2010-01-01") + Days::new(after);
            let to = Offset { months, ..Offset::default() }.from(from);
            let whole = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
            prop_assert_eq!(whole(to) - whole(from), months.cast_signed());
            let is_last = (to + Days::new(1)).day() == 1;
            prop_assert!(to.day() == from.day() || (is_last && to.day() < from.day()));
        }

        #[test]
        fn what_comes_back_to_a_first_leads_back_to_it(backward in any::<bool>(), years in 0u32..20, months in 0u32..24, days in 0u32..400, after in 0u32..400) {
            let offset = Offset { backward, years, months, weeks: 0, days };
            let first = day("2010-01-01") + Months::new(after);
            prop_assert_eq!(offset.back_to_a_first(offset.from(first)), Some(first));
            let before = offset.from(first) + TimeDelta::days(1);
            prop_assert!(offset.back_to_a_first(before).is_none_or(|first| offset.from(first) == before));
        }

        #[test]
        fn later_births_are_never_due_earlier(months in 0u32..240, days in 0u32..60, after in 0u64..9000) {
            let from = day("2010-01-01") + Days::new(after);
            let offset = Offset { months, days, ..Offset::default() };
            prop_assert!(offset.from(from) <= offset.from(from + Days::new(1)));
        }
    }
}
