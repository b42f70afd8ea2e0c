//! Sent, and what became of it (T11, T14, T15).

use chrono::TimeDelta;

use super::model::{Audience, Emergency, Issue};
use super::moves::{Act, State};
use super::standing::{people, reached, selection, stands, void};
use super::store::{self, With};
use super::taking::{Said, Taken, make, read, take};
use super::{EmergencyError, Terms, agreement, besides, proof, report, waking};
use crate::audit;
use crate::clock::{Clock, Instant};
use crate::db::{Db, Tx};
use crate::delivery::{self, Lane, NewDispatch, Progress};
use crate::ids::{DispatchId, EmergencyId};
use crate::line::client::Notification;
use crate::segment;
use crate::staff::account::Confirmed;
use crate::staff::people::Signed;

/// The name under which emergencies open dispatches.
pub const SOURCE: &str = "emergency";

/// Sends what both chiefs agreed to, byte for byte. From the commit on it is on its way.
///
/// # Errors
/// They do not speak for its side, or are the one who agreed; it is not what they confirmed; its time is over;
/// what the agreement stands on is no more; many more or fewer people would receive it; or everything is held.
pub async fn send(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    confirmed: Confirmed,
) -> Result<DispatchId, EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Send).await?;
    go_out(tx, now, terms, &taken, &confirmed).await
}

/// Sends a prepared correction without the other chief, under the agreement of the year.
///
/// # Errors
/// As [`send`]; or it is no prepared correction, or no agreement is in force.
pub async fn send_correction(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    confirmed: Confirmed,
) -> Result<DispatchId, EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::SendCorrection).await?;
    go_out(tx, now, terms, &taken, &confirmed).await
}

async fn go_out(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    taken: &Taken<'_>,
    confirmed: &Confirmed,
) -> Result<DispatchId, EmergencyError> {
    let Emergency { head, issue, .. } = &taken.emergency;
    let issue = issue.as_ref().ok_or(EmergencyError::Changed)?;
    // Computed anew: what is sent is what is kept, and that is what was agreed to.
    let digest = issue.digest()?;
    if head.digest.as_ref() != Some(&digest) || issue.version != head.version {
        return Err(EmergencyError::Changed);
    }
    taken.check(tx, now, &digest, confirmed).await?;
    if let Some(void) = void(tx, now, terms, &taken.emergency, &taken.granted).await? {
        return Err(EmergencyError::Void(void));
    }
    let agreement = match taken.act {
        Act::SendCorrection => {
            let agreement = taken.agreement.ok_or(EmergencyError::NoAgreement)?;
            agreement::is_signed(tx, agreement, confirmed).await?;
            Some(agreement)
        }
        _ => {
            proof::agreed(tx, &taken.emergency, confirmed).await?;
            None
        }
    };
    stands(tx, now, terms, &taken.emergency).await?;
    let people = people(tx, &issue.audience).await?;
    let dispatch = open(tx, now, issue, people).await?;
    let with = With::Dispatch {
        dispatch,
        people,
        did: taken.did(now),
        agreement,
    };
    taken
        .make(tx, now, with, Said::by_passkey(confirmed))
        .await?;
    besides::follow(tx, now, terms, &taken.emergency).await?;
    let due_at = report::due_at(&terms.profile.working_hours, now);
    report::store::add(tx.conn(), head.id, due_at).await?;
    Ok(dispatch)
}

/// Opens the dispatch, and cuts it at once if that takes no longer than a moment.
async fn open(
    tx: &Tx,
    now: Instant,
    issue: &Issue,
    people: u64,
) -> Result<DispatchId, EmergencyError> {
    let new = NewDispatch {
        source: SOURCE,
        source_id: issue.id.to_string(),
        lane: Lane::Emergency,
        messages: issue.messages()?,
        notification: Notification::On,
        unit: None,
        valid_until: now + TimeDelta::minutes(issue.minutes.into()),
        subscription: None,
    };
    if issue.audience.is_everybody(issue.mode) {
        return Ok(delivery::open_to_everybody(tx, now, new, people).await?);
    }
    let most = u64::try_from(delivery::PAGE).unwrap_or_default();
    let few = match &issue.audience {
        _ if people > most => None,
        Audience::SameAs { .. } => Some(reached(tx, &issue.audience).await?),
        audience => match selection(audience) {
            Some(selection) => Some(segment::page_in(tx, &selection, 0, delivery::PAGE).await?),
            None => None,
        },
    };
    Ok(match few {
        Some(residents) => delivery::open_for(tx, now, new, &residents).await?,
        None => delivery::open(tx, now, new).await?,
    })
}

/// Cuts the audience of the foremost emergency that is on its way into envelopes, to its end; `ring` after each
/// page, since what is cut can be sent. False when there is none, or others are at them all.
///
/// # Errors
/// The database does not answer, or what was sent cannot be read; others may then go on where it ended.
pub async fn cut_next(db: &Db, clock: &Clock, ring: impl Fn()) -> Result<bool, EmergencyError> {
    let Some(cut) = delivery::cutting(db, clock.now(), SOURCE).await? else {
        return Ok(false);
    };
    let id: EmergencyId = cut.source_id.parse().map_err(|_| EmergencyError::Gone)?;
    let emergency = store::find(db.conn(), id).await?;
    let issue = emergency.and_then(|emergency| emergency.issue);
    let audience = issue.ok_or(EmergencyError::Gone)?.audience;
    let selection = selection(&audience);
    let residents = match &selection {
        Some(_) => Vec::new(),
        None => {
            let tx = db.begin().await?;
            reached(&tx, &audience).await?
        }
    };
    let page = async |after: i64| match &selection {
        Some(selection) => {
            Ok::<_, EmergencyError>(segment::page(db, selection, after, delivery::READ).await?)
        }
        None => {
            let from = residents.partition_point(|resident| *resident <= after);
            let rest = residents[from..].iter().copied();
            Ok::<_, EmergencyError>(rest.take(delivery::READ).collect())
        }
    };
    delivery::cut_rest(db, clock, cut, page, ring).await?;
    Ok(true)
}

/// Looks how those on their way fare: what LINE took all of is sent, what did not arrive or cannot be known waits
/// for its chief, who is woken. Gives how many moved.
///
/// # Errors
/// The database does not answer.
pub async fn settle(db: &Db, now: Instant, terms: Terms<'_>) -> Result<usize, EmergencyError> {
    let mut moved = 0;
    for head in store::standing_in(db.conn(), &[State::Dispatching]).await? {
        let Some(dispatch) = head.dispatch else {
            continue;
        };
        let progress = delivery::progress(db, now, dispatch).await?;
        if progress.as_ref().and_then(came_to).is_none() {
            continue;
        }
        let tx = db.begin().await?;
        audit::take_turn(&tx).await?;
        // Somebody else may have moved it since.
        let emergency = read(&tx, head.id).await?;
        let head = &emergency.head;
        let progress = delivery::progress_in(&tx, now, dispatch).await?;
        let act = progress.as_ref().and_then(came_to);
        let Some(act) = act.filter(|act| head.state.after(*act).is_some()) else {
            continue;
        };
        make(&tx, now, head, (act, None), With::Nothing, Said::default()).await?;
        if act == Act::Trouble {
            waking::trouble(&tx, now, terms, &emergency).await?;
        }
        tx.commit().await?;
        moved += 1;
    }
    Ok(moved)
}

/// What a dispatch has come to, if it has.
fn came_to(progress: &Progress) -> Option<Act> {
    let people = &progress.people;
    match progress.state {
        delivery::State::Ended if people.refused + people.unknown + people.late == 0 => {
            Some(Act::Finish)
        }
        delivery::State::Ended | delivery::State::Stopped(_) => Some(Act::Trouble),
        delivery::State::Cutting | delivery::State::Sending => None,
    }
}
