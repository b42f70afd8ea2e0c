//! What time ends: envelopes that have become too late, and dispatches of which nothing is left.

pub(super) mod store;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};

/// Ends what has become too late, and dispatches of which nothing is left; says how many rows that were.
pub(super) async fn sweep(tx: &Tx, now: Instant) -> Result<u64, DbError> {
    let late = store::expire(tx.conn(), now).await?;
    Ok(late + store::end_dispatches(tx.conn(), now).await?)
}

/// Whether any dispatch has not ended.
pub(super) async fn is_anything_open(db: &Db) -> Result<bool, DbError> {
    store::is_anything_open(db.conn()).await
}

/// Takes back what a process that is gone had in hand. That it may have called LINE is not forgotten.
pub(super) async fn take_back(tx: &Tx) -> Result<(), DbError> {
    store::take_back(tx.conn()).await
}
