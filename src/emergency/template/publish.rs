//! Which wordings are in force. Those that come with the program are from the first start on; a changed one waits until
//! two people publish it, as everything that only two may do: somebody asks, somebody else agrees within the hour.

use std::sync::Arc;

use serde_json::json;

use super::library::{self, Library};
use super::store;
use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::edition::{self, Kept, Published};
use crate::ids::PersonId;
use crate::staff::Right;
use crate::staff::countersign::TTL;
use crate::staff::people::{self, Signed};
use crate::table::{Finding as Fault, Source};

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
    /// Who asked that it be published; nobody for what came first.
    pub asked: Option<Asked>,
    /// Who agreed.
    pub seconded_by: Option<PersonId>,
    /// From when on it was in force.
    pub published_at: Option<Instant>,
    /// From when on another was.
    pub retired_at: Option<Instant>,
}

/// Who asked for something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Why a wording was not published.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// They may not, or could not yet when it was asked.
    #[error("this person has not the right for it, or had it not yet when it was asked")]
    NotEntitled,
    /// Nobody agrees to what they asked for themselves.
    #[error("the person who asked cannot be the one who agrees")]
    SamePerson,
    /// There is no such version, or it is in force.
    #[error("no version of this template with this text waits; look at the list again")]
    NotWaiting,
    /// Nobody has asked, or the hour is over.
    #[error("nobody has asked for it within the last {} minutes; ask first", TTL.num_minutes())]
    NotAsked,
    /// It would leave a template without its answer, or says what must not be said.
    #[error("with it the templates would not hold together: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Faults(Vec<Fault>),
    /// The database.
    #[error("the template could not be read or written")]
    Db(#[from] DbError),
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
                asked: None,
                seconded_by: None,
                published_at: is_first.then_some(now),
                retired_at: None,
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

/// Asks that a version that waits, or was in force once, be published.
///
/// # Errors
/// See [`NotPublished`].
pub async fn ask(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    code: &str,
    version: &str,
) -> Result<(), NotPublished> {
    audit::take_turn(tx).await?;
    if !by.may(RIGHT) {
        return Err(NotPublished::NotEntitled);
    }
    let version = waiting(tx, code, version).await?;
    holds_together(tx, &version).await?;
    let asked = Asked {
        by: by.person(),
        at: now,
    };
    store::ask(tx.conn(), &version, asked).await?;
    note(tx, now, by, "emergency.template_asked", &version).await
}

/// Agrees, and publishes it; the version that was in force retires.
///
/// # Errors
/// See [`NotPublished`].
pub async fn second(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    code: &str,
    version: &str,
) -> Result<(), NotPublished> {
    audit::take_turn(tx).await?;
    let version = waiting(tx, code, version).await?;
    let fresh = |asked: &Asked| now < asked.at + TTL;
    let asked = version.asked.filter(fresh).ok_or(NotPublished::NotAsked)?;
    if asked.by == by.person() {
        return Err(NotPublished::SamePerson);
    }
    // A right that was given in between does not count, and one that was taken does.
    let roster = people::roster_in(tx).await?.as_granted_by(asked.at);
    for person in [asked.by, by.person()] {
        for day in [asked.at, now].map(date_in_japan) {
            let signed = roster.signed(person, day);
            if !signed.is_some_and(|signed| signed.may(RIGHT)) {
                return Err(NotPublished::NotEntitled);
            }
        }
    }
    holds_together(tx, &version).await?;
    store::retire(tx.conn(), code, now).await?;
    store::publish(tx.conn(), &version, by.person(), now).await?;
    edition::renew(tx, Published::EmergencyTemplates).await?;
    note(tx, now, by, "emergency.template_published", &version).await
}

/// Who may: those who do everything else that takes two.
const RIGHT: Right = Right::ManagePeople;

async fn waiting(tx: &Tx, code: &str, version: &str) -> Result<Version, NotPublished> {
    let versions = store::all(tx.conn()).await?;
    let found = versions
        .into_iter()
        .find(|known| known.code == code && known.version == version);
    found
        .filter(|known| !known.is_in_force())
        .ok_or(NotPublished::NotWaiting)
}

/// Whether all that would be in force can be read, and each has its answer.
async fn holds_together(tx: &Tx, with: &Version) -> Result<(), NotPublished> {
    let versions = store::all(tx.conn()).await?;
    let others = versions
        .iter()
        .filter(|known| known.is_in_force() && known.code != with.code);
    let files: Vec<Source> = others.chain([with]).map(Version::file).collect();
    Library::of(&files).map(drop).map_err(NotPublished::Faults)
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    act: &'static str,
    version: &Version,
) -> Result<(), NotPublished> {
    let entry = Entry::of(by.actor(), act, ("emergency_template", &version.code));
    let entry = entry.with(json!({ "version": version.version }));
    Ok(audit::record(tx, now, entry).await?)
}

impl Version {
    /// Whether it is what is sent.
    pub fn is_in_force(&self) -> bool {
        self.published_at.is_some() && self.retired_at.is_none()
    }

    /// Until when somebody may agree, if somebody has asked.
    pub fn asked_until(&self) -> Option<Instant> {
        let waits = self.published_at.is_none();
        let asked = self.asked.filter(|_| waits)?;
        Some(asked.at + TTL)
    }

    fn file(&self) -> Source {
        Source::new(format!("{}.toml", self.code), self.text.clone())
    }
}
