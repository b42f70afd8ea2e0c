//! The year's agreement (事前同意): both chiefs sign, by passkey, that either of them alone may send prepared
//! corrections of a section's emergencies. Every false alarm ever studied was made worse by a late correction.

mod store;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::model::Did;
use super::moves::Side;
use super::who::decider;
use super::{Digest, EmergencyError, Terms, proof};
use crate::approval::{self, House};
use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{AgreementId, PersonId, SectionId};
use crate::staff::account::{self, Confirmed};
use crate::staff::people::{Signed, roster_in};

/// What a passkey confirms with a signature.
pub const AGREE: &str = "emergency.agree";
/// Most days for which it holds, both ends counted: a year.
pub const DAYS: i64 = 366;
/// A confirmation counts for so long.
const FRESH: TimeDelta = TimeDelta::seconds(120);

/// What is agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Of whose emergencies.
    pub section: SectionId,
    /// From which day on.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

/// An agreement, signed by one or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// What is agreed to.
    pub promise: Promise,
    /// Who signed for the side that agrees.
    pub concurring: Option<Did>,
    /// Who signed for the side that sends.
    pub sending: Option<Did>,
    /// Who ended it before its time.
    pub ended: Option<Did>,
}

impl Promise {
    /// On what it is confirmed.
    ///
    /// # Errors
    /// It holds what JSON cannot say; none does.
    pub fn digest(&self) -> Result<Digest, serde_json::Error> {
        Digest::of(&json!({
            "what": "prepared corrections",
            "section": self.section,
            "from": self.from,
            "until": self.until,
        }))
    }

    /// What `person` confirms by passkey.
    ///
    /// # Errors
    /// As [`Promise::digest`].
    pub fn confirmation(&self, person: PersonId) -> Result<account::Act, serde_json::Error> {
        Ok(account::Act {
            person,
            act: AGREE,
            digest: self.digest()?.as_str().to_owned(),
        })
    }
}

impl Agreement {
    /// Whether it holds on `day`: both signed, and nobody ended it.
    pub fn holds(&self, day: NaiveDate) -> bool {
        let in_time = self.promise.from <= day && day <= self.promise.until;
        let signed = self.concurring.is_some() && self.sending.is_some();
        in_time && signed && self.ended.is_none()
    }
}

/// Signs for one's side: the first of both makes the agreement, the second puts it in force.
///
/// # Errors
/// They are not the chief of a side, in person; they signed for the other side; it was not confirmed; or its days
/// do not fit.
pub async fn sign(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    promise: Promise,
    confirmed: Confirmed,
) -> Result<AgreementId, EmergencyError> {
    audit::take_turn(tx).await?;
    let today = date_in_japan(now);
    let waiting = store::of_section(tx.conn(), promise.section).await?;
    let mut waiting = waiting.into_iter().filter(|agreement| {
        let half = agreement.concurring.is_none() || agreement.sending.is_none();
        agreement.promise == promise && half && agreement.ended.is_none()
    });
    let waiting = waiting.next();
    let begins = waiting.is_some() || promise.from == today;
    let length = promise.until - promise.from;
    if !begins || promise.until < today || length < TimeDelta::zero() || length.num_days() >= DAYS {
        return Err(EmergencyError::Days);
    }
    let digest = promise.digest()?;
    check(tx, now, by.person(), &digest, &confirmed).await?;
    let side = unsigned_side(tx, today, terms, by.person(), promise, waiting.as_ref()).await?;
    let did = Did {
        by: by.person(),
        at: now,
    };
    let id = match &waiting {
        Some(waiting) => waiting.id,
        None => AgreementId::new(now),
    };
    if waiting.is_none() {
        store::add(tx.conn(), id, &promise, &digest, now).await?;
    }
    store::sign(tx.conn(), id, side, did, confirmed.evidence()).await?;
    let detail = json!({
        "section": promise.section,
        "from": promise.from,
        "until": promise.until,
        "digest": digest.as_str(),
        "evidence": confirmed.evidence(),
    });
    let entry = Entry::of(by.actor(), "emergency.agreement_signed", ("agreement", id));
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(id)
}

/// Ends an agreement; either chief may.
///
/// # Errors
/// There is none such that could still be ended, or they are the chief of neither side.
pub async fn end(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: AgreementId,
) -> Result<(), EmergencyError> {
    audit::take_turn(tx).await?;
    let agreement = store::find(tx.conn(), id).await?;
    let agreement = agreement.filter(|agreement| agreement.ended.is_none());
    let agreement = agreement.ok_or(EmergencyError::Gone)?;
    let section = agreement.promise.section;
    let sides = sides(tx, date_in_japan(now), terms, by.person(), section).await?;
    if sides.is_empty() {
        return Err(EmergencyError::NoAgreement);
    }
    let did = Did {
        by: by.person(),
        at: now,
    };
    store::end(tx.conn(), id, did).await?;
    let entry = Entry::of(by.actor(), "emergency.agreement_ended", ("agreement", id));
    Ok(audit::record(tx, now, entry).await?)
}

/// All agreements of a section, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(db: &Db, section: SectionId) -> Result<Vec<Agreement>, DbError> {
    store::of_section(db.conn(), section).await
}

/// The agreement that holds for a section on `day`, if one does.
///
/// # Errors
/// The database does not answer.
pub async fn in_force(
    db: &Db,
    section: SectionId,
    day: NaiveDate,
) -> Result<Option<AgreementId>, DbError> {
    Ok(holding(store::of_section(db.conn(), section).await?, day))
}

pub(super) async fn in_force_in(
    tx: &Tx,
    section: SectionId,
    day: NaiveDate,
) -> Result<Option<AgreementId>, DbError> {
    Ok(holding(store::of_section(tx.conn(), section).await?, day))
}

/// That both signed it, verified anew for who relies on it.
pub(super) async fn is_signed(
    tx: &Tx,
    id: AgreementId,
    relying: &Confirmed,
) -> Result<(), EmergencyError> {
    let agreement = store::find(tx.conn(), id).await?;
    let agreement = agreement.ok_or(EmergencyError::NoAgreement)?;
    let digest = agreement.promise.digest()?;
    let names = store::evidence(tx.conn(), id).await?;
    for (did, name) in [agreement.concurring, agreement.sending]
        .into_iter()
        .zip(names)
    {
        let (did, name) = did.zip(name).ok_or(EmergencyError::NoAgreement)?;
        let signed = (did.by, AGREE, &digest);
        if proof::signed(tx, signed, &name, relying).await?.is_none() {
            return Err(EmergencyError::Unproven);
        }
    }
    Ok(())
}

fn holding(agreements: Vec<Agreement>, day: NaiveDate) -> Option<AgreementId> {
    let mut agreements = agreements.into_iter();
    agreements.find(|a| a.holds(day)).map(|a| a.id)
}

async fn check(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    digest: &Digest,
    confirmed: &Confirmed,
) -> Result<(), EmergencyError> {
    let age = now - confirmed.at();
    let is_of_this = confirmed.act() == AGREE
        && confirmed.digest() == digest.as_str()
        && confirmed.person() == person;
    let counts = confirmed.counts_in_emergency()
        && age >= TimeDelta::zero()
        && age <= FRESH
        && account::still_counts(tx, now, person, confirmed.passkey()).await?;
    match is_of_this && counts {
        true => Ok(()),
        false => Err(EmergencyError::Unconfirmed),
    }
}

/// The side for which `person` signs: one whose chief they are, and for which nobody has signed.
async fn unsigned_side(
    tx: &Tx,
    today: NaiveDate,
    terms: Terms<'_>,
    person: PersonId,
    promise: Promise,
    waiting: Option<&Agreement>,
) -> Result<Side, EmergencyError> {
    let signed = |side| {
        waiting.and_then(|agreement| match side {
            Side::Concurs => agreement.concurring,
            Side::Sends => agreement.sending,
        })
    };
    let both = [Side::Concurs, Side::Sends];
    if both
        .iter()
        .any(|side| signed(*side).is_some_and(|did| did.by == person))
    {
        return Err(EmergencyError::Own);
    }
    let sides = sides(tx, today, terms, person, promise.section).await?;
    let mut free = sides.into_iter().filter(|side| signed(*side).is_none());
    free.next().ok_or(EmergencyError::NoAgreement)
}

/// The sides whose chief `person` is, in person.
async fn sides(
    tx: &Tx,
    today: NaiveDate,
    terms: Terms<'_>,
    person: PersonId,
    section: SectionId,
) -> Result<Vec<Side>, EmergencyError> {
    let roster = roster_in(tx).await?;
    let rules = terms.rules()?;
    let leads = |side: &Side| {
        let deciders = approval::deciders(
            &roster,
            today,
            decider(rules, *side),
            House::Section(section),
        );
        deciders.get(&person) == Some(&None)
    };
    Ok([Side::Concurs, Side::Sends]
        .into_iter()
        .filter(leads)
        .collect())
}
