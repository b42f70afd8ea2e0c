//! Whether people can be reached at night, tried while nothing happens: call-out drills (呼出訓練), and a test of
//! everybody's ways each week.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::moves::Side;
use super::waking::ladder;
use super::who::writes_for;
use super::{EmergencyError, Terms};
use crate::audit::{self, Entry};
use crate::calling::{self, Kind, New, NotTested};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{CallingId, PersonId, SectionId};
use crate::policy;
use crate::staff::people::{self, PostKind, Roster, Signed};

/// After so many days without a call-out drill nobody knows any more how soon somebody answers.
pub const DAYS_BETWEEN_DRILLS: i64 = 30;

/// Calls a side as an emergency of `section` would, unannounced; every call says first that it is a drill.
///
/// # Errors
/// They are neither on duty, nor of the section that owns the account or of this one, nor administer the system;
/// or the policy knows no emergencies.
pub async fn call_out(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    section: SectionId,
    side: Side,
) -> Result<CallingId, EmergencyError> {
    audit::take_turn(tx).await?;
    let rules = terms.rules()?;
    let roster = people::roster_in(tx).await?;
    let day = date_in_japan(now);
    let mut posts = roster.posts_of(by.person(), day);
    let of_office = posts.any(|post| match post.kind {
        PostKind::DutyOfficer | PostKind::Administrator => true,
        PostKind::Staff | PostKind::Chief => post.of_owner(),
        _ => false,
    });
    if !of_office && !writes_for(&roster, day, section, by.person()) {
        return Err(EmergencyError::NoCallOut);
    }
    let new = New {
        kind: Kind::Drill,
        cause: None,
        matter: section.0,
        side: Some(side),
        until: now + TimeDelta::minutes(rules.request_minutes.into()),
        calls: ladder(rules, &roster, day, section, side),
    };
    let id = calling::begin(tx, now, new).await?;
    let entry = Entry::of(by.actor(), "emergency.called_out", ("calling", id));
    audit::record(tx, now, entry).await?;
    Ok(id)
}

/// Tests everybody's ways who is on the ladder of any section, quietly; says how many people.
///
/// # Errors
/// The database does not answer; who was called stays called.
pub async fn test_everybody(
    db: &Db,
    now: Instant,
    rules: &policy::Emergency,
) -> Result<u64, DbError> {
    let roster = people::roster(db).await?;
    let mut tested = 0;
    for person in on_ladders(&roster, now, rules) {
        let tx = db.begin().await?;
        match calling::test(&tx, now, person, false).await {
            Ok(_) => tested += 1,
            // They have just done so by themselves.
            Err(NotTested::TooSoon) => continue,
            Err(NotTested::Db(error)) => return Err(error),
        }
        tx.commit().await?;
    }
    Ok(tested)
}

/// Everybody who may be called at night for any section.
fn on_ladders(roster: &Roster, now: Instant, rules: &policy::Emergency) -> BTreeSet<PersonId> {
    let day = date_in_japan(now);
    let open = roster.sections.values().filter(|s| s.closed_on.is_none());
    let calls = open.flat_map(|section| {
        let both = [Side::Concurs, Side::Sends].into_iter();
        both.flat_map(|side| ladder(rules, roster, day, section.id, side))
    });
    calls.map(|call| call.person).collect()
}

/// Whether there was no call-out drill in the last [`DAYS_BETWEEN_DRILLS`] days.
///
/// # Errors
/// The database does not answer.
pub async fn is_drill_due(db: &Db, now: Instant) -> Result<bool, DbError> {
    let since = now - TimeDelta::days(DAYS_BETWEEN_DRILLS);
    Ok(calling::drills(db, since).await?.is_empty())
}
