//! Persons, posts, and the days on which the one holds the other.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Instant;
use crate::ids::{DeputyId, HoldingId, OrganisationId, PersonId, PostId, SectionId};

/// What a section may be entrusted with (担当): something published that has one keeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Frequent questions and automatic replies.
    Answers,
    /// The garbage calendar.
    Garbage,
    /// The childcare timetable.
    Childcare,
    /// Which shelters are open.
    Shelters,
}

impl Subject {
    /// All there are.
    pub const ALL: [Self; 4] = [
        Self::Answers,
        Self::Garbage,
        Self::Childcare,
        Self::Shelters,
    ];

    /// Its name in forms and records.
    pub fn code(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Garbage => "garbage",
            Self::Childcare => "childcare",
            Self::Shelters => "shelters",
        }
    }

    /// The subject with this name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.code() == code)
    }
}

/// A section (課).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// Its name: 広報課.
    pub name: String,
    /// Whether the account is this section's: then everything published is its to change.
    pub owner: bool,
    /// What else it looks after.
    pub subjects: BTreeSet<Subject>,
    /// The day since which it is no more.
    pub closed_on: Option<NaiveDate>,
}

/// A contractor (受託者).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// The days of the contract; its people can do nothing outside them.
    pub contract: Term,
}

/// Days from one to another, both of which count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; without one, until further notice.
    pub to: Option<NaiveDate>,
}

impl Term {
    /// From `from` until further notice.
    pub fn since(from: NaiveDate) -> Self {
        Self { from, to: None }
    }

    /// From `from` to `to`, or nothing when `to` comes first.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to).then_some(Self { from, to: Some(to) })
    }

    /// Whether `day` is one of them.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether there is a day in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }

    /// Whether there is a last day, at most `days` days from the first, or none at all.
    pub(super) fn is_within(&self, days: i64) -> bool {
        self.to
            .is_none_or(|to| to - self.from < TimeDelta::days(days))
    }
}

/// The number by which the municipality knows a person (職員番号).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(String);

/// A person's name. Personal data: its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(String);

/// A person's mail address. Personal data: its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail(String);

/// Why a word about a person cannot be taken. It does not repeat the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidWord {
    /// The number.
    #[error("a staff number has 1 to 20 letters, digits or hyphens")]
    Number,
    /// The name.
    #[error("a name has 1 to 60 characters and no line breaks")]
    Name,
    /// The address.
    #[error("a mail address looks like `name@city.example.jp`, with at most 254 characters")]
    Mail,
}

impl Number {
    /// Reads a number.
    ///
    /// # Errors
    /// It is empty, longer than 20, or has anything but letters, digits and hyphens.
    pub fn parse(text: &str) -> Result<Self, InvalidWord> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        match (1..=20).contains(&text.len()) && text.bytes().all(is_plain) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidWord::Number),
        }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// It is empty, longer than 60 characters, or holds control or direction characters.
    pub fn parse(text: &str) -> Result<Self, InvalidWord> {
        let text = text.trim();
        let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let length = text.chars().count();
        match (1..=60).contains(&length) && !text.chars().any(|c| c.is_control() || turns(c)) {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidWord::Name),
        }
    }

    /// As written; for pages and the database, never for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

impl Mail {
    /// Reads an address, in small letters: no mailbox of a municipality tells them apart. Only its outline
    /// is checked, mail itself shows the rest.
    ///
    /// # Errors
    /// It has no `@` between two words, or blanks, or more than 254 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidWord> {
        let text = text.trim();
        let whole = text.split_once('@').is_some_and(|(who, host)| {
            !who.is_empty() && host.contains('.') && !host.contains('@')
        });
        let odd = |c: char| c.is_whitespace() || c.is_control();
        match whole && text.len() <= 254 && !text.contains(odd) {
            true => Ok(Self(text.to_lowercase())),
            false => Err(InvalidWord::Mail),
        }
    }

    /// For mail and the database, never for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail(…)")
    }
}

/// A person (職員), the municipality's or a contractor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their number.
    pub number: Number,
    /// Their name.
    pub name: Name,
    /// Their mail address.
    pub mail: Option<Mail>,
    /// The contractor they work for.
    pub organisation: Option<Organisation>,
    /// Their last day.
    pub ends_on: Option<NaiveDate>,
}

impl Person {
    /// Whether they work here on `day`: not after their last, nor outside their employer's contract.
    pub fn in_service(&self, day: NaiveDate) -> bool {
        self.ends_on.is_none_or(|end| day <= end)
            && self
                .organisation
                .as_ref()
                .is_none_or(|o| o.contract.covers(day))
    }
}

/// What kind of post it is; rights depend on nothing else, but for the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// 課長: decides for the section.
    Chief,
    /// 担当者: drafts and edits.
    Staff,
    /// 当直.
    DutyOfficer,
    /// 監査担当.
    Auditor,
    /// システム管理者.
    Administrator,
    /// A contractor's 業務処理責任者.
    ContractManager,
    /// A contractor's poster (投稿担当).
    ContractPoster,
}

impl PostKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Chief,
        Self::Staff,
        Self::DutyOfficer,
        Self::Auditor,
        Self::Administrator,
        Self::ContractManager,
        Self::ContractPoster,
    ];

    /// Its name in the database and in URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Chief => "chief",
            Self::Staff => "staff",
            Self::DutyOfficer => "duty_officer",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
            Self::ContractManager => "contract_manager",
            Self::ContractPoster => "contract_poster",
        }
    }

    /// The kind of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a post belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a section.
    Section(Section),
    /// With a contractor.
    Organisation(Organisation),
    /// With the municipality as a whole.
    Town,
}

/// A post (役職).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// What kind it is.
    pub kind: PostKind,
    /// What it is called: 課長.
    pub title: String,
    /// Where it belongs.
    pub place: Place,
    /// The day since which it is no more.
    pub closed_on: Option<NaiveDate>,
}

impl Post {
    /// Whether it belongs to the section that owns the account.
    pub fn of_owner(&self) -> bool {
        matches!(&self.place, Place::Section(section) if section.owner)
    }

    /// Whether it, or its section, is no more on `day`: such a post allows nothing.
    pub fn is_closed(&self, day: NaiveDate) -> bool {
        let of_section = match &self.place {
            Place::Section(section) => section.closed_on,
            Place::Organisation(_) | Place::Town => None,
        };
        let closed = |on: &NaiveDate| *on <= day;
        self.closed_on.as_ref().is_some_and(closed) || of_section.as_ref().is_some_and(closed)
    }

    /// The section it belongs to.
    pub fn section(&self) -> Option<SectionId> {
        match &self.place {
            Place::Section(section) => Some(section.id),
            _ => None,
        }
    }

    /// The contractor it belongs to.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match &self.place {
            Place::Organisation(organisation) => Some(organisation.id),
            _ => None,
        }
    }

    /// How it is called where it stands alone: 広報課 課長.
    pub fn label(&self) -> String {
        match &self.place {
            Place::Section(Section { name, .. })
            | Place::Organisation(Organisation { name, .. }) => {
                format!("{name} {}", self.title)
            }
            Place::Town => self.title.clone(),
        }
    }
}

/// A person holds a post (任命).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Its id.
    pub id: HoldingId,
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// The days; the person's own last day and contract may cut them shorter.
    pub term: Term,
    /// Taken away at this moment, whatever the days say.
    pub ended_at: Option<Instant>,
    /// Given at this moment.
    pub granted_at: Instant,
}

/// A person stands in for a chief (代理).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    /// Its id.
    pub id: DeputyId,
    /// The chief's post.
    pub post: PostId,
    /// Who stands in.
    pub person: PersonId,
    /// Their place in the order, from 1.
    pub rank: i32,
    /// The days; no last day is the standing order of the 事務決裁規程, any other at most
    /// [`AD_HOC_DAYS`] long.
    pub term: Term,
    /// For which matters, in the words of the order.
    pub scope: String,
    /// Taken away at this moment.
    pub ended_at: Option<Instant>,
    /// Given at this moment.
    pub granted_at: Instant,
}

/// The longest a deputy may stand in without a standing order, in days.
pub const AD_HOC_DAYS: i64 = 31;
