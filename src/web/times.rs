//! Times as staff read them: 「11月24日(月) 8:30」, with the year when it is not this one.

use chrono::{Datelike, NaiveDate, Timelike};

use crate::clock::{Instant, date_in_japan, datetime_in_japan};

/// A civil date: 「11月24日(月)」, or 「2027年1月4日(月)」 seen from another year.
pub fn day(date: NaiveDate, today: NaiveDate) -> String {
    let weekday = weekday(date);
    let (year, month, day) = (date.year(), date.month(), date.day());
    if year == today.year() {
        format!("{month}月{day}日({weekday})")
    } else {
        full_day(date)
    }
}

/// A civil date that also stands where nobody knows today's year, on paper: 「2026年4月1日(水)」.
pub fn full_day(date: NaiveDate) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    format!("{year}年{month}月{day}日({})", weekday(date))
}

/// A civil date near today by its name: 「きょう」 「あす」 「きのう」, else as [`day`].
pub fn near_day(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        0 => "きょう".to_owned(),
        1 => "あす".to_owned(),
        -1 => "きのう".to_owned(),
        _ => day(date, today),
    }
}

/// A moment by Japan's clock: 「11月24日(月) 8:30」.
pub fn moment(at: Instant, now: Instant) -> String {
    let civil = datetime_in_japan(at);
    format!("{} {}", day(civil.date(), date_in_japan(now)), hour(at))
}

/// A moment near now: 「きょう 8:30」.
pub fn near_moment(at: Instant, now: Instant) -> String {
    let date = date_in_japan(at);
    format!("{} {}", near_day(date, date_in_japan(now)), hour(at))
}

/// The hour by Japan's clock: 「8:30」.
pub fn hour(at: Instant) -> String {
    let civil = datetime_in_japan(at);
    format!("{}:{:02}", civil.hour(), civil.minute())
}

/// For a `<time datetime="…">`: RFC 3339 in Japan's zone.
pub fn machine(at: Instant) -> String {
    at.with_timezone(&chrono_tz::Asia::Tokyo)
        .format("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

fn weekday(date: NaiveDate) -> char {
    match date.weekday() {
        chrono::Weekday::Mon => '月',
        chrono::Weekday::Tue => '火',
        chrono::Weekday::Wed => '水',
        chrono::Weekday::Thu => '木',
        chrono::Weekday::Fri => '金',
        chrono::Weekday::Sat => '土',
        chrono::Weekday::Sun => '日',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_as_people_say_it() {
        let now: Instant = "2026-11-22T23:30:00Z".parse().unwrap_or_default();
        assert_eq!(moment(now, now), "11月23日(月) 8:30");
        assert_eq!(near_moment(now, now), "きょう 8:30");
        let new_year: Instant = "2026-12-31T15:05:00Z".parse().unwrap_or_default();
        assert_eq!(moment(new_year, now), "2027年1月1日(金) 0:05");
        let today = date_in_japan(now);
        assert_eq!(near_day(today + chrono::Days::new(1), today), "あす");
        assert_eq!(near_day(today - chrono::Days::new(1), today), "きのう");
        assert_eq!(
            near_day(today + chrono::Days::new(2), today),
            "11月25日(水)"
        );
        assert_eq!(machine(now), "2026-11-23T08:30:00+09:00");
    }
}
