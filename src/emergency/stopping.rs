//! Stopped, let go on, tried again, or left at that (T12, T13, T16). Stopping is easy; going on takes both.

use super::moves::Act;
use super::store::{self, With};
use super::taking::{Said, Taken, digest_of, said, take};
use super::{Digest, EmergencyError, Terms, Void, proof, waking};
use crate::clock::Instant;
use crate::db::Tx;
use crate::delivery::{self, Progress};
use crate::ids::{DispatchId, EmergencyId};
use crate::staff::account::{self, Confirmed};
use crate::staff::people::Signed;

/// Stops it: after the commit nothing of it is begun, and both sides are told. What LINE has taken cannot be called
/// back.
///
/// # Errors
/// They are of neither side, not on duty, and not of the section that owns the account; or nothing of it is
/// still to be sent.
pub async fn stop(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Stop).await?;
    let (dispatch, progress) = on_its_way(tx, now, &taken).await?;
    match progress.state {
        delivery::State::Ended => return Err(EmergencyError::NothingLeft),
        // By delivery itself.
        delivery::State::Stopped(_) => {}
        delivery::State::Cutting | delivery::State::Sending => {
            delivery::stop(tx, now, dispatch, by.actor()).await?;
        }
    }
    taken.make(tx, now, With::Nothing, Said::default()).await?;
    waking::stopped(tx, now, terms, taken.head(), by.person()).await
}

/// Agrees that what is left of it goes on. The other side still has to let it.
///
/// # Errors
/// They do not speak for the side that agrees, or what is left is not what they confirmed.
pub async fn concur_resume(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    confirmed: Confirmed,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::ConcurResume).await?;
    left(tx, now, &taken, &confirmed).await?;
    is_uncorrected(tx, &taken).await?;
    taken
        .make(tx, now, With::Nothing, Said::by_passkey(&confirmed))
        .await
}

/// Lets what is left of it go on, after the other chief agreed to that.
///
/// # Errors
/// They do not speak for its side, or are the one who agreed; what is left is not what both confirmed; or a
/// correction of it went out.
pub async fn resume(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    confirmed: Confirmed,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Resume).await?;
    let (dispatch, digest) = left(tx, now, &taken, &confirmed).await?;
    agreed_to(tx, now, &taken, Act::ConcurResume, &digest, &confirmed).await?;
    is_uncorrected(tx, &taken).await?;
    if !delivery::resume(tx, now, dispatch, by.actor()).await? {
        return Err(EmergencyError::NothingLeft);
    }
    taken
        .make(tx, now, With::Nothing, Said::by_passkey(&confirmed))
        .await
}

/// Has tried again what was kept back because LINE refused it: LINE has taken none of that.
///
/// # Errors
/// They do not speak for its side; nothing of it is still to be sent; or a correction of it went out.
pub async fn retry(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Retry).await?;
    let (dispatch, _) = on_its_way(tx, now, &taken).await?;
    is_uncorrected(tx, &taken).await?;
    if !delivery::resume(tx, now, dispatch, by.actor()).await? {
        return Err(EmergencyError::NothingLeft);
    }
    taken.make(tx, now, With::Nothing, Said::default()).await
}

/// Agrees to leave it at an unknown outcome. The other side still has to.
///
/// # Errors
/// They do not speak for the side that agrees, or the outcome is not what they confirmed.
pub async fn concur_accept(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    confirmed: Confirmed,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::ConcurAccept).await?;
    left(tx, now, &taken, &confirmed).await?;
    taken
        .make(tx, now, With::Nothing, Said::by_passkey(&confirmed))
        .await
}

/// Leaves it at what has arrived, with a reason. Of an unknown outcome it takes a passkey, and the other chief
/// before.
///
/// # Errors
/// They do not speak for its side; no reason was given; or somebody's outcome is unknown, and not both chiefs
/// confirmed to leave it at that.
pub async fn accept(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    reason: &str,
    confirmed: Option<Confirmed>,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Accept).await?;
    let reason = said(reason)?;
    let (_, progress) = on_its_way(tx, now, &taken).await?;
    if let Some(confirmed) = &confirmed {
        let (_, digest) = left(tx, now, &taken, confirmed).await?;
        agreed_to(tx, now, &taken, Act::ConcurAccept, &digest, confirmed).await?;
    } else if progress.people.unknown + progress.people.in_doubt > 0 {
        return Err(EmergencyError::Unknown(progress.people.unknown));
    }
    let said = Said {
        confirmed: confirmed.as_ref(),
        reason: Some(reason),
    };
    taken.make(tx, now, With::Nothing, said).await
}

async fn on_its_way(
    tx: &Tx,
    now: Instant,
    taken: &Taken<'_>,
) -> Result<(DispatchId, Progress), EmergencyError> {
    let dispatch = taken.head().dispatch.ok_or(EmergencyError::NothingLeft)?;
    let progress = delivery::progress_in(tx, now, dispatch).await?;
    Ok((dispatch, progress.ok_or(EmergencyError::NothingLeft)?))
}

/// That exactly what is left of it was confirmed.
async fn left(
    tx: &Tx,
    now: Instant,
    taken: &Taken<'_>,
    confirmed: &Confirmed,
) -> Result<(DispatchId, Digest), EmergencyError> {
    let (dispatch, progress) = on_its_way(tx, now, taken).await?;
    let digest = digest_of(taken.head(), taken.act, Some(&progress))?;
    let digest = digest.ok_or(EmergencyError::NothingLeft)?;
    taken.check(tx, now, &digest, confirmed).await?;
    Ok((dispatch, digest))
}

/// That somebody else agreed to the same before, and still could.
async fn agreed_to(
    tx: &Tx,
    now: Instant,
    taken: &Taken<'_>,
    act: Act,
    digest: &Digest,
    confirmed: &Confirmed,
) -> Result<(), EmergencyError> {
    let mut events = taken.emergency.since_moved().rev();
    let Some((event, by)) = events
        .find(|event| event.act == Some(act))
        .and_then(|event| Some((event, event.by?)))
    else {
        return Err(EmergencyError::NotTheirs(taken.act));
    };
    if event.digest.as_ref() != Some(digest) {
        return Err(EmergencyError::Changed);
    }
    if by == taken.by.person() {
        return Err(EmergencyError::Own);
    }
    let passkey = proof::signer(tx, event, confirmed).await?;
    let passkey = passkey.ok_or(EmergencyError::Unproven)?;
    match account::still_counts(tx, now, by, passkey).await? {
        true => Ok(()),
        false => Err(EmergencyError::Void(Void::Person)),
    }
}

/// Who has not received what was wrong shall not.
async fn is_uncorrected(tx: &Tx, taken: &Taken<'_>) -> Result<(), EmergencyError> {
    let corrections = store::corrections(tx.conn(), taken.head().id).await?;
    match corrections.iter().any(|head| head.state.went_out()) {
        true => Err(EmergencyError::Corrected),
        false => Ok(()),
    }
}
