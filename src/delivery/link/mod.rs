//! Whether LINE can be reached, as which account, and what is left of the month: asked every few minutes and kept in
//! one row, so that it is known at night before somebody has to send. The endpoints asked send nothing.

mod store;

use chrono::TimeDelta;

use super::month::kept;
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::line::client::{Client, Failure, Quota};

/// For so long what LINE said is taken for what is so. Later it is a hint, and keeps nobody from trying.
pub const FRESH: TimeDelta = TimeDelta::minutes(10);

/// What is known of the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// When LINE was last asked.
    pub asked_at: Instant,
    /// Why it did not answer; nothing, if it did.
    pub fault: Option<String>,
    /// What it said when it last answered, if it ever did.
    pub said: Option<Said>,
}

/// What LINE said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// When.
    pub at: Instant,
    /// How the account is called.
    pub name: String,
    /// The IDs by which it is found.
    pub ids: Vec<String>,
    /// How many messages the plan allows this month.
    pub quota: Quota,
    /// About how many were sent.
    pub used: u64,
}

/// Why the link was not tested to its end.
#[derive(Debug, thiserror::Error)]
pub enum NotTested {
    /// LINE does not answer, or not us. This is kept.
    #[error(transparent)]
    Line(#[from] Failure),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Link {
    /// What LINE said, if it said so lately.
    pub fn fresh(&self, now: Instant) -> Option<&Said> {
        self.said.as_ref().filter(|said| said.at + FRESH > now)
    }
}

impl Said {
    /// How many messages are left this month, those kept for emergencies among them; nothing, where the plan does
    /// not count.
    pub fn left(&self) -> Option<u64> {
        match self.quota {
            Quota::Unlimited => None,
            Quota::Limited(all) => Some(all.saturating_sub(self.used)),
        }
    }

    /// How many of those are for anything but emergencies.
    pub fn left_by_day(&self) -> Option<u64> {
        match self.quota {
            Quota::Unlimited => None,
            Quota::Limited(all) => self.left().map(|left| left.saturating_sub(kept(all))),
        }
    }
}

/// Asks LINE who we are and what is left, and keeps what it says, or why it says nothing.
///
/// # Errors
/// LINE does not answer, or the database does not.
pub async fn test(db: &Db, line: &Client, now: Instant) -> Result<Said, NotTested> {
    match ask(line, now).await {
        Ok(said) => {
            store::said(db.conn(), now, &said).await?;
            Ok(said)
        }
        Err(failure) => {
            store::failed(db.conn(), now, &failure.to_string()).await?;
            Err(failure.into())
        }
    }
}

async fn ask(line: &Client, at: Instant) -> Result<Said, Failure> {
    let bot = line.bot_info().await?.body;
    Ok(Said {
        at,
        ids: bot.ids().into_iter().map(str::to_owned).collect(),
        quota: line.quota().await?.body,
        used: line.consumption().await?.body,
        name: bot.display_name,
    })
}

/// What is known of the link; nothing before it was first tested.
///
/// # Errors
/// The database does not answer.
pub async fn last(db: &Db) -> Result<Option<Link>, DbError> {
    store::last(db.conn()).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn last_in(tx: &Tx) -> Result<Option<Link>, DbError> {
    store::last(tx.conn()).await
}
