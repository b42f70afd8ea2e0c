//! Which wordings are in force. Those that come with the program are from the first start on; a changed one waits until
//! two people publish it, as everything that only two may do: somebody asks, somebody else agrees within the hour.

use std::sync::Arc;

use super::fault::Fault;
use super::file;
use super::library::{self, Library};
use super::model::Template;
use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::edition::{self, Kept, Published};
use crate::ids::PersonId;
use crate::staff::countersign::TTL;
use crate::table::{Finding, Source};

/// A version of a wording that was read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Of which template.
    pub code: String,
    /// The first digits of its digest: who publishes it publishes exactly this.
    pub version: String,
    /// What stands in its file.
    pub text: String,
    /// When it was first read.
    pub recorded_at: Instant,
    /// Who asks now that it be published, for the first time or anew.
    pub wanted: Option<Asked>,
    /// Who had asked when it was last published; nobody for what came first.
    pub asked: Option<Asked>,
    /// Who had agreed then.
    pub seconded_by: Option<PersonId>,
    /// From when on it was in force, the last time.
    pub published_at: Option<Instant>,
    /// From when on another was.
    pub retired_at: Option<Instant>,
    /// Who handed it in; nobody for what came with the program.
    pub written_by: Option<PersonId>,
    /// Who declined it when it was last asked for, and why.
    pub declined: Option<Declined>,
}

/// Who asked for something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// That somebody declined, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Why, for whoever asked.
    pub answer: String,
}

/// The wordings in force, kept in memory and read anew when others are published, by this process or another.
#[derive(Debug)]
pub struct Templates {
    db: Db,
    kept: Kept<Library>,
}

impl Templates {
    /// Over what `db` holds.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            kept: Kept::new(Published::EmergencyTemplates),
        }
    }

    /// What is in force.
    ///
    /// # Errors
    /// The database does not answer, or holds a text that is no template any more.
    pub async fn in_force(&self) -> Result<Arc<Library>, DbError> {
        self.kept.get(&self.db, || in_force(&self.db)).await
    }
}

/// What is in force now, read from the database. [`Templates`] keeps it.
///
/// # Errors
/// See [`Templates::in_force`].
pub async fn in_force(db: &Db) -> Result<Library, DbError> {
    let versions = store::all(db.conn()).await?;
    let files: Vec<Source> = versions
        .iter()
        .filter(|version| version.is_in_force())
        .map(Version::file)
        .collect();
    Library::of(&files).map_err(|faults| {
        let fault = faults.first().map(ToString::to_string).unwrap_or_default();
        DbError::Custom(format!("the emergency templates cannot be read: {fault}"))
    })
}

/// Records what comes with the program: what was never there is in force at once, what differs from what was waits.
///
/// # Errors
/// The database does not answer.
pub async fn record(db: &Db, now: Instant) -> Result<(), DbError> {
    record_these(db, now, &library::builtin()).await
}

/// As [`record`], for files of one's own.
///
/// # Errors
/// The database does not answer, or a file is no template: nothing has changed then.
pub async fn record_these(db: &Db, now: Instant, files: &[Source]) -> Result<(), DbError> {
    let library = Library::of(files).map_err(|faults| {
        let fault = faults.first().map(ToString::to_string).unwrap_or_default();
        DbError::Custom(format!("the emergency templates cannot be read: {fault}"))
    })?;
    let tx = db.begin().await?;
    let known = store::all(tx.conn()).await?;
    let mut first = false;
    for source in files {
        let code = source.name.trim_end_matches(".toml");
        let Some(template) = library.find(code) else {
            continue;
        };
        let mut of_code = known.iter().filter(|version| version.code == code);
        let is_first = of_code.clone().next().is_none();
        if of_code.all(|version| version.version != template.version) {
            first |= is_first;
            let version = Version {
                code: code.to_owned(),
                version: template.version.clone(),
                text: source.text().unwrap_or_default(),
                recorded_at: now,
                wanted: None,
                asked: None,
                seconded_by: None,
                published_at: is_first.then_some(now),
                retired_at: None,
                written_by: None,
                declined: None,
            };
            store::add(tx.conn(), &version).await?;
        }
        store::forget_waiting(tx.conn(), code, &template.version).await?;
    }
    if first {
        edition::renew(&tx, Published::EmergencyTemplates).await?;
    }
    tx.commit().await
}

/// Every version, by code, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn versions(db: &Db) -> Result<Vec<Version>, DbError> {
    store::all(db.conn()).await
}

impl Version {
    /// Whether it is what is sent.
    pub fn is_in_force(&self) -> bool {
        self.published_at.is_some() && self.retired_at.is_none()
    }

    /// Until when somebody may agree, if somebody has asked and nobody has declined.
    pub fn asked_until(&self) -> Option<Instant> {
        let asked = self.wanted.filter(|_| self.declined.is_none())?;
        Some(asked.at + TTL)
    }

    /// Whether it waits for a second person.
    pub fn waits(&self, now: Instant) -> bool {
        self.asked_until().is_some_and(|until| now < until)
    }

    /// What stands in it.
    ///
    /// # Errors
    /// Every fault with its line: what is no template any more was one when it came.
    pub fn template(&self) -> Result<Template, Vec<Finding<Fault>>> {
        file::read(&self.file())
    }

    /// It, as a file.
    pub fn file(&self) -> Source {
        Source::new(format!("{}.toml", self.code), self.text.clone())
    }
}
