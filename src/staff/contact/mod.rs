//! How staff are reached (連絡先) when something cannot wait until they look: their mail address, which a
//! person has anyway, their telephone, and the devices that receive notifications. None of it is ever in a
//! log or in the record.
//!
//! ```ignore
//! contact::set_telephone(&tx, now, &by, person, Some(Telephone::parse("090-1234-5678")?)).await?;
//! let ways = contact::ways(&db, &[chief, deputy]).await?;
//! ```

mod push;
mod store;
mod telephone;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{PersonId, PushId};
use crate::staff::people::{self, Mail, PostKind, Roster};

pub use push::{Device, InvalidTarget, PushTarget};
pub use telephone::{InvalidTelephone, Telephone};

/// Devices of one person, at most: each is called when something cannot wait.
pub const DEVICES: usize = 5;

/// By what ways somebody can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    /// Their mail address.
    pub mail: Option<Mail>,
    /// Their telephone.
    pub telephone: Option<Telephone>,
    /// Their devices that receive notifications.
    pub push: Vec<PushTarget>,
}

impl Ways {
    /// Whether there is any.
    pub fn is_reachable(&self) -> bool {
        self.mail.is_some() || self.telephone.is_some() || !self.push.is_empty()
    }
}

/// Why a device does not receive notifications.
#[derive(Debug, thiserror::Error)]
pub enum NoDevice {
    /// The person has as many as they can.
    #[error("a person has at most {DEVICES} devices: remove one first")]
    Many,
    /// The database.
    #[error("the device could not be kept")]
    Db(#[from] DbError),
}

/// Why a telephone is not kept.
#[derive(Debug, thiserror::Error)]
pub enum NoTelephone {
    /// Only they themselves change it.
    #[error(
        "they decide on emergencies and have a telephone already: they change it themselves, on /me/contact"
    )]
    TheirOwn,
    /// The database.
    #[error("the telephone could not be kept")]
    Db(#[from] DbError),
}

/// The ways to each of `persons`; who is not known is left out.
///
/// # Errors
/// The database does not answer.
pub async fn ways(db: &Db, persons: &[PersonId]) -> Result<BTreeMap<PersonId, Ways>, DbError> {
    store::ways(db.conn(), db.seal()?, persons).await
}

/// The same as `tx` sees them.
///
/// # Errors
/// The database does not answer.
pub async fn ways_in(tx: &Tx, persons: &[PersonId]) -> Result<BTreeMap<PersonId, Ways>, DbError> {
    store::ways(tx.conn(), tx.seal()?, persons).await
}

/// Keeps the telephone of `person` instead of any other, or lets go of it. Whoever decides on emergencies and has one
/// changes it themselves: else one administrator alone could have a stranger woken in a chief's place. Two would be no
/// better here, for the person is the one who knows; the first number, of whoever has none, anybody may enter for them.
///
/// # Errors
/// It is theirs alone to change, or the database does not answer.
pub async fn set_telephone(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    person: PersonId,
    telephone: Option<Telephone>,
) -> Result<(), NoTelephone> {
    if let Actor::Person(by, _) = by
        && *by != person
        && store::has_telephone(tx.conn(), person).await?
        && decides(&people::roster_in(tx).await?, person, date_in_japan(now))
    {
        return Err(NoTelephone::TheirOwn);
    }
    let act = match &telephone {
        Some(number) => {
            store::keep_telephone(tx.conn(), tx.seal()?, now, by, person, number).await?;
            "contact.telephone_set"
        }
        None if store::forget_telephone(tx.conn(), person).await? => "contact.telephone_removed",
        None => return Ok(()),
    };
    Ok(note(tx, now, by, act, person).await?)
}

/// Whether `person` is a chief or stands in for one, on `day` or later.
pub fn decides(roster: &Roster, person: PersonId, day: NaiveDate) -> bool {
    let is_chief = |post| {
        let post = roster.posts.get(&post);
        post.is_some_and(|post| post.kind == PostKind::Chief)
    };
    let lasts = |to: Option<NaiveDate>| to.is_none_or(|to| day <= to);
    let mut holdings = roster.holdings.iter();
    let mut deputies = roster.deputies.iter();
    holdings.any(|held| {
        let theirs = held.person == person && held.ended_at.is_none();
        theirs && lasts(held.term.to) && is_chief(held.post)
    }) || deputies
        .any(|deputy| deputy.person == person && deputy.ended_at.is_none() && lasts(deputy.term.to))
}

/// Lets notifications for `person` go to a device of theirs. A device that was somebody else's is theirs
/// from now on; one that was theirs already is kept anew.
///
/// # Errors
/// They have [`DEVICES`] already, or the database does not answer.
pub async fn subscribe(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    target: &PushTarget,
    label: &str,
) -> Result<(), NoDevice> {
    store::forget_endpoint(tx.conn(), tx.seal()?, target).await?;
    if store::devices(tx.conn(), person).await?.len() >= DEVICES {
        return Err(NoDevice::Many);
    }
    store::keep_device(tx.conn(), tx.seal()?, now, person, target, label).await?;
    let by = Actor::Person(person, None);
    Ok(note(tx, now, &by, "contact.device_added", person).await?)
}

/// Lets go of a device of `person`; false when there is none.
///
/// # Errors
/// The database does not answer.
pub async fn unsubscribe(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    id: PushId,
) -> Result<bool, DbError> {
    let gone = store::forget_device(tx.conn(), person, id).await?;
    if gone {
        let by = Actor::Person(person, None);
        note(tx, now, &by, "contact.device_removed", person).await?;
    }
    Ok(gone)
}

/// That the push service answered 404 or 410: the device takes no notifications any more (RFC 8030 §7.3).
/// It is no way to anybody from now on; its owner still sees it, and why.
///
/// # Errors
/// The database does not answer.
pub async fn is_gone(tx: &Tx, now: Instant, id: PushId) -> Result<(), DbError> {
    store::fail_device(tx.conn(), now, id).await
}

/// The devices of `person`, oldest first, also those that are gone.
///
/// # Errors
/// The database does not answer.
pub async fn devices(db: &Db, person: PersonId) -> Result<Vec<Device>, DbError> {
    store::devices(db.conn(), person).await
}

/// Lets go of every way to `person` that is only for calling them: they leave.
///
/// # Errors
/// The database does not answer.
pub async fn forget(tx: &Tx, person: PersonId) -> Result<(), DbError> {
    store::forget_telephone(tx.conn(), person).await?;
    store::forget_devices(tx.conn(), person).await
}

/// Lets go of the same of everybody whose last day was before `today`; says how many ways that were.
///
/// # Errors
/// The database does not answer.
pub async fn forget_departed(db: &Db, today: NaiveDate) -> Result<u64, DbError> {
    store::forget_departed(db.conn(), today).await
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    act: &'static str,
    person: PersonId,
) -> Result<(), DbError> {
    let entry = Entry::of(by.clone(), act, ("person", person)).with(json!({}));
    audit::record(tx, now, entry).await
}
