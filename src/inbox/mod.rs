//! What LINE told us (`webhook_event`): stored once each, lent to one worker at a time, ended exactly once,
//! forgotten in time.
//!
//! [`Inbox`] stores, in a group commit. A worker [`claim`]s, and ends an event with [`handled`] inside the
//! transaction of what it changed, then with [`done`]; or it says [`try_again`] or [`give_up`].

mod arrival;
mod commit;
mod set_aside;
mod store;

pub use arrival::Arrival;
pub use commit::{Inbox, NotStored};
pub use set_aside::{SetAside, count_set_aside, dismiss, retry, set_aside};
pub use store::{Claimed, Work};

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};

/// How many events are in each state of their handling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Nobody has answered yet.
    pub waiting: u64,
    /// Answered, or nothing was to be said.
    pub done: u64,
    /// Somebody has to look.
    pub set_aside: u64,
}

/// Claims up to `limit` events: of each resident only the earliest that is not yet answered, and none
/// while another is in hand, so that one resident's events are answered in order, one after the
/// other, and no resident waits for another.
///
/// # Errors
/// The database does not answer.
pub async fn claim(db: &Db, now: Instant, limit: usize) -> Result<Vec<Claimed>, DbError> {
    let tx = db.begin().await?;
    let claimed = store::claim(tx.conn(), tx.seal()?, now, limit as u64).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Takes back what a process that is gone had in hand, so that it need not wait for its leases to run out.
/// Only where this process is the database's only user.
///
/// # Errors
/// The database does not answer.
pub async fn take_back(db: &Db) -> Result<(), DbError> {
    let tx = db.begin().await?;
    store::take_back(tx.conn()).await?;
    tx.commit().await
}

/// Ends the handling of an event: what it said is forgotten; a reply (token and messages), if there is
/// one, remains to be sent. False when the event is no longer ours: roll back then.
///
/// # Errors
/// The database does not answer.
pub async fn handled(
    tx: &Tx,
    event: &Claimed,
    reply: Option<(&str, String)>,
) -> Result<bool, DbError> {
    store::handled(tx.conn(), tx.seal()?, event, reply).await
}

/// Nothing is left to do for an event.
///
/// # Errors
/// The database does not answer; the claim runs out then, and the event is claimed again.
pub async fn done(db: &Db, event: &Claimed) -> Result<(), DbError> {
    let tx = db.begin().await?;
    store::done(tx.conn(), event).await?;
    tx.commit().await
}

/// Not now: another try from `at` on.
///
/// # Errors
/// As [`done`].
pub async fn try_again(db: &Db, event: &Claimed, at: Instant, error: &str) -> Result<(), DbError> {
    let tx = db.begin().await?;
    store::try_again(tx.conn(), event, at, error).await?;
    tx.commit().await
}

/// Sets an event aside with its error, so that those behind it go on.
///
/// # Errors
/// As [`done`].
pub async fn give_up(db: &Db, event: &Claimed, error: &str) -> Result<(), DbError> {
    let tx = db.begin().await?;
    store::give_up(tx.conn(), event, error).await?;
    tx.commit().await
}

/// How many events there are.
///
/// # Errors
/// The database does not answer.
pub async fn counts(db: &Db) -> Result<Counts, DbError> {
    store::counts(db.conn()).await
}

/// Forgets events older than `days` that nobody waits for; says how many.
///
/// # Errors
/// The database does not answer; those already forgotten stay so.
pub async fn forget(db: &Db, now: Instant, days: u32) -> Result<u64, DbError> {
    let before = now - TimeDelta::days(days.into());
    let mut forgotten = 0;
    loop {
        // A few at a time: events that arrive meanwhile wait for no more than that.
        let tx = db.begin().await?;
        let some = store::forget_some(tx.conn(), before).await?;
        tx.commit().await?;
        forgotten += some;
        if some == 0 {
            return Ok(forgotten);
        }
    }
}
