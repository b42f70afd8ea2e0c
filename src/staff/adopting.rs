//! Adopting a version of the operating policy: the PR chief does. One that changes how emergencies are agreed to takes a
//! second person besides, within the hour: whoever could shorten a chief's time to answer alone, or leave a chief out of
//! the ladder, would need no second chief that night.

use serde_json::json;
use thiserror::Error;

use super::Right;
use super::countersign::TTL;
use super::people::{self, Signed};
use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{DbError, Tx};
use crate::policy::{self, Asking};

/// What became of adopting a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is adopted.
    Adopted,
    /// It waits for a second person.
    Waits,
}

/// Why a version was not adopted.
#[derive(Debug, Error)]
pub enum NotAdopted {
    /// They may not, or could not yet when it was asked; or who asked may not any more.
    #[error("this person has not the right for it, or had it not yet when it was asked")]
    NotEntitled,
    /// Nobody has asked, or the hour is over.
    #[error("nobody has asked for it within the last {} minutes; ask first", TTL.num_minutes())]
    NotAsked,
    /// Nobody agrees to what they asked for themselves.
    #[error("the person who asked cannot be the one who agrees")]
    SamePerson,
    /// No such version waits.
    #[error(transparent)]
    Policy(#[from] policy::NotAdopted),
    /// The database.
    #[error("the version could not be read or written")]
    Db(#[from] DbError),
}

/// Whether a second person can agree at `now` to what was asked.
pub fn waits(asking: &Asking, now: Instant) -> bool {
    now < asking.at + TTL
}

/// Adopts the version with exactly this text, or asks for it where that takes two.
///
/// # Errors
/// `by` may not, or no such version waits.
pub async fn adopt(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    (version, digest): (&str, &str),
) -> Result<Outcome, NotAdopted> {
    audit::take_turn(tx).await?;
    if !by.may(Right::AdoptPolicy) {
        return Err(NotAdopted::NotEntitled);
    }
    let (outcome, act) = match policy::adopt(tx, version, digest, by.person(), now).await {
        Ok(()) => (Outcome::Adopted, "policy.adopted"),
        Err(policy::NotAdopted::TakesTwo(_)) => {
            policy::ask(tx, version, digest, by.person(), now).await?;
            (Outcome::Waits, "policy.adoption_asked")
        }
        Err(error) => return Err(error.into()),
    };
    let entry = Entry::of(by.actor(), act, ("policy_version", version));
    audit::record(tx, now, entry.with(json!({ "digest": digest }))).await?;
    Ok(outcome)
}

/// Agrees to what the PR chief asked for, and adopts it. Whoever administers the system does: they are never a chief.
///
/// # Errors
/// `by` may not, or could not yet when it was asked; nobody has asked within the hour; or no such version waits.
pub async fn second(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    (version, digest): (&str, &str),
) -> Result<(), NotAdopted> {
    audit::take_turn(tx).await?;
    let asking = policy::asking(tx, version, digest).await?;
    let asking = asking.filter(|asking| waits(asking, now));
    let asking = asking.ok_or(NotAdopted::NotAsked)?;
    if asking.by == by.person() {
        return Err(NotAdopted::SamePerson);
    }
    // A right that was given in between does not count, and one that was taken does.
    let roster = people::roster_in(tx).await?.as_granted_by(asking.at);
    for (person, right) in [
        (asking.by, Right::AdoptPolicy),
        (by.person(), Right::ManagePeople),
    ] {
        for day in [asking.at, now].map(date_in_japan) {
            let signed = roster.signed(person, day);
            if !signed.is_some_and(|signed| signed.may(right)) {
                return Err(NotAdopted::NotEntitled);
            }
        }
    }
    policy::second(tx, version, digest, (asking.by, by.person()), now).await?;
    let entry = Entry::of(by.actor(), "policy.adopted", ("policy_version", version));
    let detail = json!({ "digest": digest, "asked_by": asking.by });
    Ok(audit::record(tx, now, entry.with(detail)).await?)
}
