//! Whether LINE is what the policy says, and has room for an emergency: asked before anybody is woken for what could
//! not go out. What LINE said long ago warns, and refuses nothing: while LINE is silent, chiefs may try.

use super::model::Emergency;
use super::standing::{channel, people};
use super::{EmergencyError, Terms};
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::delivery::link::{self, Said};
use crate::policy::Drift;

/// Something to know before it is handed in or sent. It forbids nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caution {
    /// LINE does not answer, or nobody has asked it; since then, if it ever did.
    Silent(Option<Instant>),
    /// When it last answered, it was another account.
    OtherAccount(String),
    /// So many messages are left this month, for more people; or only those that are kept for emergencies.
    FewLeft {
        /// Left, those kept for emergencies among them.
        left: u64,
        /// Whom it is for.
        people: u64,
    },
}

/// What should be known of LINE before `of` is handed in or sent.
///
/// # Errors
/// The database does not answer.
pub async fn cautions(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    of: &Emergency,
) -> Result<Vec<Caution>, EmergencyError> {
    // Before the first test nothing is known, and nothing is wrong.
    let Some(link) = link::last(db).await? else {
        return Ok(Vec::new());
    };
    let mut cautions = Vec::new();
    if link.fault.is_some() || link.fresh(now).is_none() {
        cautions.push(Caution::Silent(link.said.as_ref().map(|said| said.at)));
    }
    if let Some(said) = &link.said {
        cautions.extend(other(terms, said).map(Caution::OtherAccount));
        if let Some((left, by_day)) = said.left().zip(said.left_by_day()) {
            let people = match &of.issue {
                Some(issue) => issue.people,
                None => people(&db.begin().await?, &of.written.audience).await?,
            };
            if by_day < people {
                cautions.push(Caution::FewLeft { left, people });
            }
        }
    }
    Ok(cautions)
}

/// That LINE, by what it said lately, is the account of the policy.
pub(super) async fn is_ours(tx: &Tx, now: Instant, terms: Terms<'_>) -> Result<(), EmergencyError> {
    let link = link::last_in(tx).await?;
    let said = link.as_ref().and_then(|link| link.fresh(now));
    match said.and_then(|said| other(terms, said)) {
        None => Ok(()),
        Some(found) => Err(EmergencyError::OtherAccount {
            expected: channel(terms).to_owned(),
            found,
        }),
    }
}

/// That the month's messages, by what LINE said lately, suffice for so many people.
pub(super) async fn has_room(tx: &Tx, now: Instant, people: u64) -> Result<(), EmergencyError> {
    let link = link::last_in(tx).await?;
    let left = link.as_ref().and_then(|link| link.fresh(now)?.left());
    match left.filter(|left| *left < people) {
        None => Ok(()),
        Some(left) => Err(EmergencyError::Quota { left, people }),
    }
}

/// Which account LINE has, if it is another one. One that goes by the same ID under another name is the same.
fn other(terms: Terms<'_>, said: &Said) -> Option<String> {
    let operator = &terms.profile.operator;
    let ids: Vec<&str> = said.ids.iter().map(String::as_str).collect();
    let by_id = operator.account_id.is_some();
    let drifts = operator.drift(&said.name, &ids).into_iter();
    let mut found = drifts.filter_map(|drift| match drift {
        Drift::Id(id) => Some(id),
        Drift::Name(name) => (!by_id).then_some(name),
    });
    found.next()
}
