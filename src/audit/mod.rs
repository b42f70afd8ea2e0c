//! The record (監査記録): who did what, written in the deed's own transaction, so that neither exists
//! without the other. Entries form a chain of digests that only grows; who changes the past is found.
//!
//! ```ignore
//! let tx = db.begin().await?;
//! // … the deed …
//! let entry = Entry::of(Actor::Operator, "staff.post_granted", ("post", post)).with(json!({ "person": id }));
//! audit::record(&tx, now, entry).await?;
//! tx.commit().await?;
//! ```
//!
//! What a chain cannot show by itself is that its newest end was cut off, or all of it written anew.
//! Whoever keeps a [`Head`] elsewhere can: [`verify`] compares. An [`Anchor`] is one that leaves the machine by itself.

mod anchor;
mod chain;
mod export;
mod model;
mod phrases;
mod store;

pub use anchor::{Anchor, Forged, InvalidKept, Kept};
pub use chain::{Broken, Head, InvalidHead, Verified, Why};
pub use export::{ExportError, Form, export};
pub use model::{Actor, Checked, Entry, Page, Query, Recorded, Who};

use serde_json::json;

use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::PersonId;
use chain::Walk;

/// The act under which verifications are on record.
const VERIFIED: &str = "audit.verified";

/// Waits until every deed begun before is on record or given up; until `tx` ends, no other is recorded.
/// Deeds that depend on each other take their turn first of all, and can then trust what they read.
///
/// # Errors
/// The database does not answer.
pub async fn take_turn(tx: &Tx) -> Result<(), DbError> {
    store::take_head(tx.conn()).await.map(drop)
}

/// Puts `entry` on record at `now`, as the chain's newest. It stays if, and only if, `tx` commits.
///
/// Writers wait for each other from here to their commit. So that two never wait in a ring, record last
/// in a transaction, or [`take_turn`] first.
///
/// # Errors
/// The database does not answer.
pub async fn record(tx: &Tx, now: Instant, entry: Entry) -> Result<(), DbError> {
    let last = store::take_head(tx.conn()).await?;
    store::append(tx.conn(), &last, now, entry).await
}

/// The chain's newest entry, to be kept somewhere else.
///
/// # Errors
/// The database does not answer.
pub async fn head(db: &Db) -> Result<Head, DbError> {
    store::head(db.conn()).await
}

/// Reads the whole chain and computes every digest again. With `kept`, a head copied earlier, it also
/// finds a chain that was cut off or written anew since.
///
/// # Errors
/// The database does not answer.
pub async fn verify(db: &Db, kept: Option<&Head>) -> Result<Result<Verified, Broken>, DbError> {
    let mut walk = Walk::new(kept);
    loop {
        let links = store::links_after(db.conn(), walk.seq()).await?;
        if links.is_empty() {
            let head = store::head(db.conn()).await?;
            // Others may have written since the last page was read.
            let more = !store::links_after(db.conn(), walk.seq()).await?.is_empty();
            if more {
                continue;
            }
            return Ok(walk.end(&head));
        }
        for link in &links {
            if let Err(broken) = walk.step(link) {
                return Ok(Err(broken));
            }
        }
    }
}

/// The entries that `query` asks for, newest first, a page at a time.
///
/// # Errors
/// The database does not answer.
pub async fn search(db: &Db, query: &Query) -> Result<Page, DbError> {
    store::search(db.conn(), query).await
}

/// The entry at this place of the chain.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, seq: i64) -> Result<Option<Recorded>, DbError> {
    store::find(db.conn(), seq).await
}

/// Verifies as [`verify`] does, and puts what was found on record.
///
/// # Errors
/// The database does not answer.
pub async fn check(
    db: &Db,
    now: Instant,
    by: Actor,
    kept: Option<&Head>,
) -> Result<Result<Verified, Broken>, DbError> {
    let found = verify(db, kept).await?;
    let detail = match &found {
        Ok(whole) => json!({ "entries": whole.entries, "digest": whole.head.digest }),
        Err(broken) => json!({ "entries": broken.seq - 1, "broken": broken.to_string() }),
    };
    let entry = Entry::of(by, VERIFIED, ("audit", "chain")).with(detail);
    let noted = async {
        let tx = db.begin().await?;
        record(&tx, now, entry).await?;
        tx.commit().await
    };
    match (noted.await, &found) {
        // A record that is broken at its end may take no entry; that it is broken must be told.
        (Err(error), Err(_)) => tracing::error!(%error, "a broken record takes no entry"),
        (noted, _) => noted?,
    }
    Ok(found)
}

/// The newest verification on record.
///
/// # Errors
/// The database does not answer.
pub async fn last_check(db: &Db) -> Result<Option<Checked>, DbError> {
    let newest = store::newest(db.conn(), VERIFIED, None).await?;
    Ok(newest.as_ref().map(Checked::of))
}

/// The newest entry of `act` by this person.
///
/// # Errors
/// The database does not answer.
pub async fn newest_by(db: &Db, act: &str, person: PersonId) -> Result<Option<Recorded>, DbError> {
    store::newest(db.conn(), act, Some(person)).await
}
