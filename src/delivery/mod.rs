//! How messages travel (送達): whoever has something to send opens a *dispatch* (one content, one lane, one
//! moment after which it is better unsaid) and feeds it the residents it is for, in ascending order. They
//! are cut into *envelopes* (便) of at most 500, each with its own retry key. A sender lends itself
//! envelopes, lets go of the database, calls LINE, and records how the call ended.
//!
//! ```ignore
//! let tx = db.begin().await?;
//! let dispatch = delivery::open(&tx, now, new_dispatch).await?;
//! tx.commit().await?;
//! // Anywhere, at any time, after any crash; the first envelopes are on their way while later ones are cut:
//! while let Some(mut cut) = delivery::cutting(&db, now, "broadcast").await? {
//!     loop {
//!         let page = segment::page(&db, today, &segment, cut.after, delivery::PAGE).await?;
//!         let last = page.len() < delivery::PAGE;
//!         let tx = db.begin().await?;
//!         cut = delivery::cut(&tx, now, &cut, &page, last).await?;
//!         tx.commit().await?;
//!         wake.notify_one();
//!         if last { break }
//!     }
//! }
//! ```
//!
//! This module knows none of those above it: they ask [`progress`]. What it promises is in
//! `docs/decisions/0012-envelopes-and-retry-keys.md`.

mod call;
mod cutting;
mod gate;
mod judge;
mod lending;
pub mod link;
mod mark;
mod model;
mod month;
mod pace;
mod reach;
mod recipients;
pub mod report;
mod sender;
mod store;
mod sweep;

pub use cutting::cut_rest;
pub use mark::Mark;
pub use model::{
    Cut, Hold, HoldReason, LIFT_ASKED_FOR, Lane, NewDispatch, Progress, State, StopReason, Tally,
};
pub use pace::Rate;
pub use reach::{forget, is_forgotten, reached, reached_in, was_to_everybody};
pub use sender::Sender;

use serde_json::json;

use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{DispatchId, PersonId};
use crate::line::client::{MAX_RECIPIENTS, Unit};
use gate::Gate;

/// How many residents of an audience are cut first, so that their envelopes are on their way while the others are
/// cut: a multiple of what an envelope holds.
pub const PAGE: usize = 10 * MAX_RECIPIENTS;

/// How many residents to read at a time: many pages, since whoever is looked for among everybody is found in one
/// pass, and yet less than a megabyte of numbers, which does not keep the first call waiting.
pub const READ: usize = 10 * PAGE;

/// Why there is no new dispatch.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// The source has opened one for the same thing before.
    #[error(
        "a dispatch of {source_module} {source_id} has been opened before; it is not opened twice"
    )]
    Already {
        /// Which module.
        source_module: &'static str,
        /// Which of its things.
        source_id: String,
    },
    /// Whom it is for cannot be cut.
    #[error(transparent)]
    NotCut(#[from] NotCut),
    /// It is for everybody, and nobody is there.
    #[error("a dispatch to everybody is for at least one person")]
    Nobody,
    /// The database does not answer.
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

/// Why no envelopes were cut. Roll back.
#[derive(Debug, thiserror::Error)]
pub enum NotCut {
    /// Somebody else cuts it by now, or it was stopped: ask [`cutting`] again.
    #[error("this dispatch is no longer ours to cut")]
    NotOurs,
    /// The ids do not ascend from [`Cut::after`].
    #[error("residents must come in ascending order after {after}, each once")]
    OutOfOrder {
        /// The last one cut.
        after: i64,
    },
    /// The database does not answer.
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

/// Why a hold was not lifted.
#[derive(Debug, thiserror::Error)]
pub enum NotLifted {
    /// Everything is sent already.
    #[error("nothing is held")]
    NotHeld,
    /// It takes two: the operator asks first, with `kairan delivery lift`.
    #[error("nobody asked to lift the hold lately: it takes an operator and a chief")]
    NotAsked,
    /// The database does not answer.
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

/// Opens a dispatch: from the commit on it is to be cut and sent.
///
/// # Errors
/// Its source has opened it before, or the database does not answer.
pub async fn open(tx: &Tx, now: Instant, new: NewDispatch) -> Result<DispatchId, NotOpened> {
    let id = DispatchId::new(now);
    match store::open(tx, now, id, &new, None).await? {
        true => Ok(id),
        false => Err(already(new)),
    }
}

fn already(new: NewDispatch) -> NotOpened {
    NotOpened::Already {
        source_module: new.source,
        source_id: new.source_id,
    }
}

/// Opens a dispatch for all friends of the account at once, also those of whom we hold nothing: one envelope, one
/// call to [LINE's broadcast](https://developers.line.biz/en/reference/messaging-api/#send-broadcast-message).
/// `people` is how many we count them as. Once it is taken, nothing of it can be stopped, and nobody knows whom it
/// reached. It has no unit: LINE sums up such a call under its own number.
///
/// # Errors
/// Its source has opened it before, nobody is counted, or the database does not answer.
pub async fn open_to_everybody(
    tx: &Tx,
    now: Instant,
    new: NewDispatch,
    people: u64,
) -> Result<DispatchId, NotOpened> {
    let people = i32::try_from(people).unwrap_or(i32::MAX);
    if people == 0 {
        return Err(NotOpened::Nobody);
    }
    let (id, lane) = (DispatchId::new(now), new.lane);
    let new = NewDispatch { unit: None, ..new };
    if !store::open(tx, now, id, &new, Some(people)).await? {
        return Err(already(new));
    }
    store::insert_for_everybody(tx.conn(), (id, lane), people).await?;
    Ok(id)
}

/// Opens a dispatch for these residents, in ascending order and at most [`PAGE`], and cuts it at once.
///
/// # Errors
/// As [`open`]; or they do not ascend.
pub async fn open_for(
    tx: &Tx,
    now: Instant,
    new: NewDispatch,
    people: &[i64],
) -> Result<DispatchId, NotOpened> {
    let (lane, source_id) = (new.lane, new.source_id.clone());
    let id = open(tx, now, new).await?;
    let whole = Cut {
        dispatch: id,
        source_id,
        after: 0,
        lane,
        fence: 0,
    };
    cut(tx, now, &whole, people, true).await?;
    Ok(id)
}

/// Lends out the cutting of the foremost dispatch of `source` that is not cut to its end, for half a
/// minute from now and from every [`cut`]. None while there is none, or others are cutting them all.
///
/// # Errors
/// The database does not answer.
pub async fn cutting(db: &Db, now: Instant, source: &str) -> Result<Option<Cut>, DbError> {
    let tx = db.begin().await?;
    let cut = store::cutting(tx.conn(), now, source).await?;
    tx.commit().await?;
    Ok(cut)
}

/// Cuts envelopes for `page`: residents in ascending order after [`Cut::after`]. Those who do not fill an
/// envelope are left for the next page unless this is the `last`, so go on from the [`Cut::after`] that is
/// returned.
///
/// # Errors
/// The page is out of order, the cutting is no longer ours, or the database does not answer.
pub async fn cut(
    tx: &Tx,
    now: Instant,
    cut: &Cut,
    page: &[i64],
    last: bool,
) -> Result<Cut, NotCut> {
    let ascending = page.is_sorted_by(|a, b| a < b);
    if !ascending || page.first().is_some_and(|first| *first <= cut.after) {
        return Err(NotCut::OutOfOrder { after: cut.after });
    }
    let whole = page.len() / MAX_RECIPIENTS * MAX_RECIPIENTS;
    // A page of less than one envelope must come forward, too.
    let taken = match last || whole == 0 {
        true => page,
        false => page.get(..whole).unwrap_or(page),
    };
    let after = taken.last().copied().unwrap_or(cut.after);
    if !store::advance(tx.conn(), now, cut, after, taken.len(), last).await? {
        return Err(NotCut::NotOurs);
    }
    store::insert_envelopes(tx.conn(), cut, taken).await?;
    Ok(Cut {
        after,
        ..cut.clone()
    })
}

/// Stops a dispatch: after the commit nothing of it is begun, until [`resume`]. Calls under way come to
/// their end. False when it was not under way.
///
/// # Errors
/// The database does not answer.
pub async fn stop(tx: &Tx, now: Instant, dispatch: DispatchId, by: Actor) -> Result<bool, DbError> {
    let stopped = store::stop(tx.conn(), now, dispatch, StopReason::Asked).await?;
    if stopped {
        let entry = Entry::of(by, "delivery.stopped", ("dispatch", dispatch));
        audit::record(tx, now, entry).await?;
    }
    Ok(stopped)
}

/// Lets a stopped dispatch go on where it was. False when it was not stopped.
///
/// # Errors
/// The database does not answer.
pub async fn resume(
    tx: &Tx,
    now: Instant,
    dispatch: DispatchId,
    by: Actor,
) -> Result<bool, DbError> {
    let resumed = store::resume(tx.conn(), dispatch).await?;
    if resumed {
        let entry = Entry::of(by, "delivery.resumed", ("dispatch", dispatch));
        audit::record(tx, now, entry).await?;
    }
    Ok(resumed)
}

/// How far a dispatch has come; none if there is no such.
///
/// # Errors
/// The database does not answer.
pub async fn progress(
    db: &Db,
    now: Instant,
    dispatch: DispatchId,
) -> Result<Option<Progress>, DbError> {
    store::progress(db.conn(), now, dispatch).await
}

/// The dispatch that `source` opened for its thing of this id.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, source: &str, source_id: &str) -> Result<Option<DispatchId>, DbError> {
    store::find(db.conn(), source, source_id).await
}

/// How many dispatches opened since `since` are summed up by LINE under a name of their own.
///
/// # Errors
/// The database does not answer.
pub async fn count_units(tx: &Tx, since: Instant) -> Result<u64, DbError> {
    store::count_units(tx.conn(), since).await
}

/// What `source` opened after `since` and by `until` under a name by which LINE sums it up: the source's own
/// id, the name, and when.
///
/// # Errors
/// The database does not answer.
pub async fn units(
    db: &Db,
    source: &str,
    since: Instant,
    until: Instant,
) -> Result<Vec<(String, Unit, Instant)>, DbError> {
    store::units(db.conn(), source, since, until).await
}

/// How far a dispatch has come, as `tx` sees it; none if there is no such.
///
/// # Errors
/// The database does not answer.
pub async fn progress_in(
    tx: &Tx,
    now: Instant,
    dispatch: DispatchId,
) -> Result<Option<Progress>, DbError> {
    store::progress(tx.conn(), now, dispatch).await
}

/// Whether nothing at all is sent, and why.
///
/// # Errors
/// The database does not answer.
pub async fn hold(db: &Db) -> Result<Option<Hold>, DbError> {
    gate::store::held(db.conn()).await
}

/// The same as `tx` sees it, and when a restored database was last found, if ever: what was agreed to before
/// that may have been done already.
///
/// # Errors
/// The database does not answer.
pub async fn hold_in(tx: &Tx) -> Result<(Option<Hold>, Option<Instant>), DbError> {
    let restored = gate::store::restored_at(tx.conn()).await?;
    Ok((gate::store::held(tx.conn()).await?, restored))
}

/// Takes up telling people of the hold, in the transaction that tells them; false if nothing is held, or they were told.
///
/// # Errors
/// The database does not answer.
pub async fn take_up_hold(tx: &Tx, now: Instant) -> Result<bool, DbError> {
    gate::store::take_up(tx.conn(), now).await
}

/// The operator asks to lift the hold: a chief agrees, or nothing goes on. False when nothing is held.
///
/// # Errors
/// The database does not answer.
pub async fn ask_to_lift(tx: &Tx, now: Instant) -> Result<bool, DbError> {
    Gate::lock(tx).await?;
    let Some(hold) = gate::store::held(tx.conn()).await? else {
        return Ok(false);
    };
    gate::store::ask_to_lift(tx.conn(), now).await?;
    let detail = json!({ "held_since": hold.since, "reason": hold.reason.as_str() });
    let act = "delivery.lift_asked";
    let entry = Entry::of(Actor::Operator, act, ("delivery", "gate")).with(detail);
    audit::record(tx, now, entry).await?;
    Ok(true)
}

/// Agrees to what the operator asked for: everything goes on that a hold keeps back. Whether `by` may is for who
/// calls to know. Stop first what must not go on.
///
/// # Errors
/// Nothing is held, or nobody asked, or not lately.
pub async fn lift(tx: &Tx, now: Instant, by: PersonId) -> Result<(), NotLifted> {
    // The gate before the record, as senders do.
    Gate::lock(tx).await?;
    let hold = gate::store::held(tx.conn()).await?;
    let hold = hold.ok_or(NotLifted::NotHeld)?;
    if !hold.is_lift_asked(now) {
        return Err(NotLifted::NotAsked);
    }
    gate::store::lift(tx.conn()).await?;
    let detail = json!({
        "held_since": hold.since,
        "reason": hold.reason.as_str(),
        "asked_at": hold.lift_asked_at,
    });
    let by = Actor::Person(by, None);
    let entry = Entry::of(by, "delivery.hold_lifted", ("delivery", "gate")).with(detail);
    Ok(audit::record(tx, now, entry).await?)
}
