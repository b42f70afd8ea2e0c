//! From a decision to its end: released, stopped, resumed, over.

use super::deciding::{Terms, whole};
use super::model::{Broadcast, Head};
use super::moves::{Move, State};
use super::store::With;
use super::{BroadcastError, allowed, listing, make, may_resume, phrases, read, response, theirs};
use crate::approval::{self, Approved};
use crate::audit::{self, Actor};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery::{self, Lane, NewDispatch};
use crate::ids::{BroadcastId, DispatchId};
use crate::line::client::Notification;
use crate::staff::people::Signed;

/// The name under which broadcasts open dispatches.
pub const SOURCE: &str = "broadcast";

/// That a broadcast was agreed to as it is kept.
///
/// # Errors
/// It was not, or is not any more.
pub async fn approved(tx: &Tx, now: Instant, id: BroadcastId) -> Result<Approved, BroadcastError> {
    let broadcast = read(tx, id).await?;
    let issue = broadcast.issue.as_ref();
    let issue = issue.ok_or(BroadcastError::NoDraft(broadcast.head.state))?;
    let frozen = issue.frozen(&broadcast.head)?;
    Ok(approval::approved(tx, date_in_japan(now), &frozen).await?)
}

/// Sends what was agreed to, byte for byte. From the commit on it is on its way.
///
/// # Errors
/// It is not the one that was agreed to, its hour has not come or is over, what it corrects is still on its
/// way, a link or picture of it may no longer be used, or it went out before.
pub async fn release(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    approved: Approved,
) -> Result<DispatchId, BroadcastError> {
    audit::take_turn(tx).await?;
    let id = BroadcastId(approved.frozen().subject.id);
    let whole = whole(tx, read(tx, id).await?).await?;
    let Broadcast { head, issue, .. } = &whole.broadcast;
    allowed(head, Move::Release)?;
    let refused = BroadcastError::Refused {
        state: head.state,
        happens: Move::Release,
    };
    let issue = issue.as_ref().ok_or(refused)?;
    if issue.frozen(head)? != *approved.frozen() {
        return Err(approval::NotApproved::OtherContents.into());
    }
    let valid_until = issue.valid_until.ok_or(BroadcastError::TooLate)?;
    if valid_until <= now {
        return Err(BroadcastError::TooLate);
    }
    let too_early = issue.send_at.is_some_and(|at| now < at);
    if too_early || !(issue.out_of_hours || terms.profile.sends_at(now)) {
        return Err(BroadcastError::NotYet);
    }
    if let Some(wrong) = head.corrects {
        let wrong = read(tx, wrong).await?.head;
        // Until the wrong one has ended or was stopped, nobody can say whom it reached.
        if wrong.state == State::Sending {
            return Err(BroadcastError::NotYet);
        }
        is_remembered(tx, &wrong).await?;
    }
    whole.still_fit(now, terms)?;
    let category = terms.profile.category(&issue.category);
    let emergency = category.is_some_and(|category| category.emergency);
    let sounds = terms.profile.sounds_at(&issue.category, now);
    let new = NewDispatch {
        source: SOURCE,
        source_id: id.to_string(),
        lane: if emergency {
            Lane::Emergency
        } else {
            Lane::Bulk
        },
        messages: issue.messages()?,
        notification: Notification::sounding(sounds),
        unit: response::unit(tx, now, id).await?,
        valid_until,
        subscription: None,
    };
    let dispatch = delivery::open(tx, now, new).await?;
    let with = With::Dispatch(dispatch);
    make(tx, now, Actor::System, head, Move::Release, with).await?;
    Ok(dispatch)
}

/// What is approved and whose hour has come, the most urgent first. [`release`] says of each whether it
/// may go.
///
/// # Errors
/// The database does not answer.
pub async fn due(db: &Db, now: Instant) -> Result<Vec<Head>, DbError> {
    listing::store::due(db.conn(), now).await
}

/// Releases what is due; gives each with its dispatch, or with why it still waits.
///
/// # Errors
/// The database does not answer.
pub async fn release_due(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
) -> Result<Vec<(BroadcastId, Result<DispatchId, BroadcastError>)>, DbError> {
    let mut tried = Vec::new();
    for head in due(db, now).await? {
        let tx = db.begin().await?;
        let released = async {
            let approved = approved(&tx, now, head.id).await?;
            release(&tx, now, terms, approved).await
        };
        let released = released.await;
        if released.is_ok() {
            tx.commit().await?;
        }
        tried.push((head.id, released));
    }
    Ok(tried)
}

/// Ends what waits although it is too late for it; gives how many.
///
/// # Errors
/// The database does not answer.
pub async fn lapse_overdue(tx: &Tx, now: Instant) -> Result<usize, BroadcastError> {
    audit::take_turn(tx).await?;
    let overdue = listing::store::overdue(tx.conn(), now).await?;
    for head in &overdue {
        let subject = head.subject();
        approval::void(tx, now, &Actor::System, subject, phrases::TOO_LATE).await?;
        make(tx, now, Actor::System, head, Move::Lapse, With::Nothing).await?;
    }
    Ok(overdue.len())
}

/// Stops it on its way: after the commit nothing of it is begun.
///
/// # Errors
/// It is not on its way, or they do not write for its house.
pub async fn stop(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: BroadcastId,
) -> Result<(), BroadcastError> {
    let (broadcast, dispatch) = on_its_way(tx, by, id, Move::Stop).await?;
    delivery::stop(tx, now, dispatch, by.actor()).await?;
    make(
        tx,
        now,
        by.actor(),
        &broadcast.head,
        Move::Stop,
        With::Nothing,
    )
    .await
}

/// Lets it go on where it was stopped.
///
/// # Errors
/// It is not stopped, a correction of it went out, or they are not of the section that owns the account: going
/// on takes more than stopping. Or it could not be released now either: a link, a picture or a place of it may
/// no longer be used, or it is too late for it, or outside its hours.
pub async fn resume(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    terms: Terms<'_>,
    id: BroadcastId,
) -> Result<(), BroadcastError> {
    let (broadcast, dispatch) = on_its_way(tx, by, id, Move::Resume).await?;
    let corrections = listing::store::corrections(tx.conn(), id).await?;
    if corrections
        .iter()
        .any(|correction| correction.state.went_out())
    {
        return Err(BroadcastError::Corrected);
    }
    if !may_resume(by) {
        return Err(BroadcastError::NotTheirs);
    }
    let whole = whole(tx, broadcast).await?;
    let Broadcast { head, issue, .. } = &whole.broadcast;
    let excepted = issue.as_ref().is_some_and(|issue| issue.out_of_hours);
    if head.valid_until.is_some_and(|until| until <= now) {
        return Err(BroadcastError::TooLate);
    }
    if !(excepted || terms.profile.sends_at(now)) {
        return Err(BroadcastError::NotYet);
    }
    whole.still_fit(now, terms)?;
    delivery::resume(tx, now, dispatch, by.actor()).await?;
    make(tx, now, by.actor(), head, Move::Resume, With::Nothing).await
}

/// Looks how those on their way fare: what has come to its end is done, what delivery stopped by itself is
/// stopped. Gives how many moved.
///
/// # Errors
/// The database does not answer.
pub async fn settle(db: &Db, now: Instant) -> Result<usize, BroadcastError> {
    let mut moved = 0;
    for head in listing::store::on_their_way(db.conn()).await? {
        let Some(dispatch) = head.dispatch else {
            continue;
        };
        let progress = delivery::progress(db, now, dispatch).await?;
        let happens = match progress.map(|progress| progress.state) {
            Some(delivery::State::Ended) => Move::Finish,
            Some(delivery::State::Stopped(_)) if head.state == State::Sending => Move::Stop,
            _ => continue,
        };
        let tx = db.begin().await?;
        audit::take_turn(&tx).await?;
        // Somebody else may have moved it since.
        let head = read(&tx, head.id).await?.head;
        if head.state.after(happens).is_some() {
            make(&tx, now, Actor::System, &head, happens, With::Nothing).await?;
            tx.commit().await?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// That one can still say whom it reached.
pub(super) async fn is_remembered(tx: &Tx, sent: &Head) -> Result<(), BroadcastError> {
    let dispatch = sent.dispatch.ok_or(BroadcastError::NotSent)?;
    match delivery::is_forgotten(tx, dispatch).await? {
        true => Err(BroadcastError::Forgotten),
        false => Ok(()),
    }
}

async fn on_its_way(
    tx: &Tx,
    by: &Signed,
    id: BroadcastId,
    happens: Move,
) -> Result<(Broadcast, DispatchId), BroadcastError> {
    audit::take_turn(tx).await?;
    let broadcast = read(tx, id).await?;
    theirs(by, &broadcast)?;
    allowed(&broadcast.head, happens)?;
    let refused = BroadcastError::Refused {
        state: broadcast.head.state,
        happens,
    };
    let dispatch = broadcast.head.dispatch.ok_or(refused)?;
    Ok((broadcast, dispatch))
}
