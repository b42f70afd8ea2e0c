//! What chiefs say to what was handed in (T4–T8, T10).

use super::Terms;
use super::error::{EmergencyError, Void};
use super::model::Emergency;
use super::moves::{Act, Side, State};
use super::standing::{fallen, stands, void};
use super::store::{self, With};
use super::taking::{Said, make, read, said, take};
use super::waking::{self, Woken};
use super::who::granted_by;
use crate::audit;
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::ids::EmergencyId;
use crate::staff::account::Confirmed;
use crate::staff::people::{Roster, Signed, roster_in};

/// Agrees to exactly what was handed in (同意).
///
/// # Errors
/// They do not speak for the side that agrees, or wrote on it or handed it in; it is not what they confirmed;
/// its time is over; or it could not go out as things stand.
pub async fn concur(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    confirmed: Confirmed,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Concur).await?;
    let digest = taken
        .head()
        .digest
        .as_ref()
        .ok_or(EmergencyError::Changed)?;
    taken.check(tx, now, digest, &confirmed).await?;
    if let Some(void) = void(tx, now, terms, &taken.emergency, &taken.granted).await? {
        return Err(EmergencyError::Void(void));
    }
    stands(tx, now, terms, &taken.emergency).await?;
    let with = With::Agreement(taken.did(now), confirmed.passkey());
    taken
        .make(tx, now, with, Said::by_passkey(&confirmed))
        .await?;
    let head = taken.head();
    let until = head.expires_at.ok_or(EmergencyError::Changed)?;
    let already = head.submitted.map(|did| did.by);
    let sends = Woken {
        side: Side::Sends,
        cause: None,
        until,
        already,
    };
    waking::wake(tx, now, terms, &taken.granted, head, sends).await
}

/// Asks for another wording (修正依頼): it is a draft again.
///
/// # Errors
/// They do not speak for the side that agrees, or it waits no more; or no reason was given.
pub async fn send_back(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    reason: &str,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Return).await?;
    let said = Said::because(said(reason)?);
    taken.make(tx, now, With::NoIssue, said).await
}

/// Says no, for good (不同意).
///
/// # Errors
/// As [`send_back`].
pub async fn decline(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    reason: &str,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Decline).await?;
    let said = Said::because(said(reason)?);
    taken.make(tx, now, With::Nothing, said).await
}

/// Takes it back (取下げ).
///
/// # Errors
/// They do not speak for its side, or it waits no more.
pub async fn withdraw(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Withdraw).await?;
    taken.make(tx, now, With::Nothing, Said::default()).await
}

/// Takes the agreement back (同意撤回): they confer again.
///
/// # Errors
/// They did not agree to it, nor speak for the side that did; or it was sent.
pub async fn revoke(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Revoke).await?;
    taken
        .make(tx, now, With::NoAgreement, Said::default())
        .await
}

/// Ends what waits although its time is over; gives how many. Until this is done, every verb refuses them.
///
/// # Errors
/// The database does not answer.
pub async fn expire(db: &Db, now: Instant) -> Result<usize, EmergencyError> {
    let mut ended = 0;
    for head in store::expired(db.conn(), now).await? {
        let tx = db.begin().await?;
        audit::take_turn(&tx).await?;
        // Somebody may have moved it since.
        let head = read(&tx, head.id).await?.head;
        if head.state.waits() && head.state_at(now) == State::Expired {
            let deed = (Act::Expire, None);
            make(&tx, now, &head, deed, With::Nothing, Said::default()).await?;
            tx.commit().await?;
            ended += 1;
        }
    }
    Ok(ended)
}

/// Wakes whoever must act now that an agreement fell by itself: those who could agree anew, or, if nobody can agree to it
/// as it stands, those who have to hand it in anew. What people take back or write on wakes nobody: they know.
async fn wake_anew(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    id: EmergencyId,
    granted: &Roster,
) -> Result<(), EmergencyError> {
    let emergency = read(tx, id).await?;
    let side = match fallen(tx, now, terms, &emergency, granted).await? {
        None => Side::Concurs,
        Some(_) => Side::Sends,
    };
    let head = &emergency.head;
    let until = head.expires_at.ok_or(EmergencyError::Changed)?;
    let anew = Woken {
        side,
        cause: None,
        until,
        already: None,
    };
    waking::wake(tx, now, terms, granted, head, anew).await
}

/// Ends agreements whose ground is gone, so that both chiefs see it before one of them tries to send; gives which,
/// and why. Sending asks the same again.
///
/// # Errors
/// The policy knows no emergencies, or the database does not answer.
pub async fn void_stale(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
) -> Result<Vec<(EmergencyId, Void)>, EmergencyError> {
    let mut ended = Vec::new();
    for head in store::standing_in(db.conn(), &[State::Concurred]).await? {
        // Counting people takes a while: nobody waits for it unless there is something to end.
        let looked = db.begin().await?;
        let fell = falls(&looked, now, terms, head.id).await?.is_some();
        drop(looked);
        if fell && let Some(void) = void_fallen(db, now, terms, head.id).await? {
            ended.push((head.id, void));
        }
    }
    Ok(ended)
}

/// Ends the agreement to one if its ground is gone, tells both, and wakes who has to act; gives why. For who was
/// refused when they tried to send.
///
/// # Errors
/// As [`void_stale`].
pub async fn void_fallen(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    id: EmergencyId,
) -> Result<Option<Void>, EmergencyError> {
    let tx = db.begin().await?;
    audit::take_turn(&tx).await?;
    let Some((emergency, granted, void)) = falls(&tx, now, terms, id).await? else {
        return Ok(None);
    };
    let said = Said::because(void.reason());
    let deed = (Act::Void, None);
    make(&tx, now, &emergency.head, deed, With::NoAgreement, said).await?;
    wake_anew(&tx, now, terms, id, &granted).await?;
    tx.commit().await?;
    Ok(Some(void))
}

/// An emergency that is agreed to, by whose rights, and why it is so no longer; nothing, if it still is.
async fn falls(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    id: EmergencyId,
) -> Result<Option<(Emergency, Roster, Void)>, EmergencyError> {
    let emergency = read(tx, id).await?;
    if emergency.head.state_at(now) != State::Concurred {
        return Ok(None);
    }
    let granted = granted_by(&roster_in(tx).await?, &emergency);
    let void = fallen(tx, now, terms, &emergency, &granted).await?;
    Ok(void.map(|void| (emergency, granted, void)))
}
