//! What is made of what did not arrive, or may not have: LINE refused it, it was too late, or LINE may have taken it
//! and it is too late to ask. Nothing sends it once more, so a chief writes down what is known and closes it.

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
use crate::delivery::{self, Tally};
use crate::ids::{BroadcastId, PersonId};
use crate::staff::people::Signed;

/// Most characters of a note.
pub(super) const MAX_NOTE: usize = 1000;

/// What somebody made of it; reminders are closed in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// How many people did not hear, or may not have.
    pub people: u64,
    /// What is known, and what was done about it.
    pub note: String,
    /// Who closed it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Why what went amiss was not closed. Roll back: nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotClosed {
    /// They are not a chief of the section that owns the account.
    #[error("only a chief of the section that owns the account closes what went amiss")]
    NotTheirs,
    /// Nothing was said, or too much.
    #[error("say what is known in 1 to {MAX_NOTE} characters")]
    Unsaid,
    /// Nothing is to be closed.
    #[error("it has not ended, everybody was told, or it is closed already")]
    NothingAmiss,
}

impl Closing {
    /// What `by` makes of so many `people` who were not told, or may not have been.
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
            return Err(NotClosed::NothingAmiss);
        }
        Ok(Self {
            people,
            note: words.to_owned(),
            by: by.person(),
            at: now,
        })
    }
}

/// Closes what went amiss of a broadcast that has ended, with a note that stays.
///
/// # Errors
/// They are not a chief of the section that owns the account, everybody was told, it was closed
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
        Some(dispatch) => delivery::report::people_amiss(tx, dispatch).await?,
        None => 0,
    };
    let closing = Closing::of(people, words, by, now)?;
    if store::find(tx.conn(), id).await?.is_some() {
        return Err(NotClosed::NothingAmiss.into());
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

/// Those that have ended, that more than a few people were not told, or may not have been, and that nobody has
/// closed, each with how many; the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn unclosed(db: &Db, now: Instant) -> Result<Vec<(Head, Tally)>, DbError> {
    let amiss = delivery::report::amiss(db, SOURCE, now).await?;
    let ids: Vec<BroadcastId> = amiss.keys().filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let heads = store::unclosed(db.conn(), &ids).await?.into_iter();
    let with_people = heads.map(|head| {
        let people = amiss.get(&head.id.to_string()).copied();
        (head, people.unwrap_or_default())
    });
    Ok(with_people.collect())
}
