//! Acts that need two (二人操作): one asks and says why, another agrees, and the server does exactly what
//! was asked, in the transaction of the agreement. What was asked is frozen; an hour later it has expired.
//!
//! Both must be entitled at that moment, and have been when it was asked: a right given in between does
//! not count. The two are different people, here and by a CHECK of the database.

mod deed;
mod model;
mod store;

pub use model::{Ask, Countersign, Outcome, TTL};

use serde_json::json;
use thiserror::Error;

use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{CountersignId, PersonId};
use crate::staff::account::{AccountError, Token};
use crate::staff::people::{self, PeopleError, Signed};

/// Why an act of two did not go on.
#[derive(Debug, Error)]
pub enum CountersignError {
    /// They may not ask for this, or not agree to it, or could not yet when it was asked.
    #[error("this person has not the right for it, or had it not yet when it was asked")]
    NotEntitled,
    /// Nobody agrees to what they asked for themselves.
    #[error("the person who asked cannot be the one who decides")]
    SamePerson,
    /// Only who asked takes it back.
    #[error("only the person who asked can take it back")]
    NotTheirs,
    /// There is none with this id.
    #[error("there is no such request")]
    Missing,
    /// Somebody was quicker, or the hour is over.
    #[error("it is decided already: {0}")]
    Decided(Outcome),
    /// No reason was given.
    #[error("say why, in 1 to 500 characters")]
    NoReason,
    /// They have come in already: an invitation would add to what they have.
    #[error("this person has means to sign in already: ask for a reset instead")]
    InAlready,
    /// The passkey was removed, or settled by itself.
    #[error("this passkey was removed, or counts in emergencies already")]
    NoSuchPasskey,
    /// The person cannot be invited.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// It cannot be done as things stand.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The database.
    #[error("the request could not be read or written")]
    Db(#[from] DbError),
}

/// Asks for `ask`, and says why. Somebody else may agree within [`TTL`].
///
/// # Errors
/// `by` may not ask for it, gives no reason, or it could not be done even now.
pub async fn ask(
    db: &Db,
    now: Instant,
    by: PersonId,
    ask: Ask,
    reason: &str,
) -> Result<CountersignId, CountersignError> {
    let reason = said(reason)?;
    let tx = db.begin().await?;
    audit::take_turn(&tx).await?;
    let roster = people::roster_in(&tx).await?;
    let asker = entitled(roster.signed(by, date_in_japan(now)))?;
    deed::check(&roster, &ask)?;
    let asked = Countersign::new(now, by, ask, reason);
    store::add(tx.conn(), &asked).await?;
    let detail = json!({ "ask": asked.ask, "digest": asked.digest });
    note(
        &tx,
        now,
        asker.actor(),
        "countersign.asked",
        asked.id,
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(asked.id)
}

/// Agrees, and does it: all of it or nothing. If it invites somebody, their link's token comes back, this
/// once.
///
/// # Errors
/// `by` asked for it, or has not the right, or had it not when it was asked; who asked has it no more; it
/// is decided or expired; or it cannot be done as things stand, and then it still waits.
pub async fn agree(
    db: &Db,
    now: Instant,
    by: PersonId,
    id: CountersignId,
) -> Result<Option<Token>, CountersignError> {
    decide(db, now, by, id, None).await
}

/// Declines, and says why.
///
/// # Errors
/// As [`agree`], or no reason is given.
pub async fn decline(
    db: &Db,
    now: Instant,
    by: PersonId,
    id: CountersignId,
    reason: &str,
) -> Result<(), CountersignError> {
    let reason = said(reason)?;
    decide(db, now, by, id, Some(reason)).await.map(drop)
}

/// Declines for a reason; agrees without one, and does it.
async fn decide(
    db: &Db,
    now: Instant,
    by: PersonId,
    id: CountersignId,
    declined: Option<&str>,
) -> Result<Option<Token>, CountersignError> {
    let tx = db.begin().await?;
    let (tx, asked) = waiting_one(tx, now, id).await?;
    let actor = decider(&tx, now, by, &asked).await?.actor();
    let (outcome, act) = match declined {
        Some(_) => (Outcome::Declined, "countersign.declined"),
        None => (Outcome::Agreed, "countersign.agreed"),
    };
    store::decide(tx.conn(), id, Some(by), outcome, declined, now).await?;
    let invited = match declined {
        Some(_) => None,
        None => deed::execute(&tx, now, &actor, &asked).await?,
    };
    let detail = json!({ "digest": asked.digest, "asked_by": asked.asked_by });
    note(&tx, now, actor, act, id, detail).await?;
    tx.commit().await?;
    Ok(invited)
}

/// Takes back what `by` asked for.
///
/// # Errors
/// Somebody else asked, or it is decided or expired.
pub async fn withdraw(
    db: &Db,
    now: Instant,
    by: PersonId,
    id: CountersignId,
) -> Result<(), CountersignError> {
    let tx = db.begin().await?;
    let (tx, asked) = waiting_one(tx, now, id).await?;
    if asked.asked_by != by {
        return Err(CountersignError::NotTheirs);
    }
    let actor = Actor::Person(by, None);
    take_back(&tx, now, &actor, &asked).await?;
    Ok(tx.commit().await?)
}

/// What waits for a second person at `now`, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn waiting(db: &Db, now: Instant) -> Result<Vec<Countersign>, DbError> {
    let open = store::open(db.conn()).await?;
    if open.iter().all(|asked| now < asked.expires_at) {
        return Ok(open);
    }
    let tx = db.begin().await?;
    let open = expire(&tx, now).await?;
    tx.commit().await?;
    Ok(open)
}

/// The latest `most` that wait no more, newest first, with what became of them.
///
/// # Errors
/// The database does not answer.
pub async fn decided(db: &Db, now: Instant, most: u64) -> Result<Vec<Countersign>, DbError> {
    waiting(db, now).await?;
    store::decided(db.conn(), most).await
}

/// A request, whatever became of it.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    db: &Db,
    now: Instant,
    id: CountersignId,
) -> Result<Option<Countersign>, DbError> {
    waiting(db, now).await?;
    store::find(db.conn(), id).await
}

/// Takes back everything `person` asked for.
pub(in crate::staff) async fn withdraw_all(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    person: PersonId,
) -> Result<(), DbError> {
    for asked in expire(tx, now).await? {
        if asked.asked_by == person {
            take_back(tx, now, by, &asked).await?;
        }
    }
    Ok(())
}

async fn take_back(tx: &Tx, now: Instant, by: &Actor, asked: &Countersign) -> Result<(), DbError> {
    store::decide(tx.conn(), asked.id, None, Outcome::Withdrawn, None, now).await?;
    let detail = json!({ "digest": asked.digest });
    let act = "countersign.withdrawn";
    note(tx, now, by.clone(), act, asked.id, detail).await
}

/// Lets go of what nobody decided within its hour; gives what still waits.
async fn expire(tx: &Tx, now: Instant) -> Result<Vec<Countersign>, DbError> {
    audit::take_turn(tx).await?;
    let (over, open): (Vec<_>, Vec<_>) = store::open(tx.conn())
        .await?
        .into_iter()
        .partition(|asked| asked.expires_at <= now);
    for asked in over {
        store::decide(tx.conn(), asked.id, None, Outcome::Expired, None, now).await?;
        let detail = json!({ "digest": asked.digest });
        note(
            tx,
            now,
            Actor::System,
            "countersign.expired",
            asked.id,
            detail,
        )
        .await?;
    }
    Ok(open)
}

/// The request, with nobody else deciding it until `tx` ends; if its hour is over, that is kept and told.
async fn waiting_one(
    tx: Tx,
    now: Instant,
    id: CountersignId,
) -> Result<(Tx, Countersign), CountersignError> {
    let open = expire(&tx, now).await?;
    if let Some(asked) = open.into_iter().find(|asked| asked.id == id) {
        return Ok((tx, asked));
    }
    let decided = store::find(tx.conn(), id).await?;
    tx.commit().await?;
    Err(match decided.and_then(|asked| asked.outcome) {
        Some(outcome) => CountersignError::Decided(outcome),
        None => CountersignError::Missing,
    })
}

/// Whoever decides, as entitled now and when it was asked; who asked must still be entitled, too.
async fn decider(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    asked: &Countersign,
) -> Result<Signed, CountersignError> {
    if asked.asked_by == by {
        return Err(CountersignError::SamePerson);
    }
    let today = date_in_japan(now);
    let roster = people::roster_in(tx).await?.as_granted_by(asked.asked_at);
    entitled(roster.signed(asked.asked_by, today))?;
    // Given before it was asked is not enough: it must have begun by then.
    entitled(roster.signed(by, date_in_japan(asked.asked_at)))?;
    entitled(roster.signed(by, today))
}

/// A reason, if it is one.
fn said(reason: &str) -> Result<&str, CountersignError> {
    let reason = reason.trim();
    match (1..=500).contains(&reason.chars().count()) {
        true => Ok(reason),
        false => Err(CountersignError::NoReason),
    }
}

fn entitled(signed: Option<Signed>) -> Result<Signed, CountersignError> {
    signed
        .filter(|signed| signed.may(Ask::RIGHT))
        .ok_or(CountersignError::NotEntitled)
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: Actor,
    act: &'static str,
    id: CountersignId,
    detail: serde_json::Value,
) -> Result<(), DbError> {
    let entry = Entry::of(by, act, ("countersign", id)).with(detail);
    audit::record(tx, now, entry).await
}
