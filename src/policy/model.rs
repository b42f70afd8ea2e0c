//! The profile's shape. Unknown keys are refused: a misspelt rule must not be silently no rule.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer};

use crate::language::Language;

/// A municipality's operating policy.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Which version this is, and from when it rules.
    pub profile: ProfileHead,
    /// Who runs the account.
    pub operator: Operator,
    /// Where a resident turns when the account cannot answer.
    pub inquiry: Inquiry,
    /// What is answered at all.
    pub replies: Replies,
    /// When garbage reminders may go out.
    pub reminder: Reminder,
    /// What residents can choose to hear of, in the order offered.
    #[serde(rename = "topic")]
    pub topics: Vec<Topic>,
    /// How long things are remembered.
    pub retention: Retention,
}

/// The profile's own name and date.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileHead {
    /// Kept with every resident's consent.
    pub version: String,
    /// The first civil date on which it rules.
    #[serde(deserialize_with = "date")]
    pub effective_from: NaiveDate,
}

/// Who runs the account, as residents are told on arrival.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    /// 汐見市.
    pub municipality: String,
    /// The owning section, 広報課.
    pub section: String,
    /// The account's name in LINE.
    pub account_name: String,
    /// The official site.
    pub site: String,
    /// The page that shows the operating policy.
    pub policy_page: String,
}

/// The window that every "cannot answer here" ends with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// Its name.
    pub window: String,
    /// Its telephone, digits and hyphens.
    pub telephone: String,
    /// When somebody answers there.
    pub hours: String,
    /// The form that takes opinions.
    pub opinions: String,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replies {
    /// See [`ReplyMode`].
    pub mode: ReplyMode,
}

/// How words that none of the account's functions understands are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyMode {
    /// Not at all; only the functions (garbage days, registration, …) answer.
    None,
    /// By a fixed answer that names the inquiry window.
    Auto,
    /// By the fixed answer; staff may add one of their own after approval.
    Selective,
}

/// Hours of Japan's clock at which garbage reminders may go out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// On the evening before the collection.
    #[serde(deserialize_with = "times")]
    pub evening_before: Vec<NaiveTime>,
    /// On the day itself.
    #[serde(deserialize_with = "times")]
    pub that_morning: Vec<NaiveTime>,
}

/// Something residents can choose to hear of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The name in data and in segments; never changes once residents have chosen it.
    pub id: String,
    /// What residents read, by language code; Japanese is required.
    pub name: BTreeMap<String, String>,
    /// It speaks of pregnancy or children: the one tap that stops those stops this too.
    #[serde(default)]
    pub about_children: bool,
}

/// How long things are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days from a block to the erasure of everything held.
    pub unreachable_days: u32,
    /// Hours a half-finished registration waits to be continued.
    pub half_finished_hours: u32,
    /// Days the record of an event is kept, to know a duplicate; its words go as soon as it is answered.
    pub event_days: u32,
    /// Days words that found no answer are counted, since they were last asked.
    pub word_days: u32,
}

impl Topic {
    /// The topic's name in `language`, or in Japanese.
    pub fn name_in(&self, language: Language) -> &str {
        self.name
            .get(language.code())
            .or_else(|| self.name.get(Language::japanese().code()))
            .unwrap_or(&self.id)
    }
}

impl Profile {
    /// The topic with this id.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|t| t.id == id)
    }
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written
        .date
        .filter(|_| written.time.is_none())
        .and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
        .ok_or_else(|| {
            serde::de::Error::custom(format!("`{written}` is no date; write one like 2026-04-01"))
        })
}

fn times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NaiveTime>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|written| {
            NaiveTime::parse_from_str(written, "%H:%M").map_err(|_| {
                serde::de::Error::custom(format!(
                    "`{written}` is no time of day; write one like \"19:00\""
                ))
            })
        })
        .collect()
}
