//! What may be sent, and what a drafter answers for it.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::written::{self, Clause};

/// A kind of content.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The name in data; never changes once something was sent under it.
    pub id: String,
    /// What staff and the policy page call it.
    pub name: String,
    /// Phones make a sound when it arrives.
    #[serde(default = "written::yes")]
    pub sound: bool,
    /// When phones stay silent all the same.
    #[serde(default)]
    pub quiet_hours: Option<QuietHours>,
    /// Only with the owner's chief's recorded recognition.
    #[serde(default)]
    pub chief_note: bool,
    /// It goes before everything else, always with sound.
    #[serde(default)]
    pub emergency: bool,
    /// It may be used at all.
    #[serde(default = "written::yes")]
    pub enabled: bool,
    /// What stands over every message of it.
    #[serde(default)]
    pub label: Option<String>,
    /// Days it stays in the public archive.
    pub keep_days: u32,
    /// Where it is named.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// Hours of Japan's clock; over midnight when `from` is the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first silent minute.
    #[serde(deserialize_with = "written::time")]
    pub from: NaiveTime,
    /// The first minute that is not.
    #[serde(deserialize_with = "written::time")]
    pub to: NaiveTime,
}

/// What a drafter is asked before submitting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The name in data.
    pub id: String,
    /// What is asked.
    pub ask: String,
    /// Answers with which nothing can be submitted.
    #[serde(default)]
    pub blocks: Vec<Answer>,
    /// Answers on which the owner's chief decides.
    #[serde(default)]
    pub to_chief: Vec<Answer>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// What a drafter may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// はい.
    Yes,
    /// いいえ.
    No,
    /// わからない.
    Unsure,
}

/// How content under an open licence is marked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenData {
    /// The mark appended: `#CCBY`.
    pub tag: String,
    /// The page with the terms.
    pub terms: String,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

impl Category {
    /// Whether phones make a sound when it arrives at this hour of Japan's clock.
    pub fn sounds_at(&self, time: NaiveTime) -> bool {
        self.emergency || (self.sound && !self.quiet_hours.is_some_and(|q| q.contains(time)))
    }
}

impl QuietHours {
    /// Whether `time` is silent.
    pub fn contains(self, time: NaiveTime) -> bool {
        match self.from <= self.to {
            true => self.from <= time && time < self.to,
            false => self.from <= time || time < self.to,
        }
    }
}
