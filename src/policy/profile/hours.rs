//! Hours as written; what they mean is in `policy::hours`.

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Deserializer};

use super::written::{self, Clause};

/// The week's letters, Monday first.
const WEEK: [(char, Weekday); 7] = [
    ('月', Weekday::Mon),
    ('火', Weekday::Tue),
    ('水', Weekday::Wed),
    ('木', Weekday::Thu),
    ('金', Weekday::Fri),
    ('土', Weekday::Sat),
    ('日', Weekday::Sun),
];

/// When something is open, by Japan's clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The usual week; a day may have several openings.
    pub week: Vec<Opening>,
    /// What closes it besides.
    #[serde(default)]
    pub closed_on: Vec<Closing>,
    /// Single days that differ from all of the above.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// Hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// 月火水木金.
    #[serde(deserialize_with = "weekdays")]
    pub days: Vec<Weekday>,
    /// The first open minute.
    #[serde(deserialize_with = "written::time")]
    pub from: NaiveTime,
    /// The first minute that is closed again.
    #[serde(deserialize_with = "written::time")]
    pub to: NaiveTime,
}

/// What closes a whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// 国民の祝日・休日.
    Holidays,
    /// 29 December to 3 January.
    YearEnd,
}

/// A day that differs: closed, or open at these hours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Which day.
    #[serde(deserialize_with = "written::date")]
    pub date: NaiveDate,
    /// The first open minute; without hours the day is closed.
    #[serde(default, deserialize_with = "written::some_time")]
    pub from: Option<NaiveTime>,
    /// The first minute that is closed again.
    #[serde(default, deserialize_with = "written::some_time")]
    pub to: Option<NaiveTime>,
    /// Why, as residents may be told.
    pub reason: String,
}

/// The letter of a day: 月.
pub(in crate::policy) fn letter(day: Weekday) -> char {
    WEEK.iter()
        .find(|(_, known)| *known == day)
        .map_or('?', |(letter, _)| *letter)
}

fn weekdays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let written = String::deserialize(deserializer)?;
    let mut days = Vec::new();
    for letter in written.chars() {
        let day = WEEK.iter().find(|(known, _)| *known == letter);
        match day {
            Some((_, day)) if !days.contains(day) => days.push(*day),
            _ => {
                return Err(serde::de::Error::custom(format!(
                    "`{written}` is no list of days; write each once, like \"月火水木金\""
                )));
            }
        }
    }
    Ok(days)
}
