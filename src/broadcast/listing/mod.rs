//! Finding broadcasts: lists, the calendar, corrections, and who shows a picture.

pub(super) mod store;

use std::ops::Range;

use super::content::Manuscript;
use super::model::Head;
use super::moves::State;
use crate::approval::House;
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{BroadcastId, MediaId};

/// Which broadcasts are looked for; every condition given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// In one of these states; in any when empty.
    pub states: Vec<State>,
    /// Of this house.
    pub house: Option<House>,
    /// In this category.
    pub category: Option<String>,
    /// Each of these stands in the title.
    pub words: Vec<String>,
    /// Begun before this one: the last of the page before.
    pub before: Option<BroadcastId>,
}

impl Query {
    /// Broadcasts on a page.
    pub const PAGE: u64 = 50;
}

/// What `query` looks for, newest first, [`Query::PAGE`] at a time.
///
/// # Errors
/// The database does not answer.
pub async fn list(db: &Db, query: &Query) -> Result<Vec<Head>, DbError> {
    store::list(db.conn(), query).await
}

/// What is to go out, or went out, from `from` until before `until`, in that order: the calendar.
///
/// # Errors
/// The database does not answer.
pub async fn between(db: &Db, from: Instant, until: Instant) -> Result<Vec<Head>, DbError> {
    store::between(db.conn(), from, until).await
}

/// Whether something begun with the words of the template of emergencies `code` was released in that time.
///
/// # Errors
/// The database does not answer.
pub async fn was_released(tx: &Tx, code: &str, when: &Range<Instant>) -> Result<bool, DbError> {
    store::was_released(tx.conn(), code, when).await
}

/// Whether something waits although it is too late for it: [`crate::broadcast::lapse_overdue`] ends it.
///
/// # Errors
/// The database does not answer.
pub async fn is_any_overdue(db: &Db, now: Instant) -> Result<bool, DbError> {
    Ok(!store::overdue(db.conn(), now).await?.is_empty())
}

/// What was ended since `since` because it was too late for it, and is neither rewritten nor withdrawn; the newest
/// first.
///
/// # Errors
/// The database does not answer.
pub async fn lapsed(db: &Db, since: Instant) -> Result<Vec<Head>, DbError> {
    store::lapsed(db.conn(), since).await
}

/// Something that went out, as the archive shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// Its id.
    pub id: BroadcastId,
    /// When it went out.
    pub at: Instant,
    /// What it said.
    pub manuscript: Manuscript,
    /// What it corrects, and when that went out.
    pub corrects: Option<(BroadcastId, Instant)>,
    /// What corrects it and went out, oldest first.
    pub corrected_by: Vec<(BroadcastId, Instant)>,
}

/// The `most` that went out last before `before`, or at all, newest first: the archive. Four statements, however
/// many they are.
///
/// # Errors
/// The database does not answer.
pub async fn sent(db: &Db, before: Option<Instant>, most: u64) -> Result<Vec<Sent>, DbError> {
    with_words(db, store::sent(db.conn(), before, most).await?).await
}

/// The one with this id, if it went out.
///
/// # Errors
/// The database does not answer.
pub async fn sent_one(db: &Db, id: BroadcastId) -> Result<Option<Sent>, DbError> {
    let head = store::sent_one(db.conn(), id).await?;
    let sent = with_words(db, head.into_iter().collect()).await?;
    Ok(sent.into_iter().next())
}

async fn with_words(db: &Db, heads: Vec<Head>) -> Result<Vec<Sent>, DbError> {
    let ids: Vec<BroadcastId> = heads.iter().map(|head| head.id).collect();
    let wrong: Vec<BroadcastId> = heads.iter().filter_map(|head| head.corrects).collect();
    let mut words = store::words(db.conn(), &ids).await?;
    let wrong = store::released(db.conn(), &wrong).await?;
    let corrections = store::corrections_of(db.conn(), &ids).await?;
    let sent = heads.into_iter().filter_map(|head| {
        let corrected = wrong.iter().find(|(id, _)| Some(*id) == head.corrects);
        let of_it = corrections
            .iter()
            .filter(|other| other.corrects == Some(head.id));
        Some(Sent {
            id: head.id,
            at: head.released_at?,
            manuscript: words.remove(&head.id)?,
            corrects: corrected.copied(),
            corrected_by: of_it
                .filter_map(|other| Some((other.id, other.released_at?)))
                .collect(),
        })
    });
    Ok(sent.collect())
}

/// The corrections of a broadcast, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn corrections(db: &Db, wrong: BroadcastId) -> Result<Vec<Head>, DbError> {
    store::corrections(db.conn(), wrong).await
}

/// Whether the public may see a picture: a broadcast that went out, or is about to, shows it.
///
/// # Errors
/// The database does not answer.
pub async fn shows(db: &Db, media: MediaId) -> Result<bool, DbError> {
    store::shows(db.conn(), media).await
}
