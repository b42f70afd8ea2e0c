//! Occasions whose hour has come go out under their notice's standing approval, and only then.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::json;

use super::childcare::Coming;
use super::model::{Group, Occasion, Run};
use super::notice::{Asked, Content, Key, Notice};
use super::{ReminderError, childcare, garbage, phrases, store};
use crate::approval::{self, Approved, NotApproved};
use crate::area::{self, Directory};
use crate::audit::{self, Actor, Entry};
use crate::childcare::Timetable;
use crate::clock::{Clock, Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery::{self, Lane, NewDispatch};
use crate::garbage::Calendar;
use crate::ids::{AreaId, ReminderGroupId};
use crate::line::client::Notification;
use crate::line::message::Messages;
use crate::policy::Profile;
use crate::resident::GarbageReminder;
use crate::segment::{self, Selection};

/// The name under which reminders open dispatches.
pub const SOURCE: &str = "reminder";

/// What is published: reminders are planned by it, and by the same it is told whether they were agreed to.
#[derive(Debug)]
pub struct Published {
    pub(super) timetable: Timetable,
    pub(super) calendars: Vec<(Vec<AreaId>, Calendar)>,
    pub(super) directory: Directory,
}

impl Published {
    /// Everything, as it is now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read(db: &Db) -> Result<Self, DbError> {
        Ok(Self {
            timetable: crate::childcare::timetable(db).await?,
            calendars: crate::garbage::calendars(db).await?,
            directory: area::directory(db).await?,
        })
    }

    /// What is said on `run`, and to whom; nothing if it does not come any more.
    pub fn plan(&self, run: &Run) -> Vec<Group> {
        match &run.occasion {
            Occasion::Garbage {
                day,
                hour: GarbageReminder::At(when, _),
            } => garbage::plan(&self.calendars, *day, *when),
            Occasion::Garbage { .. } => Vec::new(),
            Occasion::Childcare { .. } => {
                let coming = self.said_on(run);
                let first = coming.iter().find(|c| c.occasion() == run.occasion);
                first.map_or_else(Vec::new, |first| childcare::plan(&self.directory, first))
            }
        }
    }

    /// What comes by a rule and is said on `run`.
    fn said_on(&self, run: &Run) -> Vec<Coming<'_>> {
        let mut coming = childcare::coming(&self.timetable, run.day);
        coming.retain(|coming| coming.is_said_on(run));
        coming
    }

    /// What is taken up with `run`, its own occasion first: of a rule, one for each month of children.
    fn occasions(&self, run: &Run) -> Vec<Occasion> {
        let mut occasions = vec![run.occasion.clone()];
        if run.last.is_some() {
            let said = self.said_on(run);
            let said = said.iter().map(Coming::occasion);
            occasions.extend(said.filter(|occasion| *occasion != run.occasion));
        }
        occasions
    }
}

/// How many would be told by `notice` of what comes on `day`; of garbage days, everybody who asked for them.
///
/// # Errors
/// The database does not answer.
pub async fn people(
    db: &Db,
    notice: &Notice,
    published: &Published,
    day: NaiveDate,
) -> Result<u64, DbError> {
    let mut selections = Vec::new();
    match &notice.key {
        Key::Garbage => {
            let hours = notice.content.hours.iter();
            let hours = hours.filter_map(|hour| GarbageReminder::parse(hour).ok());
            selections.extend(hours.map(|hour| Selection::everyone().reminded_at(hour)));
        }
        Key::Childcare(code) => {
            let mut coming = childcare::coming(&published.timetable, day);
            coming.retain(|coming| coming.rule.code == *code);
            for run in childcare::runs(&coming) {
                // The same for every language.
                let groups = published.plan(&run);
                let group = groups.first();
                selections.extend(group.map(|group| group.in_any_language(&run)));
            }
        }
    }
    let mut people = 0;
    for selection in selections {
        people += segment::count(db, &selection).await?;
    }
    Ok(people)
}

/// How many would be told what these groups are told on `run`.
pub(super) async fn people_of(db: &Db, run: &Run, groups: &[Group]) -> Result<u64, DbError> {
    let mut people = 0;
    for group in groups {
        people += segment::count(db, &group.selection(run)).await?;
    }
    Ok(people)
}

/// That the notice was agreed to as it is, for today.
///
/// # Errors
/// It was not, or is not any more.
pub async fn approved(tx: &Tx, now: Instant, notice: &Notice) -> Result<Approved, ReminderError> {
    let asked = notice.in_force(date_in_japan(now));
    let asked = asked.ok_or(NotApproved::NotAsked)?;
    let frozen = asked.now(&notice.content)?;
    Ok(approval::approved(tx, date_in_japan(now), &frozen).await?)
}

/// Takes a run up and opens what is said of it: from the commit on it is on its way, once.
///
/// # Errors
/// It was not agreed to at its hour and as it would go out now, it is outside working hours, or somebody else
/// has taken it up, or a part of it: then nothing of `tx` may stay.
pub async fn release(
    tx: &Tx,
    now: Instant,
    profile: &Profile,
    published: &Published,
    run: &Run,
    approved: Approved,
) -> Result<usize, ReminderError> {
    audit::take_turn(tx).await?;
    let key = run.occasion.key();
    let content = Content::of(&key, profile, &published.timetable).ok_or(ReminderError::Gone)?;
    let handed_in = store::find(tx.conn(), approved.frozen()).await?;
    let handed_in = handed_in.ok_or(ReminderError::Gone)?;
    let content = content.out_of_hours(handed_in.content.out_of_hours.clone());
    if handed_in.key != key || handed_in.frozen(&content)? != *approved.frozen() {
        return Err(NotApproved::OtherContents.into());
    }
    if !content.hours.contains(&run.occasion.hour()) {
        return Err(NotApproved::OtherContents.into());
    }
    if !profile.sends_at(now) && content.out_of_hours.is_none() {
        return Err(ReminderError::NotYet);
    }
    let groups = published.plan(run);
    let occasions = published.occasions(run);
    let request = approved.request();
    if !store::take_up(tx.conn(), now, run, &occasions, request).await? {
        return Err(ReminderError::Already);
    }
    let groups = store::keep(tx.conn(), now, &run.occasion, groups).await?;
    let sounds = profile.sounds_at(&content.category, now);
    for (id, group) in &groups {
        let message = phrases::message(&run.occasion, group)?;
        let new = NewDispatch {
            source: SOURCE,
            source_id: id.to_string(),
            lane: Lane::Scheduled,
            messages: Messages::new(vec![message])?,
            notification: Notification::sounding(sounds),
            unit: None,
            valid_until: run.until,
            subscription: Some(group.subscription(run)),
        };
        delivery::open(tx, now, new).await?;
    }
    let entry = Entry::of(Actor::System, "reminder.released", ("notice", &key));
    let detail = json!({
        "occasion": run.occasion.to_string(),
        "last_month": run.last.map(|month| month.to_string()),
        "approval": request,
    });
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(groups.len())
}

/// Releases what is due; gives each occasion with why it did not go out, if it did not. What nobody agreed to
/// is left alone until its time is over.
///
/// # Errors
/// The database does not answer.
pub async fn release_due(
    db: &Db,
    now: Instant,
    profile: &Profile,
) -> Result<Vec<(Run, Result<usize, ReminderError>)>, ReminderError> {
    let runs = super::due(db, now).await?;
    if runs.is_empty() {
        return Ok(Vec::new());
    }
    let notices = super::notices(db, profile).await?;
    let notices: HashMap<&Key, &Notice> = notices.iter().map(|n| (&n.key, n)).collect();
    let mut tried = Vec::new();
    let mut published = None;
    for run in runs {
        let Some(notice) = notices.get(&run.occasion.key()) else {
            continue;
        };
        if notice.in_force(date_in_japan(now)).is_none() {
            // Looked at again and again until its time is over: nothing is read for it, nobody's turn taken.
            tried.push((run, Err(NotApproved::NotAsked.into())));
            continue;
        }
        let published = match &mut published {
            Some(published) => published,
            none => none.insert(Published::read(db).await?),
        };
        let tx = db.begin().await?;
        let released = async {
            let approved = approved(&tx, now, notice).await?;
            release(&tx, now, profile, published, &run, approved).await
        };
        let released = released.await;
        if released.is_ok() {
            tx.commit().await?;
        }
        tried.push((run, released));
    }
    Ok(tried)
}

/// Cuts the audience of the foremost group that is on its way into envelopes, to its end; `ring` after each
/// page, since what is cut can be sent. False when there is none, or others are at them all.
///
/// # Errors
/// The database does not answer, or what was released cannot be read; others may then go on where it ended.
pub async fn cut_next(db: &Db, clock: &Clock, ring: impl Fn()) -> Result<bool, ReminderError> {
    let Some(cut) = delivery::cutting(db, clock.now(), SOURCE).await? else {
        return Ok(false);
    };
    let id: ReminderGroupId = cut.source_id.parse().map_err(|_| ReminderError::Gone)?;
    let audience = super::audience(db, id).await?;
    let (_, selection) = audience.ok_or(ReminderError::Gone)?;
    let page = async |after| {
        let page = segment::page(db, &selection, after, delivery::READ).await?;
        Ok::<_, ReminderError>(page)
    };
    delivery::cut_rest(db, clock, cut, page, ring).await?;
    Ok(true)
}

impl Asked {
    /// What is agreed to if `content` is what goes out, for the reason given when it was handed in.
    pub(super) fn now(
        &self,
        content: &Content,
    ) -> Result<approval::Frozen, approval::Undigestible> {
        let reason = self.handed_in.content.out_of_hours.clone();
        self.handed_in.frozen(&content.out_of_hours(reason))
    }
}
