//! Orders to evacuate (避難情報): which the town has issued, for which areas, since when. Municipal orders only;
//! what 気象庁 announces is not an order.
//!
//! An area has one of the 警戒レベル 3 to 5 in force at a time, and beside it perhaps an order without a level, as
//! for a tsunami or an earthquake. Another level takes the place of the one before; the same again changes nothing,
//! and stays in force since it was first issued. What was in force stays on record.

mod model;
pub mod phrases;
mod store;

pub use model::{InForce, Level, Order};

use uuid::Uuid;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::AreaId;

/// Why no order was issued or lifted.
#[derive(Debug, thiserror::Error)]
pub enum NotOrdered {
    /// No area was named: an audience that got lost is never everybody.
    #[error("an order to evacuate is for at least one area; none was named")]
    Nowhere,
    /// The database does not answer, or an area is none.
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

/// Issues an order for each of `areas`; `source` is what issued it: the id of the emergency, or of the change by hand.
///
/// # Errors
/// See [`NotOrdered`]; roll back.
pub async fn issue(
    tx: &Tx,
    now: Instant,
    areas: &[AreaId],
    level: Level,
    source: Uuid,
) -> Result<(), NotOrdered> {
    if areas.is_empty() {
        return Err(NotOrdered::Nowhere);
    }
    store::end_others(tx.conn(), now, areas, level, source).await?;
    store::begin(tx.conn(), now, areas, level, source).await?;
    Ok(())
}

/// Lifts every order in force for `areas`; says how many those were.
///
/// # Errors
/// See [`NotOrdered`]; roll back.
pub async fn lift(
    tx: &Tx,
    now: Instant,
    areas: &[AreaId],
    source: Uuid,
) -> Result<u64, NotOrdered> {
    if areas.is_empty() {
        return Err(NotOrdered::Nowhere);
    }
    Ok(store::end(tx.conn(), now, areas, source).await?)
}

/// Takes back all that `wrong` did, as if it had never been: ends the orders it issued, and what it ended is in
/// force again since it was first issued, unless another order of its kind has taken its place.
///
/// # Errors
/// The database does not answer; roll back.
pub async fn withdraw(tx: &Tx, now: Instant, wrong: Uuid, source: Uuid) -> Result<(), DbError> {
    store::end_issued_by(tx.conn(), now, wrong, source).await?;
    store::begin_ended_by(tx.conn(), wrong).await
}

/// Whether any order is in force anywhere, as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn is_any_in_force(tx: &Tx) -> Result<bool, DbError> {
    store::is_any_in_force(tx.conn()).await
}

/// Every order in force.
///
/// # Errors
/// The database does not answer.
pub async fn in_force(db: &Db) -> Result<InForce, DbError> {
    store::in_force(db.conn()).await
}
