//! The calls of which LINE takes only so many an hour, counted over all runs: LINE counts them for the
//! channel, not for one run.
//!
//! <https://developers.line.biz/en/reference/messaging-api/#rate-limits>

use chrono::TimeDelta;

use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};

/// LINE's hour, and some minutes for the run that counts from its beginning.
const WINDOW: TimeDelta = TimeDelta::minutes(65);

/// Such a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scarce {
    /// Making a menu.
    Create,
    /// Removing a menu.
    Delete,
    /// Removing an alias.
    DropAlias,
    /// Changing everybody's menu in one call.
    Batch,
}

impl Scarce {
    const ALL: [Self; 4] = [Self::Create, Self::Delete, Self::DropAlias, Self::Batch];

    /// How many LINE takes in an hour.
    fn an_hour(self) -> usize {
        match self {
            Self::Create | Self::Delete | Self::DropAlias => 100,
            Self::Batch => 3,
        }
    }

    /// As it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::DropAlias => "drop-alias",
            Self::Batch => "batch",
        }
    }
}

/// What is left of the hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    left: [usize; 4],
    /// When there will be more of what is used up.
    more_at: [Option<Instant>; 4],
}

impl Default for Allowance {
    /// A whole hour's.
    fn default() -> Self {
        Self {
            left: Scarce::ALL.map(Scarce::an_hour),
            more_at: [None; 4],
        }
    }
}

impl Allowance {
    /// What earlier runs have left.
    ///
    /// # Errors
    /// The database does not answer.
    pub(super) async fn at(db: &Db, now: Instant) -> Result<Self, DbError> {
        let calls = store::calls_since(db.conn(), now - WINDOW).await?;
        let of = |scarce: Scarce| {
            let same = move |(kind, _): &&(String, Instant)| kind == scarce.as_str();
            calls.iter().filter(same).map(|(_, at)| *at)
        };
        Ok(Self {
            left: Scarce::ALL.map(|scarce| scarce.an_hour().saturating_sub(of(scarce).count())),
            more_at: Scarce::ALL.map(|scarce| of(scarce).min().map(|at| at + WINDOW)),
        })
    }

    /// When there will be more of `scarce`, if any of it has been used.
    pub(super) fn more_at(&self, scarce: Scarce) -> Option<Instant> {
        self.more_at[scarce as usize]
    }

    /// How many are left.
    pub(super) fn left(&self, scarce: Scarce) -> usize {
        self.left[scarce as usize]
    }
}

/// Writes a call down, before it is made: one whose answer is lost counts too.
///
/// # Errors
/// The database does not answer.
pub(super) async fn spend(db: &Db, now: Instant, scarce: Scarce) -> Result<(), DbError> {
    let tx = db.begin().await?;
    store::forget_calls(tx.conn(), now - WINDOW).await?;
    store::add_call(tx.conn(), scarce.as_str(), now).await?;
    tx.commit().await
}
