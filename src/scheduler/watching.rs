//! Bulletins of the Japan Meteorological Agency, taken in as they come. They prepare drafts; nothing is sent.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::db::Db;
use crate::jma::{self, Feed, NotTaken, Place};
use crate::policy::{self, Rules};

/// The feeds are renewed every minute.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What watches.
#[derive(Debug, Clone)]
pub struct Watching {
    /// Where bulletins are kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The policy that says which areas are the municipality.
    pub rules: Arc<Rules>,
    /// The feeds.
    pub feed: Arc<Feed>,
}

/// Why a look brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unseen {
    /// No policy rules.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// The feeds or the database do not answer.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

impl Watching {
    /// Looks every minute until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "official bulletins could not be read; trying again in a minute");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Looks once; says how many were new. Without `[emergency.jma]` in the policy it looks for nothing.
    ///
    /// # Errors
    /// The feeds or the database do not answer.
    pub async fn look(&self) -> Result<usize, Unseen> {
        let now = self.clock.now();
        let profile = self.rules.at(now).await?;
        let of_policy = profile
            .emergency
            .as_ref()
            .and_then(|rule| rule.jma.as_ref());
        let Some(place) = of_policy.map(Place::of) else {
            return Ok(0);
        };
        Ok(jma::fetch(&self.db, now, &place, &self.feed).await?.len())
    }
}
