//! Reminders (定期お知らせ): garbage days at the hour each resident chose, and what is due for a child.
//!
//! An [`Occasion`] comes once: [`due`] says which are to be taken up now, and [`take_up`] does so for exactly one of
//! however many ask. What is said is planned by pure functions ([`garbage::plan`], [`childcare::plan`]) as
//! [`Group`]s of residents who read the *same message*, wherever they live, so that few envelopes go out and
//! all of them are full. A group is kept as it was planned: whoever sends it pages its [`audience`].
//!
//! An occasion nobody took up in time is let go: a garbage reminder at noon is worse than none.

pub mod ahead;
pub mod childcare;
pub mod garbage;
mod model;
mod phrases;
mod store;

pub use model::{Group, NotAnOccasion, Occasion, Run};

use std::collections::HashSet;

use crate::area;
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError};
use crate::ids::ReminderGroupId;
use crate::resident::GarbageReminder;
use crate::segment::Selection;

/// The occasions that have come and were not taken up yet, the earliest first.
///
/// # Errors
/// The database does not answer.
pub async fn due(db: &Db, now: Instant) -> Result<Vec<Run>, DbError> {
    let today = date_in_japan(now);
    let hours = store::hours(db.conn()).await?;
    let mut runs: Vec<Run> = hours
        .into_iter()
        .filter_map(|hour| garbage::run(today, hour))
        .collect();
    let timetable = crate::childcare::timetable(db).await?;
    runs.extend(childcare::runs(&timetable, today));
    runs.retain(|run| run.begins <= now && now < run.until);
    let occasions: Vec<String> = runs.iter().map(|run| run.occasion.to_string()).collect();
    let taken: HashSet<String> = store::taken(db.conn(), &occasions).await?;
    runs.retain(|run| !taken.contains(&run.occasion.to_string()));
    runs.sort_by_key(|run| run.begins);
    Ok(runs)
}

/// Takes up a run: plans what is said to whom, and keeps it. `None` when somebody has taken it up before.
///
/// # Errors
/// The database does not answer; the run is still to be taken up then.
pub async fn take_up(
    db: &Db,
    now: Instant,
    run: &Run,
) -> Result<Option<Vec<(ReminderGroupId, Group)>>, DbError> {
    let groups = match &run.occasion {
        Occasion::Garbage {
            day,
            hour: GarbageReminder::At(when, _),
        } => {
            let calendars = crate::garbage::calendars(db).await?;
            garbage::plan(&calendars, *day, *when)
        }
        Occasion::Garbage { .. } => Vec::new(),
        Occasion::Childcare { rule, child, nth } => {
            let timetable = crate::childcare::timetable(db).await?;
            let directory = area::directory(db).await?;
            let coming = childcare::coming(&timetable, run.day);
            let found = coming.into_iter().find(|coming| {
                (&coming.rule.code, &coming.child, &coming.nth) == (rule, child, nth)
            });
            found.map_or_else(Vec::new, |coming| childcare::plan(&directory, &coming))
        }
    };
    let tx = db.begin().await?;
    let kept = store::take_up(tx.conn(), now, run, groups).await?;
    tx.commit().await?;
    Ok(kept)
}

/// A group as it was planned, and whom it reaches now; those who changed what they told in the meantime are
/// not among them.
///
/// # Errors
/// The database does not answer.
pub async fn audience(db: &Db, id: ReminderGroupId) -> Result<Option<(Group, Selection)>, DbError> {
    let found = store::group(db.conn(), id).await?;
    Ok(found.map(|(occasion, group)| {
        let selection = group.selection(&occasion);
        (group, selection)
    }))
}
