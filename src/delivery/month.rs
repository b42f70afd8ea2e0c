//! What is left of the month's messages, where LINE counts them. Read now and then while something is to
//! be sent; a part is kept for emergencies, which do not ask here.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::JoinHandle;

use crate::clock::Instant;
use crate::line::client::{Client, Failure, Quota};

/// How long a reading is good for. What we send meanwhile is subtracted from it.
const GOOD_FOR: TimeDelta = TimeDelta::seconds(60);
/// One part in so many of the month's messages is kept for emergencies.
const KEPT: u64 = 10;
/// Of a month's messages, how many are kept for emergencies.
pub(super) fn kept(all: u64) -> u64 {
    all / KEPT
}

/// Longest wait for LINE's figures. Without them we send: LINE itself refuses what is too much.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is left.
#[derive(Debug, Default)]
pub(super) struct Month {
    reading: Option<JoinHandle<Result<Option<u64>, Failure>>>,
    read_at: Option<Instant>,
    left: Option<u64>,
}

/// What one knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// LINE has not said yet.
    NotKnown,
    /// LINE does not count, as in the plan for local governments, or does not say.
    Unlimited,
    /// So many people, without what is kept for emergencies.
    People(u64),
}

impl Month {
    /// What is left, by the newest figures; begins to read newer ones when these are old.
    pub(super) async fn left(&mut self, line: &Arc<Client>, now: Instant) -> Left {
        if let Some(reading) = self.reading.take_if(|reading| reading.is_finished()) {
            self.finish(reading, now).await;
        }
        let old = self.read_at.is_none_or(|at| now - at >= GOOD_FOR);
        if old && self.reading.is_none() {
            self.reading = Some(tokio::spawn(read(Arc::clone(line))));
        }
        match (self.read_at, self.left) {
            (None, _) => Left::NotKnown,
            (_, None) => Left::Unlimited,
            (_, Some(people)) => Left::People(people),
        }
    }

    /// Whether figures are being read.
    pub(super) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// Waits for figures that are being read.
    pub(super) async fn settle(&mut self, now: Instant) {
        if let Some(reading) = self.reading.take() {
            self.finish(reading, now).await;
        }
    }

    /// We have sent to so many.
    pub(super) fn spend(&mut self, people: usize) {
        self.left = self.left.map(|left| left.saturating_sub(people as u64));
    }

    async fn finish(&mut self, reading: JoinHandle<Result<Option<u64>, Failure>>, now: Instant) {
        self.read_at = Some(now);
        match reading.await {
            Ok(Ok(left)) => self.left = left,
            Ok(Err(error)) => {
                tracing::warn!(%error, "LINE does not say what is left of the month's messages");
            }
            Err(error) => tracing::error!(%error, "reading the month's messages failed"),
        }
    }
}

async fn read(line: Arc<Client>) -> Result<Option<u64>, Failure> {
    let figures = async {
        let Quota::Limited(all) = line.quota().await?.body else {
            return Ok(None);
        };
        let used = line.consumption().await?.body;
        Ok(Some(all.saturating_sub(used).saturating_sub(kept(all))))
    };
    let figures = tokio::time::timeout(PATIENCE, figures).await;
    figures.unwrap_or_else(|_| {
        Err(Failure::NotSent {
            cause: "no answer in time".to_owned(),
        })
    })
}
