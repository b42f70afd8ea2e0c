//! Reports that nobody has confirmed in time: told each working day, until somebody does.

use std::collections::BTreeSet;

use crate::calling::Cause;
use crate::clock::{Instant, date_in_japan, datetime_in_japan};
use crate::db::Db;
use crate::emergency::EmergencyError;
use crate::emergency::waking::{speakers, tell};
use crate::ids::PersonId;
use crate::policy::{Hours, Profile};
use crate::staff::people::{self, PostKind};

/// Tells both chiefs, their deputies and the auditors of every report that is overdue; says of how many. On days on
/// which nobody works, and after work, it tells nobody.
///
/// # Errors
/// The database does not answer; nobody is told then.
pub async fn remind(db: &Db, now: Instant, profile: &Profile) -> Result<u64, EmergencyError> {
    if !is_worked(&profile.working_hours, now) {
        return Ok(0);
    }
    let late = super::overdue(db, now).await?;
    if late.is_empty() {
        return Ok(0);
    }
    let tx = db.begin().await?;
    let (roster, day) = (people::roster_in(&tx).await?, date_in_japan(now));
    let audits = roster.posts.values();
    let audits = audits.filter(|post| post.kind == PostKind::Auditor);
    let audit = audits.flat_map(|post| roster.holders(post.id, day));
    let auditors: BTreeSet<PersonId> = audit.map(|person| person.id).collect();
    for head in &late {
        let mut told = auditors.clone();
        // A policy without a way for emergencies names no sides.
        if let Some(rules) = &profile.emergency {
            told.extend(speakers(rules, &roster, day, head.section));
        }
        tell(&tx, now, head.id.0, Some(Cause::Overdue), told).await?;
    }
    tx.commit().await?;
    Ok(u64::try_from(late.len()).unwrap_or(u64::MAX))
}

/// Whether it is a working day, and work is not over: what is made up for at night wakes nobody.
fn is_worked(hours: &Hours, now: Instant) -> bool {
    let civil = datetime_in_japan(now);
    let openings = hours.openings(civil.date());
    openings.iter().any(|(_, to)| civil.time() < *to)
}
