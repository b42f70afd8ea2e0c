//! Envelopes lent to a sender: the first attempt is on record before LINE hears of it, and who comes back
//! with an old fence number changes nothing.

mod store;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;

use super::gate::Gate;
use super::judge::{Consequence, Tried, Verdict};
use super::model::{Lane, StopReason};
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::DispatchId;
use crate::line::client::{Notification, RetryKey, Unit};
use crate::line::message::Messages;
use crate::resident::reach::Subscription;

/// How long an envelope is lent. A call, with all that goes before it, takes less.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(30);
/// Refusals of a dispatch of which nothing was accepted, after which the fault is not somebody in it.
const REFUSALS: u64 = 20;

/// An envelope lent to us.
#[derive(Debug, Clone)]
pub(super) struct Lent {
    pub(super) id: i64,
    pub(super) dispatch: DispatchId,
    pub(super) lane: Lane,
    pub(super) key: RetryKey,
    /// Residents, ascending.
    pub(super) people: Vec<i64>,
    /// Where it names nobody, since it is for everybody: how many that are, as far as we know.
    pub(super) everybody: Option<usize>,
    /// Which attempt this is, from 1.
    pub(super) attempts: i32,
    /// Whether LINE may have taken an earlier one.
    pub(super) in_doubt: bool,
    pub(super) fence: i64,
    /// How long from the lending it waits for its turn at LINE.
    pub(super) wait: TimeDelta,
}

/// What a dispatch says, how, and to whom alone.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) messages: Messages,
    pub(super) notification: Notification,
    pub(super) unit: Option<Unit>,
    /// What is asked of those it is for before they are told.
    pub(super) subscription: Option<Subscription>,
}

/// How many envelopes a sender has room for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Emergencies.
    pub(super) emergency: usize,
    /// Everything, emergencies among it.
    pub(super) others: usize,
    /// People the month's messages still suffice for; `None` where they are not counted.
    pub(super) people: Option<u64>,
}

/// How the lending of an envelope ended.
#[derive(Debug)]
pub(super) enum End {
    /// It was called.
    Judged(Verdict),
    /// Nobody was left to call.
    Empty,
    /// These are gone or have stopped it, of whom an earlier call, which LINE did not take, had told: the others need
    /// a new key.
    Gone(Vec<i64>),
    /// We did not get as far as calling.
    NotCalled(String),
}

impl Lent {
    /// How many people it is for.
    pub(super) fn count(&self) -> usize {
        self.everybody.unwrap_or(self.people.len())
    }

    pub(super) fn tried(&self) -> Tried {
        Tried {
            attempts: self.attempts,
            in_doubt: self.in_doubt,
            people: self.people.len(),
            lane: self.lane,
            key: self.key.as_uuid(),
        }
    }
}

/// What may go out now.
#[derive(Debug)]
pub(super) enum Lending {
    /// These.
    Lent(Vec<Lent>),
    /// Nothing, before these are stopped: the month does not suffice for all of whom they are for.
    Beyond(Vec<DispatchId>),
}

/// Lends what `room` allows, in the order of lanes, of dispatches that are open: they cannot be stopped
/// while we do. Nothing while a hold is on. What changes of the gate is for the caller to keep.
pub(super) async fn lend(
    tx: &Tx,
    now: Instant,
    gate: &mut Gate,
    room: Room,
) -> Result<Lending, DbError> {
    let conn = tx.conn();
    if room.emergency == 0 || gate.held {
        return Ok(Lending::Lent(Vec::new()));
    }
    let only = match room.others.min(gate.pace.free(now, Lane::Bulk)) {
        0 => Some(Lane::Emergency),
        _ => None,
    };
    let mut open = store::open_dispatches(conn, now, only).await?;
    if let Some(people) = room.people {
        let beyond = beyond(tx, &mut open, people).await?;
        if !beyond.is_empty() {
            return Ok(Lending::Beyond(beyond));
        }
    }
    let (to_everybody, to_some): (Vec<_>, Vec<_>) =
        open.into_iter().partition(|dispatch| dispatch.everybody);
    // First, and whatever keeps other calls waiting: their limit is not these calls'.
    let mut lent = lend_to_everybody(tx, now, gate, room, to_everybody).await?;
    let (urgent, others): (Vec<_>, Vec<_>) = to_some
        .into_iter()
        .partition(|dispatch| dispatch.lane == Lane::Emergency);
    let turns = [
        (Lane::Emergency, room.emergency, urgent),
        (Lane::Bulk, room.others, others),
    ];
    for (lane, room, open) in turns {
        let room = room.saturating_sub(lent.len());
        let limit = room.min(gate.pace.free(now, lane));
        if limit > 0 && !open.is_empty() {
            let mut envelopes = store::lend(conn, now, &open, limit).await?;
            for envelope in &mut envelopes {
                envelope.wait = gate.pace.take(now, envelope.lane);
            }
            lent.append(&mut envelopes);
        }
    }
    if lent.is_empty() {
        return Ok(Lending::Lent(lent));
    }
    gate.turn += 1;
    Ok(Lending::Lent(lent))
}

/// Lends of `open`, which are for everybody, what LINE's limit for such calls leaves.
async fn lend_to_everybody(
    tx: &Tx,
    now: Instant,
    gate: &mut Gate,
    room: Room,
    mut open: Vec<store::OpenDispatch>,
) -> Result<Vec<Lent>, DbError> {
    open.retain(|dispatch| gate.broadcasts.free(now, dispatch.lane) > 0);
    let Some(last) = open.last() else {
        return Ok(Vec::new());
    };
    let limit = room.emergency.min(gate.broadcasts.free(now, last.lane));
    let lent = store::lend(tx.conn(), now, &open, limit).await?;
    for _ in &lent {
        gate.broadcasts.take(now);
    }
    Ok(lent)
}

/// Where messages are counted: what is not an emergency waits until all of its audience is known. Gives those
/// to be stopped before anybody hears of them, since the month does not suffice for all of their audience.
async fn beyond(
    tx: &Tx,
    open: &mut Vec<store::OpenDispatch>,
    people: u64,
) -> Result<Vec<DispatchId>, DbError> {
    open.retain(|dispatch| dispatch.lane == Lane::Emergency || dispatch.cut);
    let to_send = store::people_to_send(tx.conn(), open).await?;
    let mut left = people;
    let mut beyond = Vec::new();
    for dispatch in open.iter().filter(|d| d.lane != Lane::Emergency) {
        match left.checked_sub(to_send.get(&dispatch.id).copied().unwrap_or_default()) {
            Some(rest) => left = rest,
            None => beyond.push(dispatch.id),
        }
    }
    Ok(beyond)
}

/// Stops what the month does not suffice for. In a transaction that holds nothing else: see [`stop_all`].
pub(super) async fn stop_beyond(
    tx: &Tx,
    now: Instant,
    beyond: Vec<DispatchId>,
) -> Result<(), DbError> {
    let stops = beyond.into_iter().map(|id| (id, StopReason::Quota));
    stop_all(tx, now, stops).await
}

/// What recording brought with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recorded {
    /// Of so many somebody else has decided meanwhile.
    pub(super) not_ours: u64,
    /// Whether something was stopped or held.
    pub(super) has_stopped: bool,
}

/// Records how lendings ended, and what follows from it for others. What changes of the gate is for the caller to keep.
pub(super) async fn record(
    tx: &Tx,
    now: Instant,
    gate: &mut Gate,
    ended: &[(Lent, End)],
) -> Result<Recorded, DbError> {
    let mut rows = Vec::new();
    let mut not_ours = 0;
    let mut stops = HashMap::new();
    let mut hold = None;
    for (lent, end) in ended {
        match end {
            End::Judged(Verdict::Split { around, why }) => {
                let parts = parts(&lent.people, *around);
                if !store::split(tx.conn(), now, lent, &parts, 0, why).await? {
                    not_ours += 1;
                } else if store::is_refused_throughout(tx.conn(), lent.dispatch, REFUSALS).await? {
                    stops.insert(lent.dispatch, StopReason::Refused);
                }
                continue;
            }
            End::Gone(gone) => {
                let others = lent.people.iter().copied().filter(|id| !gone.contains(id));
                let others: Vec<i64> = others.collect();
                let why = "somebody in it is gone or has stopped it; the others travel on";
                let parts = [others.as_slice()];
                if !store::split(tx.conn(), now, lent, &parts, gone.len(), why).await? {
                    not_ours += 1;
                }
                continue;
            }
            End::Judged(Verdict::Again { then, .. }) => match then {
                Consequence::Nothing => {}
                Consequence::SlowDown => gate.pace.slow_down(now),
                Consequence::Stop(reason) => {
                    stops.insert(lent.dispatch, *reason);
                }
                Consequence::Hold(reason) => hold = Some(*reason),
            },
            _ => {}
        }
        rows.push(store::Row::of(now, lent, end));
    }
    not_ours += rows.len() as u64 - store::record(tx.conn(), &rows).await?;
    let has_stopped = !stops.is_empty() || hold.is_some();
    if !ended.is_empty() {
        // A backup from before this would ask LINE again for what it has answered.
        gate.turn += 1;
    }
    stop_all(tx, now, stops.into_iter()).await?;
    if let Some(reason) = hold {
        gate.hold(tx, now, reason).await?;
    }
    Ok(Recorded {
        not_ours,
        has_stopped,
    })
}

/// The people of a refused envelope in envelopes of their own: the one it was refused for apart from the
/// others, or two halves while that one is not known.
fn parts(people: &[i64], around: Option<usize>) -> Vec<&[i64]> {
    let (before, odd, after) = match around.and_then(|at| people.get(at..=at).map(|odd| (at, odd)))
    {
        Some((at, odd)) => (&people[..at], odd, &people[at + 1..]),
        None => {
            let (first, second) = people.split_at(people.len() / 2);
            (first, second, &people[..0])
        }
    };
    let parts = [before, after, odd];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Stops dispatches, and puts that on record. A person's stop takes its turn in the record before it touches the
/// dispatch, and so do we: locks are taken in the order gate, record, dispatches, so that nobody waits in a ring.
async fn stop_all(
    tx: &Tx,
    now: Instant,
    stops: impl ExactSizeIterator<Item = (DispatchId, StopReason)>,
) -> Result<(), DbError> {
    if stops.len() > 0 {
        audit::take_turn(tx).await?;
    }
    for (dispatch, reason) in stops {
        stop(tx, now, dispatch, reason).await?;
    }
    Ok(())
}

async fn stop(
    tx: &Tx,
    now: Instant,
    dispatch: DispatchId,
    reason: StopReason,
) -> Result<(), DbError> {
    if super::store::stop(tx.conn(), now, dispatch, reason).await? {
        tracing::error!(%dispatch, reason = reason.as_str(), "a dispatch was stopped");
        let entry = Entry::of(Actor::System, "delivery.stopped", ("dispatch", dispatch))
            .with(json!({ "reason": reason.as_str() }));
        audit::record(tx, now, entry).await?;
    }
    Ok(())
}

/// Settles, before its first call, whom an envelope reaches; false when it is no longer ours.
pub(super) async fn narrow(db: &Db, lent: &Lent, people: &[i64]) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    let ours = store::narrow(tx.conn(), lent, people).await?;
    tx.commit().await?;
    Ok(ours)
}

/// Whether a call of this dispatch may still begin: nobody has stopped it, and nothing is held.
pub(super) async fn still_goes(db: &Db, dispatch: DispatchId) -> Result<bool, DbError> {
    store::still_goes(db.conn(), dispatch).await
}

/// What these dispatches say; nothing for those that bear the name of one that the product did not open so.
pub(super) async fn contents(
    db: &Db,
    dispatches: Vec<DispatchId>,
) -> Result<HashMap<DispatchId, Option<Arc<Content>>>, DbError> {
    store::contents(db.conn(), db.seal()?, dispatches).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_envelope_falls_apart_around_whom_line_named() {
        let people = [1, 2, 3, 4, 5];
        let whole: &[i64] = &people;
        assert_eq!(parts(whole, Some(1)), [&[1][..], &[3, 4, 5], &[2]]);
        assert_eq!(parts(whole, Some(0)), [&[2, 3, 4, 5][..], &[1]]);
        assert_eq!(parts(whole, Some(4)), [&[1, 2, 3, 4][..], &[5]]);
        assert_eq!(parts(whole, None), [&[1, 2][..], &[3, 4, 5]]);
        assert_eq!(parts(whole, Some(9)), [&[1, 2][..], &[3, 4, 5]]);
    }
}
