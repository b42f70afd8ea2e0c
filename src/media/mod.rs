//! Pictures with their rights (画像と権利): what shows that a picture may be used, before it is.
//!
//! ```ignore
//! let picture = Picture::read(&bytes)?;                        // decoded, drawn anew, nothing but pixels left
//! let id = media::keep(&tx, now, by, &profile.images, &picture, new).await?;
//! let media = media::find(&db, id).await?;
//! media.usable_on(today)?;
//! ```
//!
//! A picture's bytes are kept once, whoever brings them; each [`Media`] has rights of its own, because two
//! sections may have been given the same picture for different ends. Bytes never change.

mod model;
pub mod phrases;
mod picture;
mod store;

pub use model::{Entitled, Expired, InvalidRights, Lacking, Media, Rights};
pub use picture::{Format, MAX_BYTES, MAX_SIDE, NotAPicture, Picture};

use serde_json::json;
use thiserror::Error;

use crate::audit::{self, Actor};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::MediaId;
use crate::policy::{Clause, Images};

/// Why a picture, or what was said of its rights, was not kept. Nothing has changed then.
#[derive(Debug, Error)]
pub enum NotKept {
    /// The policy demands more.
    #[error("the policy demands more about this picture: {lacking:?}")]
    Lacking {
        /// What is missing.
        lacking: Lacking,
        /// Where it is demanded.
        clause: Option<Clause>,
    },
    /// What was said cannot be.
    #[error(transparent)]
    Invalid(#[from] InvalidRights),
    /// There is none with this id.
    #[error("there is no such picture")]
    Gone,
    /// The database.
    #[error("the picture could not be stored")]
    Database(#[from] DbError),
}

/// Keeps a picture with its name and rights.
///
/// # Errors
/// The policy demands more, or what was said cannot be.
pub async fn keep(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    policy: &Images,
    picture: &Picture,
    entitled: &Entitled,
) -> Result<MediaId, NotKept> {
    fit(policy, entitled, now)?;
    let id = MediaId::new(now);
    store::keep_picture(tx.conn(), picture).await?;
    store::add(tx.conn(), id, now, picture, entitled).await?;
    let detail = json!({ "digest": picture.digest() });
    note(tx, now, by, "media.kept", id, detail).await?;
    Ok(id)
}

/// Says anew how a picture is called and what shows that it may be used.
///
/// # Errors
/// The policy demands more, or there is no such picture.
pub async fn entitle(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    policy: &Images,
    id: MediaId,
    entitled: &Entitled,
) -> Result<(), NotKept> {
    fit(policy, entitled, now)?;
    let before = store::find(tx.conn(), &[id]).await?.pop();
    let before = before.ok_or(NotKept::Gone)?;
    store::entitle(tx.conn(), id, entitled).await?;
    let until = [
        before.entitled.rights.expires_on,
        entitled.rights.expires_on,
    ];
    let detail = json!({ "before": until[0], "after": until[1] });
    note(tx, now, by, "media.entitled", id, detail).await
}

/// The picture with this id.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: MediaId) -> Result<Option<Media>, DbError> {
    Ok(store::find(db.conn(), &[id]).await?.pop())
}

/// Those of these pictures that there are.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(db: &Db, ids: &[MediaId]) -> Result<Vec<Media>, DbError> {
    store::find(db.conn(), ids).await
}

/// The same as `tx` sees them.
///
/// # Errors
/// The database does not answer.
pub async fn find_in(tx: &Tx, ids: &[MediaId]) -> Result<Vec<Media>, DbError> {
    store::find(tx.conn(), ids).await
}

/// The newest `most` pictures kept before `before`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn newest(db: &Db, before: Option<MediaId>, most: u64) -> Result<Vec<Media>, DbError> {
    store::newest(db.conn(), before, most).await
}

/// A picture's bytes, and what they are.
///
/// # Errors
/// The database does not answer.
pub async fn bytes(db: &Db, id: MediaId) -> Result<Option<(Format, Vec<u8>)>, DbError> {
    store::bytes(db.conn(), id).await
}

fn fit(policy: &Images, entitled: &Entitled, now: Instant) -> Result<(), NotKept> {
    entitled.check(date_in_japan(now))?;
    match entitled.rights.lack(policy) {
        Some(lacking) => Err(NotKept::Lacking {
            lacking,
            clause: policy.clause.clone(),
        }),
        None => Ok(()),
    }
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    act: &'static str,
    id: MediaId,
    detail: serde_json::Value,
) -> Result<(), NotKept> {
    let entry = audit::Entry::of(by.clone(), act, ("media", id)).with(detail);
    Ok(audit::record(tx, now, entry).await?)
}
