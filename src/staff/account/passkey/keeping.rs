//! What is done to a passkey after it was added.

use uuid::Uuid;

use super::{PasskeyRow, label_of, store};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::PersonId;

/// `person`'s passkeys, the newest first.
pub(in crate::staff) async fn passkeys_of(
    db: &Db,
    person: PersonId,
) -> Result<Vec<PasskeyRow>, DbError> {
    let keys = store::active(db.conn(), person).await?;
    Ok(keys.into_iter().map(|key| key.row).collect())
}

/// Takes a passkey away from `person`; false when it is not theirs, or was.
///
/// # Errors
/// The database does not answer.
pub async fn revoke_passkey(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    id: Uuid,
) -> Result<bool, DbError> {
    store::revoke(tx.conn(), person, id, now).await
}

/// Calls a passkey of `person` otherwise; false when it is not theirs, or was.
///
/// # Errors
/// The database does not answer.
pub async fn rename_passkey(
    tx: &Tx,
    person: PersonId,
    id: Uuid,
    label: &str,
) -> Result<bool, DbError> {
    store::rename(tx.conn(), person, id, label_of(label)).await
}

/// Lets a new passkey of `person` confirm an emergency at once: two administrators saw them enrol it. False when it is
/// not theirs, was taken away, or counts already.
///
/// # Errors
/// The database does not answer.
pub async fn settle_passkey(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    id: Uuid,
) -> Result<bool, DbError> {
    store::settle(tx.conn(), person, id, now).await
}
