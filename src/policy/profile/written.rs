//! How dates, times and clauses are written in a profile.

use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer};

/// Where a rule stands in the policy's own document, as that document counts: `5(4)ア`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Clause(String);

impl Clause {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(super) fn yes() -> bool {
    true
}

pub(super) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    to_date(toml::value::Datetime::deserialize(deserializer)?)
}

pub(super) fn dates<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<NaiveDate>, D::Error> {
    Vec::<toml::value::Datetime>::deserialize(deserializer)?
        .into_iter()
        .map(to_date)
        .collect()
}

fn to_date<E: serde::de::Error>(written: toml::value::Datetime) -> Result<NaiveDate, E> {
    written
        .date
        .filter(|_| written.time.is_none())
        .and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
        .ok_or_else(|| E::custom(format!("`{written}` is no date; write one like 2026-04-01")))
}

pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    to_time(&String::deserialize(deserializer)?)
}

pub(super) fn some_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveTime>, D::Error> {
    time(deserializer).map(Some)
}

pub(super) fn times<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<NaiveTime>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|written| to_time(written))
        .collect()
}

fn to_time<E: serde::de::Error>(written: &str) -> Result<NaiveTime, E> {
    NaiveTime::parse_from_str(written, "%H:%M").map_err(|_| {
        E::custom(format!(
            "`{written}` is no time of day; write one like \"19:00\""
        ))
    })
}
