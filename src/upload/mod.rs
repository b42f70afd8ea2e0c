//! Files handed in and looked at before they are taken over (一時保管): they are kept for a day, so that
//! what was shown is, byte for byte, what is taken over.

mod archive;
mod store;

pub use archive::{NotUnpacked, unpack};

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{PersonId, UploadId};
use crate::table::Source;

/// How long files are kept.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// What files are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The garbage calendar.
    Garbage,
    /// The childcare timetable.
    Childcare,
}

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

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Garbage => "garbage",
            Self::Childcare => "childcare",
        }
    }
}

/// Keeps files until they are taken over, or for a day. What the same person handed in before for the
/// same end goes, and so does everybody's that is older than [`KEPT`].
///
/// # Errors
/// The database does not answer.
pub async fn keep(
    db: &Db,
    now: Instant,
    kind: Kind,
    by: PersonId,
    files: &[Source],
    options: &str,
) -> Result<UploadId, DbError> {
    let id = UploadId::new(now);
    let tx = db.begin().await?;
    store::forget(tx.conn(), kind.as_str(), by, now - KEPT).await?;
    store::write(tx.conn(), id, kind.as_str(), by, now, files, options).await?;
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
    kind: Kind,
    id: UploadId,
) -> Result<Option<Upload>, DbError> {
    let found = store::read(db.conn(), kind.as_str(), id).await?;
    Ok(found.filter(|upload| now - upload.at < KEPT))
}

/// Ends the wait, in the transaction that takes them over; false when somebody has ended it already.
///
/// # Errors
/// The database does not answer.
pub async fn end(tx: &Tx, id: UploadId) -> Result<bool, DbError> {
    store::remove(tx.conn(), id).await
}
