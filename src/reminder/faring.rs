//! What became of occasions that came: how they fare with LINE, whether they go on, and which were missed.

use std::collections::HashMap;

use chrono::{Days, NaiveDate, TimeDelta};
use serde_json::json;

use super::model::{Occasion, Run};
use super::notice::{Asked, Key, Notice, garbage_hours};
use super::sending::{Published, approved, people_of};
use super::{ReminderError, SOURCE, childcare, garbage, store};
use crate::audit::{self, Actor, Entry};
use crate::broadcast::{self, Closing, NotClosed};
use crate::childcare::Timetable;
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery::{self, State, StopReason, Tally, report};
use crate::policy::Profile;
use crate::staff::people::Signed;

/// How long ago something may have been due and still be told of as missed.
const REMEMBERED: TimeDelta = TimeDelta::days(7);

/// Days for which it is told that something was missed or stands still.
const TOLD_FOR: Days = Days::new(3);

/// An occasion that came, or should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fared {
    /// What came.
    pub run: Run,
    /// What became of it.
    pub became: Became,
    /// What a chief made of it, if not all were told, or nobody can know.
    pub closed: Option<Closing>,
}

/// What became of an occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// Nobody took it up in its time, although it was agreed to: there is no record that anybody was told.
    Missed,
    /// It is on its way.
    Going(Tally),
    /// It stands still, or a part of it does.
    Stopped(StopReason, Tally),
    /// It has come to its end.
    Ended(Tally),
}

impl Became {
    /// Who fares how.
    pub fn people(&self) -> Tally {
        match self {
            Self::Missed => Tally::default(),
            Self::Going(people) | Self::Stopped(_, people) | Self::Ended(people) => *people,
        }
    }
}

/// How what came on `day` fares, the earliest first. What reached for nobody is left out, and what is long over:
/// see [`super::forget`].
///
/// # Errors
/// The database does not answer.
pub async fn fared(db: &Db, day: NaiveDate) -> Result<Vec<Fared>, DbError> {
    told(db, store::came_on(db.conn(), day).await?).await
}

/// Of what came in the last days, what was missed or stands still; and, whenever it came, what more than a few people
/// were not told, or may not have been, until that is closed or forgotten ([`close`], [`super::forget`]).
///
/// # Errors
/// The database does not answer.
pub async fn amiss(db: &Db, now: Instant) -> Result<Vec<Fared>, DbError> {
    let since = date_in_japan(now) - TOLD_FOR;
    let stopped = report::stopped(db, SOURCE).await?;
    let amiss = report::amiss(db, SOURCE, now).await?;
    let amiss: Vec<String> = amiss.into_keys().collect();
    let came = store::came_amiss(db.conn(), since, &stopped, &amiss).await?;
    told(db, came).await
}

async fn told(db: &Db, came: Vec<store::Came>) -> Result<Vec<Fared>, DbError> {
    let groups: Vec<String> = came
        .iter()
        .flat_map(|came| came.groups.iter().cloned())
        .collect();
    let summaries = report::summaries(db, SOURCE, &groups).await?;
    let fared = came.into_iter().filter_map(|came| {
        let summaries = came.groups.iter().filter_map(|id| summaries.get(id));
        let became = match came.missed {
            true => Became::Missed,
            false => sum(summaries)?,
        };
        Some(Fared {
            run: came.run,
            became,
            closed: came.closed,
        })
    });
    Ok(fared.collect())
}

/// How its groups fare together; nothing, if all is over and nobody was in them.
fn sum<'a>(groups: impl Iterator<Item = &'a report::Summary>) -> Option<Became> {
    let mut people = Tally::default();
    let (mut stopped, mut going) = (None, false);
    for group in groups {
        people += group.people;
        match group.state {
            State::Stopped(reason) => stopped = Some(reason),
            State::Cutting | State::Sending => going = true,
            State::Ended => {}
        }
    }
    match (stopped, going) {
        (Some(reason), _) => Some(Became::Stopped(reason, people)),
        (None, true) => Some(Became::Going(people)),
        (None, false) => (people != Tally::default()).then_some(Became::Ended(people)),
    }
}

/// Lets what stands still of an occasion go on where it was stopped. Says how many of its messages.
///
/// # Errors
/// Nothing of it stands still; they are not of the section that owns the account; or it could not be released now
/// either: it is too late for it, not agreed to any more, or outside its hours.
pub async fn resume(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    notice: &Notice,
    fared: &Fared,
) -> Result<usize, ReminderError> {
    audit::take_turn(tx).await?;
    let Run {
        occasion, until, ..
    } = &fared.run;
    if !broadcast::may_resume(by) {
        return Err(ReminderError::NotTheirs);
    }
    if notice.key != occasion.key() {
        return Err(ReminderError::Gone);
    }
    if *until <= now {
        return Err(ReminderError::TooLate);
    }
    approved(tx, now, notice).await?;
    let asked = notice.in_force(date_in_japan(now));
    let excepted = asked.is_some_and(|asked| asked.handed_in.content.out_of_hours.is_some());
    if !(excepted || profile.sends_at(now)) {
        return Err(ReminderError::NotYet);
    }
    let groups = store::groups(tx.conn(), occasion).await?;
    let mut resumed = 0;
    for summary in report::summaries_in(tx, SOURCE, &groups).await?.values() {
        resumed += usize::from(delivery::resume(tx, now, summary.dispatch, by.actor()).await?);
    }
    if resumed == 0 {
        return Err(ReminderError::NotStopped);
    }
    let entry = Entry::of(by.actor(), "reminder.resumed", ("notice", &notice.key));
    let detail = json!({ "occasion": occasion.to_string() });
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(resumed)
}

/// Closes what went amiss of an occasion that is over, with a note that stays as long as what was said.
///
/// # Errors
/// They are not a chief of the section that owns the account, it is not over, everybody was told, it was closed
/// before, or the note says nothing or too much.
pub async fn close(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    occasion: &Occasion,
    words: &str,
) -> Result<(), ReminderError> {
    audit::take_turn(tx).await?;
    let groups = store::groups(tx.conn(), occasion).await?;
    let people = match sum(report::summaries_in(tx, SOURCE, &groups).await?.values()) {
        Some(Became::Ended(people)) => people.amiss(),
        _ => 0,
    };
    let closing = Closing::of(people, words, by, now)?;
    if !store::close(tx.conn(), occasion, &closing).await? {
        return Err(NotClosed::NothingAmiss.into());
    }
    let entry = Entry::of(by.actor(), "reminder.closed", ("notice", &occasion.key()));
    let detail = json!({
        "occasion": occasion.to_string(),
        "people": people,
        "reason": closing.note,
    });
    Ok(audit::record(tx, now, entry.with(detail)).await?)
}

/// Records what should have gone out and was not taken up before it was too late, of what became too late after
/// `since` and by `now`; gives what this call recorded. However many look, each is recorded once.
///
/// # Errors
/// The database does not answer.
pub async fn record_missed(
    db: &Db,
    since: Instant,
    now: Instant,
    profile: &Profile,
) -> Result<Vec<Run>, ReminderError> {
    let mut runs = overdue(db, since.max(now - REMEMBERED), now, profile).await?;
    if runs.is_empty() {
        return Ok(runs);
    }
    let notices = super::notices(db, profile).await?;
    let notices: HashMap<&Key, &Notice> = notices.iter().map(|n| (&n.key, n)).collect();
    runs.retain(|run| {
        let notice = notices.get(&run.occasion.key());
        notice.is_some_and(|notice| notice.was_to_go_out(run))
    });
    let mut missed = Vec::new();
    if runs.is_empty() {
        return Ok(missed);
    }
    let published = Published::read(db).await?;
    for run in runs {
        // Of what nobody waited for nothing is missing.
        if people_of(db, &run, &published.plan(&run)).await? == 0 {
            continue;
        }
        let tx = db.begin().await?;
        audit::take_turn(&tx).await?;
        if !store::miss(tx.conn(), now, &run).await? {
            continue;
        }
        let key = run.occasion.key();
        let entry = Entry::of(Actor::System, "reminder.missed", ("notice", &key));
        let detail = json!({ "occasion": run.occasion.to_string(), "begins": run.begins });
        audit::record(&tx, now, entry.with(detail)).await?;
        tx.commit().await?;
        missed.push(run);
    }
    Ok(missed)
}

/// What became too late after `since` and by `now`, and was not taken up.
async fn overdue(
    db: &Db,
    since: Instant,
    now: Instant,
    profile: &Profile,
) -> Result<Vec<Run>, DbError> {
    let over = |until: Instant| since < until && until <= now;
    let first = date_in_japan(since) - Days::new(childcare::LATE_DAYS);
    let today = date_in_japan(now);
    let days = || first.iter_days().take_while(move |day| *day <= today);
    let hours = garbage_hours(profile);
    let of_day = |day| {
        hours
            .iter()
            .filter_map(move |hour| garbage::run(day, *hour))
    };
    let mut runs: Vec<Run> = days().flat_map(of_day).collect();
    runs.retain(|run| over(run.until));
    let mut days = days().filter(|day| over(childcare::until(*day))).peekable();
    let timetable = match days.peek() {
        Some(_) => crate::childcare::timetable(db).await?,
        None => Timetable::default(),
    };
    let coming = days.flat_map(|day| childcare::coming(&timetable, day));
    super::not_taken_up(db, runs, coming.collect()).await
}

impl Notice {
    /// Whether it had been agreed to, as it is, before it was too late for `run`.
    fn was_to_go_out(&self, run: &Run) -> bool {
        let in_time = |asked: &Asked| {
            let ended = asked.request.ended.as_ref();
            asked.is_in_force(run.day) && ended.is_some_and(|ended| ended.at < run.until)
        };
        self.asked.iter().any(in_time) && self.content.hours.contains(&run.occasion.hour())
    }
}
