//! Segment → selection: names become numbers, ages become months, on one day.

use chrono::{Datelike, NaiveDate};

use super::model::{Fact, Segment, Span, births};
use super::places::Places;
use crate::area::Directory;
use crate::ids::AreaId;
use crate::language::Language;
use crate::policy::Profile;
use crate::resident::{ChildKind, GarbageReminder, Month};

/// A segment as it is looked up in the database: names are numbers, and ages are months of birth. It means
/// the same residents in a count and in each of its pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection(pub(super) Term);

/// A condition on one row. None is ever unknown: what was not said is not true.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    Everyone,
    Areas(Vec<i64>),
    Topic(String),
    /// As 202611.
    Births(Span<i32>),
    /// As 202611.
    Dues(Span<i32>),
    Language(Language),
    /// As 20261122.
    Met(Span<i32>),
    Reminder(String),
    Not(Box<Term>),
    All(Vec<Term>),
    Any(Vec<Term>),
}

/// A name that means nothing in this town.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// There is no such district.
    #[error("there is no district `{name}`; there are {}", .known.join(", "))]
    District {
        /// What was written.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// There is no such area, or there are several.
    #[error("`area:{name}` means none or several areas; near it are {}", .near.join(", "))]
    Area {
        /// What was written.
        name: String,
        /// Those it may mean.
        near: Vec<String>,
    },
    /// There is no such topic.
    #[error("there is no topic `{name}`; there are {}", .known.join(", "))]
    Topic {
        /// What was written.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
}

impl Selection {
    /// Everybody who can be reached.
    pub fn everyone() -> Self {
        Self(Term::Everyone)
    }

    /// Those of them who live in one of these areas.
    #[must_use]
    pub fn living_in(self, areas: &[AreaId]) -> Self {
        self.and(Term::Areas(areas.iter().map(|area| area.0).collect()))
    }

    /// Those of them who read this language.
    #[must_use]
    pub fn reading(self, language: Language) -> Self {
        self.and(Term::Language(language))
    }

    /// Those of them who wish to hear of garbage days at this hour.
    #[must_use]
    pub fn reminded_at(self, hour: GarbageReminder) -> Self {
        self.and(Term::Reminder(hour.to_string()))
    }

    /// Those of them who have a child of this kind, of the months from `first` to `last`.
    #[must_use]
    pub fn with_children(self, kind: ChildKind, first: Month, last: Month) -> Self {
        let months = Span::new(Some(month_number(first)), Some(month_number(last)));
        let months = months.unwrap_or_else(|| Span::only(month_number(first)));
        self.and(match kind {
            ChildKind::Born => Term::Births(months),
            ChildKind::Due => Term::Dues(months),
        })
    }

    /// Those of them who chose the topic with this id.
    #[must_use]
    pub fn interested_in(self, topic: &str) -> Self {
        self.and(Term::Topic(topic.to_owned()))
    }

    fn and(self, term: Term) -> Self {
        let mut all = match self.0 {
            Term::All(all) => all,
            one => vec![one],
        };
        all.push(term);
        Self(Term::All(all))
    }
}

/// Looks up everything `segment` names, as of `today`.
///
/// # Errors
/// A district, area or topic that the town does not have: the first of them.
pub fn select(
    directory: &Directory,
    profile: &Profile,
    today: NaiveDate,
    segment: &Segment,
) -> Result<Selection, Unknown> {
    select_in(&Places::of(directory, segment)?, profile, today, segment)
}

/// The same among places that were looked up before.
///
/// # Errors
/// A topic that the town does not have: the first of them.
pub fn select_in(
    places: &Places,
    profile: &Profile,
    today: NaiveDate,
    segment: &Segment,
) -> Result<Selection, Unknown> {
    let town = Town {
        places,
        profile,
        today,
    };
    town.term(segment).map(Selection)
}

struct Town<'a> {
    places: &'a Places,
    profile: &'a Profile,
    today: NaiveDate,
}

impl Town<'_> {
    fn term(&self, segment: &Segment) -> Result<Term, Unknown> {
        let terms = |parts: &[Segment]| -> Result<Vec<Term>, Unknown> {
            parts.iter().map(|part| self.term(part)).collect()
        };
        Ok(match segment {
            Segment::Everyone => Term::Everyone,
            Segment::Is(fact) => self.fact(fact)?,
            Segment::Not(inner) => Term::Not(Box::new(self.term(inner)?)),
            Segment::All(parts) => Term::All(terms(parts)?),
            Segment::Any(parts) => Term::Any(terms(parts)?),
        })
    }

    fn fact(&self, fact: &Fact) -> Result<Term, Unknown> {
        Ok(match fact {
            Fact::District(_) | Fact::Area(_) => Term::Areas(self.places.named(fact)),
            Fact::Topic(id) => Term::Topic(self.topic(id)?),
            Fact::Child(ages) => Term::Births(births(*ages, self.today)),
            Fact::Born(months) => Term::Births(months.map(month_number)),
            Fact::Due(months) => Term::Dues(months.map(month_number)),
            Fact::Language(language) => Term::Language(*language),
            Fact::Registered(days) => Term::Met(days.map(day_number)),
            Fact::Reminder(hour) => Term::Reminder(hour.to_string()),
        })
    }

    fn topic(&self, id: &str) -> Result<String, Unknown> {
        match self.profile.topic(id) {
            Some(topic) => Ok(topic.id.clone()),
            None => Err(Unknown::Topic {
                name: id.to_owned(),
                known: self.profile.topics.iter().map(|t| t.id.clone()).collect(),
            }),
        }
    }
}

fn month_number(month: Month) -> i32 {
    month.year() * 100 + month.month().cast_signed()
}

fn day_number(day: NaiveDate) -> i32 {
    (day.year() * 100 + day.month().cast_signed()) * 100 + day.day().cast_signed()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_a_month_older_with_each_month() {
        let today = "2026-01-31".parse().unwrap();
        let born = |from, to| {
            let span = births(Span::new(from, to).unwrap(), today);
            (span.from(), span.to())
        };
        assert_eq!(born(Some(0), Some(0)), (Some(202601), None));
        assert_eq!(born(Some(1), Some(12)), (Some(202501), Some(202512)));
        assert_eq!(born(Some(36), None), (None, Some(202301)));
        assert_eq!(born(None, Some(36)), (Some(202301), None));
    }
}
