//! Entries as a file: taken over as a whole, after somebody has seen what that changes, and given out.

use chrono::TimeDelta;
use serde_json::json;

use super::edit::{self, Held};
use super::model::{self, Draft, Entry};
use super::store;
use crate::audit::{self, Actor};
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::edition::{self, Published};
use crate::ids::FaqFileId;
use crate::table::{Finding, Source};

/// Days a file waits to be taken over.
const WAITS: TimeDelta = TimeDelta::days(1);

/// What an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Questions that were not there before.
    pub added: usize,
    /// Questions whose answer, synonyms, link, category or place in the order changed.
    pub changed: usize,
    /// Questions that stayed as they were.
    pub kept: usize,
    /// Questions that the file no longer has.
    pub removed: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file has to be put right first.
    #[error("the file has {} fault(s); nothing was imported", .0.len())]
    Findings(Vec<Finding>),
    /// The database did not take it.
    #[error("the questions could not be stored")]
    Database(#[from] DbError),
}

/// Why a file that was laid by was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It was taken over or thrown away already, or has waited too long.
    #[error("there is no such file any more")]
    Gone,
    /// Entries were changed after it was laid by: what it would change is no longer what was shown.
    #[error("entries were changed meanwhile")]
    Outdated,
    /// The database did not take it.
    #[error("the questions could not be stored")]
    Database(#[from] DbError),
}

/// What a file would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Questions that are not there yet.
    pub added: Vec<Draft>,
    /// Questions that say something else: before and after.
    pub changed: Vec<(Entry, Draft)>,
    /// Questions that the file does not have.
    pub removed: Vec<Entry>,
    /// How many say the same.
    pub kept: usize,
}

impl Compared {
    /// Whether taking it over would change anything that is said.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// A file that waits to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaidBy {
    /// Its name, as its owner knows it.
    pub name: String,
    /// When it was laid by.
    pub at: Instant,
    pub(super) drafts: Vec<Draft>,
    pub(super) edition: i64,
}

/// Replaces the FAQ by that of `source` (`question,answer,synonyms,link,category`). A question that
/// stays keeps its id, so that a button sent to a resident before the import still finds its answer.
///
/// # Errors
/// Any finding, or the database: nothing has changed then.
pub async fn import(db: &Db, source: &Source) -> Result<Imported, ImportError> {
    let drafts = model::parse(source).map_err(ImportError::Findings)?;
    let tx = db.begin().await?;
    edition::renew(&tx, Published::Faq).await?;
    let imported = store::replace(tx.conn(), drafts).await?;
    tx.commit().await?;
    Ok(imported)
}

/// Reads a file and keeps it until [`take_over`], for a day. Nothing that residents are told changes.
///
/// # Errors
/// Any finding, or the database.
pub async fn lay_by(db: &Db, now: Instant, source: &Source) -> Result<FaqFileId, ImportError> {
    let drafts = model::parse(source).map_err(ImportError::Findings)?;
    let file = LaidBy {
        name: source.name.clone(),
        at: now,
        drafts,
        edition: edition::number(db, Published::Faq).await?,
    };
    let id = FaqFileId::new(now);
    let tx = db.begin().await?;
    store::forget_files(tx.conn(), now - WAITS).await?;
    store::lay_by(tx.conn(), id, file).await?;
    tx.commit().await?;
    Ok(id)
}

/// The file, and what it would change now; `None` when it waits no longer.
///
/// # Errors
/// The database does not answer.
pub async fn laid_by(
    db: &Db,
    now: Instant,
    id: FaqFileId,
) -> Result<Option<(LaidBy, Compared)>, DbError> {
    let Some(file) = store::laid_by(db.conn(), id, now - WAITS).await? else {
        return Ok(None);
    };
    let compared = compare(edit::all(db).await?, &file.drafts);
    Ok(Some((file, compared)))
}

/// Takes over the file exactly as it was shown: not when entries have changed since it was laid by.
///
/// # Errors
/// See [`NotTaken`]; nothing has changed then.
pub async fn take_over(
    db: &Db,
    now: Instant,
    who: Actor,
    id: FaqFileId,
) -> Result<Imported, NotTaken> {
    let tx = db.begin().await?;
    let edition = edition::renew(&tx, Published::Faq).await?;
    let Some(file) = store::laid_by(tx.conn(), id, now - WAITS).await? else {
        return Err(NotTaken::Gone);
    };
    if edition != file.edition + 1 {
        return Err(NotTaken::Outdated);
    }
    let imported = store::replace(tx.conn(), file.drafts).await?;
    store::forget_file(tx.conn(), id).await?;
    let detail = json!({
        "file": file.name,
        "added": imported.added,
        "changed": imported.changed,
        "kept": imported.kept,
        "removed": imported.removed,
    });
    let entry = audit::Entry::of(who, "faq.imported", ("faq_file", id)).with(detail);
    audit::record(&tx, now, entry).await?;
    tx.commit().await?;
    Ok(imported)
}

/// The header and every entry, in the order and the form that [`import`] reads.
///
/// # Errors
/// The database does not answer.
pub async fn export(db: &Db) -> Result<Vec<[String; 5]>, DbError> {
    let held = edit::all(db).await?;
    let rows = held.iter().map(|held| model::row(&held.entry));
    Ok(std::iter::once(model::HEADER.map(str::to_owned))
        .chain(rows)
        .collect())
}

fn compare(held: Vec<Held>, drafts: &[Draft]) -> Compared {
    let mut before: Vec<Option<Entry>> = held.into_iter().map(|held| Some(held.entry)).collect();
    let mut compared = Compared::default();
    for draft in drafts {
        let same = |entry: &&mut Option<Entry>| {
            entry.as_ref().is_some_and(|e| e.question == draft.question)
        };
        match before.iter_mut().find(same).and_then(Option::take) {
            Some(entry) if Draft::from(&entry) == *draft => compared.kept += 1,
            Some(entry) => compared.changed.push((entry, draft.clone())),
            None => compared.added.push(draft.clone()),
        }
    }
    compared.removed = before.into_iter().flatten().collect();
    compared
}
