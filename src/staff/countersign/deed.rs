//! What is done when two have agreed.

use super::{Ask, Countersign, CountersignError};
use crate::audit::Actor;
use crate::clock::Instant;
use crate::db::Tx;
use crate::staff::people::{self, PeopleError, Roster};

/// Whether it could be done as things stand, so that nobody is asked in vain.
pub(super) fn check(roster: &Roster, ask: &Ask) -> Result<(), CountersignError> {
    let fit = match ask {
        Ask::GrantPost { post, person, term } => roster.may_hold(*post, *person, term),
        Ask::AddDeputy {
            post,
            person,
            term,
            rank,
            ..
        } => roster.may_deputise(*post, *person, *rank, term),
        Ask::ExtendContract { organisation, to } => roster.may_extend(*organisation, *to),
        Ask::Reinstate { person } => roster.may_reinstate(*person),
        Ask::Invite { .. }
        | Ask::ResetCredentials { .. }
        | Ask::AddPasskeyForChief { .. }
        | Ask::AdoptPolicy { .. } => return Err(CountersignError::Unable),
    };
    Ok(fit.map_err(PeopleError::from)?)
}

/// Does it, or says why it cannot be done any more.
pub(super) async fn execute(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    asked: &Countersign,
) -> Result<(), CountersignError> {
    match &asked.ask {
        Ask::GrantPost { post, person, term } => {
            let given = (*post, *person, *term);
            people::grant(tx, now, by, given, Some(asked.id)).await?;
        }
        Ask::AddDeputy {
            post,
            person,
            term,
            rank,
            scope,
        } => {
            let given = (*post, *person, *term);
            people::add_deputy(tx, now, by, given, (*rank, scope), asked.id).await?;
        }
        Ask::ExtendContract { organisation, to } => {
            people::extend_contract(tx, now, by, (*organisation, *to), asked.id).await?;
        }
        Ask::Reinstate { person } => people::reinstate(tx, now, by, *person, asked.id).await?,
        // These belong to accounts and to the policy, and are refused when they are asked for until
        // those rooms have a verb for them.
        Ask::Invite { .. }
        | Ask::ResetCredentials { .. }
        | Ask::AddPasskeyForChief { .. }
        | Ask::AdoptPolicy { .. } => return Err(CountersignError::Unable),
    }
    Ok(())
}
