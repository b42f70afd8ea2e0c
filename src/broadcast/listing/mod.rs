//! Finding broadcasts: lists, the calendar, corrections, and who shows a picture.

pub(super) mod store;

use super::model::Head;
use super::moves::State;
use crate::approval::House;
use crate::clock::Instant;
use crate::db::{Db, DbError};
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

/// Whether something waits although it is too late for it: [`crate::broadcast::lapse_overdue`] ends it.
///
/// # Errors
/// The database does not answer.
pub async fn is_any_overdue(db: &Db, now: Instant) -> Result<bool, DbError> {
    Ok(!store::overdue(db.conn(), now).await?.is_empty())
}

/// The `most` that went out last before `before`, or at all, newest first: the archive.
///
/// # Errors
/// The database does not answer.
pub async fn sent(db: &Db, before: Option<Instant>, most: u64) -> Result<Vec<Head>, DbError> {
    store::sent(db.conn(), before, most).await
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
