//! That a way to reach somebody has changed: told to them by their other ways, so that nobody is quietly called in
//! another's place at night.

use chrono::TimeDelta;

use super::begin;
use super::model::{Kind, New, Planned};
use crate::clock::Instant;
use crate::db::{DbError, Tx};
use crate::ids::{CallingId, PersonId};
use crate::policy::Channel;

/// Mail that cannot be sent for so long is given up; the record has it.
const TOLD: TimeDelta = TimeDelta::hours(1);

/// Which way to somebody has changed: it was set, changed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Their telephone.
    Telephone,
    /// A device that receives notifications.
    Device,
}

/// Tells `person` that a way to reach them has changed, by the others: never by the one that may be a stranger's.
/// Nothing rings.
///
/// # Errors
/// The database does not answer.
pub async fn changed(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    way: Way,
) -> Result<CallingId, DbError> {
    let channels = match way {
        Way::Telephone => [Channel::Mail, Channel::Push],
        Way::Device => [Channel::Mail, Channel::Sms],
    };
    let calls = channels.map(|channel| Planned::at_once(person, channel));
    let new = New {
        kind: Kind::Notice,
        cause: None,
        matter: person.0,
        side: None,
        until: now + TOLD,
        calls: calls.to_vec(),
    };
    begin(tx, now, new).await
}
