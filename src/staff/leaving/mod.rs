//! The personnel change (人事異動): a person's last day, and everything that ends with it, in one act of
//! one person; and the secrets they could have known, which others change afterwards.

mod model;
mod store;

pub use model::{Leaving, Secret, SecretsTask};

use serde_json::json;

use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{PersonId, SecretsTaskId};
use crate::staff::people::{self, End, PeopleError, Roster};
use crate::staff::{account, contact, countersign, own_line};

/// What would end and have to be changed if `person` left, for a page that asks before it is done.
///
/// # Errors
/// There is no such person.
pub async fn preview(db: &Db, now: Instant, person: PersonId) -> Result<Leaving, PeopleError> {
    let roster = people::roster(db).await?;
    let mut leaving = leaving(&roster, now, person)?;
    let limits = account::Limits::default();
    leaving.sessions = account::sessions_of(db, now, limits, person).await?;
    leaving.passkeys = account::passkeys_of(db, person).await?;
    let waiting = countersign::waiting(db, now).await?.into_iter();
    let (asked, others): (Vec<_>, Vec<_>) = waiting.partition(|asked| asked.asked_by == person);
    leaving.asked = asked;
    leaving.awaited = others;
    leaving
        .awaited
        .retain(|asked| asked.ask.about() == Some(person));
    Ok(leaving)
}

/// Ends everything `person` holds, at once or with their last day, takes back what they asked for, and
/// opens a task for every secret they could have known. At once also means: their sessions end, their
/// passkeys and password are no more; after a later last day, nothing of it lets them in. They cannot be given anything beyond that day.
///
/// # Errors
/// There is no such person, or they leave earlier already.
pub async fn leave(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    person: PersonId,
    end: End,
) -> Result<Vec<SecretsTaskId>, PeopleError> {
    audit::take_turn(tx).await?;
    let roster = people::roster_in(tx).await?;
    let leaving = leaving(&roster, now, person)?;
    let last = end.last_day(now);
    // At once: already yesterday was the last day.
    let day = last.or_else(|| date_in_japan(now).pred_opt());
    let day = day.unwrap_or_else(|| date_in_japan(now));
    let known = roster.persons.get(&person).and_then(|p| p.ends_on);
    if known.is_some_and(|known| known < day) {
        return Err(PeopleError::Longer);
    }
    countersign::withdraw_all(tx, now, by, person).await?;
    for held in &leaving.holdings {
        if last.is_none() || held.term.to.is_none_or(|to| day < to) {
            people::end_holding(tx, now, by, held.id, end).await?;
        }
    }
    for deputy in &leaving.deputies {
        if last.is_none() || deputy.term.to.is_none_or(|to| day < to) {
            people::end_deputy(tx, now, by, deputy.id, end).await?;
        }
    }
    people::set_last_day(tx, person, day).await?;
    own_line::unlink(tx, now, by, person).await?;
    if last.is_none() {
        account::reset(tx, now, person).await?;
        contact::forget(tx, person).await?;
    }
    let mut tasks = Vec::new();
    for secret in &leaving.secrets {
        let id = SecretsTaskId::new(now);
        store::open(tx.conn(), id, *secret, person, now).await?;
        tasks.push(id);
    }
    let detail = json!({ "last_day": day, "at_once": last.is_none(), "secrets": leaving.secrets });
    let entry = Entry::of(by.clone(), "staff.person_left", ("person", person)).with(detail);
    audit::record(tx, now, entry).await?;
    Ok(tasks)
}

/// Secrets that still wait to be changed, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn open_tasks(db: &Db) -> Result<Vec<SecretsTask>, DbError> {
    store::open_tasks(db.conn()).await
}

/// The latest `most` that were changed, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn done_tasks(db: &Db, most: u64) -> Result<Vec<SecretsTask>, DbError> {
    store::done_tasks(db.conn(), most).await
}

/// Says that the secret has been changed.
///
/// # Errors
/// There is no such open task, or it is about who says so.
pub async fn finish_task(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: SecretsTaskId,
) -> Result<(), PeopleError> {
    let person = match by {
        Actor::Person(person, _) => Some(*person),
        Actor::System | Actor::Operator => None,
    };
    if !store::finish(tx.conn(), id, person, now).await? {
        return Err(PeopleError::Missing("open task"));
    }
    let entry = Entry::of(by.clone(), "staff.secret_changed", ("secrets_task", id));
    Ok(audit::record(tx, now, entry).await?)
}

fn leaving(roster: &Roster, now: Instant, person: PersonId) -> Result<Leaving, PeopleError> {
    if !roster.persons.contains_key(&person) {
        return Err(PeopleError::Missing("person"));
    }
    Ok(Leaving::of(roster, person, date_in_japan(now)))
}
