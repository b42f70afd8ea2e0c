//! Broadcasts and reminders whose hour has come are released, and their audience is cut into envelopes while
//! the first of them are on their way. Every step is a transaction of its own, and every replica may do any of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::area::{self, Directory};
use crate::broadcast::{self, BroadcastError, Terms};
use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::edition::Kept;
use crate::emergency::template::Templates;
use crate::emergency::{self, EmergencyError};
use crate::jobs::{self, Watch};
use crate::policy::{self, Profile, Rules};
use crate::reminder::{self, ReminderError};

/// How often to look whether an hour has come.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How often to end requests of emergencies whose time is over. Every verb refuses them before.
const END_AGAIN: Duration = Duration::from_secs(15);
/// How often to look for reminders: they come on the hour, and what comes on a day takes some counting.
const REMIND_AGAIN: Duration = Duration::from_secs(15);

/// What releases.
#[derive(Debug, Clone)]
pub struct Releasing {
    /// Where broadcasts are.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The rules in force.
    pub rules: Arc<Rules>,
    /// Where the public reaches this server, without a slash at the end.
    pub public_url: String,
    /// Rings for the sender.
    pub wake: Arc<Notify>,
    /// The places that segments name, read anew when they change: this looks many times a second.
    pub places: Arc<Kept<Directory>>,
    /// What emergencies are written from.
    pub templates: Arc<Templates>,
}

/// Why a turn did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Unreleased {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No policy rules.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// A broadcast could not be moved.
    #[error(transparent)]
    Broadcast(#[from] BroadcastError),
    /// A notice could not be sent.
    #[error(transparent)]
    Reminder(#[from] ReminderError),
    /// An emergency could not be moved.
    #[error(transparent)]
    Emergency(#[from] EmergencyError),
}

impl Releasing {
    /// Looks again and again until told to stop. What is released next does not wait for the cutting of what
    /// was released before.
    pub async fn run(self, stop: CancellationToken) {
        let released = "broadcasts could not be released";
        let reminded = "reminders could not be released";
        let cut = "an audience could not be cut";
        let shouted = "an emergency could not be followed";
        let ended = "requests of emergencies could not be ended";
        tokio::join!(
            again(&stop, LOOK_AGAIN, shouted, || self.shout()),
            again(&stop, END_AGAIN, ended, || self.end()),
            again(&stop, LOOK_AGAIN, released, || self.release()),
            again(&stop, REMIND_AGAIN, reminded, || self.remind()),
            again(&stop, LOOK_AGAIN, cut, || self.cut()),
        );
    }

    /// Ends what is too late, releases what is due, cuts what is on its way, and settles what has arrived.
    ///
    /// # Errors
    /// The database does not answer, or something is kept that cannot be; what was done stays done.
    pub async fn turn(&self) -> Result<(), Unreleased> {
        self.end().await?;
        self.shout().await?;
        self.release().await?;
        self.remind().await?;
        self.cut().await
    }

    /// Cuts emergencies that are too large to be cut when they are sent, settles what has arrived, and tells of a
    /// hold. Nothing else is waited for.
    async fn shout(&self) -> Result<(), Unreleased> {
        let ring = || self.wake.notify_one();
        while emergency::cut_next(&self.db, &self.clock, ring).await? {}
        let now = self.clock.now();
        let profile = self.rules.at(now).await?;
        let library = self.templates.in_force().await?;
        let terms = emergency::Terms {
            profile: &profile,
            library: &library,
        };
        emergency::settle(&self.db, now, terms).await?;
        if emergency::tell_of_hold(&self.db, now, terms).await? {
            tracing::warn!("everything is held: who can lift it is told");
        }
        Ok(())
    }

    /// Ends requests of emergencies whose time is over, and agreements whose ground is gone.
    async fn end(&self) -> Result<(), Unreleased> {
        let now = self.clock.now();
        emergency::expire(&self.db, now).await?;
        let profile = self.rules.at(now).await?;
        if profile.emergency.is_none() {
            return Ok(());
        }
        let library = self.templates.in_force().await?;
        let terms = emergency::Terms {
            profile: &profile,
            library: &library,
        };
        for (id, void) in emergency::void_stale(&self.db, now, terms).await? {
            tracing::warn!(emergency = %id, %void, "an agreement to an emergency fell");
        }
        Ok(())
    }

    /// Ends the approvals of notices that have changed, releases the occasions that have come, and records those
    /// that nobody took up since somebody last looked.
    async fn remind(&self) -> Result<(), Unreleased> {
        let now = self.clock.now();
        let profile = self.rules.at(now).await?;
        if let Some(since) = jobs::last_look(&self.db, Watch::Reminders).await? {
            for run in reminder::record_missed(&self.db, since, now, &profile).await? {
                let occasion = run.occasion.to_string();
                tracing::error!(occasion, "a reminder was missed: it is too late for it");
            }
        }
        reminder::void_changed(&self.db, now, &profile).await?;
        for (run, released) in reminder::release_due(&self.db, now, &profile).await? {
            match released {
                // The console says so; it is left until it would be too late.
                Ok(_) | Err(ReminderError::NotApproved(_) | ReminderError::NotYet) => {}
                // Another replica was first.
                Err(ReminderError::Already) => {}
                Err(error) => {
                    let occasion = run.occasion.to_string();
                    tracing::warn!(occasion, %error, "a reminder is due and not released");
                }
            }
        }
        Ok(jobs::looked(&self.db, Watch::Reminders, now).await?)
    }

    async fn release(&self) -> Result<(), Unreleased> {
        let now = self.clock.now();
        if broadcast::is_any_overdue(&self.db, now).await? {
            let tx = self.db.begin().await?;
            broadcast::lapse_overdue(&tx, now).await?;
            tx.commit().await?;
        }
        let (profile, directory) = self.terms().await?;
        let terms = self.under(&profile, &directory);
        for (id, released) in broadcast::release_due(&self.db, now, terms).await? {
            match released {
                // Its hour, or working hours, will come.
                Ok(_) | Err(BroadcastError::NotYet) => {}
                Err(error) => {
                    tracing::warn!(broadcast = %id, %error, "a broadcast is due and not released");
                }
            }
        }
        broadcast::settle(&self.db, now).await?;
        Ok(jobs::looked(&self.db, Watch::Broadcasts, now).await?)
    }

    /// Cuts until nothing is left to cut, or something fails: that is lent to nobody for half a minute, and
    /// others come first in the next turn.
    async fn cut(&self) -> Result<(), Unreleased> {
        let (profile, directory) = self.terms().await?;
        let terms = self.under(&profile, &directory);
        let ring = || self.wake.notify_one();
        let broadcasts = async {
            while broadcast::cut_next(&self.db, &self.clock, terms, ring).await? {}
            Ok::<(), Unreleased>(())
        };
        // An evening has many groups: who is in the next is looked for while another is being cut.
        let reminders = || async {
            while reminder::cut_next(&self.db, &self.clock, ring).await? {}
            Ok::<(), Unreleased>(())
        };
        tokio::try_join!(broadcasts, reminders(), reminders()).map(drop)
    }

    async fn terms(&self) -> Result<(Arc<Profile>, Arc<Directory>), Unreleased> {
        let profile = self.rules.at(self.clock.now()).await?;
        let places = self.places.get(&self.db, || area::directory(&self.db));
        Ok((profile, places.await?))
    }

    fn under<'a>(&'a self, profile: &'a Profile, directory: &'a Directory) -> Terms<'a> {
        Terms {
            profile,
            directory,
            public_url: &self.public_url,
        }
    }
}

/// Does `work` again and again until told to stop, with a pause between.
async fn again<F: Future<Output = Result<(), Unreleased>>>(
    stop: &CancellationToken,
    pause: Duration,
    failed: &str,
    work: impl Fn() -> F,
) {
    while !stop.is_cancelled() {
        if let Err(error) = work().await {
            tracing::error!(%error, "{failed}; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}
