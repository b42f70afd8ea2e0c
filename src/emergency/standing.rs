//! Whether what was agreed to still stands: asked when somebody agrees, when somebody sends, and in between.

use super::model::{Audience, Did, Emergency, Head, Issue};
use super::moves::Side;
use super::who::decider;
use super::{EmergencyError, Terms, Void, link};
use crate::approval::{self, House};
use crate::area;
use crate::clock::{Instant, date_in_japan};
use crate::db::Tx;
use crate::delivery;
use crate::ids::DispatchId;
use crate::segment::{self, Selection};
use crate::staff::account;
use crate::staff::people::Roster;

/// Over which LINE account messages go.
pub(super) fn channel(terms: Terms<'_>) -> &str {
    let operator = &terms.profile.operator;
    let id = operator.account_id.as_ref();
    id.unwrap_or(&operator.account_name)
}

/// That what was handed in could go out now: nothing is held, LINE has the policy's account, its areas are there, and
/// about as many people are in them.
pub(super) async fn stands(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    emergency: &Emergency,
) -> Result<(), EmergencyError> {
    let issue = emergency.issue.as_ref().ok_or(EmergencyError::Changed)?;
    if delivery::hold_in(tx).await?.0.is_some() {
        return Err(EmergencyError::Held);
    }
    link::is_ours(tx, now, terms).await?;
    if let Audience::Areas(places) = &issue.audience {
        places.stand(&area::directory_in(tx).await?)?;
    }
    match drifted(tx, terms, issue).await? {
        None => Ok(()),
        Some((_, 0)) => Err(EmergencyError::Nobody),
        Some((agreed, now)) => Err(EmergencyError::Drifted { agreed, now }),
    }
}

/// How many people it was handed in for, and how many there are, where that is no longer about the same.
async fn drifted(
    tx: &Tx,
    terms: Terms<'_>,
    issue: &Issue,
) -> Result<Option<(u64, u64)>, EmergencyError> {
    let now = people(tx, &issue.audience).await?;
    let drift = now.abs_diff(issue.people);
    let bound = u64::from(terms.rules()?.drift_percent);
    let stands = now > 0 && drift.saturating_mul(100) <= issue.people.saturating_mul(bound);
    Ok((!stands).then_some((issue.people, now)))
}

/// Why an agreement falls, if it does: for what [`void`] finds, or because many more or fewer people are there.
pub(super) async fn fallen(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    emergency: &Emergency,
    granted: &Roster,
) -> Result<Option<Void>, EmergencyError> {
    if let Some(void) = void(tx, now, terms, emergency, granted).await? {
        return Ok(Some(void));
    }
    let issue = emergency.issue.as_ref().ok_or(EmergencyError::Changed)?;
    let drifted = drifted(tx, terms, issue).await?;
    Ok(drifted.map(|(agreed, now)| Void::Audience { agreed, now }))
}

/// What makes void whatever was agreed to, if anything does. `granted` is who held what when it was handed in.
pub(super) async fn void(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    emergency: &Emergency,
    granted: &Roster,
) -> Result<Option<Void>, EmergencyError> {
    let issue = emergency.issue.as_ref().ok_or(EmergencyError::Changed)?;
    let template = terms.library.find(&issue.template);
    if template.is_none_or(|template| template.version != issue.template_version) {
        return Ok(Some(Void::Template));
    }
    if issue.channel != channel(terms) {
        return Ok(Some(Void::Channel));
    }
    let (_, restored) = delivery::hold_in(tx).await?;
    if restored.is_some_and(|at| issue.not_before <= at) {
        return Ok(Some(Void::Restored));
    }
    let head = &emergency.head;
    if let Some(submitted) = head.submitted {
        let sides: &[Side] = match head.corrects {
            Some(_) => &Side::BOTH,
            None => &[Side::Sends],
        };
        if !stands_by(tx, now, terms, (head, granted), submitted, sides).await? {
            return Ok(Some(Void::Submitter));
        }
    }
    let Some((agreed, passkey)) = head.concurred.zip(head.concurred_with) else {
        return Ok(None);
    };
    let stands = stands_by(tx, now, terms, (head, granted), agreed, &[Side::Concurs]).await?
        && account::still_counts(tx, now, agreed.by, passkey).await?;
    Ok((!stands).then_some(Void::Person))
}

/// Whether who spoke for one of `sides` still does, and nobody has stopped them since, not even for a moment: what was
/// taken and given back is another right, or in another's hands.
async fn stands_by(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    (head, granted): (&Head, &Roster),
    did: Did,
    sides: &[Side],
) -> Result<bool, EmergencyError> {
    let rules = terms.rules()?;
    let speaks = |side: &Side| {
        let house = House::Section(head.section);
        let entitled =
            approval::deciders(granted, date_in_japan(now), decider(rules, *side), house);
        entitled.contains_key(&did.by)
    };
    Ok(sides.iter().any(speaks) && !account::was_stopped(tx, did.by, did.at).await?)
}

/// How many people an audience has.
pub(super) async fn people(tx: &Tx, audience: &Audience) -> Result<u64, EmergencyError> {
    if let Some(selection) = selection(audience) {
        return Ok(segment::count_in(tx, &selection).await?);
    }
    let reached = reached(tx, audience).await?;
    Ok(u64::try_from(reached.len()).unwrap_or(u64::MAX))
}

/// Whom it selects, unless it is for those that another one reached.
pub(super) fn selection(audience: &Audience) -> Option<Selection> {
    match audience {
        Audience::WholeTown => Some(Selection::everyone()),
        Audience::Areas(places) => Some(Selection::everyone().living_in(&places.ids())),
        Audience::SameAs { .. } => None,
    }
}

/// Whom the emergency that it corrects reached, or may have, in ascending order.
pub(super) async fn reached(tx: &Tx, audience: &Audience) -> Result<Vec<i64>, EmergencyError> {
    let Audience::SameAs { emergency, .. } = audience else {
        return Ok(Vec::new());
    };
    let dispatch = dispatch_of(tx, *emergency).await?;
    if delivery::is_forgotten(tx, dispatch).await? {
        return Err(EmergencyError::Forgotten);
    }
    Ok(delivery::reached_in(tx, dispatch).await?)
}

async fn dispatch_of(tx: &Tx, id: crate::ids::EmergencyId) -> Result<DispatchId, EmergencyError> {
    let emergency = super::taking::read(tx, id).await?;
    emergency.head.dispatch.ok_or(EmergencyError::NotSent)
}
