//! Work that follows the clock, from one table. A run is a row `(job, due_at)`: replicas that wake
//! together run it once, and a run that was missed while nobody was up, or broke off with its process, is made up for.

mod anchoring;
mod releasing;
mod waking;
mod watching;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Duration;
use tokio_cron_scheduler::{Job as CronJob, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::audit::{self, Actor, Broken};
use crate::broadcast::response::{self, NotFetched};
use crate::calling::NotTaken;
use crate::clock::{Clock, Instant, date_in_japan};
use crate::conversation;
use crate::db::{Db, DbError};
use crate::delivery;
use crate::emergency::{self, EmergencyError};
use crate::inbox;
use crate::jobs::{self, JOBS, Job, Task};
use crate::line::client::{Client, Failure};
use crate::policy::{self, Drift, Profile, Rules};
use crate::reminder;
use crate::resident;
use crate::richmenu::{self, Folder, Foreign, NotShown};
use crate::staff::{account, contact};
use crate::table::Finding;

pub use anchoring::Keeper;
pub use releasing::{Releasing, Unreleased};
pub use waking::Waking;
pub use watching::{Unseen, Watching};

/// How often to look whether menus are to follow a decision.
const FOLLOW_AGAIN: std::time::Duration = std::time::Duration::from_secs(5);
/// How often to look for runs that were missed or broke off.
const MAKE_UP_EVERY: std::time::Duration = std::time::Duration::from_mins(10);
/// Days counted taps are kept: three years, as long as LINE keeps its own statistics. They name nobody.
const DAYS_OF_TAPS: i64 = 3 * 366;

/// What jobs need.
#[derive(Clone)]
pub struct Office {
    /// Where they work.
    pub db: Db,
    /// Where residents are.
    pub line: Arc<Client>,
    /// What time it is.
    pub clock: Clock,
    /// The policy that says how long things are kept.
    pub rules: Arc<Rules>,
    /// The folder with a folder for each menu.
    pub menus: PathBuf,
    /// Who keeps the audit record's head, besides the log.
    pub keeper: Option<Keeper>,
}

/// Runs the table until told to stop, beginning with what was missed.
///
/// # Errors
/// The scheduler could not be started.
pub async fn run(office: Office, stop: CancellationToken) -> Result<(), JobSchedulerError> {
    make_up(&office).await;
    let mut scheduler = JobScheduler::new().await?;
    for job in JOBS {
        let office = office.clone();
        let tick = CronJob::new_async_tz(
            job.every.cron().as_str(),
            chrono_tz::Asia::Tokyo,
            move |_, _| {
                let office = office.clone();
                Box::pin(async move { run_if_due(&office, job).await })
            },
        )?;
        scheduler.add(tick).await?;
    }
    scheduler.start().await?;
    tokio::join!(follow_menus(&office, &stop), keep_up(&office, &stop));
    scheduler.shutdown().await
}

/// Makes up for runs again and again, until told to stop.
async fn keep_up(office: &Office, stop: &CancellationToken) {
    while stop
        .run_until_cancelled(tokio::time::sleep(MAKE_UP_EVERY))
        .await
        .is_some()
    {
        make_up(office).await;
    }
}

/// Runs whatever was due and has not been done.
async fn make_up(office: &Office) {
    for job in JOBS {
        run_if_due(office, job).await;
    }
}

/// Has the menus follow decisions soon, until told to stop: a disaster does not wait for the night's repair.
async fn follow_menus(office: &Office, stop: &CancellationToken) {
    let mut looks = tokio::time::interval(FOLLOW_AGAIN);
    loop {
        tokio::select! {
            _ = looks.tick() => {}
            () = stop.cancelled() => return,
        }
        match richmenu::follow(&office.db, &office.line).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "menus have followed"),
            Err(error) => tracing::error!(%error, "menus do not follow; trying again"),
        }
    }
}

/// Runs a job unless its last due run was already taken up, by us or another replica.
pub async fn run_if_due(office: &Office, job: Job) {
    let now = office.clock.now();
    let due_at = job.every.last_due(now);
    match jobs::take_up(&office.db, job, due_at, now).await {
        Ok(false) => {}
        Ok(true) => {
            let done = run_task(job.task, office, now).await;
            let outcome = if done.is_ok() { "done" } else { "failed" };
            metrics::counter!("kairan_job_runs_total", "job" => job.name, "outcome" => outcome)
                .increment(1);
            match &done {
                Ok(count) => tracing::info!(job = job.name, count, "a job has run"),
                Err(error) => {
                    tracing::error!(job = job.name, %error, "a job failed; it runs again when next due")
                }
            }
            let error = done.err().map(|e| e.to_string());
            let ended = jobs::finish(&office.db, job, due_at, office.clock.now(), error);
            if let Err(error) = ended.await {
                tracing::error!(job = job.name, %error, "the end of a job could not be recorded");
            }
        }
        Err(error) => tracing::error!(job = job.name, %error, "a job could not be taken up"),
    }
}

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
enum Undone {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Policy(#[from] policy::Error),
    #[error(transparent)]
    Menus(#[from] NotShown),
    #[error(transparent)]
    NotCompared(#[from] richmenu::NotFound),
    #[error(
        "LINE lacks {0} steps of what the menus' files describe: see the menus' page, or `kairan rich-menu plan`"
    )]
    MenusDiffer(usize),
    #[error("the menus' files have faults: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    MenusFaulty(Vec<Finding>),
    #[error("the menus' files were not read: {0}")]
    Interrupted(tokio::task::JoinError),
    #[error(transparent)]
    Line(#[from] Failure),
    #[error(transparent)]
    Reports(#[from] EmergencyError),
    #[error(transparent)]
    Link(#[from] delivery::link::NotTested),
    #[error(transparent)]
    Drift(#[from] Drift),
    #[error(transparent)]
    Responses(#[from] NotFetched),
    #[error(
        "no call-out drill for {} days: begin one from the page of readiness",
        emergency::DAYS_BETWEEN_DRILLS
    )]
    NoDrill,
    #[error("the audit record: {0}")]
    Record(#[from] Broken),
    #[error("the audit record's head is in the log, but was not mailed: {0}")]
    Unposted(#[from] NotTaken),
}

/// Does the work, safe to repeat; says how much there was.
async fn run_task(task: Task, office: &Office, now: Instant) -> Result<u64, Undone> {
    let rules = office.rules.at(now).await?;
    let keep = rules.retention;
    let done = match task {
        Task::HalfFinishedRegistrations => {
            conversation::forget_half_finished(&office.db, now, keep.half_finished_hours).await
        }
        Task::UnreachableResidents => {
            resident::forget_unreachable(&office.db, now, keep.unreachable_days).await
        }
        Task::OldWords => conversation::forget_words(&office.db, now, keep.word_days).await,
        Task::OldRuns => jobs::forget(&office.db, now).await,
        Task::OldEvents => inbox::forget(&office.db, now, keep.event_days).await,
        Task::OldRecipients => delivery::forget(&office.db, now, keep.recipient_days).await,
        Task::OldReminders => reminder::forget(&office.db, now, keep.recipient_days).await,
        Task::OldTaps => {
            let first = date_in_japan(now) - Duration::days(DAYS_OF_TAPS);
            richmenu::forget_taps(&office.db, first).await
        }
        Task::Account => {
            let bot = office.line.bot_info().await?.body;
            let drift = rules.operator.drift(&bot.display_name, &bot.ids());
            return match drift.into_iter().next() {
                Some(drift) => Err(Undone::Drift(drift)),
                None => Ok(1),
            };
        }
        Task::Link => {
            delivery::link::test(&office.db, &office.line, now).await?;
            return Ok(1);
        }
        Task::Record => {
            let found = audit::check(&office.db, now, Actor::System, None).await?;
            return Ok(found?.entries.unsigned_abs());
        }
        Task::Anchor => return anchoring::anchor(office, now).await,
        Task::Responses => {
            return Ok(response::fetch(&office.db, &office.line, now).await?);
        }
        Task::EndedSessions => {
            let tx = office.db.begin().await?;
            let gone = account::forget(&tx, now).await?;
            tx.commit().await?;
            Ok(gone)
        }
        Task::DepartedStaff => contact::forget_departed(&office.db, date_in_japan(now)).await,
        Task::Ways => match &rules.emergency {
            // A run that is made up for at night would wake people for a test.
            Some(emergency) if rules.working_hours.is_open(now) => {
                emergency::test_everybody(&office.db, now, emergency).await
            }
            _ => Ok(0),
        },
        Task::CallOutDrill => {
            // Only where people may really be woken.
            let live = rules.emergency.as_ref().is_some_and(|rule| rule.live);
            return match live && emergency::is_drill_due(&office.db, now).await? {
                true => Err(Undone::NoDrill),
                false => Ok(u64::from(live)),
            };
        }
        Task::Reports => {
            return Ok(emergency::report::remind(&office.db, now, &rules).await?);
        }
        Task::ResidentCounts => resident::counts::count(&office.db, now).await,
        Task::Menus => {
            let mended = richmenu::repair(&office.db, &office.line, |_| {}).await?;
            compare_menus(office, &rules, now).await?;
            return Ok(mended);
        }
    };
    Ok(done?)
}

/// Looks whether LINE still has the menus, pictures and aliases that files describe. Making them is a person's decision;
/// where none of ours was ever made, nothing is missing.
async fn compare_menus(office: &Office, rules: &Arc<Profile>, now: Instant) -> Result<(), Undone> {
    let found = richmenu::look(&office.db, &office.line, now).await?;
    if !found.has_ours() {
        return Ok(());
    }
    let (folder, profile) = (office.menus.clone(), Arc::clone(rules));
    let described = tokio::task::spawn_blocking(move || {
        Folder::open(&folder)
            .and_then(|folder| richmenu::described(&profile, &folder, conversation::is_postback))
    });
    let menus = described.await.map_err(Undone::Interrupted)?;
    let menus = menus.map_err(Undone::MenusFaulty)?;
    let plan = richmenu::plan(&menus, &found, Foreign::Leave);
    match plan.steps.len() + plan.conflicts.len() {
        0 => Ok(()),
        steps => Err(Undone::MenusDiffer(steps)),
    }
}
