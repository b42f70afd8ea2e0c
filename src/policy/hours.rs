//! What hours mean: whether something is open, and when next. Instants are asked about, Japan's clock
//! answers.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::holidays::holiday;
use super::profile::{Closing, Exception, Hours};
use crate::clock::{Instant, date_in_japan, datetime_in_japan, instant_in_japan};

/// Days looked ahead for an opening; no town closes for longer.
const LOOK_AHEAD: usize = 400;

/// Why a whole day is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The week has no hours on it.
    DayOfWeek,
    /// A national holiday, by its name.
    Holiday(&'static str),
    /// 29 December to 3 January.
    YearEnd,
    /// An exception, with its reason as written.
    Exception(String),
}

impl Hours {
    /// Whether it is open at `at`.
    pub fn is_open(&self, at: Instant) -> bool {
        let civil = datetime_in_japan(at);
        self.openings(civil.date())
            .iter()
            .any(|(from, to)| *from <= civil.time() && civil.time() < *to)
    }

    /// The first open moment at or after `at`; `None` when it does not open within a year.
    pub fn next_open(&self, at: Instant) -> Option<Instant> {
        let today = date_in_japan(at);
        today.iter_days().take(LOOK_AHEAD).find_map(|date| {
            let openings = self.openings(date);
            let moments = openings.iter().filter_map(|(from, to)| {
                let from = instant_in_japan(date.and_time(*from));
                (at < instant_in_japan(date.and_time(*to))).then_some(from.max(at))
            });
            moments.min()
        })
    }

    /// The first day after `date` that is not closed; `None` when there is none within a year.
    pub fn next_working_day(&self, date: NaiveDate) -> Option<NaiveDate> {
        date.iter_days()
            .skip(1)
            .take(LOOK_AHEAD)
            .find(|date| self.why_closed(*date).is_none())
    }

    /// Why `date` is closed all day; `None` when it is not.
    pub fn why_closed(&self, date: NaiveDate) -> Option<Closed> {
        if let Some(exception) = self.exception(date) {
            let closed = exception.from.is_none();
            return closed.then(|| Closed::Exception(exception.reason.clone()));
        }
        let closes = |closing| self.closed_on.contains(&closing);
        if closes(Closing::YearEnd) && is_year_end(date) {
            return Some(Closed::YearEnd);
        }
        if closes(Closing::Holidays)
            && let Some(name) = holiday(date)
        {
            return Some(Closed::Holiday(name));
        }
        let open = self.week.iter().any(|o| o.days.contains(&date.weekday()));
        (!open).then_some(Closed::DayOfWeek)
    }

    /// The day's hours, each from its first open minute to the first closed one.
    pub fn openings(&self, date: NaiveDate) -> Vec<(NaiveTime, NaiveTime)> {
        if let Some(exception) = self.exception(date) {
            return exception.from.zip(exception.to).into_iter().collect();
        }
        if self.why_closed(date).is_some() {
            return Vec::new();
        }
        let of_day = self
            .week
            .iter()
            .filter(|o| o.days.contains(&date.weekday()));
        of_day.map(|o| (o.from, o.to)).collect()
    }

    fn exception(&self, date: NaiveDate) -> Option<&Exception> {
        self.exceptions.iter().find(|e| e.date == date)
    }
}

/// The days on which offices rest by law: 行政機関の休日に関する法律 第1条第1項第3号.
fn is_year_end(date: NaiveDate) -> bool {
    matches!((date.month(), date.day()), (12, 29..) | (1, ..=3))
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Weekday};
    use proptest::prelude::*;

    use super::*;
    use crate::policy::Profile;

    fn hours() -> Hours {
        let text = include_str!("../../policies/default.toml").replace(
            "exceptions = []",
            "exceptions = [
                { date = 2026-12-28, reason = \"庁舎の点検\" },
                { date = 2027-01-03, from = \"09:00\", to = \"12:00\", reason = \"成人式\" },
            ]",
        );
        Profile::parse(&text)
            .unwrap_or_else(|faults| panic!("{faults:?}"))
            .working_hours
    }

    /// Japan's clock, as `2026-11-24 08:30`.
    fn at(civil: &str) -> Instant {
        let civil = chrono::NaiveDateTime::parse_from_str(civil, "%Y-%m-%d %H:%M");
        instant_in_japan(civil.unwrap_or_default())
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn it_opens_on_the_minute_and_closes_on_the_minute() {
        let hours = hours();
        for (moment, open) in [
            ("2026-11-24 08:29", false),
            ("2026-11-24 08:30", true),
            ("2026-11-24 17:14", true),
            ("2026-11-24 17:15", false),
            ("2026-11-22 10:00", false),
            ("2026-11-23 10:00", false),
            ("2026-12-28 10:00", false),
            ("2027-01-03 10:00", true),
        ] {
            assert_eq!(hours.is_open(at(moment)), open, "{moment}");
        }
    }

    #[test]
    fn the_next_opening_jumps_over_all_that_closes() {
        let hours = hours();
        for (moment, next) in [
            ("2026-11-24 10:00", "2026-11-24 10:00"),
            ("2026-11-24 06:00", "2026-11-24 08:30"),
            // Friday evening, then a weekend with a holiday on Monday.
            ("2026-11-20 17:15", "2026-11-24 08:30"),
            // A Friday before the inspection and the turn of the year; the third is an exception.
            ("2026-12-25 18:00", "2027-01-03 09:00"),
            ("2027-01-03 12:00", "2027-01-04 08:30"),
        ] {
            assert_eq!(hours.next_open(at(moment)), Some(at(next)), "{moment}");
        }
        assert_eq!(
            hours.next_working_day(day("2026-11-20")),
            Some(day("2026-11-24"))
        );
    }

    #[test]
    fn a_closed_day_says_why() {
        let hours = hours();
        for (date, why) in [
            ("2026-11-24", None),
            ("2026-11-22", Some(Closed::DayOfWeek)),
            ("2026-11-23", Some(Closed::Holiday("勤労感謝の日"))),
            (
                "2026-12-28",
                Some(Closed::Exception("庁舎の点検".to_owned())),
            ),
            ("2026-12-29", Some(Closed::YearEnd)),
            ("2027-01-01", Some(Closed::YearEnd)),
            ("2027-01-03", None),
            ("2027-01-04", None),
        ] {
            assert_eq!(hours.why_closed(day(date)), why, "{date}");
        }
    }

    #[test]
    fn what_never_opens_is_not_searched_for_ever() {
        let never = Hours {
            week: Vec::new(),
            ..hours()
        };
        assert_eq!(never.next_open(at("2027-06-01 10:00")), None);
        assert_eq!(never.next_working_day(day("2027-06-01")), None);
    }

    proptest! {
        #[test]
        fn the_next_opening_is_open_and_nothing_before_it_is(minutes in 0_i64..10_000_000, back in 0.0_f64..1.0) {
            let hours = hours();
            // 2020 to 2039.
            let moment = at("2020-01-01 00:00") + TimeDelta::minutes(minutes);
            let next = hours.next_open(moment);
            prop_assert!(next.is_some());
            let next = next.unwrap_or(moment);
            prop_assert!(next >= moment && hours.is_open(next));
            prop_assert_eq!(hours.is_open(moment), next == moment);
            let between = moment + TimeDelta::minutes(((next - moment).num_minutes() as f64 * back) as i64);
            prop_assert!(between == next || !hours.is_open(between));
        }

        #[test]
        fn a_day_is_closed_or_has_hours(days in 0_u64..29_000) {
            let hours = hours();
            let date = day("1970-01-01") + chrono::Days::new(days);
            prop_assert_eq!(hours.why_closed(date).is_none(), !hours.openings(date).is_empty());
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            prop_assert!(!weekend || hours.why_closed(date).is_some() || date == day("2027-01-03"));
            let next = hours.next_working_day(date);
            prop_assert!(next.is_some_and(|next| next > date && hours.why_closed(next).is_none()));
        }
    }
}
