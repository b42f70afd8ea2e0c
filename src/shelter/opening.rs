//! Which places are open. The town's list does not say; staff do, place by place, and by name and address, so
//! that another list changes nothing of it.

use chrono::TimeDelta;
use serde_json::json;
use thiserror::Error;

use super::model::Shelter;
use super::store;
use crate::audit::{self, Entry};
use crate::clock::Instant;
use crate::db::{DbError, Tx};
use crate::ids::{PersonId, ShelterId};
use crate::staff::people::Signed;

/// For how long what staff said is taken for what is so.
pub const FRESH: TimeDelta = TimeDelta::hours(12);
/// Longest note, in characters.
pub const MAX_NOTE: usize = 100;

/// Whether one can go there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// 開設.
    Open,
    /// 満員: open, with no room left.
    Full,
    /// 閉鎖.
    Closed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Full, Self::Closed];

    /// Its name in the database and in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Full => "full",
            Self::Closed => "closed",
        }
    }

    /// The state of that [`State::code`].
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What staff said of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whether one can go there.
    pub state: State,
    /// Since when it is so.
    pub since: Instant,
    /// When somebody last said so.
    pub confirmed_at: Instant,
    /// What is good to know: 2階の体育館へ.
    pub note: Option<String>,
    /// Who said so.
    pub by: PersonId,
}

impl Opening {
    /// Whether it was said so long ago that it may no longer be so. That a place is closed stays so.
    pub fn is_stale(&self, now: Instant) -> bool {
        self.state != State::Closed && now - self.confirmed_at >= FRESH
    }
}

/// Why nothing was set.
#[derive(Debug, Error)]
pub enum NotSet {
    /// The place is not in the list any more: another was imported.
    #[error("no such place is in the list now")]
    Gone,
    /// The note.
    #[error("a note has at most {MAX_NOTE} characters")]
    LongNote,
    /// The database does not answer.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Says that a place is open, full or closed, or that it still is; gives the place as it was listed.
///
/// # Errors
/// See [`NotSet`]; roll back.
pub async fn set_opening(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: ShelterId,
    state: State,
    note: &str,
) -> Result<Shelter, NotSet> {
    let note = Some(note.trim()).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE) {
        return Err(NotSet::LongNote);
    }
    audit::take_turn(tx).await?;
    let shelter = store::find(tx.conn(), id).await?.ok_or(NotSet::Gone)?;
    let before = shelter.opening.as_ref();
    let since = match before {
        Some(before) if before.state == state => before.since,
        _ => now,
    };
    let opening = Opening {
        state,
        since,
        confirmed_at: now,
        note: note.map(str::to_owned),
        by: by.person(),
    };
    store::keep_opening(tx.conn(), &shelter, &opening).await?;
    let act = match state {
        State::Open => "shelter.opened",
        State::Full => "shelter.filled",
        State::Closed => "shelter.closed",
    };
    let detail = json!({ "name": shelter.name, "address": shelter.address, "since": since });
    let entry = Entry::of(by.actor(), act, ("shelter", id)).with(detail);
    audit::record(tx, now, entry).await?;
    Ok(shelter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_long_ago_is_stale_but_closed_stays_closed() {
        let at = Instant::UNIX_EPOCH;
        let said = |state| Opening {
            state,
            since: at,
            confirmed_at: at,
            note: None,
            by: PersonId::new(at),
        };
        let moment = TimeDelta::microseconds(1);
        for state in State::ALL {
            assert_eq!(State::of_code(state.code()), Some(state));
            assert!(!said(state).is_stale(at + FRESH - moment));
            assert_eq!(said(state).is_stale(at + FRESH), state != State::Closed);
        }
    }
}
