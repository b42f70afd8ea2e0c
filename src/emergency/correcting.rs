//! Corrections (訂正, T17): emergencies of their own, to exactly those that the mistake reached.

use super::drafting::{begin, fits};
use super::model::{Audience, Emergency, Written};
use super::moves::Act;
use super::store::With;
use super::taking::{Said, take};
use super::template::{Filled, Template};
use super::{EmergencyError, Terms};
use crate::clock::Instant;
use crate::db::Tx;
use crate::delivery;
use crate::ids::EmergencyId;
use crate::staff::people::Signed;

/// With what the codes of prepared corrections begin: only time, subject and the right words are filled in.
const PREPARED: &str = "FIX-";

/// Whether a template is a prepared correction.
pub fn is_prepared(template: &Template) -> bool {
    template.code.starts_with(PREPARED)
}

/// Whether an emergency is a correction written from one.
pub(super) fn is_prepared_in(terms: Terms<'_>, of: &Emergency) -> bool {
    let allowed = terms
        .profile
        .emergency
        .as_ref()
        .is_some_and(|rules| rules.canned_correction);
    let template = terms.library.find(&of.head.template);
    allowed && of.head.corrects.is_some() && template.is_some_and(is_prepared)
}

/// Begins a correction of `wrong`, written from the template `code`.
///
/// # Errors
/// They neither write for its section nor speak for a side; it did not go out, or is still on its way; or whom
/// it reached is forgotten.
pub async fn correct(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    wrong: EmergencyId,
    code: &str,
    filled: &Filled,
) -> Result<EmergencyId, EmergencyError> {
    let taken = take(tx, now, terms, by, wrong, Act::Correct).await?;
    let dispatch = taken.head().dispatch.ok_or(EmergencyError::NotSent)?;
    if delivery::is_forgotten(tx, dispatch).await? {
        return Err(EmergencyError::Forgotten);
    }
    let issue = taken.emergency.issue.as_ref();
    let issue = issue.ok_or(EmergencyError::NotSent)?;
    let audience = match issue.audience.clone() {
        Audience::WholeTown => Audience::WholeTown,
        Audience::Areas(places) | Audience::SameAs { places, .. } => Audience::SameAs {
            emergency: wrong,
            places,
        },
    };
    let written = Written {
        template: code.to_owned(),
        filled: filled.clone(),
        audience,
        // What takes an order back takes back its record and its menu, too.
        besides: issue.besides,
    };
    fits(tx, terms, &written, Some(&written.audience)).await?;
    taken.make(tx, now, With::Nothing, Said::default()).await?;
    let whose = (taken.head().section, Some(wrong));
    begin(tx, now, by, whose, &written).await
}
