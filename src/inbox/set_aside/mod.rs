//! Events that no try could handle: they wait for somebody to look, while those behind them go on.

mod store;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};

/// An event that could not be handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// LINE's id of it.
    pub event_id: String,
    /// Its kind.
    pub kind: String,
    /// What stopped it, at the last try.
    pub error: String,
    /// When it was stored.
    pub received_at: Instant,
    /// How often it was tried.
    pub attempts: i32,
}

/// Events that were set aside, oldest first, at most a hundred.
///
/// # Errors
/// The database does not answer.
pub async fn set_aside(db: &Db) -> Result<Vec<SetAside>, DbError> {
    store::set_aside(db.conn()).await
}

/// How many events are set aside.
///
/// # Errors
/// The database does not answer.
pub async fn count_set_aside(db: &Db) -> Result<u64, DbError> {
    store::count_set_aside(db.conn()).await
}

/// Hands an event that was set aside to the workers once more, as if it had never been tried. False when
/// no such event is set aside.
///
/// # Errors
/// The database does not answer.
pub async fn retry(tx: &Tx, event_id: &str) -> Result<bool, DbError> {
    store::retry(tx.conn(), event_id).await
}

/// Puts an event that was set aside away for good, with whatever it said. False as in [`retry`].
///
/// # Errors
/// The database does not answer.
pub async fn dismiss(tx: &Tx, event_id: &str) -> Result<bool, DbError> {
    store::dismiss(tx.conn(), event_id).await
}
