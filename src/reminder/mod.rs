//! Reminders: garbage days at the hour each resident chose, and what is due for a child.
//!
//! A [`Notice`] (定期お知らせ) is a rule that sends by itself: one for garbage days, and one for each rule of
//! the childcare timetable. It is handed in ([`submit`]) and agreed to ([`decide`]) for at most a year, and
//! goes out only as long as it is what was agreed to ([`Content`]; `docs/decisions/0016`).
//!
//! An [`Occasion`] comes once: [`due`] says which have come, and [`release`] takes one up, for exactly one of
//! however many try, under an approval. What is said is planned by pure functions ([`garbage::plan`],
//! [`childcare::plan`]) as [`Group`]s of residents who read the *same message*, wherever they live and of whatever month
//! their children are ([`childcare::runs`]), so that few envelopes go out and all of them are full. A group is kept as
//! it was planned, and [`cut_next`] pages its [`audience`]. With it travels what its residents asked to hear of: who
//! stops that meanwhile is not told.
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

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};

use self::childcare::Coming;
use crate::approval::{self, SubjectKind};
use crate::childcare::{Due, Rule, Timetable};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError};
use crate::edition;
use crate::ids::ReminderGroupId;
use crate::policy::Profile;
use crate::resident::Child;
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
    runs.retain(|run| run.begins <= now && now < run.until);
    let timetable = crate::childcare::timetable(db).await?;
    let first = today - Days::new(childcare::LATE_DAYS);
    let mut coming = childcare::coming_between(&timetable, first, today);
    coming.retain(|coming| {
        let day = coming.due.on;
        childcare::begins(day) <= now && now < childcare::until(day)
    });
    not_taken_up(db, runs, coming).await
}

/// The runs of garbage days `runs`, and those of `coming`, as far as they were not taken up; the earliest first.
async fn not_taken_up(
    db: &Db,
    mut runs: Vec<Run>,
    mut coming: Vec<Coming<'_>>,
) -> Result<Vec<Run>, DbError> {
    let of_rules = coming.iter().map(Coming::occasion);
    let occasions = runs.iter().map(|run| run.occasion.clone()).chain(of_rules);
    let occasions: Vec<String> = occasions.map(|occasion| occasion.to_string()).collect();
    let taken = store::taken(db.conn(), &occasions).await?;
    let is_left = |occasion: &Occasion| !taken.contains(&occasion.to_string());
    runs.retain(|run| is_left(&run.occasion));
    // Before they are put together: an occasion that was taken up never comes again.
    coming.retain(|coming| is_left(&coming.occasion()));
    runs.extend(childcare::runs(&coming));
    runs.sort_by_key(|run| run.begins);
    Ok(runs)
}

/// What has come for `child` by `now` and can still be had: told to whoever registers the child late. What has no
/// last day is not among it, nor what may still be taken up: that reaches them by itself.
///
/// # Errors
/// The database does not answer.
pub async fn still_useful<'a>(
    db: &Db,
    timetable: &'a Timetable,
    child: Child,
    now: Instant,
) -> Result<Vec<(&'a Rule, Due)>, DbError> {
    let mut useful = childcare::open_for(timetable, child, now);
    let is_over = |coming: &Coming<'_>| childcare::until(coming.due.on) <= now;
    let others = useful.iter().filter(|coming| !is_over(coming));
    let others: Vec<String> = others.map(|coming| coming.occasion().to_string()).collect();
    let taken = store::taken(db.conn(), &others).await?;
    useful.retain(|coming| is_over(coming) || taken.contains(&coming.occasion().to_string()));
    Ok(useful
        .into_iter()
        .map(|coming| (coming.rule, coming.due))
        .collect())
}

/// A group as it was planned, and whom it reaches now; those who changed what they told in the meantime are
/// not among them.
///
/// # Errors
/// The database does not answer.
pub async fn audience(db: &Db, id: ReminderGroupId) -> Result<Option<(Group, Selection)>, DbError> {
    let found = store::group(db.conn(), id).await?;
    Ok(found.map(|(run, group)| {
        let selection = group.selection(&run);
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
