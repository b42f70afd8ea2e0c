//! Group commit: while one transaction reaches the disk, the next one fills. Throughput then grows
//! with the load instead of collapsing to one disk flush a request.

use std::sync::Arc;

use tokio::sync::{Notify, mpsc, oneshot};

use super::arrival::Arrival;
use super::store;
use crate::db::{Db, DbError, is_unreachable};

/// Most events of one transaction.
const MAX_BATCH: usize = 2000;
/// Requests that may wait for the next one; more wait at the door.
const MAX_WAITING: usize = 10_000;

/// Where the door leaves events. Clones share it; the writer ends when the last is dropped.
#[derive(Debug, Clone)]
pub struct Inbox {
    queue: mpsc::Sender<Delivery>,
}

/// The events could not be made durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the events could not be stored; LINE will deliver them again")]
pub struct NotStored;

#[derive(Debug)]
struct Delivery {
    arrivals: Vec<Arrival>,
    stored: oneshot::Sender<bool>,
}

impl Inbox {
    /// Opens the inbox: the returned task writes until every clone of the inbox is gone.
    /// Each commit that brought something to handle wakes `wake`.
    pub fn open(db: Db, wake: Arc<Notify>) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, waiting) = mpsc::channel(MAX_WAITING);
        (Self { queue }, write(db, waiting, wake))
    }

    /// Stores events; when it returns, they are on disk, each once.
    ///
    /// # Errors
    /// They could not be stored; LINE delivers them again.
    pub async fn store(&self, arrivals: Vec<Arrival>) -> Result<(), NotStored> {
        if arrivals.is_empty() {
            return Ok(());
        }
        let (stored, done) = oneshot::channel();
        self.queue
            .send(Delivery { arrivals, stored })
            .await
            .map_err(|_| NotStored)?;
        if done.await.unwrap_or(false) {
            Ok(())
        } else {
            Err(NotStored)
        }
    }
}

async fn write(db: Db, mut waiting: mpsc::Receiver<Delivery>, wake: Arc<Notify>) {
    while let Some(first) = waiting.recv().await {
        let mut size = first.arrivals.len();
        let mut batch = vec![first];
        while size < MAX_BATCH {
            let Ok(next) = waiting.try_recv() else { break };
            size += next.arrivals.len();
            batch.push(next);
        }
        match commit(&db, &batch).await {
            Ok(()) => tell(batch, true),
            // One body the database cannot take must not refuse its neighbours.
            Err(error) if batch.len() > 1 && !is_unreachable(&error) => {
                for delivery in batch {
                    let alone = [delivery];
                    let stored = commit(&db, &alone).await.inspect_err(not_stored).is_ok();
                    tell(alone, stored);
                }
            }
            Err(error) => {
                not_stored(&error);
                tell(batch, false);
            }
        }
        wake.notify_one();
    }
}

async fn commit(db: &Db, batch: &[Delivery]) -> Result<(), DbError> {
    let tx = db.begin_first().await?;
    let new = store::insert(
        tx.conn(),
        tx.seal()?,
        batch.iter().flat_map(|d| &d.arrivals),
    )
    .await?;
    tx.commit().await?;
    let given: usize = batch.iter().map(|d| d.arrivals.len()).sum();
    metrics::counter!("kairan_events_total", "outcome" => "stored").increment(new);
    metrics::counter!("kairan_events_total", "outcome" => "duplicate")
        .increment((given as u64).saturating_sub(new));
    metrics::histogram!("kairan_inbox_batch_events").record(given as f64);
    Ok(())
}

fn tell(batch: impl IntoIterator<Item = Delivery>, stored: bool) {
    for delivery in batch {
        // A caller that went away has nobody left to tell.
        let _ = delivery.stored.send(stored);
    }
}

fn not_stored(error: &DbError) {
    tracing::error!(%error, "webhook events could not be stored; LINE will deliver them again");
}
