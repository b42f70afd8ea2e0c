//! Entries one by one. Each deed renews the edition, so that residents are answered anew at once, and is
//! put on record.

use serde_json::{Value, json};

use super::model::{Draft, Entry, Field};
use super::store;
use crate::audit::{self, Actor};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::edition::{self, Published};
use crate::ids::FaqId;
use crate::table::Fault;

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The entry.
    pub entry: Entry,
    /// How often it was changed: who changes it says which revision they have read.
    pub revision: i64,
}

/// Why an entry was not written. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It cannot be published so.
    #[error("the entry has {} fault(s)", .0.len())]
    Faults(Vec<(Field, Fault)>),
    /// Another entry asks the same: which.
    #[error("entry {0} has this question already")]
    Taken(FaqId),
    /// Somebody changed it after it was read.
    #[error("the entry was changed by somebody else meanwhile")]
    Changed,
    /// It is not there, or not any more.
    #[error("there is no such entry")]
    Gone,
    /// The database did not take it.
    #[error("the entry could not be stored")]
    Database(#[from] DbError),
}

/// Where to move an entry among those of its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Before the one before it.
    Up,
    /// After the one after it.
    Down,
}

/// Every entry, in the town's order.
///
/// # Errors
/// The database does not answer.
pub async fn all(db: &Db) -> Result<Vec<Held>, DbError> {
    store::all(db.conn()).await
}

/// The entry with this id.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: FaqId) -> Result<Option<Held>, DbError> {
    store::find(db.conn(), id).await
}

/// Adds an entry at the end.
///
/// # Errors
/// See [`EditError`].
pub async fn add(db: &Db, now: Instant, who: Actor, draft: Draft) -> Result<FaqId, EditError> {
    let tx = publish(db, &draft).await?;
    free(&tx, &draft, None).await?;
    let detail = json!({ "question": draft.question });
    let id = store::add(tx.conn(), draft).await?;
    record(tx, now, who, "faq.added", id, detail).await?;
    Ok(id)
}

/// Writes `draft` over the entry, read at `revision`.
///
/// # Errors
/// See [`EditError`].
pub async fn change(
    db: &Db,
    now: Instant,
    who: Actor,
    (id, revision): (FaqId, i64),
    draft: Draft,
) -> Result<(), EditError> {
    let tx = publish(db, &draft).await?;
    let before = read(&tx, id, revision).await?;
    if Draft::from(&before) == draft {
        return Ok(());
    }
    free(&tx, &draft, Some(id)).await?;
    let detail = difference(&before, &draft);
    store::change(tx.conn(), id, revision, draft).await?;
    record(tx, now, who, "faq.changed", id, detail).await
}

/// Removes the entry, read at `revision`.
///
/// # Errors
/// See [`EditError`].
pub async fn remove(
    db: &Db,
    now: Instant,
    who: Actor,
    (id, revision): (FaqId, i64),
) -> Result<(), EditError> {
    let tx = db.begin().await?;
    edition::renew(&tx, Published::Faq).await?;
    let before = read(&tx, id, revision).await?;
    store::remove(tx.conn(), id).await?;
    let detail = json!({ "question": before.question, "answer": before.answer });
    record(tx, now, who, "faq.removed", id, detail).await
}

/// Moves an entry one place among those of its category; at the end it stays.
///
/// # Errors
/// [`EditError::Gone`], or the database.
pub async fn shift(
    db: &Db,
    now: Instant,
    who: Actor,
    id: FaqId,
    way: Way,
) -> Result<(), EditError> {
    let tx = db.begin().await?;
    edition::renew(&tx, Published::Faq).await?;
    let mut shelves = by_category(store::all(tx.conn()).await?);
    let place = shelves.iter_mut().find_map(|(_, held)| {
        let at = held.iter().position(|held| held.entry.id == id)?;
        Some((held, at))
    });
    let (held, at) = place.ok_or(EditError::Gone)?;
    let other = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => Some(at + 1).filter(|next| *next < held.len()),
    };
    let Some(other) = other else {
        return Ok(());
    };
    held.swap(at, other);
    let order = shelves.into_iter().flat_map(|(_, held)| held);
    store::arrange(tx.conn(), order.map(|held| held.entry.id)).await?;
    record(tx, now, who, "faq.moved", id, json!({})).await
}

/// Entries by category: in the order of each category's first, those without one last.
pub fn by_category(entries: Vec<Held>) -> Vec<(Option<String>, Vec<Held>)> {
    let mut shelves: Vec<(Option<String>, Vec<Held>)> = Vec::new();
    for held in entries {
        let category = &held.entry.category;
        match shelves.iter_mut().find(|(name, _)| name == category) {
            Some((_, shelf)) => shelf.push(held),
            None => shelves.push((category.clone(), vec![held])),
        }
    }
    shelves.sort_by_key(|(name, _)| name.is_none());
    shelves
}

/// Begins a deed with a sound draft. From here on nobody else writes entries.
async fn publish(db: &Db, draft: &Draft) -> Result<Tx, EditError> {
    let faults = draft.faults();
    if !faults.is_empty() {
        return Err(EditError::Faults(faults));
    }
    let tx = db.begin().await?;
    edition::renew(&tx, Published::Faq).await?;
    Ok(tx)
}

async fn read(tx: &Tx, id: FaqId, revision: i64) -> Result<Entry, EditError> {
    match store::find(tx.conn(), id).await? {
        Some(held) if held.revision == revision => Ok(held.entry),
        Some(_) => Err(EditError::Changed),
        None => Err(EditError::Gone),
    }
}

async fn free(tx: &Tx, draft: &Draft, id: Option<FaqId>) -> Result<(), EditError> {
    match store::asks(tx.conn(), &draft.question).await? {
        Some(other) if Some(other) != id => Err(EditError::Taken(other)),
        _ => Ok(()),
    }
}

async fn record(
    tx: Tx,
    now: Instant,
    who: Actor,
    act: &'static str,
    id: FaqId,
    detail: Value,
) -> Result<(), EditError> {
    let entry = audit::Entry::of(who, act, ("faq_entry", id)).with(detail);
    audit::record(&tx, now, entry).await?;
    Ok(tx.commit().await?)
}

/// What a change changed, part by part: `{"answer": ["before", "after"]}`.
fn difference(before: &Entry, after: &Draft) -> Value {
    let before = json!(Draft::from(before));
    let after = json!(after);
    let parts = before.as_object().into_iter().flatten();
    parts
        .filter(|(part, value)| after[part.as_str()] != **value)
        .map(|(part, value)| (part.clone(), json!([value, after[part.as_str()]])))
        .collect()
}
