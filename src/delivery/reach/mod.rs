//! Whom a dispatch reached: known for a while, then forgotten; of a dispatch to everybody, never known.

mod store;

use chrono::TimeDelta;

use super::sweep::store::forget_some;
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::DispatchId;

/// Forgets whom envelopes that ended `days` ago or earlier were for; how many they were stays. Says how
/// many envelopes.
///
/// # Errors
/// The database does not answer; those already forgotten stay so.
pub async fn forget(db: &Db, now: Instant, days: u32) -> Result<u64, DbError> {
    let before = now - TimeDelta::days(days.into());
    let mut forgotten = 0;
    loop {
        // A few at a time: senders wait for no more than that.
        let tx = db.begin().await?;
        let some = forget_some(tx.conn(), before).await?;
        tx.commit().await?;
        forgotten += some;
        if some == 0 {
            return Ok(forgotten);
        }
    }
}

/// Everybody whom a dispatch reached, or may have reached, in ascending order; those whose ids were erased
/// since are not told. Nobody, if it was [to everybody](was_to_everybody): who that was, LINE does not say.
///
/// # Errors
/// The database does not answer.
pub async fn reached(db: &Db, dispatch: DispatchId) -> Result<Vec<i64>, DbError> {
    store::reached(db.conn(), dispatch).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn reached_in(tx: &Tx, dispatch: DispatchId) -> Result<Vec<i64>, DbError> {
    store::reached(tx.conn(), dispatch).await
}

/// Whether a dispatch was for all friends of the account: then its correction is, too.
///
/// # Errors
/// The database does not answer.
pub async fn was_to_everybody(tx: &Tx, dispatch: DispatchId) -> Result<bool, DbError> {
    store::was_to_everybody(tx.conn(), dispatch).await
}

/// Whether whom a dispatch reached was erased, of anybody of them: see [`forget`].
///
/// # Errors
/// The database does not answer.
pub async fn is_forgotten(tx: &Tx, dispatch: DispatchId) -> Result<bool, DbError> {
    store::is_forgotten(tx.conn(), dispatch).await
}
