//! An emergency in somebody's hands: what every verb does first, and last.

use chrono::TimeDelta;
use serde_json::json;

use super::model::{Did, Emergency, Event, Head};
use super::moves::Act;
use super::store::{self, With};
use super::who::{self, Bar, Scene};
use super::{Digest, EmergencyError, Terms, agreement, correcting, waking};
use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, Tx};
use crate::delivery::{self, Progress};
use crate::ids::{AgreementId, EmergencyId, PersonId, PostId};
use crate::staff::account::{self, Confirmed};
use crate::staff::people::{self, Roster, Signed};

/// A confirmation counts for so long.
const FRESH: TimeDelta = TimeDelta::seconds(120);
/// Most characters of a reason.
const MAX_WORDS: usize = 1000;

/// An emergency, ours until the transaction ends, and that somebody may do this to it.
pub(super) struct Taken<'a> {
    pub emergency: Emergency,
    pub act: Act,
    pub by: &'a Signed,
    /// The chief's post for which they stand in.
    pub standing_in_for: Option<PostId>,
    /// Who held what when it was handed in.
    pub granted: Roster,
    /// The year's agreement that covers it, if it is a prepared correction.
    pub agreement: Option<AgreementId>,
}

/// Takes an emergency to do `act` to it.
pub(super) async fn take<'a>(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &'a Signed,
    id: EmergencyId,
    act: Act,
) -> Result<Taken<'a>, EmergencyError> {
    audit::take_turn(tx).await?;
    let emergency = read(tx, id).await?;
    let state = emergency.head.state_at(now);
    if state.after(act).is_none() {
        return Err(EmergencyError::Refused { state, act });
    }
    let roster = people::roster_in(tx).await?;
    let granted = who::granted_by(&roster, &emergency);
    let section = emergency.head.section;
    let agreed = agreement::in_force_in(tx, section, date_in_japan(now)).await?;
    let agreement = agreed.filter(|_| correcting::is_prepared_in(terms, &emergency));
    let scene = Scene {
        roster: &roster,
        granted: &granted,
        rules: terms.rules()?,
        now,
        prepared: agreement.is_some(),
    };
    match scene.may(&emergency, by.person(), act) {
        Ok(standing_in_for) => Ok(Taken {
            emergency,
            act,
            by,
            standing_in_for,
            granted,
            agreement,
        }),
        Err(Bar::Own) => Err(EmergencyError::Own),
        Err(Bar::NotTheirs) if act == Act::SendCorrection && agreement.is_none() => {
            Err(EmergencyError::NoAgreement)
        }
        Err(Bar::NotTheirs) => Err(EmergencyError::NotTheirs(act)),
    }
}

impl Taken<'_> {
    pub(super) fn head(&self) -> &Head {
        &self.emergency.head
    }

    pub(super) fn did(&self, now: Instant) -> Did {
        Did {
            by: self.by.person(),
            at: now,
        }
    }

    /// That `confirmed` is of exactly this act on exactly this digest, by this person, just now, and by a
    /// passkey that counts.
    pub(super) async fn check(
        &self,
        tx: &Tx,
        now: Instant,
        digest: &Digest,
        confirmed: &Confirmed,
    ) -> Result<(), EmergencyError> {
        let age = now - confirmed.at();
        let is_of_this = self.act.confirmed_as() == Some(confirmed.act())
            && confirmed.digest() == digest.as_str()
            && confirmed.person() == self.by.person();
        let is_of_now = age >= TimeDelta::zero() && age <= FRESH;
        let counts = confirmed.counts_in_emergency()
            && account::still_counts(tx, now, self.by.person(), confirmed.passkey()).await?;
        match is_of_this && is_of_now && counts {
            true => Ok(()),
            false => Err(EmergencyError::Unconfirmed),
        }
    }

    /// Does it.
    pub(super) async fn make(
        &self,
        tx: &Tx,
        now: Instant,
        with: With<'_>,
        said: Said<'_>,
    ) -> Result<(), EmergencyError> {
        let by = Some((self.by, self.standing_in_for));
        make(tx, now, self.head(), (self.act, by), with, said).await
    }
}

/// What was said or signed with an act.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    /// The confirmation.
    pub confirmed: Option<&'a Confirmed>,
    /// The reason.
    pub reason: Option<String>,
}

impl<'a> Said<'a> {
    pub(super) fn by_passkey(confirmed: &'a Confirmed) -> Self {
        Self {
            confirmed: Some(confirmed),
            reason: None,
        }
    }

    pub(super) fn because(reason: String) -> Self {
        Self {
            confirmed: None,
            reason: Some(reason),
        }
    }
}

/// Makes a move, in the history and on record; nobody did it when the product does by itself.
pub(super) async fn make(
    tx: &Tx,
    now: Instant,
    head: &Head,
    (act, by): (Act, Option<(&Signed, Option<PostId>)>),
    with: With<'_>,
    said: Said<'_>,
) -> Result<(), EmergencyError> {
    let state = head.state;
    let refused = EmergencyError::Refused { state, act };
    let to = state.after(act).ok_or(refused)?;
    let standing_in_for = by.and_then(|(_, post)| post);
    let digest = said.confirmed.map(Confirmed::digest).and_then(Digest::read);
    let mut detail = json!({ "version": head.version, "to": to.code() });
    if let Some(post) = standing_in_for {
        detail["standing_in_for"] = json!(post);
    }
    let frozen = match &with {
        With::Issue(_, digest, _) => Some(*digest),
        _ => head.digest.as_ref(),
    };
    detail["digest"] = json!(frozen.map(Digest::as_str));
    if let Some(confirmed) = said.confirmed {
        detail["confirmed"] =
            json!({ "digest": confirmed.digest(), "evidence": confirmed.evidence() });
    }
    if act == Act::Void {
        detail["void"] = json!(said.reason);
    }
    if let With::Dispatch {
        dispatch,
        people,
        agreement,
        ..
    } = &with
    {
        detail["dispatch"] = json!(dispatch);
        detail["people"] = json!(people);
        detail["agreement"] = json!(agreement);
    }
    let event = Event {
        act: Some(act),
        from: Some(state),
        to,
        version: head.version,
        by: by.map(|(signed, _)| signed.person()),
        standing_in_for,
        at: now,
        digest,
        evidence: said.confirmed.map(|c| c.evidence().to_owned()),
        reason: said.reason,
    };
    // First the signature, then what it allows: the database looks.
    store::note(tx.conn(), head.id, &event).await?;
    let stays = state == to && matches!(with, With::Nothing);
    if !stays {
        store::move_to(tx.conn(), head.id, now, to, with).await?;
    }
    let actor = by.map_or(Actor::System, |(signed, _)| signed.actor());
    let entry = Entry::of(actor, act.on_record(), ("emergency", head.id)).with(detail);
    audit::record(tx, now, entry).await?;
    let person = by.map(|(signed, _)| signed.person());
    Ok(waking::follow(tx, now, head, act, person).await?)
}

pub(super) async fn read(tx: &Tx, id: EmergencyId) -> Result<Emergency, EmergencyError> {
    let found = store::find(tx.conn(), id).await?;
    found.ok_or(EmergencyError::Gone)
}

/// A reason, if it is one.
pub(super) fn said(reason: &str) -> Result<String, EmergencyError> {
    let reason = reason.trim();
    match (1..=MAX_WORDS).contains(&reason.chars().count()) {
        true => Ok(reason.to_owned()),
        false => Err(EmergencyError::Unsaid),
    }
}

/// What `person` confirms by passkey to do `act` now; `None` if it takes no passkey, or cannot happen.
///
/// # Errors
/// The database does not answer.
pub async fn confirmation(
    db: &Db,
    now: Instant,
    of: &Emergency,
    act: Act,
    person: PersonId,
) -> Result<Option<account::Act>, EmergencyError> {
    let progress = match of.head.dispatch {
        Some(dispatch) => delivery::progress(db, now, dispatch).await?,
        None => None,
    };
    let digest = digest_of(&of.head, act, progress.as_ref())?;
    let acts = act.confirmed_as().zip(digest);
    Ok(acts.map(|(act, digest)| account::Act {
        person,
        act,
        digest: digest.as_str().to_owned(),
    }))
}

/// On what an act is confirmed: what was handed in, or what is left of it.
pub(super) fn digest_of(
    head: &Head,
    act: Act,
    progress: Option<&Progress>,
) -> Result<Option<Digest>, EmergencyError> {
    let of = |what: &str, left: serde_json::Value| {
        Digest::of(
            &json!({ "what": what, "id": head.id, "digest": head.digest.as_ref().map(Digest::as_str), "left": left }),
        )
    };
    let left = match (act, progress) {
        (Act::Concur | Act::Send | Act::SendCorrection, _) => return Ok(head.digest.clone()),
        (Act::ConcurResume | Act::Resume, Some(progress)) => {
            let envelopes = progress.envelopes.waiting + progress.envelopes.in_doubt;
            let cut = progress.audience;
            of("resume", json!({ "envelopes": envelopes, "cut": cut }))?
        }
        (Act::ConcurAccept | Act::Accept, Some(progress)) => {
            let people = &progress.people;
            let left = json!({ "refused": people.refused, "late": people.late, "unknown": people.unknown });
            of("accept", left)?
        }
        _ => return Ok(None),
    };
    Ok(Some(left))
}
