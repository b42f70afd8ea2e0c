//! The gate every sender passes (`delivery_gate`, one row): it spaces their calls, counts their turns, and
//! holds all of them after a restore, or when LINE no longer accepts who we are.

pub(super) mod store;

use serde_json::json;
use uuid::Uuid;

use super::mark::{self, Mark};
use super::model::HoldReason;
use super::pace::{Broadcasts, Pace, Rate};
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{DbError, Tx};

/// The gate, ours until the transaction ends.
#[derive(Debug)]
pub(super) struct Gate {
    /// By which a mark outside the database knows that it is meant.
    pub(super) nonce: Uuid,
    /// How often envelopes have been lent, or has been recorded how their calls ended.
    pub(super) turn: i64,
    pub(super) pace: Pace,
    pub(super) broadcasts: Broadcasts,
    pub(super) held: bool,
}

impl Gate {
    /// Takes the gate: others wait until `tx` ends.
    pub(super) async fn take(tx: &Tx, rate: Rate) -> Result<Self, DbError> {
        store::take(tx.conn(), rate).await
    }

    /// Has others wait until `tx` ends, without passing.
    pub(super) async fn lock(tx: &Tx) -> Result<(), DbError> {
        store::take(tx.conn(), Rate::LINE).await.map(drop)
    }

    /// Keeps what was changed.
    pub(super) async fn keep(&self, tx: &Tx) -> Result<(), DbError> {
        store::keep(tx.conn(), self).await
    }

    /// Holds everything when the database knows less than has been sent: less than a sender remembers that
    /// has `seen` it, or, for one that has just begun, than the mark beside the key. True if it has to.
    pub(super) async fn check(
        &mut self,
        tx: &Tx,
        now: Instant,
        seen: Option<i64>,
        mark: &Mark,
    ) -> Result<bool, DbError> {
        let known = match seen {
            Some(turn) => Some(turn),
            None => mark.read(self.nonce).map_err(|error| {
                DbError::Custom(format!("what was sent cannot be read: {error}"))
            })?,
        };
        if !mark::is_restored(self.turn, known) {
            return Ok(false);
        }
        // Once this hold is lifted, it is settled.
        self.turn = self.turn.max(known.unwrap_or_default());
        self.hold(tx, now, HoldReason::Restored).await?;
        Ok(true)
    }

    /// Lets nothing pass any more, until somebody lifts it.
    pub(super) async fn hold(
        &mut self,
        tx: &Tx,
        now: Instant,
        reason: HoldReason,
    ) -> Result<(), DbError> {
        self.keep(tx).await?;
        if self.held {
            return Ok(());
        }
        self.held = true;
        store::hold(tx.conn(), now, reason).await?;
        tracing::error!(
            reason = reason.as_str(),
            "everything is held: nothing is sent until somebody lifts it"
        );
        let entry = Entry::of(Actor::System, "delivery.held", ("delivery", "gate"))
            .with(json!({ "reason": reason.as_str() }));
        audit::record(tx, now, entry).await
    }
}
