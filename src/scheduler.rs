//! Work that follows the clock, from one table. A run is a row `(job, due_at)`: replicas that wake
//! together run it once, and a run that was missed while nobody was up is made up for at start-up.

mod store;

use std::str::FromStr;
use std::sync::Arc;

use chrono::{Duration, NaiveDateTime, NaiveTime, Timelike};
use tokio_cron_scheduler::{Job as CronJob, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Instant, date_in_japan, datetime_in_japan, instant_in_japan};
use crate::conversation;
use crate::db::{Db, DbError};
use crate::inbox;
use crate::line::client::Client;
use crate::policy::{self, Rules};
use crate::resident;
use crate::richmenu::{self, NotShown};
use crate::staff::account;

/// When a job is due, by Japan's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// At this minute of each hour.
    Hour(u32),
    /// At this hour and minute of each day.
    Day(u32, u32),
}

/// Days runs are remembered: longer than the longest pause between two.
const DAYS_OF_RUNS: i64 = 60;

/// Days counted taps are kept: three years, as long as LINE keeps its own statistics. They name nobody.
const DAYS_OF_TAPS: i64 = 3 * 366;

/// A job of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Its name in `job_run`, in logs and in metrics.
    pub name: &'static str,
    /// When it is due.
    pub every: Every,
    task: Task,
}

/// What a job deals with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    HalfFinishedRegistrations,
    UnreachableResidents,
    OldEvents,
    OldWords,
    OldRuns,
    OldTaps,
    EndedSessions,
    Menus,
    ResidentCounts,
}

/// Every job there is.
pub const JOBS: [Job; 9] = [
    Job {
        name: "forget-half-finished-registrations",
        every: Every::Hour(5),
        task: Task::HalfFinishedRegistrations,
    },
    Job {
        name: "forget-unreachable-residents",
        every: Every::Day(3, 10),
        task: Task::UnreachableResidents,
    },
    Job {
        name: "forget-events",
        every: Every::Day(3, 40),
        task: Task::OldEvents,
    },
    Job {
        name: "forget-unanswered-words",
        every: Every::Day(3, 50),
        task: Task::OldWords,
    },
    Job {
        name: "forget-job-runs",
        every: Every::Day(3, 55),
        task: Task::OldRuns,
    },
    Job {
        name: "forget-menu-taps",
        every: Every::Day(4, 0),
        task: Task::OldTaps,
    },
    Job {
        name: "count-residents",
        every: Every::Hour(0),
        task: Task::ResidentCounts,
    },
    Job {
        name: "forget-sessions",
        every: Every::Hour(35),
        task: Task::EndedSessions,
    },
    Job {
        name: "repair-menus",
        every: Every::Day(4, 10),
        task: Task::Menus,
    },
];

/// A job and how it went last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// Which.
    pub job: &'static str,
    /// When it was last due and taken up, if ever.
    pub due_at: Option<Instant>,
    /// Whether that run came to its end.
    pub finished: bool,
    /// What went wrong with it.
    pub error: Option<String>,
}

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
}

impl Every {
    /// The last moment, up to and including `now`, at which it was due.
    pub fn last_due(self, now: Instant) -> Instant {
        let civil = datetime_in_japan(now);
        let (minute, hour, step) = match self {
            Self::Hour(minute) => (minute, civil.hour(), Duration::hours(1)),
            Self::Day(hour, minute) => (minute, hour, Duration::days(1)),
        };
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let due = NaiveDateTime::new(civil.date(), time);
        instant_in_japan(if due <= civil { due } else { due - step })
    }

    /// The six fields of the cron expression, seconds first.
    fn cron(self) -> String {
        match self {
            Self::Hour(minute) => format!("0 {minute} * * * *"),
            Self::Day(hour, minute) => format!("0 {minute} {hour} * * *"),
        }
    }
}

/// Runs the table until told to stop, beginning with what was missed.
///
/// # Errors
/// The scheduler could not be started.
pub async fn run(office: Office, stop: CancellationToken) -> Result<(), JobSchedulerError> {
    for job in JOBS {
        run_if_due(&office, job).await;
    }
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
    stop.cancelled().await;
    scheduler.shutdown().await
}

/// Runs a job unless its last due run was already taken up, by us or another replica.
pub async fn run_if_due(office: &Office, job: Job) {
    let now = office.clock.now();
    let due_at = job.every.last_due(now);
    match store::take_up(office.db.conn(), job.name, due_at, now).await {
        Ok(false) => {}
        Ok(true) => {
            let done = job.task.run(office, now).await;
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
            if let Err(error) = store::finish(
                office.db.conn(),
                job.name,
                due_at,
                office.clock.now(),
                error,
            )
            .await
            {
                tracing::error!(job = job.name, %error, "the end of a job could not be recorded");
            }
        }
        Err(error) => tracing::error!(job = job.name, %error, "a job could not be taken up"),
    }
}

/// How each job went last.
///
/// # Errors
/// The database does not answer.
pub async fn last_runs(db: &Db) -> Result<Vec<LastRun>, DbError> {
    let mut runs = Vec::new();
    for job in JOBS {
        runs.push(store::last_run(db.conn(), job.name).await?);
    }
    Ok(runs)
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
}

impl Task {
    /// Does the work, safe to repeat; says how much there was.
    async fn run(self, office: &Office, now: Instant) -> Result<u64, Undone> {
        let keep = office.rules.at(now).await?.retention;
        let done = match self {
            Self::HalfFinishedRegistrations => {
                conversation::forget_half_finished(&office.db, now, keep.half_finished_hours).await
            }
            Self::UnreachableResidents => {
                resident::forget_unreachable(&office.db, now, keep.unreachable_days).await
            }
            Self::OldWords => conversation::forget_words(&office.db, now, keep.word_days).await,
            Self::OldRuns => {
                store::forget(office.db.conn(), now - Duration::days(DAYS_OF_RUNS)).await
            }
            Self::OldEvents => inbox::forget(&office.db, now, keep.event_days).await,
            Self::OldTaps => {
                let first = date_in_japan(now) - Duration::days(DAYS_OF_TAPS);
                richmenu::forget_taps(&office.db, first).await
            }
            Self::ResidentCounts => resident::counts::count(&office.db, now).await,
            Self::EndedSessions => {
                let tx = office.db.begin().await?;
                let gone = account::forget(&tx, now).await?;
                tx.commit().await?;
                Ok(gone)
            }
            Self::Menus => {
                return Ok(richmenu::repair(&office.db, &office.line, |_| {}).await?);
            }
        };
        Ok(done?)
    }
}

impl FromStr for Job {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        JOBS.into_iter()
            .find(|job| job.name == name)
            .ok_or_else(|| {
                let known: Vec<&str> = JOBS.iter().map(|job| job.name).collect();
                format!("there is no job `{name}`; there are {}", known.join(", "))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn the_last_due_moment_is_counted_by_japans_clock() {
        for (every, now, due) in [
            (
                Every::Day(3, 10),
                "2026-11-21T18:10:00Z",
                "2026-11-21T18:10:00Z",
            ),
            (
                Every::Day(3, 10),
                "2026-11-21T18:09:59Z",
                "2026-11-20T18:10:00Z",
            ),
            (
                Every::Hour(5),
                "2026-11-21T18:04:59Z",
                "2026-11-21T17:05:00Z",
            ),
            (
                Every::Hour(5),
                "2026-11-21T15:05:00Z",
                "2026-11-21T15:05:00Z",
            ),
        ] {
            assert_eq!(every.last_due(at(now)), at(due), "{every:?} at {now}");
        }
    }

    #[test]
    fn every_job_has_a_name_of_its_own() {
        for job in JOBS {
            assert_eq!(job.name.parse(), Ok(job));
        }
        assert!(
            "tea"
                .parse::<Job>()
                .is_err_and(|e| e.contains("forget-events"))
        );
    }
}
