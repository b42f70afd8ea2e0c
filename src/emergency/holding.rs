//! A hold of all delivery (配信の保留), while an emergency is on its way or open: both its sides are woken. In any case
//! those are told who can do something about it.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};

use super::moves::{Side, State};
use super::taking::read;
use super::waking::{self, Woken, tell};
use super::who::granted_by;
use super::{EmergencyError, Terms, store};
use crate::calling::{self, Calling, Cause, Ended, Kind};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery;
use crate::ids::{CallingId, PersonId};
use crate::staff::people::{self, PostKind, Roster};

/// Where somebody waits for it to reach residents. One that was stopped on purpose wakes nobody.
const OPEN: [State; 4] = [
    State::Conferring,
    State::Concurred,
    State::Dispatching,
    State::Attention,
];

/// Tells of a hold that nobody was told of yet: once, however many replicas look. True if there was one.
///
/// # Errors
/// The database does not answer; then it is told at the next look.
pub async fn tell_of_hold(db: &Db, now: Instant, terms: Terms<'_>) -> Result<bool, EmergencyError> {
    let hold = delivery::hold(db).await?;
    if hold.is_none_or(|hold| hold.told_at.is_some()) {
        return Ok(false);
    }
    let tx = db.begin().await?;
    if !delivery::take_up_hold(&tx, now).await? {
        return Ok(false);
    }
    let roster = people::roster_in(&tx).await?;
    if terms.rules().is_ok() {
        wake_open(&tx, now, terms, &roster).await?;
    }
    let told = in_charge(&roster, date_in_japan(now));
    // It is about no emergency: the hold is a matter of its own.
    tell(&tx, now, CallingId::new(now).0, Some(Cause::Hold), told).await?;
    tx.commit().await?;
    Ok(true)
}

/// Nobody is called any more for a hold that was lifted.
///
/// # Errors
/// The database does not answer.
pub async fn hold_was_lifted(tx: &Tx, now: Instant) -> Result<usize, DbError> {
    calling::end_for(tx, now, Cause::Hold, Ended::Over).await
}

async fn wake_open(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    roster: &Roster,
) -> Result<(), EmergencyError> {
    let minutes = terms.rules()?.request_minutes;
    for head in store::standing_in(tx.conn(), &OPEN).await? {
        if head.state_at(now) == State::Expired {
            continue;
        }
        let granted = granted_by(roster, &read(tx, head.id).await?);
        let callings = calling::history_in(tx, head.id.0).await?;
        for side in Side::BOTH {
            // Who is being called already goes on being called: they see the hold on the page.
            let rings =
                |calling: &Calling| calling.kind == Kind::Emergency && calling.side == Some(side);
            if callings.iter().any(|c| c.ended.is_none() && rings(c)) {
                continue;
            }
            let woken = Woken {
                side,
                cause: Some(Cause::Hold),
                until: now + TimeDelta::minutes(minutes.into()),
                already: None,
            };
            waking::wake(tx, now, terms, &granted, &head, woken).await?;
        }
    }
    Ok(())
}

/// Who agrees to lift a hold, or has to find out why it is on.
fn in_charge(roster: &Roster, day: NaiveDate) -> BTreeSet<PersonId> {
    let posts = roster.posts.values();
    let people = posts.flat_map(|post| match post.kind {
        PostKind::Chief if post.of_owner() => {
            let acting = roster.acting(post.id, day);
            let deputy = || acting.deputies.first().copied();
            Vec::from_iter(acting.chief.or_else(deputy))
        }
        PostKind::Administrator => roster.holders(post.id, day).collect(),
        _ => Vec::new(),
    });
    people.map(|person| person.id).collect()
}
