//! Taking a right away: one person suffices, and it takes effect with the commit.

use chrono::NaiveDate;
use serde_json::json;

use super::{PeopleError, Term, note, store};
use crate::audit::{self, Actor};
use crate::clock::{Instant, date_in_japan};
use crate::db::Tx;
use crate::ids::{DeputyId, HoldingId};

/// When something ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Now.
    AtOnce,
    /// With this day, which still counts; a day that is over means now.
    After(NaiveDate),
}

impl End {
    /// The last day that is still to come or to be lived through; `None`: at once.
    pub(in crate::staff) fn last_day(self, now: Instant) -> Option<NaiveDate> {
        match self {
            Self::After(day) if day >= date_in_japan(now) => Some(day),
            _ => None,
        }
    }
}

/// Ends a holding: one person suffices, and it takes effect with the commit.
///
/// # Errors
/// It is over already, or the day is later than its end.
pub async fn end_holding(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: HoldingId,
    end: End,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    let held = store::holding(tx.conn(), id).await?;
    let held = held.ok_or(PeopleError::Missing("holding in force"))?;
    let last = shorter(held.term, end, now)?;
    store::end_holding(tx.conn(), id, last, now).await?;
    let detail = json!({ "person": held.person, "post": held.post, "last_day": last });
    note(tx, now, by, "staff.post_ended", ("holding", id), detail).await
}

/// Ends a deputy's place, likewise.
///
/// # Errors
/// It is over already, or the day is later than its end.
pub async fn end_deputy(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: DeputyId,
    end: End,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    let deputy = store::deputy(tx.conn(), id).await?;
    let deputy = deputy.ok_or(PeopleError::Missing("deputy in force"))?;
    let last = shorter(deputy.term, end, now)?;
    store::end_deputy(tx.conn(), id, last, now).await?;
    let detail = json!({ "person": deputy.person, "post": deputy.post, "last_day": last });
    note(tx, now, by, "staff.deputy_ended", ("deputy", id), detail).await
}

/// The last day of a term that is ended: `None` at once, and also if it would not even begin.
fn shorter(term: Term, end: End, now: Instant) -> Result<Option<NaiveDate>, PeopleError> {
    match end.last_day(now) {
        Some(day) if term.to.is_some_and(|to| to < day) => Err(PeopleError::Longer),
        last => Ok(last.filter(|day| term.from <= *day)),
    }
}
