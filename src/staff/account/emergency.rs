//! Whose passkeys count in an emergency.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{passkey, store};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::PersonId;

/// Everybody who could confirm an emergency at `now`: with a passkey that has settled, and an account that is
/// not locked.
///
/// # Errors
/// The database does not answer.
pub async fn ready_for_emergency(db: &Db, now: Instant) -> Result<BTreeSet<PersonId>, DbError> {
    let locked = store::locked(db.conn()).await?;
    let holders = passkey::store::usable_for_emergency(db.conn(), now).await?;
    Ok(without(holders, &locked))
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn ready_for_emergency_in(tx: &Tx, now: Instant) -> Result<BTreeSet<PersonId>, DbError> {
    let locked = store::locked(tx.conn()).await?;
    let holders = passkey::store::usable_for_emergency(tx.conn(), now).await?;
    Ok(without(holders, &locked))
}

/// Whether what `person` confirmed by this passkey still counts: neither it nor they were stopped since.
///
/// # Errors
/// The database does not answer.
pub async fn still_counts(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    passkey: Uuid,
) -> Result<bool, DbError> {
    Ok(store::is_active(tx.conn(), person, now).await?
        && passkey::store::is_active(tx.conn(), person, passkey).await?)
}

/// Whether `person`'s account was locked or reset, or a passkey of theirs removed, after `since`: also if it was unlocked,
/// or another passkey enrolled, since.
///
/// # Errors
/// The database does not answer.
pub async fn was_stopped(tx: &Tx, person: PersonId, since: Instant) -> Result<bool, DbError> {
    Ok(store::was_stopped(tx.conn(), person, since).await?
        || passkey::store::was_revoked(tx.conn(), person, since).await?)
}

fn without(holders: Vec<PersonId>, locked: &BTreeSet<PersonId>) -> BTreeSet<PersonId> {
    let free = |person: &PersonId| !locked.contains(person);
    holders.into_iter().filter(free).collect()
}
