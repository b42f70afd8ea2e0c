//! Calls are made as they come due. A slow mail server holds nobody else up: each look makes its calls by itself,
//! and what one has lent no other takes.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::calling::{self, Senders};
use crate::clock::Clock;
use crate::db::Db;

/// How often to look.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Looks that may be making calls at a time.
const AT_A_TIME: usize = 8;

/// What wakes people.
#[derive(Debug, Clone)]
pub struct Waking {
    /// Where calls are kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// What calls are made with.
    pub senders: Arc<Senders>,
}

impl Waking {
    /// Looks each second until told to stop; calls that are being made are made to their end.
    pub async fn run(self, stop: CancellationToken) {
        let mut looks = JoinSet::new();
        while !stop.is_cancelled() {
            while looks.try_join_next().is_some() {}
            if looks.len() < AT_A_TIME {
                let waking = self.clone();
                looks.spawn(async move { waking.look().await });
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = stop.cancelled() => {}
            }
        }
        looks.join_all().await;
    }

    async fn look(&self) {
        if let Err(error) = calling::step(&self.db, &self.clock, &self.senders).await {
            tracing::error!(%error, "calls could not be made; trying again");
        }
    }
}
