//! Japan's national holidays, 1970 to 2050, from a list that stands beside this file. The equinoxes of
//! years not yet announced are forecasts.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::NaiveDate;

const LIST: &str = include_str!("holidays.tsv");

static HOLIDAYS: LazyLock<HashMap<NaiveDate, &'static str>> = LazyLock::new(|| {
    LIST.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (date, name) = line.split_once('\t')?;
            Some((date.parse().ok()?, name))
        })
        .collect()
});

/// The holiday on this day.
pub fn holiday(date: NaiveDate) -> Option<&'static str> {
    HOLIDAYS.get(&date).copied()
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};

    use super::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        let lines = LIST.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(HOLIDAYS.len(), lines);
        let years = |year| HOLIDAYS.keys().filter(|d| d.year() == year).count();
        for year in 1970..=2050 {
            assert!((12..=22).contains(&years(year)), "{year}: {}", years(year));
        }
        // As many as the Cabinet Office lists.
        assert_eq!([2024, 2025, 2026, 2027].map(years), [21, 19, 18, 17]);
    }

    #[test]
    fn substitutes_and_days_between_holidays_are_holidays() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
        for (date, name) in [
            ("2026-01-01", "元日"),
            ("2026-05-06", "こどもの日 振替休日"),
            ("2026-09-22", "休日"),
            ("2019-05-01", "休日（祝日扱い）"),
        ] {
            assert_eq!(holiday(day(date)), Some(name), "{date}");
        }
        assert_eq!(holiday(day("2026-05-07")), None);
    }
}
