//! Segments kept under a name, for everybody who drafts. Each deed is on record.

use serde_json::{Value, json};

use super::model::Segment;
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{PersonId, SectionId, SegmentId};

/// Most characters of a name.
pub const NAME_MAX: usize = 60;

/// A segment to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What it is called; unique among those in use.
    pub name: String,
    /// Whom it means.
    pub segment: Segment,
    /// Whose it is; everybody may use it.
    pub section: Option<SectionId>,
}

/// A segment that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: SegmentId,
    /// What it is called.
    pub name: String,
    /// Whom it means.
    pub segment: Segment,
    /// Whose it is.
    pub section: Option<SectionId>,
    /// Who made it; the operator, when nobody.
    pub made_by: Option<PersonId>,
    /// When.
    pub made_at: Instant,
    /// Since when it is out of use.
    pub retired_at: Option<Instant>,
}

/// Why a segment was not kept, renamed or retired. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// A name has at least one character, and at most [`NAME_MAX`].
    #[error("a name has 1 to {NAME_MAX} characters on one line")]
    Name,
    /// Another one in use has this name: which.
    #[error("segment {0} has this name already")]
    Taken(SegmentId),
    /// It is not there, or out of use.
    #[error("there is no such segment in use")]
    Gone,
    /// The database did not take it.
    #[error("the segment could not be stored")]
    Database(#[from] DbError),
}

/// Those in use, by name.
///
/// # Errors
/// The database does not answer.
pub async fn list(db: &Db) -> Result<Vec<Kept>, DbError> {
    store::kept(db.conn()).await
}

/// The one with this id, in use or not.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: SegmentId) -> Result<Option<Kept>, DbError> {
    store::find(db.conn(), id).await
}

/// Keeps a segment. What it means never changes: keep another one and retire this one.
///
/// # Errors
/// See [`KeepError`].
pub async fn keep(db: &Db, now: Instant, by: Actor, draft: Draft) -> Result<SegmentId, KeepError> {
    let draft = Draft {
        name: sound(&draft.name)?,
        ..draft
    };
    let tx = begin(db).await?;
    free(&tx, &draft.name, None).await?;
    keep_in(tx, now, by, draft).await
}

async fn keep_in(tx: Tx, now: Instant, by: Actor, draft: Draft) -> Result<SegmentId, KeepError> {
    let maker = match &by {
        Actor::Person(person, _) => Some(*person),
        Actor::System | Actor::Operator => None,
    };
    let id = store::add(tx.conn(), now, maker, &draft).await?;
    let detail = json!({
        "name": draft.name,
        "expression": draft.segment.to_string(),
        "section": draft.section,
    });
    record(tx, now, by, "segment.kept", id, detail).await?;
    Ok(id)
}

/// Gives a segment another name.
///
/// # Errors
/// See [`KeepError`].
pub async fn rename(
    db: &Db,
    now: Instant,
    by: Actor,
    id: SegmentId,
    name: &str,
) -> Result<(), KeepError> {
    let name = sound(name)?;
    let tx = begin(db).await?;
    let before = in_use(&tx, id).await?;
    if before.name == name {
        return Ok(());
    }
    free(&tx, &name, Some(id)).await?;
    store::rename(tx.conn(), id, &name).await?;
    let detail = json!({ "before": before.name, "after": name });
    record(tx, now, by, "segment.renamed", id, detail).await
}

/// Gives a segment another name, another meaning, or both. Another meaning is another segment, which comes into
/// its place: what was sent to the old one still names that. Gives the one in use from now on.
///
/// # Errors
/// See [`KeepError`].
pub async fn change(
    db: &Db,
    now: Instant,
    by: Actor,
    id: SegmentId,
    name: &str,
    segment: &Segment,
) -> Result<SegmentId, KeepError> {
    let before = find(db, id).await?;
    let before = before.filter(|kept| kept.retired_at.is_none());
    let before = before.ok_or(KeepError::Gone)?;
    if before.segment == *segment {
        rename(db, now, by, id, name).await?;
        return Ok(id);
    }
    let draft = Draft {
        name: sound(name)?,
        segment: segment.clone(),
        section: before.section,
    };
    let tx = begin(db).await?;
    in_use(&tx, id).await?;
    free(&tx, &draft.name, Some(id)).await?;
    store::retire(tx.conn(), id, now).await?;
    let detail = json!({ "name": before.name });
    note(&tx, now, by.clone(), "segment.retired", id, detail).await?;
    keep_in(tx, now, by, draft).await
}

/// Takes a segment out of use; what was sent to it still names it.
///
/// # Errors
/// See [`KeepError`].
pub async fn retire(db: &Db, now: Instant, by: Actor, id: SegmentId) -> Result<(), KeepError> {
    let tx = begin(db).await?;
    let before = in_use(&tx, id).await?;
    store::retire(tx.conn(), id, now).await?;
    let detail = json!({ "name": before.name });
    record(tx, now, by, "segment.retired", id, detail).await
}

/// Begins a deed: until it ends, nobody else writes segments.
async fn begin(db: &Db) -> Result<Tx, DbError> {
    let tx = db.begin().await?;
    audit::take_turn(&tx).await?;
    Ok(tx)
}

fn sound(name: &str) -> Result<String, KeepError> {
    let name = name.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count());
    match fits && !name.contains(char::is_control) {
        true => Ok(name.to_owned()),
        false => Err(KeepError::Name),
    }
}

async fn in_use(tx: &Tx, id: SegmentId) -> Result<Kept, KeepError> {
    let found = store::find(tx.conn(), id).await?;
    found
        .filter(|kept| kept.retired_at.is_none())
        .ok_or(KeepError::Gone)
}

async fn free(tx: &Tx, name: &str, own: Option<SegmentId>) -> Result<(), KeepError> {
    match store::named(tx.conn(), name).await? {
        Some(other) if Some(other) != own => Err(KeepError::Taken(other)),
        _ => Ok(()),
    }
}

async fn record(
    tx: Tx,
    now: Instant,
    by: Actor,
    act: &'static str,
    id: SegmentId,
    detail: Value,
) -> Result<(), KeepError> {
    note(&tx, now, by, act, id, detail).await?;
    Ok(tx.commit().await?)
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: Actor,
    act: &'static str,
    id: SegmentId,
    detail: Value,
) -> Result<(), DbError> {
    let entry = Entry::of(by, act, ("segment", id)).with(detail);
    audit::record(tx, now, entry).await
}
