//! Files handed in and looked at before they are taken over (一時保管): they are kept for a day, so that
//! what was shown is, byte for byte, what is taken over.

mod archive;
mod store;

pub use archive::{NotUnpacked, unpack};

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::edition::{self, Published};
use crate::ids::{PersonId, UploadId};
use crate::table::{Finding, Source};

/// How long files are kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// Files that wait to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Which.
    pub id: UploadId,
    /// The files, in the order handed in.
    pub files: Vec<Source>,
    /// How they are to be read, in the words of whoever reads them.
    pub options: String,
    /// When they were handed in.
    pub at: Instant,
}

/// Why a file was not imported. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It has to be put right first.
    #[error("the file has {} fault(s); nothing was imported", .0.len())]
    Findings(Vec<Finding>),
    /// The database did not take it.
    #[error("what the file says could not be stored")]
    Database(#[from] DbError),
}

/// How taking files over ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenOver<T> {
    /// It is done, and changed this.
    Done(T),
    /// Another edition than the one seen is in force: what was shown may be wrong.
    Overtaken,
    /// The files were taken over already, or are no longer kept.
    Gone,
}

/// Keeps files until they are taken over, or for a day. What the same person handed in before for the
/// same end goes, and so does everybody's that is older than [`KEPT`].
///
/// # Errors
/// The database does not answer.
pub async fn keep(
    db: &Db,
    now: Instant,
    what: Published,
    by: PersonId,
    files: &[Source],
    options: &str,
) -> Result<UploadId, DbError> {
    let id = UploadId::new(now);
    let tx = db.begin().await?;
    store::forget(tx.conn(), what.name(), by, now - KEPT).await?;
    store::write(tx.conn(), id, what.name(), by, now, files, options).await?;
    tx.commit().await?;
    Ok(id)
}

/// The files with this id, unless they were taken over or are too old.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    db: &Db,
    now: Instant,
    what: Published,
    id: UploadId,
) -> Result<Option<Upload>, DbError> {
    let found = store::read(db.conn(), what.name(), id).await?;
    Ok(found.filter(|upload| now - upload.at < KEPT))
}

/// Takes the files kept as `id` over: does what `publish` does, as a new edition of `what`, and keeps them no
/// longer. Nothing has changed unless it is [`TakenOver::Done`].
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn take_over<T>(
    db: &Db,
    what: Published,
    id: UploadId,
    seen: i64,
    publish: impl AsyncFnOnce(&Tx) -> Result<T, DbError>,
) -> Result<TakenOver<T>, DbError> {
    let tx = db.begin().await?;
    if !edition::renew_after(&tx, what, seen).await? {
        return Ok(TakenOver::Overtaken);
    }
    if !store::remove(tx.conn(), id).await? {
        return Ok(TakenOver::Gone);
    }
    let done = publish(&tx).await?;
    tx.commit().await?;
    Ok(TakenOver::Done(done))
}
