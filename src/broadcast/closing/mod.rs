//! What is made of an unknown outcome (送達不明の整理): LINE may have taken an envelope, and it is too late
//! to ask. Sending once more could tell people twice, so a chief writes down what is known and closes it.

mod store;

use serde_json::json;
use thiserror::Error;

use super::house::may_close;
use super::model::Head;
use super::moves::State;
use super::sending::SOURCE;
use super::{BroadcastError, note, read};
use crate::audit;
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::delivery;
use crate::ids::{BroadcastId, PersonId};
use crate::staff::people::Signed;

/// Most characters of a note.
pub(super) const MAX_NOTE: usize = 1000;

/// What somebody made of it; reminders are closed in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Of how many people it was unknown whether they heard.
    pub people: u64,
    /// What is known, and what was done about it.
    pub note: String,
    /// Who closed it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Why what is unknown was not closed. Roll back: nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotClosed {
    /// They are not a chief of the section that owns the account.
    #[error("only a chief of the section that owns the account closes what is unknown")]
    NotTheirs,
    /// Nothing was said, or too much.
    #[error("say what is known in 1 to {MAX_NOTE} characters")]
    Unsaid,
    /// Nothing is to be closed.
    #[error("it has not ended, nothing of it is unknown, or what was unknown is closed already")]
    NothingUnknown,
}

impl Closing {
    /// What `by` makes of so many `people` of whom nobody can know.
    ///
    /// # Errors
    /// It is not theirs to close, the note says nothing or too much, or there are none.
    pub fn of(people: u64, words: &str, by: &Signed, now: Instant) -> Result<Self, NotClosed> {
        if !may_close(by) {
            return Err(NotClosed::NotTheirs);
        }
        let words = words.trim();
        if !(1..=MAX_NOTE).contains(&words.chars().count()) {
            return Err(NotClosed::Unsaid);
        }
        if people == 0 {
            return Err(NotClosed::NothingUnknown);
        }
        Ok(Self {
            people,
            note: words.to_owned(),
            by: by.person(),
            at: now,
        })
    }
}

/// Closes what is unknown of a broadcast that has ended, with a note that stays.
///
/// # Errors
/// They are not a chief of the section that owns the account, nothing of it is unknown, it was closed
/// before, or the note says nothing or too much.
pub async fn close(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: BroadcastId,
    words: &str,
) -> Result<(), BroadcastError> {
    audit::take_turn(tx).await?;
    let head = read(tx, id).await?.head;
    let people = match head.dispatch.filter(|_| head.state == State::Done) {
        Some(dispatch) => delivery::report::unknown(tx, dispatch).await?,
        None => 0,
    };
    let closing = Closing::of(people, words, by, now)?;
    if store::find(tx.conn(), id).await?.is_some() {
        return Err(NotClosed::NothingUnknown.into());
    }
    store::add(tx.conn(), id, &closing).await?;
    let detail = json!({ "people": people, "reason": closing.note });
    note(tx, now, by.actor(), "broadcast.closed", id, detail).await
}

/// What was made of it, if anything.
///
/// # Errors
/// The database does not answer.
pub async fn closing(db: &Db, id: BroadcastId) -> Result<Option<Closing>, DbError> {
    store::find(db.conn(), id).await
}

/// Those that have ended, of which something is unknown and nobody has closed it; the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn unclosed(db: &Db) -> Result<Vec<Head>, DbError> {
    let unknown = delivery::report::with_unknown(db, SOURCE).await?;
    let unknown: Vec<BroadcastId> = unknown.iter().filter_map(|id| id.parse().ok()).collect();
    match unknown.is_empty() {
        true => Ok(Vec::new()),
        false => store::unclosed(db.conn(), &unknown).await,
    }
}
