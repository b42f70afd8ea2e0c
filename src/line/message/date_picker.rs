//! The app's picker for days and times.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::Serialize;

use super::MessageError;

/// Which value the app's picker starts with and stays between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DatePicker {
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    initial: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<String>,
}

impl DatePicker {
    /// Picks a day. `min` and `max` are the first and last day offered.
    ///
    /// # Errors
    /// When a day is outside 1900 to 2100, or the order is not min < max with initial between.
    pub fn date(
        initial: Option<NaiveDate>,
        min: Option<NaiveDate>,
        max: Option<NaiveDate>,
    ) -> Result<Self, MessageError> {
        Self::new("date", initial, min, max, years_1900_to_2100, |day| {
            day.format("%Y-%m-%d").to_string()
        })
    }

    /// Picks a time of day.
    ///
    /// # Errors
    /// When the order is not min < max with initial between.
    pub fn time(
        initial: Option<NaiveTime>,
        min: Option<NaiveTime>,
        max: Option<NaiveTime>,
    ) -> Result<Self, MessageError> {
        Self::new(
            "time",
            initial,
            min,
            max,
            |_| true,
            |time| time.format("%H:%M").to_string(),
        )
    }

    /// Picks a day and a time; LINE adds no zone to either.
    ///
    /// # Errors
    /// As for [`date`](Self::date).
    pub fn datetime(
        initial: Option<NaiveDateTime>,
        min: Option<NaiveDateTime>,
        max: Option<NaiveDateTime>,
    ) -> Result<Self, MessageError> {
        let in_range = |at: &NaiveDateTime| years_1900_to_2100(&at.date());
        Self::new("datetime", initial, min, max, in_range, |at| {
            at.format("%Y-%m-%dT%H:%M").to_string()
        })
    }

    fn new<T: Ord>(
        mode: &'static str,
        initial: Option<T>,
        min: Option<T>,
        max: Option<T>,
        in_range: impl Fn(&T) -> bool,
        write: impl Fn(&T) -> String,
    ) -> Result<Self, MessageError> {
        for (field, value) in [("initial", &initial), ("min", &min), ("max", &max)] {
            if let Some(value) = value.as_ref().filter(|value| !in_range(value)) {
                return Err(MessageError::invalid(
                    field,
                    write(value),
                    "a day from 1900-01-01 to 2100-12-31",
                ));
            }
        }
        if let (Some(min), Some(max)) = (&min, &max)
            && min >= max
        {
            return Err(MessageError::invalid(
                "min",
                write(min),
                "something before max",
            ));
        }
        if let Some(initial) = &initial
            && (min.as_ref().is_some_and(|min| initial < min)
                || max.as_ref().is_some_and(|max| initial > max))
        {
            return Err(MessageError::invalid(
                "initial",
                write(initial),
                "something between min and max",
            ));
        }
        let text = |value: Option<T>| value.as_ref().map(&write);
        Ok(Self {
            mode,
            initial: text(initial),
            max: text(max),
            min: text(min),
        })
    }
}

fn years_1900_to_2100(day: &NaiveDate) -> bool {
    (1900..=2100).contains(&chrono::Datelike::year(day))
}
