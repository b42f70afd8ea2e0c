//! Days that come again: the part of RFC 5545 that collection calendars use, and nothing more.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The months a rule holds in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MonthSet(u16);

impl MonthSet {
    /// Every month of the year.
    pub const ALL: Self = Self(0x0FFF);

    /// The months numbered 1 to 12 in `months`. Nothing, when there are none or one is no month.
    pub fn of(months: impl IntoIterator<Item = u32>) -> Option<Self> {
        let mut bits = 0;
        for month in months {
            if !(1..=12).contains(&month) {
                return None;
            }
            bits |= 1 << (month - 1);
        }
        (bits != 0).then_some(Self(bits))
    }

    /// Whether `date` lies in one of the months.
    pub fn contains(self, date: NaiveDate) -> bool {
        self.0 >> date.month0() & 1 == 1
    }

    /// The months' numbers, in order.
    pub fn numbers(self) -> impl Iterator<Item = u32> {
        (1..=12).filter(move |month| self.0 >> (month - 1) & 1 == 1)
    }
}

/// A rule by which a collection comes again; written and read as RFC 5545 text.
///
/// ```
/// use kairan::garbage::Recurrence;
/// let rule: Recurrence = "RRULE:FREQ=MONTHLY;BYDAY=2WE;BYMONTH=4,6".parse()?;
/// assert_eq!(rule.to_string(), "RRULE:FREQ=MONTHLY;BYDAY=2WE;BYMONTH=4,6");
/// # Ok::<(), kairan::garbage::NotARecurrence>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recurrence {
    /// Every week on this day.
    Weekly(Weekday, MonthSet),
    /// The nth (1 to 5) such weekday of the month; a month without a fifth one is passed over.
    Monthly(u8, Weekday, MonthSet),
    /// Every other week; this is the first day.
    Fortnightly(NaiveDate, MonthSet),
}

/// The text is no recurrence that [`Recurrence`] writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no recurrence known here: expected RRULE:FREQ=WEEKLY;BYDAY=…, \
     RRULE:FREQ=MONTHLY;BYDAY=n…, or a DTSTART line and RRULE:FREQ=WEEKLY;INTERVAL=2"
)]
pub struct NotARecurrence(pub(super) String);

impl Recurrence {
    /// Whether `date` is one of the days, closures aside.
    pub fn falls_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Weekly(weekday, months) => date.weekday() == weekday && months.contains(date),
            Self::Monthly(nth, weekday, months) => {
                date.weekday() == weekday && nth_in_month(date) == nth && months.contains(date)
            }
            Self::Fortnightly(first, months) => {
                date >= first && (date - first).num_days() % 14 == 0 && months.contains(date)
            }
        }
    }

    /// The days from `from` to `to`, both included, in order; closures aside.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let (first, step) = match self {
            Self::Weekly(weekday, _) => (weekday_from(from, weekday), 7),
            Self::Fortnightly(first, _) if from <= first => (Some(first), 14),
            Self::Fortnightly(first, _) => {
                let since = (from - first).num_days().unsigned_abs() % 14;
                (from.checked_add_days(Days::new((14 - since) % 14)), 14)
            }
            Self::Monthly(nth, weekday, months) => {
                return months_between(from, to)
                    .filter_map(|month| nth_weekday(month, nth, weekday))
                    .filter(|day| (from..=to).contains(day) && months.contains(*day))
                    .collect();
            }
        };
        std::iter::successors(first, |day| day.checked_add_days(Days::new(step)))
            .take_while(|day| *day <= to)
            .filter(|day| self.months().contains(*day))
            .collect()
    }

    fn months(self) -> MonthSet {
        match self {
            Self::Weekly(_, months)
            | Self::Monthly(_, _, months)
            | Self::Fortnightly(_, months) => months,
        }
    }
}

/// Which such weekday of its month `date` is: 1 for the first.
pub(super) fn nth_in_month(date: NaiveDate) -> u8 {
    u8::try_from(date.day0() / 7 + 1).unwrap_or(5)
}

/// The nth such weekday of the month that begins on `first_of_month`, if it has one.
pub(super) fn nth_weekday(
    first_of_month: NaiveDate,
    nth: u8,
    weekday: Weekday,
) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(
        first_of_month.year(),
        first_of_month.month(),
        weekday,
        nth,
    )
}

/// The first days of every month that has a day from `from` to `to`.
pub(super) fn months_between(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(from.with_day(1), |month| {
        month.checked_add_months(Months::new(1))
    })
    .take_while(move |month| *month <= to)
}

fn weekday_from(from: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let ahead = weekday.days_since(from.weekday());
    from.checked_add_days(Days::new(u64::from(ahead)))
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekly(weekday, _) => write!(f, "RRULE:FREQ=WEEKLY;BYDAY={}", code(*weekday))?,
            Self::Monthly(nth, weekday, _) => {
                write!(f, "RRULE:FREQ=MONTHLY;BYDAY={nth}{}", code(*weekday))?;
            }
            Self::Fortnightly(first, _) => write!(
                f,
                "DTSTART;VALUE=DATE:{}\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY={}",
                first.format("%Y%m%d"),
                code(first.weekday())
            )?,
        }
        if self.months() != MonthSet::ALL {
            let months: Vec<String> = self.months().numbers().map(|m| m.to_string()).collect();
            write!(f, ";BYMONTH={}", months.join(","))?;
        }
        Ok(())
    }
}

impl FromStr for Recurrence {
    type Err = NotARecurrence;

    fn from_str(text: &str) -> Result<Self, NotARecurrence> {
        parse(text).ok_or_else(|| NotARecurrence(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Recurrence> {
    let (first, rule) = match text.strip_prefix("DTSTART;VALUE=DATE:") {
        Some(rest) => {
            let (first, rule) = rest.split_once('\n')?;
            (Some(parse_date(first)?), rule)
        }
        None => (None, text),
    };
    let rule = rule.strip_prefix("RRULE:")?;
    let (rule, months) = match rule.split_once(";BYMONTH=") {
        Some((rule, months)) => {
            let numbers: Result<Vec<u32>, _> = months.split(',').map(str::parse).collect();
            (rule, MonthSet::of(numbers.ok()?)?)
        }
        None => (rule, MonthSet::ALL),
    };
    if let Some(day) = rule.strip_prefix("FREQ=WEEKLY;INTERVAL=2;BYDAY=") {
        let first = first.filter(|first| weekday(day) == Some(first.weekday()))?;
        return Some(Recurrence::Fortnightly(first, months));
    }
    if let Some(day) = rule.strip_prefix("FREQ=WEEKLY;BYDAY=") {
        return Some(Recurrence::Weekly(weekday(day)?, months));
    }
    let day = rule.strip_prefix("FREQ=MONTHLY;BYDAY=")?;
    let nth: u8 = day.get(..1)?.parse().ok()?;
    let weekday = weekday(day.get(1..)?)?;
    (1..=5)
        .contains(&nth)
        .then_some(Recurrence::Monthly(nth, weekday, months))
}

/// A date as RFC 5545 writes it, `20260401`; a calendar may hold hundreds.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = text[..4].parse().ok()?;
    NaiveDate::from_ymd_opt(year, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}

const CODES: [(Weekday, &str); 7] = [
    (Weekday::Mon, "MO"),
    (Weekday::Tue, "TU"),
    (Weekday::Wed, "WE"),
    (Weekday::Thu, "TH"),
    (Weekday::Fri, "FR"),
    (Weekday::Sat, "SA"),
    (Weekday::Sun, "SU"),
];

fn code(weekday: Weekday) -> &'static str {
    CODES[weekday.num_days_from_monday() as usize].1
}

fn weekday(code: &str) -> Option<Weekday> {
    let (weekday, _) = CODES.iter().find(|(_, known)| *known == code)?;
    Some(*weekday)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::garbage) fn any_recurrence() -> impl Strategy<Value = Recurrence> {
        let weekday = (0..7_usize).prop_map(|n| CODES[n].0);
        let months = prop_oneof![
            Just(MonthSet::ALL),
            prop::collection::btree_set(1..=12_u32, 1..6)
                .prop_map(|months| MonthSet::of(months).unwrap()),
        ];
        (weekday, 1..=5_u8, any_date(), months, 0..3).prop_map(
            |(weekday, nth, first, months, kind)| match kind {
                0 => Recurrence::Weekly(weekday, months),
                1 => Recurrence::Monthly(nth, weekday, months),
                _ => Recurrence::Fortnightly(first, months),
            },
        )
    }

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (0..3650_u64)
            .prop_map(|days| NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(days))
    }

    /// What the `rrule` crate makes of the text we write.
    fn oracle(rule: Recurrence, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let text = rule.to_string();
        let text = match text.strip_prefix("DTSTART;VALUE=DATE:") {
            Some(rest) => format!("DTSTART:{}T000000Z{}", &rest[..8], &rest[8..]),
            None => format!("DTSTART:{}T000000Z\n{text}", from.format("%Y%m%d")),
        };
        let set: rrule::RRuleSet = text.parse().unwrap();
        let at = |day: NaiveDate| {
            day.and_hms_opt(0, 0, 0)
                .unwrap()
                .and_utc()
                .with_timezone(&rrule::Tz::UTC)
        };
        let found = set.after(at(from)).before(at(to)).all(u16::MAX);
        assert!(!found.limited);
        found.dates.iter().map(|at| at.date_naive()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn text_read_back_is_the_same_rule(rule in any_recurrence()) {
            prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        }

        #[test]
        fn days_are_those_of_rfc_5545(rule in any_recurrence(), from in any_date(), days in 0..800_u64) {
            let to = from + Days::new(days);
            prop_assert_eq!(rule.between(from, to), oracle(rule, from, to));
        }

        #[test]
        fn a_day_between_is_a_day_it_falls_on(rule in any_recurrence(), from in any_date()) {
            let to = from + Days::new(120);
            let one_by_one: Vec<NaiveDate> =
                from.iter_days().take(121).filter(|day| rule.falls_on(*day)).collect();
            prop_assert_eq!(rule.between(from, to), one_by_one);
        }
    }

    #[test]
    fn texts_that_are_not_ours_are_refused() {
        for text in [
            "",
            "RRULE:FREQ=DAILY",
            "RRULE:FREQ=MONTHLY;BYDAY=6MO",
            "RRULE:FREQ=MONTHLY;BYDAY=-1MO",
            "RRULE:FREQ=WEEKLY;BYDAY=MO;BYMONTH=13",
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "DTSTART;VALUE=DATE:20160406\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH",
        ] {
            assert!(text.parse::<Recurrence>().is_err(), "{text}");
        }
    }
}
