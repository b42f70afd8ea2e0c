//! Broadcasts whose hour has come are released, and their audience is cut into envelopes while the first of
//! them are on their way. Every step is a transaction of its own, and every replica may do any of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::area;
use crate::broadcast::{self, BroadcastError, Terms};
use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::policy::{self, Rules};

/// How often to look whether an hour has come.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

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
}

impl Releasing {
    /// Looks again and again until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.turn().await {
                tracing::error!(%error, "broadcasts could not be released; trying again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Ends what is too late, releases what is due, cuts what is on its way, and settles what has arrived.
    ///
    /// # Errors
    /// The database does not answer, or something is kept that cannot be; what was done stays done.
    pub async fn turn(&self) -> Result<(), Unreleased> {
        let now = self.clock.now();
        let profile = self.rules.at(now).await?;
        let directory = area::directory(&self.db).await?;
        let terms = Terms {
            profile: &profile,
            directory: &directory,
            public_url: &self.public_url,
        };
        let tx = self.db.begin().await?;
        broadcast::lapse_overdue(&tx, now).await?;
        tx.commit().await?;
        for (id, released) in broadcast::release_due(&self.db, now, terms).await? {
            match released {
                // Its hour, or working hours, will come.
                Ok(_) | Err(BroadcastError::NotYet) => {}
                Err(error) => {
                    tracing::warn!(broadcast = %id, %error, "a broadcast is due and not released");
                }
            }
        }
        let ring = || self.wake.notify_one();
        loop {
            match broadcast::cut_next(&self.db, &self.clock, terms, ring).await {
                Ok(true) => {}
                Ok(false) => break,
                // It is lent to nobody else for half a minute; others go on before it.
                Err(error) => tracing::error!(%error, "an audience could not be cut"),
            }
        }
        broadcast::settle(&self.db, now).await?;
        Ok(())
    }
}
