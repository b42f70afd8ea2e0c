//! When something is said, and to whom.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use super::childcare;
use super::garbage;
use super::notice::Key;
use crate::clock::Instant;
use crate::ids::AreaId;
use crate::language::Language;
use crate::resident::reach::Subscription;
use crate::resident::{Child, ChildKind, GarbageReminder, Month};
use crate::segment::Selection;

/// What comes once. As text it is unique, and reads back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// Collections of a day, for those who chose this hour.
    Garbage {
        /// The day of the collection.
        day: NaiveDate,
        /// The hour they chose.
        hour: GarbageReminder,
    },
    /// A rule of the timetable, for children of this month. A rule never comes twice for a child, whatever
    /// becomes of its dates.
    Childcare {
        /// The rule's code.
        rule: String,
        /// The month, and whether of birth.
        child: Child,
        /// Which time it comes: 0, unless it comes each April.
        nth: usize,
    },
}

/// An occasion on its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What for.
    pub occasion: Occasion,
    /// Of a rule, the last month of those whose children it is for, from the occasion's on: they are told in the same
    /// words, and who has several is told once. The occasion's alone when none.
    pub last: Option<Month>,
    /// The day on which it is said, by Japan's calendar.
    pub day: NaiveDate,
    /// From when on.
    pub begins: Instant,
    /// From when on it is better unsaid.
    pub until: Instant,
}

/// Residents who read the same message on an occasion. Each resident is in one group of an occasion at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they read.
    pub language: Language,
    /// Where they live, in ascending order; anywhere when none.
    pub areas: Option<Vec<AreaId>>,
    /// The topic they chose, where it takes one.
    pub topic: Option<String>,
    /// What is said.
    pub message: String,
}

/// A text that is no occasion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no occasion; expected garbage/DAY/HOUR or childcare/RULE/KIND/MONTH/NTH")]
pub struct NotAnOccasion(String);

impl Occasion {
    /// Of which notice it is.
    pub fn key(&self) -> Key {
        match self {
            Self::Garbage { .. } => Key::Garbage,
            Self::Childcare { rule, .. } => Key::Childcare(rule.clone()),
        }
    }

    /// The hour at which it goes out, as a notice's content has it.
    pub(super) fn hour(&self) -> String {
        match self {
            Self::Garbage { hour, .. } => hour.to_string(),
            Self::Childcare { .. } => childcare::hour(),
        }
    }
}

impl Run {
    /// An occasion that came on `day`, for months to `last`; none if it comes at no hour.
    pub(super) fn of(occasion: Occasion, last: Option<Month>, day: NaiveDate) -> Option<Self> {
        match occasion {
            Occasion::Garbage { hour, .. } => garbage::run(day, hour),
            Occasion::Childcare { .. } => Some(childcare::run(occasion, last, day)),
        }
    }
}

impl Group {
    /// What those in it asked to hear of.
    pub(super) fn subscription(&self, run: &Run) -> Subscription {
        match &run.occasion {
            Occasion::Garbage { hour, .. } => Subscription::Garbage(*hour),
            Occasion::Childcare { child, .. } => Subscription::Children {
                kind: child.kind,
                first: child.month,
                last: run.last.unwrap_or(child.month),
                topic: self.topic.clone(),
            },
        }
    }

    /// Who is in it.
    pub fn selection(&self, run: &Run) -> Selection {
        self.in_any_language(run).reading(self.language)
    }

    /// Who would be in it, whatever they read.
    pub(super) fn in_any_language(&self, run: &Run) -> Selection {
        let everyone = Selection::everyone();
        let mut selection = match self.subscription(run) {
            Subscription::Garbage(hour) => everyone.reminded_at(hour),
            Subscription::Children {
                kind, first, last, ..
            } => everyone.with_children(kind, first, last),
        };
        if let Some(areas) = &self.areas {
            selection = selection.living_in(areas);
        }
        if let Some(topic) = &self.topic {
            selection = selection.interested_in(topic);
        }
        selection
    }
}

impl fmt::Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Garbage { day, hour } => write!(f, "garbage/{day}/{hour}"),
            Self::Childcare { rule, child, nth } => {
                let (kind, month) = (child.kind.as_str(), child.month);
                write!(f, "childcare/{rule}/{kind}/{month}/{nth}")
            }
        }
    }
}

impl FromStr for Occasion {
    type Err = NotAnOccasion;

    fn from_str(text: &str) -> Result<Self, NotAnOccasion> {
        read(text).ok_or_else(|| NotAnOccasion(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Occasion> {
    let (what, rest) = text.split_once('/')?;
    if what == "garbage" {
        let (day, hour) = rest.split_once('/')?;
        let hour = GarbageReminder::parse(hour).ok()?;
        let day = day.parse().ok()?;
        return Some(Occasion::Garbage { day, hour });
    }
    // From the end: a rule's code is the town's.
    let mut parts = rest.rsplitn(4, '/');
    let nth = parts.next()?.parse().ok()?;
    let month = Month::parse(parts.next()?).ok()?;
    let kind = ChildKind::parse(parts.next()?).ok()?;
    let rule = parts.next()?.to_owned();
    let child = Child { month, kind };
    (what == "childcare").then_some(Occasion::Childcare { rule, child, nth })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_occasion_reads_back() {
        for text in [
            "garbage/2026-11-25/before-19:00",
            "garbage/2026-11-25/same-06:30",
            "childcare/checkup-18m/birth/2025-05/0",
            "childcare/a/b/due/2027-01/3",
        ] {
            assert_eq!(text.parse::<Occasion>().unwrap().to_string(), text);
        }
        for odd in [
            "",
            "garbage",
            "garbage/2026-11-25",
            "tea/2026-11-25/same-06:30/0/0",
        ] {
            assert!(odd.parse::<Occasion>().is_err(), "{odd}");
        }
    }
}
