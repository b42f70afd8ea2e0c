//! The town's record of evacuation orders, changed by hand: after an order that went out another way, by day or over
//! the loudspeakers, and where the record is wrong. Residents read it in the answers, so it takes two: one asks, on a
//! ground; another agrees within the hour, by passkey, to exactly that, and it is in force from that moment.
//!
//! [`crate::staff::countersign`] is for acts on staff: it stands beneath the record of orders and cannot write there,
//! and takes a right of the table, while who speaks in emergencies is the policy's to say. What holds there holds here:
//! what was asked for is frozen, the two differ by a CHECK, and a right that was given in between does not count.

mod store;

use serde_json::json;

use super::besides;
use super::error::EmergencyError;
use super::model::{Did, Places};
use super::template::Effect;
use super::who;
use crate::area;
use crate::audit::{self, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{EvacuationChangeId, PersonId};
use crate::policy::Profile;
use crate::staff::countersign::TTL;
use crate::staff::people::{self, Roster, Signed};

/// Most letters of a reason.
pub const MOST: usize = 200;

/// A change, as it was asked for, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id; orders that it issues or ends name it as their source.
    pub id: EvacuationChangeId,
    /// What is put on record.
    pub effect: Effect,
    /// For which areas.
    pub places: Places,
    /// On what ground.
    pub reason: String,
    /// Who asked, and when.
    pub asked: Did,
    /// Who agreed, and when: it was done then.
    pub agreed: Option<Did>,
    /// Who took it back, and when.
    pub withdrawn: Option<Did>,
}

impl Change {
    /// From when on it is too late to agree.
    pub fn until(&self) -> Instant {
        self.asked.at + TTL
    }

    fn waits(&self, now: Instant) -> bool {
        self.agreed.is_none() && self.withdrawn.is_none() && now < self.until()
    }
}

/// Why the record was not changed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// They may not, or could not yet when it was asked; or who asked may not any more.
    #[error("this person has not the right for it, or had it not yet when it was asked")]
    NotEntitled,
    /// Nobody agrees to what they asked for themselves.
    #[error("the person who asked cannot be the one who agrees")]
    SamePerson,
    /// Somebody was quicker, or the hour is over.
    #[error("it is decided already, or its hour is over")]
    NotWaiting,
    /// No reason was given.
    #[error("say why, in 1 to {MOST} characters")]
    NoReason,
    /// An area is gone, or the record could not follow.
    #[error(transparent)]
    Emergency(#[from] EmergencyError),
    /// The database.
    #[error("the change could not be read or written: {0}")]
    Db(#[from] DbError),
}

/// Whether these words say why.
pub fn is_reason(words: &str) -> bool {
    (1..=MOST).contains(&words.trim().chars().count())
}

/// Whether `person` asks for changes, agrees to those of others, and takes any back: who speaks for either side of a
/// section's emergencies, deputies at once, and who is on duty, as officer or in the section that owns the account.
pub fn is_theirs(roster: &Roster, profile: &Profile, at: Instant, person: PersonId) -> bool {
    who::has_a_say(roster, profile.emergency.as_ref(), at, person)
}

/// Asks for a change, and says why. Somebody else may agree within the hour.
///
/// # Errors
/// See [`NotChanged`]; roll back.
pub async fn ask(
    tx: &Tx,
    now: Instant,
    profile: &Profile,
    by: &Signed,
    (effect, places): (Effect, Places),
    reason: &str,
) -> Result<EvacuationChangeId, NotChanged> {
    audit::take_turn(tx).await?;
    let roster = people::roster_in(tx).await?;
    if !is_theirs(&roster, profile, now, by.person()) {
        return Err(NotChanged::NotEntitled);
    }
    if !is_reason(reason) {
        return Err(NotChanged::NoReason);
    }
    let change = Change {
        id: EvacuationChangeId::new(now),
        effect,
        places,
        reason: reason.trim().to_owned(),
        asked: did(by, now),
        agreed: None,
        withdrawn: None,
    };
    stand(tx, &change).await?;
    store::add(tx.conn(), &change).await?;
    note(tx, now, by, "evacuation.change_asked", &change).await?;
    Ok(change.id)
}

/// Whether `person` may agree to it at `now`: another than who asked, and both entitled now and when it was asked.
///
/// # Errors
/// Why not.
pub fn may_agree(
    roster: &Roster,
    profile: &Profile,
    now: Instant,
    change: &Change,
    person: PersonId,
) -> Result<(), NotChanged> {
    let asked = change.asked;
    if !change.waits(now) {
        return Err(NotChanged::NotWaiting);
    }
    if asked.by == person {
        return Err(NotChanged::SamePerson);
    }
    // A right that was given in between does not count, and one that was taken does.
    let roster = roster.clone().as_granted_by(asked.at);
    let entitled = |person| {
        let mut moments = [asked.at, now].into_iter();
        moments.all(|at| is_theirs(&roster, profile, at, person))
    };
    match entitled(asked.by) && entitled(person) {
        true => Ok(()),
        false => Err(NotChanged::NotEntitled),
    }
}

/// Agrees, and does it. The caller has had `by` prove themselves for exactly this change.
///
/// # Errors
/// See [`NotChanged`]; roll back.
pub async fn agree(
    tx: &Tx,
    now: Instant,
    profile: &Profile,
    by: &Signed,
    id: EvacuationChangeId,
) -> Result<(), NotChanged> {
    audit::take_turn(tx).await?;
    let change = waiting_one(tx, now, id).await?;
    let roster = people::roster_in(tx).await?;
    may_agree(&roster, profile, now, &change, by.person())?;
    stand(tx, &change).await?;
    store::agree(tx.conn(), id, did(by, now)).await?;
    besides::enter(tx, now, &change.places.ids(), change.effect, id.0)
        .await
        .map_err(EmergencyError::from)?;
    let act = match change.effect {
        Effect::Evacuation(_) => "evacuation.issued",
        Effect::Lift | Effect::Withdraw => "evacuation.lifted",
    };
    note(tx, now, by, act, &change).await
}

/// Takes it back: who asked, or anybody who could have asked.
///
/// # Errors
/// See [`NotChanged`]; roll back.
pub async fn withdraw(
    tx: &Tx,
    now: Instant,
    profile: &Profile,
    by: &Signed,
    id: EvacuationChangeId,
) -> Result<(), NotChanged> {
    audit::take_turn(tx).await?;
    let change = waiting_one(tx, now, id).await?;
    let roster = people::roster_in(tx).await?;
    let person = by.person();
    if change.asked.by != person && !is_theirs(&roster, profile, now, person) {
        return Err(NotChanged::NotEntitled);
    }
    store::withdraw(tx.conn(), id, did(by, now)).await?;
    note(tx, now, by, "evacuation.change_withdrawn", &change).await
}

/// What waits for a second person at `now`, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn waiting(db: &Db, now: Instant) -> Result<Vec<Change>, DbError> {
    let mut open = store::open_since(db.conn(), now - TTL).await?;
    open.retain(|change| change.waits(now));
    Ok(open)
}

/// A change, whatever became of it.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: EvacuationChangeId) -> Result<Option<Change>, DbError> {
    store::find(db.conn(), id).await
}

async fn waiting_one(tx: &Tx, now: Instant, id: EvacuationChangeId) -> Result<Change, NotChanged> {
    let found = store::find(tx.conn(), id).await?;
    found
        .filter(|change| change.waits(now))
        .ok_or(NotChanged::NotWaiting)
}

/// That its areas are there still.
async fn stand(tx: &Tx, change: &Change) -> Result<(), NotChanged> {
    let directory = area::directory_in(tx).await?;
    let stands = change.places.stand(&directory);
    Ok(stands.map_err(EmergencyError::from)?)
}

fn did(by: &Signed, at: Instant) -> Did {
    Did {
        by: by.person(),
        at,
    }
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    act: &'static str,
    change: &Change,
) -> Result<(), NotChanged> {
    let places = change.places.as_slice().iter();
    let areas: Vec<&str> = places.map(|place| place.label.as_str()).collect();
    let level = match change.effect {
        Effect::Evacuation(level) => Some(level.code()),
        Effect::Lift | Effect::Withdraw => None,
    };
    let entry = Entry::of(by.actor(), act, ("evacuation_change", change.id));
    let detail = json!({
        "level": level,
        "areas": areas,
        "asked_by": change.asked.by,
    });
    Ok(audit::record(tx, now, entry.with(detail)).await?)
}
