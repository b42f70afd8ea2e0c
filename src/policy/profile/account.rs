//! The account: its policy's document, its operator, its window, and what it offers.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::written::{self, Clause};
use crate::language::Language;

/// The profile's own name and date.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileHead {
    /// Kept with every resident's consent.
    pub version: String,
    /// The first civil date on which it rules.
    #[serde(deserialize_with = "written::date")]
    pub effective_from: NaiveDate,
}

/// The document the profile carries.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its full name, the heading of the policy page.
    pub name: String,
    /// What staff see before a clause.
    pub short_name: String,
    /// What it rests on: a by-law, a guideline, a security policy, with its date.
    #[serde(default)]
    pub rests_on: Vec<String>,
    /// When it was first decided.
    #[serde(deserialize_with = "written::date")]
    pub decided_on: NaiveDate,
    /// When it was changed since.
    #[serde(default, deserialize_with = "written::dates")]
    pub amended_on: Vec<NaiveDate>,
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
    /// Its LINE ID, `@…`; without one, none is shown.
    #[serde(default)]
    pub account_id: Option<String>,
    /// What the account is for; drafts off this subject are questioned.
    pub purpose: String,
    /// The official site.
    pub site: String,
    /// The page that shows the operating policy.
    pub policy_page: String,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// The window that every "cannot answer here" ends with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// Its name.
    pub window: String,
    /// Its telephone, digits and hyphens.
    pub telephone: String,
    /// When somebody answers there, in words; the exact hours are the profile's counter hours.
    pub hours: String,
    /// The form that takes opinions.
    pub opinions: String,
    /// What that form is called, if it has a name of its own: 市長への手紙.
    #[serde(default)]
    pub opinions_name: Option<String>,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// When reminders may go out, and as what. The hours are those of Japan's clock, of garbage reminders.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    /// On the evening before the collection.
    #[serde(deserialize_with = "written::times")]
    pub evening_before: Vec<NaiveTime>,
    /// On the day itself.
    #[serde(deserialize_with = "written::times")]
    pub that_morning: Vec<NaiveTime>,
    /// The category of garbage reminders; without one, none goes out.
    #[serde(default)]
    pub garbage_category: Option<String>,
    /// The category of what comes for children; without one, nothing does.
    #[serde(default)]
    pub childcare_category: Option<String>,
    /// Where that is said.
    #[serde(default)]
    pub clause: Option<Clause>,
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

/// A paragraph of the public policy page, under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The heading; paragraphs of the same heading stand together.
    pub heading: String,
    /// The paragraph.
    pub text: String,
    /// Where it is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// How the account that LINE knows differs from the one the policy names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Drift {
    /// Its name in LINE.
    #[error("LINE shows the account as `{0}`, which is not the policy's account_name")]
    Name(String),
    /// None of its IDs is the policy's; this is one of them.
    #[error("LINE knows the account as {0}, which is not the policy's account_id")]
    Id(String),
}

impl Operator {
    /// Compares the account's live name and IDs with those the policy names.
    pub fn drift(&self, name: &str, ids: &[&str]) -> Vec<Drift> {
        let renamed = (name != self.account_name).then(|| Drift::Name(name.to_owned()));
        let ours = self.account_id.as_deref();
        let moved = ours.is_some_and(|ours| !ids.contains(&ours));
        let other = ids.first().filter(|_| moved);
        let moved = other.map(|id| Drift::Id((*id).to_owned()));
        renamed.into_iter().chain(moved).collect()
    }
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
