//! What can be wrong in a timetable, in a file or in a form. It prints in English, for who runs commands; the
//! console has its own words for each.

use chrono::NaiveDate;
use thiserror::Error;

use super::offset::{NotAnOffset, Offset};
use crate::table;

/// What is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
#[allow(
    missing_docs,
    reason = "each field is named as the sentence above it uses it"
)]
pub enum Fault {
    /// The file is no table.
    #[error("{0}")]
    Table(table::Fault),
    /// Columns without which nothing can be said.
    #[error("found no column {missing}, expected a header with it")]
    NoColumn { missing: String },
    /// Nothing stands below the header.
    #[error("found no rules, expected a rule a row")]
    NoRules,
    /// A name that cannot be one.
    #[error("found “{found}”, expected 1 to {most} letters, digits, - or _")]
    Code { found: String, most: usize },
    /// Nothing stands where something must.
    #[error("found nothing, expected a text")]
    Blank,
    /// More than can be shown.
    #[error("found {found} characters, expected at most {most}")]
    TooLong { found: usize, most: usize },
    /// None of the words that there are.
    #[error("found “{found}”, expected one of {known}")]
    NoneOf { found: String, known: String },
    /// No length of time.
    #[error("{0}")]
    Offset(NotAnOffset),
    /// It closes before it opens.
    #[error("found “{end}”, expected a time after window_start ({start})")]
    ClosesFirst { end: Offset, start: Offset },
    /// No address of a page.
    #[error("found “{0}”, expected an address from https:// on")]
    Link(String),
    /// A place that the town has not.
    #[error("found “{0}”, expected a district or an area of the garbage calendar")]
    Area(String),
    /// No day.
    #[error("found “{0}”, expected a date such as 2027-04-01")]
    Date(String),
    /// It ends before it begins.
    #[error("found “{last}”, expected no day before {first}")]
    EndsFirst { last: NaiveDate, first: NaiveDate },
    /// Of a day to which children are called, something is missing.
    #[error(
        "found nothing, expected all of held_on, held_at, born_from and born_to, or none of them"
    )]
    PartOfSession,
    /// Who is not born yet cannot be called by their birthday.
    #[error("found “{0}”, expected birth_date beside held_on")]
    SessionAnchor(String),
    /// What is had on a day has no other window.
    #[error("found “{0}”, expected nothing beside held_on")]
    SessionWindow(Offset),
    /// Called after the day.
    #[error("found “{0}”, expected a time before held_on, such as -P1M")]
    SessionOver(Offset),
    /// Neither yes nor no.
    #[error("found “{0}”, expected 1 or 0")]
    Flag(String),
    /// Two versions of a rule hold on one day.
    #[error(
        "found “{code}” a second time, expected versions that hold at different times; see line {line}"
    )]
    Overlaps { code: String, line: u64 },
}
