//! Rules that send by themselves (定期お知らせ): what of them is agreed to, and where that stands. Pure.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::phrases;
use crate::approval::{Digest, Frozen, Outcome, Request, Subject, SubjectKind, Undigestible};
use crate::childcare::{Rule, Session, Timetable};
use crate::ids::NoticeId;
use crate::language::Language;
use crate::policy::Profile;
use crate::resident::{Child, ChildKind, GarbageReminder, Month, ReminderDay};

/// Which notice. As text it is unique, and reads back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Of garbage days; there is one.
    Garbage,
    /// Of the rule with this code, in all its versions.
    Childcare(String),
}

/// All that residents would notice of a notice but the days on which it comes. This is agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The policy's category: whether phones make a sound.
    pub category: String,
    /// The hours at which it goes out, as residents choose them, or by Japan's clock.
    pub hours: Vec<String>,
    /// The versions of a rule of the timetable, the oldest first.
    pub versions: Vec<Version>,
    /// What is said, for examples that never change.
    pub samples: Vec<Sample>,
    /// Why it goes out outside working hours, where the policy asks that; else it keeps to them.
    pub out_of_hours: Option<String>,
}

/// A version of a rule, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "each is the text of the Rule's field of that name"
)]
pub struct Version {
    pub title: String,
    pub text: String,
    pub link: Option<String>,
    pub anchor: String,
    pub notify_at: String,
    pub window_start: Option<String>,
    pub window_end: Option<String>,
    pub session: Option<Session>,
    pub default_on: bool,
    pub topic: Option<String>,
    pub areas: Vec<String>,
    pub effective_from: Option<NaiveDate>,
    pub effective_to: Option<NaiveDate>,
}

/// What is said in one case, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The case: an ordinary, a moved or a missing day; or the first day of a version.
    pub case: Case,
    /// The language's code.
    pub language: String,
    /// The words.
    pub text: String,
    /// What is offered under them.
    pub offers: String,
}

/// What an example is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// The evening before an ordinary day.
    EveningBefore,
    /// The morning of an ordinary day.
    ThatMorning,
    /// A day to which a collection was moved.
    MovedHere,
    /// A day on which the usual collection is not.
    Missing,
    /// The version of a rule with this number, from 0.
    Version(usize),
}

/// A notice as it was handed in for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// Its id, which is that of the decision's subject.
    pub id: NoticeId,
    /// Of which notice.
    pub key: Key,
    /// How often it had been handed in with this.
    pub revision: i32,
    /// What it said.
    pub content: Content,
}

/// What was handed in, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What.
    pub handed_in: HandedIn,
    /// Who was asked, and what they said.
    pub request: Request,
    /// Whether it still is what would go out.
    pub holds: bool,
}

/// A notice as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which.
    pub key: Key,
    /// What would go out; of whether it may go out of hours, nothing.
    pub content: Content,
    /// What was ever asked about it, the newest first.
    pub asked: Vec<Asked>,
}

/// Where a notice stands. Only what is in force goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was agreed to, and holds until this day.
    InForce(NaiveDate),
    /// It waits for a decision.
    Waiting,
    /// It was sent back.
    Returned,
    /// It is not what was handed in any more.
    Changed,
    /// What was agreed to ended with this day.
    Lapsed(NaiveDate),
    /// Nobody was asked, or who did took it back.
    NotAsked,
}

/// A text that is no key of a notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no notice; expected garbage or childcare/RULE")]
pub struct NotAKey(String);

impl Notice {
    /// What was agreed to and may go out on `today`: of several, what holds longest.
    pub fn in_force(&self, today: NaiveDate) -> Option<&Asked> {
        let asked = self.asked.iter().filter(|asked| asked.is_in_force(today));
        asked.max_by_key(|asked| asked.request.until)
    }

    /// What waits for a decision.
    pub fn waiting(&self) -> Option<&Asked> {
        let mut asked = self.asked.iter();
        asked.find(|asked| asked.request.ended.is_none())
    }

    /// Where it stands on `today`.
    pub fn standing(&self, today: NaiveDate) -> Standing {
        if let Some(until) = self.in_force(today).and_then(|asked| asked.request.until) {
            return Standing::InForce(until);
        }
        let newest = self.waiting().or(self.asked.first());
        let Some(Asked { request, holds, .. }) = newest else {
            return Standing::NotAsked;
        };
        match (request.ended.as_ref().map(|e| e.outcome), request.until) {
            (Some(Outcome::Returned), _) => Standing::Returned,
            (Some(Outcome::Withdrawn), _) => Standing::NotAsked,
            (Some(Outcome::Approved), Some(until)) if until < today => Standing::Lapsed(until),
            (None, _) if *holds => Standing::Waiting,
            _ => Standing::Changed,
        }
    }

    /// What its newest version is called; nothing for garbage days.
    pub fn title(&self) -> Option<&str> {
        self.content
            .versions
            .last()
            .map(|version| version.title.as_str())
    }
}

impl Asked {
    /// Whether it waits, or was agreed to and not ended since.
    pub fn is_live(&self) -> bool {
        let ended = self.request.ended.as_ref();
        ended.is_none_or(|ended| ended.outcome == Outcome::Approved)
    }

    /// Whether it may go out on `today`.
    pub fn is_in_force(&self, today: NaiveDate) -> bool {
        let ended = self.request.ended.as_ref();
        let agreed = ended.is_some_and(|ended| ended.outcome == Outcome::Approved);
        agreed && self.holds && self.request.until.is_some_and(|until| today <= until)
    }
}

impl HandedIn {
    /// As `content` would be agreed to in its place.
    pub(super) fn frozen(&self, content: &Content) -> Result<Frozen, Undigestible> {
        Ok(Frozen {
            subject: Subject {
                kind: SubjectKind::Notice,
                id: self.id.0,
            },
            revision: self.revision,
            digest: content.digest(&self.key)?,
        })
    }
}

impl Content {
    /// What would go out by `key` now; nothing if there is no such notice, or the policy has no category for
    /// it.
    pub fn of(key: &Key, profile: &Profile, timetable: &Timetable) -> Option<Self> {
        let reminder = &profile.reminder;
        match key {
            Key::Garbage => Some(Self {
                category: reminder.garbage_category.clone()?,
                hours: garbage_hours(profile)
                    .iter()
                    .map(GarbageReminder::to_string)
                    .collect(),
                versions: Vec::new(),
                samples: phrases::garbage_samples(),
                out_of_hours: None,
            }),
            Key::Childcare(code) => {
                let versions = timetable.versions(code);
                let comes = |rule: &&Rule| rule.default_on || rule.topic.is_some();
                versions.iter().any(comes).then_some(())?;
                let samples = versions.iter().enumerate().flat_map(|(at, rule)| {
                    let due = sample_due(rule);
                    due.into_iter().flat_map(move |due| {
                        Language::all().map(move |language| Sample {
                            case: Case::Version(at),
                            language: language.code().to_owned(),
                            text: crate::childcare::phrases::notice(language, rule, due),
                            offers: phrases::stop_childcare(language),
                        })
                    })
                });
                Some(Self {
                    category: reminder.childcare_category.clone()?,
                    hours: vec![super::childcare::hour()],
                    samples: samples.collect(),
                    versions: versions.into_iter().map(Version::of).collect(),
                    out_of_hours: None,
                })
            }
        }
    }

    /// The same, going out outside working hours for this reason.
    pub fn out_of_hours(&self, reason: Option<String>) -> Self {
        Self {
            out_of_hours: reason,
            ..self.clone()
        }
    }

    /// SHA-256 over all of it.
    ///
    /// # Errors
    /// It has no canonical form.
    pub fn digest(&self, key: &Key) -> Result<Digest, Undigestible> {
        Digest::of(&json!({ "key": key.to_string(), "content": self }))
    }
}

/// The hours at which the policy lets residents hear of garbage days.
pub(super) fn garbage_hours(profile: &Profile) -> Vec<GarbageReminder> {
    let at = |day, times: &[NaiveTime]| -> Vec<GarbageReminder> {
        let hours = times.iter().map(|time| GarbageReminder::At(day, *time));
        hours.collect()
    };
    let reminder = &profile.reminder;
    let mut hours = at(ReminderDay::Before, &reminder.evening_before);
    hours.extend(at(ReminderDay::Same, &reminder.that_morning));
    hours
}

/// When it comes for the child of the example, or of a month that never changes.
fn sample_due(rule: &Rule) -> Option<crate::childcare::Due> {
    let called = rule.session.as_ref().map(|session| session.born_from);
    let born = called.or(NaiveDate::from_ymd_opt(2026, 4, 1));
    let month = born.map(Month::of)?;
    let kinds = [ChildKind::Born, ChildKind::Due];
    let mut due = kinds
        .map(|kind| rule.due(&Child { month, kind }))
        .into_iter();
    due.find_map(|due| due.first().copied())
}

impl Version {
    fn of(rule: &Rule) -> Self {
        Self {
            title: rule.title.clone(),
            text: rule.text.clone(),
            link: rule.link.clone(),
            anchor: rule.anchor.as_str().to_owned(),
            notify_at: rule.notify_at.to_string(),
            window_start: rule.window_start.map(|offset| offset.to_string()),
            window_end: rule.window_end.map(|offset| offset.to_string()),
            session: rule.session.clone(),
            default_on: rule.default_on,
            topic: rule.topic.clone(),
            areas: rule.areas.clone(),
            effective_from: rule.effective_from,
            effective_to: rule.effective_to,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Garbage => f.write_str("garbage"),
            Self::Childcare(code) => write!(f, "childcare/{code}"),
        }
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        match text.split_once('/') {
            None if text == "garbage" => Ok(Self::Garbage),
            Some(("childcare", code)) if !code.is_empty() => Ok(Self::Childcare(code.to_owned())),
            _ => Err(NotAKey(text.to_owned())),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
#[path = "notice_tests.rs"]
mod tests;
