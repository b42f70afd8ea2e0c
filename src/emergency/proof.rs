//! That the other side agreed, by a passkey's signature that is verified anew when somebody relies on it: rows can be
//! written by whoever reaches the database, signatures cannot.

use uuid::Uuid;

use super::model::{Emergency, Event};
use super::moves::Act;
use super::{Digest, EmergencyError};
use crate::db::{DbError, Tx};
use crate::ids::PersonId;
use crate::staff::account::{self, Confirmed};

/// That whoever is said to have agreed to it signed that, last of all that moved it, by the passkey on record.
/// `relying` is the confirmation of who acts on it now.
pub(super) async fn agreed(
    tx: &Tx,
    of: &Emergency,
    relying: &Confirmed,
) -> Result<(), EmergencyError> {
    let moved = of
        .history
        .iter()
        .rfind(|event| event.from != Some(event.to));
    let said = of.head.concurred.zip(of.head.concurred_with);
    let (Some(event), Some((said, passkey))) = (moved, said) else {
        return Err(EmergencyError::Unproven);
    };
    let fits = event.act == Some(Act::Concur)
        && event.by == Some(said.by)
        && event.digest == of.head.digest;
    match fits && signer(tx, event, relying).await? == Some(passkey) {
        true => Ok(()),
        false => Err(EmergencyError::Unproven),
    }
}

/// By which passkey whoever did this signed it, if they did.
pub(super) async fn signer(
    tx: &Tx,
    event: &Event,
    relying: &Confirmed,
) -> Result<Option<Uuid>, EmergencyError> {
    let act = event.act.and_then(Act::confirmed_as);
    let (Some(act), Some(by), Some(digest), Some(name)) =
        (act, event.by, &event.digest, &event.evidence)
    else {
        return Ok(None);
    };
    Ok(signed(tx, (by, act, digest), name, relying).await?)
}

/// By which passkey `by` signed this act on this digest under that name, if they did.
pub(super) async fn signed(
    tx: &Tx,
    (by, act, digest): (PersonId, &'static str, &Digest),
    name: &str,
    relying: &Confirmed,
) -> Result<Option<Uuid>, DbError> {
    let act = account::Act {
        person: by,
        act,
        digest: digest.as_str().to_owned(),
    };
    relying.accounts().stands(tx, name, &act).await
}
