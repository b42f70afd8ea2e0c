//! How a dispatch fared, told afterwards: envelope by envelope, and over time.

mod over_time;
mod store;

pub use over_time::{Column, OverTime};

use std::collections::HashMap;

use chrono::TimeDelta;

use super::model::{State, Tally};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::DispatchId;

/// Where an envelope stands, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// LINE took it.
    Accepted,
    /// LINE refused it.
    Refused,
    /// LINE may have taken it, and it is too late to ask.
    Unknown,
    /// Too late to be sent.
    Late,
    /// Not sent yet, or to be tried again; LINE has not taken it.
    Waiting,
    /// Under way, or to be tried again: LINE may have taken it.
    InDoubt,
    /// Nobody was left in it when it was to be called.
    Empty,
    /// LINE refused it because of somebody in it: the others travelled on in envelopes of their own.
    Split,
}

/// An envelope, as a report tells it. Whom it was for is nobody's to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its number, which no other envelope of any dispatch has.
    pub number: i64,
    /// How many people it is for, without those left out.
    pub people: u64,
    /// How many the call left out: they had blocked the account, or erased themselves, since the cut.
    pub left_out: u64,
    /// How it fared.
    pub fate: Fate,
    /// How often LINE was called for it.
    pub attempts: u32,
    /// When LINE was first called for it.
    pub first_call_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// LINE's number of the call that it took (`X-Line-Request-Id`).
    pub request_id: Option<String>,
    /// What went wrong, as it was recorded.
    pub why: Option<String>,
    /// The envelope it is a part of, where that was split.
    pub split_from: Option<i64>,
}

/// How a dispatch fares, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Which.
    pub dispatch: DispatchId,
    /// Where it stands.
    pub state: State,
    /// Who of those cut so far fares how.
    pub people: Tally,
}

/// How something arrived that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// LINE took all of it.
    Whole,
    /// LINE took a part of it.
    Partly,
    /// Nobody can know whether LINE took any of it.
    Unsure,
    /// LINE took none of it.
    Nobody,
}

impl Arrival {
    /// What these sums, of people or of envelopes, come to.
    pub fn of(sums: &Tally) -> Self {
        match (sums.accepted, sums.amiss()) {
            (0, _) if sums.unknown > 0 => Self::Unsure,
            (0, _) => Self::Nobody,
            (_, 0) => Self::Whole,
            _ => Self::Partly,
        }
    }
}

/// Which envelopes are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Those of which somebody may not have heard: all but the accepted.
    Amiss,
}

/// For how long it is looked for what went amiss.
const LOOKED_FOR: TimeDelta = TimeDelta::days(366);

/// Envelopes on a page.
pub const ENVELOPES: u64 = 50;

/// How many envelopes there are of these.
///
/// # Errors
/// The database does not answer.
pub async fn count_envelopes(db: &Db, dispatch: DispatchId, which: Which) -> Result<u64, DbError> {
    store::count(db.conn(), dispatch, which).await
}

/// A page (from 1) of [`ENVELOPES`] of these, in the order in which they were cut.
///
/// # Errors
/// The database does not answer.
pub async fn envelopes(
    db: &Db,
    dispatch: DispatchId,
    which: Which,
    page: u64,
) -> Result<Vec<Envelope>, DbError> {
    let before = page.saturating_sub(1).saturating_mul(ENVELOPES);
    store::envelopes(db.conn(), dispatch, which, before, ENVELOPES).await
}

/// All of them, in the order in which they were cut.
///
/// # Errors
/// The database does not answer.
pub async fn all_envelopes(db: &Db, dispatch: DispatchId) -> Result<Vec<Envelope>, DbError> {
    store::envelopes(db.conn(), dispatch, Which::All, 0, i64::MAX.unsigned_abs()).await
}

/// When envelopes ended, and how, in `most` columns of time at most; `None` while none has.
///
/// # Errors
/// The database does not answer.
pub async fn over_time(
    db: &Db,
    dispatch: DispatchId,
    most: usize,
) -> Result<Option<OverTime>, DbError> {
    let ends = store::ends(db.conn(), dispatch).await?;
    Ok(OverTime::of(&ends, most))
}

/// Those of `source`'s things that ended in the last year and that people were not told, or of whom nobody can know:
/// how many, by the ids that the source gave them. Where LINE refused fewer than one in a hundred, that alone is nothing.
///
/// # Errors
/// The database does not answer.
pub async fn amiss(db: &Db, source: &str, now: Instant) -> Result<HashMap<String, Tally>, DbError> {
    store::amiss(db.conn(), source, now - LOOKED_FOR).await
}

/// How each of these arrived, which have ended.
///
/// # Errors
/// The database does not answer.
pub async fn arrivals(
    db: &Db,
    ended: &[DispatchId],
) -> Result<HashMap<DispatchId, Arrival>, DbError> {
    store::arrivals(db.conn(), ended).await
}

/// Those of `source`'s things that stand still until somebody resumes them, by the ids that the source gave them.
///
/// # Errors
/// The database does not answer.
pub async fn stopped(db: &Db, source: &str) -> Result<Vec<String>, DbError> {
    store::stopped(db.conn(), source).await
}

/// How what `source` opened for its things of these ids fares, by the id.
///
/// # Errors
/// The database does not answer.
pub async fn summaries(
    db: &Db,
    source: &str,
    ids: &[String],
) -> Result<HashMap<String, Summary>, DbError> {
    store::summaries(db.conn(), source, ids).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn summaries_in(
    tx: &Tx,
    source: &str,
    ids: &[String],
) -> Result<HashMap<String, Summary>, DbError> {
    store::summaries(tx.conn(), source, ids).await
}

/// How many people of a dispatch were not told, or of how many nobody can know.
///
/// # Errors
/// The database does not answer.
pub async fn people_amiss(tx: &Tx, dispatch: DispatchId) -> Result<u64, DbError> {
    let ends = store::ends(tx.conn(), dispatch).await?;
    let amiss = ends.iter().filter(|(_, fate, _)| *fate != Fate::Accepted);
    Ok(amiss.map(|(.., people)| people).sum())
}
