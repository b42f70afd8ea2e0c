//! The person behind a LINE user id: who arrives, tells us as little as they like, can see and change
//! all of it, leaves, and is forgotten.
//!
//! A resident is loaded, changed as a value, and saved whole by [`save`], unless somebody was quicker.

pub mod counts;
mod import;
mod model;
pub mod reach;
mod store;

pub use import::{Imported, Lookups, Refusal, WrongFile, import};
pub use model::{
    Child, ChildKind, Consent, GarbageReminder, Letters, MAX_CHILDREN, Month, ReminderDay,
    Residence, Resident, Unreadable,
};

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::line::UserId;

/// Whose the sealed LINE user id in the column `resident.line_user_id` is.
///
/// # Errors
/// The database was opened without its key, or the column was altered.
pub fn user_behind(db: &Db, sealed: &str) -> Result<UserId, DbError> {
    store::opened(db.seal()?, sealed)
}

/// The resident behind `user`, if anything is held of them.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, user: &UserId) -> Result<Option<Resident>, DbError> {
    store::find(db.conn(), db.seal()?, user).await
}

/// Somebody added the account, or lifted a block, at `at_ms` (LINE's stamp, milliseconds).
/// What an earlier event says of a later state is ignored, since LINE does not keep the order.
///
/// # Errors
/// The database does not answer.
pub async fn follow(tx: &Tx, now: Instant, user: &UserId, at_ms: i64) -> Result<Resident, DbError> {
    store::set_relation(tx.conn(), tx.seal()?, now, user, at_ms, true).await?;
    match store::find(tx.conn(), tx.seal()?, user).await? {
        Some(resident) => Ok(resident),
        None => save(tx, now, None, Resident::stranger(user.clone()), at_ms).await,
    }
}

/// Somebody blocked the account at `at_ms`: nothing reaches them, and the erasure clock starts.
/// Of a stranger too: the follow that came before the block may arrive after it.
///
/// # Errors
/// The database does not answer.
pub async fn unfollow(tx: &Tx, now: Instant, user: &UserId, at_ms: i64) -> Result<(), DbError> {
    store::set_relation(tx.conn(), tx.seal()?, now, user, at_ms, false).await?;
    if store::find(tx.conn(), tx.seal()?, user).await?.is_none() {
        let gone = Resident {
            reachable: false,
            ..Resident::stranger(user.clone())
        };
        save(tx, now, None, gone, at_ms).await?;
    }
    Ok(())
}

/// Somebody wrote or tapped at `at_ms`: they have not blocked the account, or not any more.
///
/// # Errors
/// The database does not answer.
pub async fn hear_from(tx: &Tx, now: Instant, user: &UserId, at_ms: i64) -> Result<(), DbError> {
    store::set_relation(tx.conn(), tx.seal()?, now, user, at_ms, true).await
}

/// Writes `after` over `before`; `before` is absent for somebody new, first heard of at `at_ms`.
///
/// # Errors
/// The database does not answer, refuses an area that is no longer there, or holds a newer state than
/// `before` by now: decide anew.
pub async fn save(
    tx: &Tx,
    now: Instant,
    before: Option<&Resident>,
    after: Resident,
    at_ms: i64,
) -> Result<Resident, DbError> {
    store::save(tx.conn(), tx.seal()?, now, before, after, at_ms).await
}

/// Adds friends LINE names and we have not met; says how many. Nothing but the id is held of them.
///
/// # Errors
/// The database does not answer.
pub async fn meet(db: &Db, now: Instant, users: &[UserId]) -> Result<u64, DbError> {
    let tx = db.begin().await?;
    let new = store::meet(tx.conn(), tx.seal()?, now, users).await?;
    tx.commit().await?;
    Ok(new)
}

/// Forgets a resident: every row that names them goes.
///
/// # Errors
/// The database does not answer.
pub async fn erase(tx: &Tx, resident: &Resident) -> Result<(), DbError> {
    store::erase(tx.conn(), resident.id).await
}

/// Forgets everybody who has been unreachable for `days` or longer; says how many.
///
/// # Errors
/// The database does not answer.
pub async fn forget_unreachable(db: &Db, now: Instant, days: u32) -> Result<u64, DbError> {
    let tx = db.begin().await?;
    let latest = now - TimeDelta::days(days.into());
    let erased = store::erase_unreachable_since(tx.conn(), latest).await?;
    tx.commit().await?;
    Ok(erased)
}
