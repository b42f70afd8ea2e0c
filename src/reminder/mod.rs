//! Reminders: garbage days at the hour each resident chose, and what is due for a child.
//!
//! A [`Notice`] (定期お知らせ) is a rule that sends by itself: one for garbage days, and one for each rule of
//! the childcare timetable. It is handed in ([`submit`]) and agreed to ([`decide`]) for at most a year, and
//! goes out only as long as it is what was agreed to ([`Content`]; `docs/decisions/0016`).
//!
//! An [`Occasion`] comes once: [`due`] says which have come, and [`release`] takes one up, for exactly one of
//! however many try, under an approval. What is said is planned by pure functions ([`garbage::plan`],
//! [`childcare::plan`]) as [`Group`]s of residents who read the *same message*, wherever they live, so that few
//! envelopes go out and all of them are full. A group is kept as it was planned, and [`cut_next`] pages its
//! [`audience`].
//!
//! An occasion nobody took up in time is let go: a garbage reminder at noon is worse than none. That it was missed
//! is recorded ([`record_missed`]) and told, and so is how those fare that went out ([`fared`], [`amiss`]). Where
//! it did not arrive, or nobody can know, a chief says what is made of that ([`close`]).

pub mod ahead;
pub mod childcare;
mod deciding;
mod error;
mod faring;
pub mod garbage;
mod model;
mod notice;
mod phrases;
mod sending;
mod store;

pub use deciding::{SOON, Wish, decide, house, needs_exception, submit, void_changed, withdraw};
pub use error::ReminderError;
pub use faring::{Became, Fared, amiss, close, fared, record_missed, resume};
pub use model::{Group, NotAnOccasion, Occasion, Run};
pub use notice::{Asked, Case, Content, HandedIn, Key, NotAKey, Notice, Sample, Standing, Version};
pub use sending::{Published, SOURCE, approved, cut_next, people, release, release_due};

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;

use crate::approval::{self, SubjectKind};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError};
use crate::edition;
use crate::ids::ReminderGroupId;
use crate::policy::Profile;
use crate::segment::Selection;

/// Every notice there is, in the town's order: garbage days, then the timetable's rules that still come.
///
/// # Errors
/// The database does not answer.
pub async fn notices(db: &Db, profile: &Profile) -> Result<Vec<Notice>, ReminderError> {
    Ok(all(db, profile).await?.0)
}

/// Every notice there is, and what was asked about those that are no more.
async fn all(db: &Db, profile: &Profile) -> Result<(Vec<Notice>, Vec<Asked>), ReminderError> {
    let timetable = crate::childcare::timetable(db).await?;
    // Of what was never published nothing is told.
    let calendars = edition::number(db, edition::Published::Garbage).await? > 0;
    let mut keys: Vec<Key> = calendars.then_some(Key::Garbage).into_iter().collect();
    for rule in timetable.all() {
        let key = Key::Childcare(rule.code.clone());
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut notices: Vec<Notice> = keys
        .into_iter()
        .filter_map(|key| {
            let content = Content::of(&key, profile, &timetable)?;
            Some(Notice {
                key,
                content,
                asked: Vec::new(),
            })
        })
        .collect();
    let mut handed_in: BTreeMap<_, _> = store::handed_in(db.conn()).await?;
    let mut gone = Vec::new();
    for request in approval::asked(db, SubjectKind::Notice).await? {
        let Some(handed_in) = handed_in.remove(&request.frozen.subject.id) else {
            continue;
        };
        let mut asked = Asked {
            handed_in,
            request,
            holds: false,
        };
        let found = notices.iter_mut().find(|n| n.key == asked.handed_in.key);
        match found {
            Some(notice) => {
                asked.holds = asked.now(&notice.content)? == asked.request.frozen;
                notice.asked.push(asked);
            }
            None => gone.push(asked),
        }
    }
    Ok((notices, gone))
}

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

/// Erases what was said `days` ago or earlier, what was made of it, and occasions of garbage days. That something came for children
/// of a month stays on record, so that it never comes twice, whatever becomes of its rule; it names nobody.
/// Says how many messages.
///
/// # Errors
/// The database does not answer.
pub async fn forget(db: &Db, now: Instant, days: u32) -> Result<u64, DbError> {
    let tx = db.begin().await?;
    let gone = store::forget(tx.conn(), now - TimeDelta::days(days.into())).await?;
    tx.commit().await?;
    Ok(gone)
}
