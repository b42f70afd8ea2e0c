//! What is done by the clock, and how it went: the table of jobs and the record of their runs (`job_run`).
//! `scheduler` runs them. And when what looks again and again last looked ([`Watch`]).

mod store;

use std::str::FromStr;

use chrono::{Datelike, Duration, NaiveDateTime, NaiveTime, Timelike, Weekday};

use crate::clock::{Instant, datetime_in_japan, instant_in_japan};
use crate::db::{Db, DbError};

/// When a job is due, by Japan's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Every so many minutes, counted from the full hour; a part of sixty.
    Minutes(u32),
    /// At this minute of each hour.
    Hour(u32),
    /// At this hour and minute of each day.
    Day(u32, u32),
    /// On this day of each week, at this hour and minute.
    Week(Weekday, u32, u32),
}

/// Days runs are remembered: longer than the longest pause between two.
const DAYS_OF_RUNS: i64 = 60;

/// A job of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Its name in `job_run`, in logs and in metrics.
    pub name: &'static str,
    /// When it is due.
    pub every: Every,
    /// What it deals with.
    pub task: Task,
}

/// What a job deals with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Registrations nobody finished.
    HalfFinishedRegistrations,
    /// Residents who left long ago.
    UnreachableResidents,
    /// LINE's events.
    OldEvents,
    /// Words that found no answer.
    OldWords,
    /// Runs of jobs.
    OldRuns,
    /// Whom messages of long ago were for.
    OldRecipients,
    /// What reminders of long ago said.
    OldReminders,
    /// Taps on menus.
    OldTaps,
    /// How many residents there are.
    ResidentCounts,
    /// Sessions and ceremonies that are over.
    EndedSessions,
    /// Telephones and devices of staff who left.
    DepartedStaff,
    /// Whether everybody who may be called at night can be reached.
    Ways,
    /// Whether it was tried lately how soon somebody answers.
    CallOutDrill,
    /// Reports of emergencies that nobody has confirmed in time.
    Reports,
    /// Menus that are not as they should be.
    Menus,
    /// Whether the account that LINE knows is the policy's.
    Account,
    /// Whether LINE can be reached, as which account, and what is left of the month.
    Link,
    /// Whether the audit record is whole.
    Record,
    /// The audit record's head, so that it is known elsewhere too.
    Anchor,
    /// What residents did with broadcasts, as LINE sums it up.
    Responses,
}

/// What looks again and again whether something is to be done, instead of at an hour of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// For broadcasts whose hour has come.
    Broadcasts,
    /// For reminders whose hour has come.
    Reminders,
}

/// A run that has not ended by then will not: longer than any job takes.
pub const BROKEN_OFF: Duration = Duration::hours(1);
/// How often it is noted that a watch looks.
const NOTED_EVERY: Duration = Duration::seconds(10);

/// Every job there is.
pub const JOBS: [Job; 20] = [
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
        name: "forget-recipients",
        every: Every::Day(4, 5),
        task: Task::OldRecipients,
    },
    Job {
        name: "forget-reminders",
        every: Every::Day(4, 15),
        task: Task::OldReminders,
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
        name: "forget-departed-staff",
        every: Every::Day(4, 20),
        task: Task::DepartedStaff,
    },
    Job {
        name: "test-ways-to-staff",
        every: Every::Week(Weekday::Mon, 10, 5),
        task: Task::Ways,
    },
    Job {
        name: "check-call-out-drill",
        every: Every::Day(9, 0),
        task: Task::CallOutDrill,
    },
    Job {
        name: "tell-of-overdue-reports",
        every: Every::Day(8, 30),
        task: Task::Reports,
    },
    Job {
        name: "repair-menus",
        every: Every::Day(4, 10),
        task: Task::Menus,
    },
    Job {
        name: "check-account",
        every: Every::Hour(20),
        task: Task::Account,
    },
    Job {
        name: "test-line-link",
        every: Every::Minutes(3),
        task: Task::Link,
    },
    Job {
        name: "verify-audit",
        every: Every::Day(4, 30),
        task: Task::Record,
    },
    Job {
        name: "anchor-audit",
        every: Every::Hour(25),
        task: Task::Anchor,
    },
    Job {
        name: "fetch-responses",
        every: Every::Hour(45),
        task: Task::Responses,
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

impl Every {
    /// The last moment, up to and including `now`, at which it was due.
    pub fn last_due(self, now: Instant) -> Instant {
        let civil = datetime_in_japan(now);
        let (day, hour, minute) = match self {
            Self::Minutes(every) => {
                let minute = civil.minute();
                (civil.date(), civil.hour(), minute - minute % every.max(1))
            }
            Self::Hour(minute) => (civil.date(), civil.hour(), minute),
            Self::Day(hour, minute) => (civil.date(), hour, minute),
            Self::Week(weekday, hour, minute) => {
                let since = civil.weekday().days_since(weekday);
                (civil.date() - Duration::days(since.into()), hour, minute)
            }
        };
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let due = NaiveDateTime::new(day, time);
        instant_in_japan(if due <= civil { due } else { due - self.step() })
    }

    /// The first moment after `now` at which it is due.
    pub fn next_due(self, now: Instant) -> Instant {
        self.last_due(now) + self.step()
    }

    /// From one time to the next.
    pub fn step(self) -> Duration {
        match self {
            Self::Minutes(every) => Duration::minutes(every.into()),
            Self::Hour(_) => Duration::hours(1),
            Self::Day(..) => Duration::days(1),
            Self::Week(..) => Duration::weeks(1),
        }
    }

    /// The six fields of the cron expression, seconds first.
    pub fn cron(self) -> String {
        match self {
            Self::Minutes(every) => format!("0 */{every} * * * *"),
            Self::Hour(minute) => format!("0 {minute} * * * *"),
            Self::Day(hour, minute) => format!("0 {minute} {hour} * * *"),
            Self::Week(day, hour, minute) => format!("0 {minute} {hour} * * {day}"),
        }
    }
}

/// Takes up a run; false when somebody already has, and ended it or may be at it still. One that has not ended after
/// [`BROKEN_OFF`] broke off with its process, and is done again: every job may be done twice.
///
/// # Errors
/// The database does not answer.
pub async fn take_up(db: &Db, job: Job, due_at: Instant, now: Instant) -> Result<bool, DbError> {
    store::take_up(db.conn(), job.name, due_at, now, now - BROKEN_OFF).await
}

/// Ends a run, with what went wrong.
///
/// # Errors
/// The database does not answer.
pub async fn finish(
    db: &Db,
    job: Job,
    due_at: Instant,
    now: Instant,
    error: Option<String>,
) -> Result<(), DbError> {
    store::finish(db.conn(), job.name, due_at, now, error).await
}

/// Forgets old runs; says how many.
///
/// # Errors
/// The database does not answer.
pub async fn forget(db: &Db, now: Instant) -> Result<u64, DbError> {
    store::forget(db.conn(), now - Duration::days(DAYS_OF_RUNS)).await
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

impl Watch {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Broadcasts, Self::Reminders];

    fn name(self) -> &'static str {
        match self {
            Self::Broadcasts => "broadcasts",
            Self::Reminders => "reminders",
        }
    }
}

/// When a watch, of whichever replica, last came to the end of a look; never, at the first start.
///
/// # Errors
/// The database does not answer.
pub async fn last_look(db: &Db, watch: Watch) -> Result<Option<Instant>, DbError> {
    store::last_look(db.conn(), watch.name()).await
}

/// Notes that a watch has come to the end of a look, unless that was noted a moment ago.
///
/// # Errors
/// The database does not answer.
pub async fn looked(db: &Db, watch: Watch, now: Instant) -> Result<(), DbError> {
    let last = last_look(db, watch).await?;
    match last.is_some_and(|last| now - last < NOTED_EVERY) {
        true => Ok(()),
        false => store::looked(db.conn(), watch.name(), now).await,
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
                Every::Minutes(3),
                "2026-11-21T18:05:59Z",
                "2026-11-21T18:03:00Z",
            ),
            (
                Every::Minutes(3),
                "2026-11-21T18:00:00Z",
                "2026-11-21T18:00:00Z",
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
            // A Sunday, and the Monday after.
            (
                Every::Week(Weekday::Mon, 10, 5),
                "2026-11-22T03:00:00Z",
                "2026-11-16T01:05:00Z",
            ),
            (
                Every::Week(Weekday::Mon, 10, 5),
                "2026-11-23T01:04:59Z",
                "2026-11-16T01:05:00Z",
            ),
            (
                Every::Week(Weekday::Mon, 10, 5),
                "2026-11-23T01:05:00Z",
                "2026-11-23T01:05:00Z",
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
