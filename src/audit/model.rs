//! What is put on record, and how it is asked for.

use std::fmt::Display;

use serde::Serialize;
use serde_json::Value;

use crate::clock::Instant;
use crate::ids::PersonId;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in person, and the post they acted in, as it was called then (広報課 課長).
    Person(PersonId, Option<String>),
    /// The product by itself: a schedule, a time limit.
    System,
    /// Whoever may run commands on the server.
    Operator,
}

/// A deed to be put on record. It names rows by their ids and holds no personal data.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub(super) actor: Actor,
    pub(super) act: &'static str,
    pub(super) object: (&'static str, String),
    pub(super) detail: Value,
    pub(super) address_hint: Option<String>,
}

impl Entry {
    /// `actor` did `act` (`module.what_happened`) to the `object` of that kind and id.
    pub fn of(actor: Actor, act: &'static str, object: (&'static str, impl Display)) -> Self {
        Self {
            actor,
            act,
            object: (object.0, object.1.to_string()),
            detail: Value::Object(serde_json::Map::new()),
            address_hint: None,
        }
    }

    /// What else a reader must know.
    #[must_use]
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }

    /// From where: a network, not a whole address.
    #[must_use]
    pub fn from_network(mut self, hint: impl Into<String>) -> Self {
        self.address_hint = Some(hint.into());
        self
    }
}

/// An entry as it stands on record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recorded {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// `person`, `system` or `operator`.
    pub actor_kind: String,
    /// The person.
    pub actor: Option<PersonId>,
    /// The post they acted in, as it was called then.
    pub post: Option<String>,
    /// What they did.
    pub act: String,
    /// To what kind of thing.
    pub object_kind: String,
    /// To which.
    pub object_id: String,
    /// What else a reader must know.
    pub detail: Value,
    /// From which network.
    pub address_hint: Option<String>,
    /// The digest of this entry and, through the one before, of all before it; lower-case hexadecimal.
    pub digest: String,
}

/// Whose deeds are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// This person's.
    Person(PersonId),
    /// The product's own.
    System,
    /// Those of commands on the server.
    Operator,
}

/// What is looked for; every condition given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// At this moment or later.
    pub from: Option<Instant>,
    /// Before this moment.
    pub until: Option<Instant>,
    /// Whose deeds.
    pub who: Option<Who>,
    /// The act begins so: `staff.` finds all that is about staff.
    pub act: Option<String>,
    /// The id of what it was done to.
    pub object: Option<String>,
    /// Each of these stands in the act, the post, the object or the details.
    pub words: Vec<String>,
    /// Which page of [`Query::PAGE`] entries, from 0.
    pub page: u64,
}

impl Query {
    /// Entries on a page.
    pub const PAGE: u64 = 50;
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Recorded>,
    /// How many there are on all pages.
    pub total: u64,
}

/// A verification on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// When.
    pub at: Instant,
    /// How many entries were read; of a broken record, those before the first fault.
    pub entries: u64,
    /// The newest entry's digest, if the record was whole.
    pub digest: Option<String>,
    /// The fault, if there was one.
    pub broken: Option<String>,
}

impl Checked {
    pub(super) fn of(entry: &Recorded) -> Self {
        let text = |key: &str| entry.detail[key].as_str().map(str::to_owned);
        Self {
            at: entry.at,
            entries: entry.detail["entries"].as_u64().unwrap_or_default(),
            digest: text("digest"),
            broken: text("broken"),
        }
    }
}
