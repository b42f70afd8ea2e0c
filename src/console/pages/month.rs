//! Months as they hang on the wall: weeks that begin on Sunday.

use chrono::{Datelike, Months, NaiveDate};

use crate::resident::Month;

/// What days of the week are called, Sunday first.
pub(super) const WEEKDAYS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

/// The days of `month` in weeks of seven places; none where another month's days would be.
pub(super) fn weeks<T: Clone>(month: Month, day: impl Fn(NaiveDate) -> T) -> Vec<Vec<Option<T>>> {
    let first = month.first_day();
    let blank = first.weekday().num_days_from_sunday() as usize;
    let mut places: Vec<Option<T>> = vec![None; blank];
    let days = first
        .iter_days()
        .take_while(|date| Month::of(*date) == month);
    places.extend(days.map(|date| Some(day(date))));
    places.resize(places.len().next_multiple_of(7), None);
    places.chunks(7).map(<[_]>::to_vec).collect()
}

/// What a date's day of the week is called.
pub(super) fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS[date.weekday().num_days_from_sunday() as usize]
}

/// The months before and after.
pub(super) fn neighbours(month: Month) -> [Month; 2] {
    let first = month.first_day();
    let of = |date: Option<NaiveDate>| Month::of(date.unwrap_or(first));
    [
        of(first.checked_sub_months(Months::new(1))),
        of(first.checked_add_months(Months::new(1))),
    ]
}
