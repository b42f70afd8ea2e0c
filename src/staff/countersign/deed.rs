//! What is done when two have agreed.

use super::{Ask, Countersign, CountersignError};
use crate::audit::Actor;
use crate::clock::Instant;
use crate::db::Tx;
use crate::staff::account::{self, InvitedTo, Token};
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
        Ask::Invite { person }
        | Ask::ResetCredentials { person }
        | Ask::AddPasskeyForChief { person }
        | Ask::SettlePasskey { person, .. } => {
            return match roster.persons.contains_key(person) {
                true => Ok(()),
                false => Err(PeopleError::Missing("person").into()),
            };
        }
        Ask::ExtendContract { organisation, to } => roster.may_extend(*organisation, *to),
        Ask::Reinstate { person } => roster.may_reinstate(*person),
        Ask::Entrust { section, subject } => roster.may_entrust(*section, *subject),
    };
    Ok(fit.map_err(PeopleError::from)?)
}

/// Does it, or says why it cannot be done any more. Whoever is invited by it needs the token that comes back.
pub(super) async fn execute(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    asked: &Countersign,
) -> Result<Option<Token>, CountersignError> {
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
        Ask::Invite { person } => {
            if account::has_means(tx, *person).await? {
                return Err(CountersignError::InAlready);
            }
            return Ok(Some(account::invite(tx, now, *person).await?));
        }
        Ask::AddPasskeyForChief { person } => {
            let link = account::invite_to(tx, now, *person, InvitedTo::AddPasskey);
            return Ok(Some(link.await?));
        }
        Ask::SettlePasskey {
            person, passkey, ..
        } => {
            if !account::settle_passkey(tx, now, *person, *passkey).await? {
                return Err(CountersignError::NoSuchPasskey);
            }
        }
        Ask::ResetCredentials { person } => {
            account::reset(tx, now, *person).await?;
            return Ok(Some(account::invite(tx, now, *person).await?));
        }
        Ask::ExtendContract { organisation, to } => {
            people::extend_contract(tx, now, by, (*organisation, *to), asked.id).await?;
        }
        Ask::Reinstate { person } => people::reinstate(tx, now, by, *person, asked.id).await?,
        Ask::Entrust { section, subject } => {
            people::entrust(tx, now, by, (*section, *subject), asked.id).await?;
        }
    }
    Ok(None)
}
