//! Waking people (呼出): a *calling* is for one matter and consists of *calls*, each to one person over one
//! channel at its time. The first who answers ends it.
//!
//! ```ignore
//! let id = calling::begin(&tx, now, New { kind, matter, side, until, calls }).await?;   // with the decision
//! calling::step(&db, &clock, &senders).await?;                                            // each second
//! calling::answer_link(&tx, now, token).await?;                                           // 受けました
//! calling::end(&tx, now, matter, Some(Side::Concurs), Ended::Over).await?;               // settled otherwise
//! ```
//!
//! Calls are kept with the calling, in the transaction of the decision that needs them, so that neither exists
//! without the other. [`step`] lends those that are due, makes them outside any transaction, and records what
//! became of them; what was lent and not recorded is made again, under the same id, by which gateways know it.
//! The words of a call carry no content, and no name: what it is about stands behind a passkey.

mod changed;
mod making;
mod model;
mod phrases;
mod sending;
mod store;
mod token;

pub use changed::{Way, changed};
pub use making::step;
pub use model::{
    Answer, Call, Calling, Cause, End, Ended, Failure, Kind, New, Opened, Planned, Side, Spared,
    Standing,
};
pub use sending::{Gateway, InvalidChannel, Mail, NotTaken, Push, Senders};

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;
use thiserror::Error;
use uuid::Uuid;

use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::{CallId, CallingId, PersonId};
use crate::mode::Mode;
use crate::policy::Channel;
use token::Token;

/// How long a test can be answered.
const TEST: TimeDelta = TimeDelta::hours(24);
/// Nobody tests their telephone more often.
const BETWEEN_TESTS: TimeDelta = TimeDelta::minutes(1);

/// Why nobody answered.
#[derive(Debug, Error)]
pub enum NotAnswered {
    /// It is no call's link, or no calling's id.
    #[error("there is no such calling")]
    Unknown,
    /// It has ended: somebody answered before, or it was settled.
    #[error("the calling has ended")]
    Over(Box<Calling>),
    /// They are not among those who are called.
    #[error("this person is not called")]
    NotCalled,
    /// The database.
    #[error("the answer could not be kept: {0}")]
    Db(#[from] DbError),
}

/// Why no test was begun.
#[derive(Debug, Error)]
pub enum NotTested {
    /// One was, a moment ago.
    #[error("a test was begun less than a minute ago: wait for it")]
    TooSoon,
    /// The database.
    #[error("the test could not be begun: {0}")]
    Db(#[from] DbError),
}

/// Begins a calling. One that runs already for the same matter and side is over.
///
/// # Errors
/// The database does not answer.
pub async fn begin(tx: &Tx, now: Instant, new: New) -> Result<CallingId, DbError> {
    audit::take_turn(tx).await?;
    if new.kind != Kind::Notice {
        let same = |calling: &Calling| calling.kind == new.kind && calling.side == new.side;
        end_those(tx, now, new.matter, same, Ended::Over).await?;
    }
    let id = CallingId::new(now);
    let drill = new.kind == Kind::Drill || tx.mode().await? == Mode::Drill;
    let number = match new.kind {
        Kind::Emergency | Kind::Notice => store::number_of(tx.conn(), new.matter).await?,
        Kind::Drill | Kind::Test => None,
    };
    let number = match number {
        Some(number) => number,
        None => store::next_number(tx.conn()).await?,
    };
    store::add(tx.conn(), now, id, &new, number, drill).await?;
    let people: std::collections::BTreeSet<PersonId> = new.calls.iter().map(|c| c.person).collect();
    let detail = json!({
        "kind": new.kind.code(), "cause": new.cause.map(Cause::code), "matter": new.matter, "number": number, "side": new.side.map(Side::code),
        "drill": drill, "people": people, "calls": new.calls.len(),
    });
    note(tx, now, Actor::System, "calling.begun", id, detail).await?;
    Ok(id)
}

/// Ends whatever runs for a matter, for one side or for both; says how many. Notices go on: they tell of it.
///
/// # Errors
/// The database does not answer.
pub async fn end(
    tx: &Tx,
    now: Instant,
    matter: Uuid,
    side: Option<Side>,
    how: Ended,
) -> Result<usize, DbError> {
    audit::take_turn(tx).await?;
    let of_side = |calling: &Calling| {
        calling.kind != Kind::Notice && (side.is_none() || calling.side == side)
    };
    end_those(tx, now, matter, of_side, how).await
}

/// Ends whatever a side is called to for this cause, whichever the matter; says how many.
///
/// # Errors
/// The database does not answer.
pub async fn end_for(tx: &Tx, now: Instant, cause: Cause, how: Ended) -> Result<usize, DbError> {
    audit::take_turn(tx).await?;
    let running = store::running_for(tx.conn(), cause).await?;
    for id in &running {
        finish(tx, now, *id, how).await?;
    }
    Ok(running.len())
}

/// Answers by the link of a call (応答): from the commit on, nothing more of its calling is begun.
///
/// # Errors
/// It is no link, or the calling has ended.
pub async fn answer_link(tx: &Tx, now: Instant, token: &str) -> Result<Calling, NotAnswered> {
    audit::take_turn(tx).await?;
    let digest = Token::given(token).digest();
    let opened = store::opened(tx.conn(), &digest).await?;
    let opened = opened.ok_or(NotAnswered::Unknown)?;
    answered(tx, now, opened.calling, opened.person, Answer::Link).await
}

/// Answers on a page, signed in.
///
/// # Errors
/// There is no such calling, it has ended, or it does not call them.
pub async fn answer(
    tx: &Tx,
    now: Instant,
    id: CallingId,
    person: PersonId,
) -> Result<Calling, NotAnswered> {
    audit::take_turn(tx).await?;
    let calling = store::find(tx.conn(), id).await?;
    let calling = calling.ok_or(NotAnswered::Unknown)?;
    if !calling.calls.iter().any(|call| call.person == person) {
        return Err(NotAnswered::NotCalled);
    }
    answered(tx, now, calling, person, Answer::Page).await
}

/// Keeps that `by` telephoned `person` by hand, and whether they were reached: then they have answered. It can be
/// kept of a calling that has ended, too.
///
/// # Errors
/// There is no such calling, or the database does not answer.
pub async fn telephoned(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    id: CallingId,
    person: PersonId,
    reached: bool,
) -> Result<(), NotAnswered> {
    audit::take_turn(tx).await?;
    let calling = store::find(tx.conn(), id).await?;
    let calling = calling.ok_or(NotAnswered::Unknown)?;
    store::telephoned(tx.conn(), now, CallId::new(now), id, (by, person), reached).await?;
    let detail = json!({ "person": person, "reached": reached });
    let actor = Actor::Person(by, None);
    note(tx, now, actor, "calling.telephoned", id, detail).await?;
    if reached && calling.ended.is_none() {
        answered(tx, now, calling, person, Answer::Telephone).await?;
    }
    Ok(())
}

/// Tests every way of reaching `person`, all at once; `loudly` also by voice.
///
/// # Errors
/// One was begun a moment ago, or the database does not answer.
pub async fn test(
    tx: &Tx,
    now: Instant,
    person: PersonId,
    loudly: bool,
) -> Result<CallingId, NotTested> {
    audit::take_turn(tx).await?;
    let before = store::of_matter(tx.conn(), person.0).await?;
    let just_now =
        |calling: &Calling| calling.kind == Kind::Test && now - calling.begun_at < BETWEEN_TESTS;
    if before.iter().any(just_now) {
        return Err(NotTested::TooSoon);
    }
    let channels = Channel::ALL.into_iter();
    let channels = channels.filter(|channel| loudly || *channel != Channel::Voice);
    let calls = channels.map(|channel| Planned::at_once(person, channel));
    let new = New {
        kind: Kind::Test,
        cause: None,
        matter: person.0,
        side: None,
        until: now + TEST,
        calls: calls.collect(),
    };
    Ok(begin(tx, now, new).await?)
}

/// What a link leads to, also after its calling has ended.
///
/// # Errors
/// The database does not answer.
pub async fn opened(db: &Db, token: &str) -> Result<Option<Opened>, DbError> {
    store::opened(db.conn(), &Token::given(token).digest()).await
}

/// A calling.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: CallingId) -> Result<Option<Calling>, DbError> {
    store::find(db.conn(), id).await
}

/// All callings about a matter, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn history(db: &Db, matter: Uuid) -> Result<Vec<Calling>, DbError> {
    store::of_matter(db.conn(), matter).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn history_in(tx: &Tx, matter: Uuid) -> Result<Vec<Calling>, DbError> {
    store::of_matter(tx.conn(), matter).await
}

/// All drills begun since, the newest first: [`Calling::took`] says how long each took.
///
/// # Errors
/// The database does not answer.
pub async fn drills(db: &Db, since: Instant) -> Result<Vec<Calling>, DbError> {
    let mut drills = store::of_kind(db.conn(), Kind::Drill, since).await?;
    drills.reverse();
    Ok(drills)
}

/// Everybody's newest test begun since.
///
/// # Errors
/// The database does not answer.
pub async fn tests(db: &Db, since: Instant) -> Result<BTreeMap<PersonId, Calling>, DbError> {
    let tests = store::of_kind(db.conn(), Kind::Test, since).await?;
    let tests = tests.into_iter();
    // The later one stays.
    Ok(tests.map(|test| (PersonId(test.matter), test)).collect())
}

/// By which key push services know this installation: what browsers are given to subscribe with
/// (`applicationServerKey`, RFC 8292), as unpadded base64url. Made at first use.
///
/// # Errors
/// The database does not answer, or the system has no randomness.
pub async fn push_key(db: &Db, now: Instant) -> Result<String, DbError> {
    Ok(sending::vapid::key(db, now).await?.public())
}

async fn end_those(
    tx: &Tx,
    now: Instant,
    matter: Uuid,
    those: impl Fn(&Calling) -> bool,
    how: Ended,
) -> Result<usize, DbError> {
    let callings = store::of_matter(tx.conn(), matter).await?;
    let running = callings.iter().filter(|c| c.ended.is_none() && those(c));
    let mut ended = 0;
    for calling in running {
        finish(tx, now, calling.id, how).await?;
        ended += 1;
    }
    Ok(ended)
}

async fn answered(
    tx: &Tx,
    now: Instant,
    calling: Calling,
    person: PersonId,
    how: Answer,
) -> Result<Calling, NotAnswered> {
    // Nobody answers a notice; opening it is all there is to it.
    if calling.ended.is_some() || calling.until <= now || calling.kind == Kind::Notice {
        return Err(NotAnswered::Over(Box::new(calling)));
    }
    finish(tx, now, calling.id, Ended::Answered(person, how)).await?;
    let found = store::find(tx.conn(), calling.id).await?;
    found.ok_or(NotAnswered::Unknown)
}

/// Ends one that runs. What is not being made already is spared.
async fn finish(tx: &Tx, now: Instant, id: CallingId, how: Ended) -> Result<(), DbError> {
    store::spare(tx.conn(), id).await?;
    store::end(tx.conn(), now, id, how).await?;
    let (actor, act, detail) = match how {
        Ended::Answered(person, answer) => {
            let detail = json!({ "how": answer.code() });
            (Actor::Person(person, None), "calling.answered", detail)
        }
        Ended::Over | Ended::Unanswered => {
            (Actor::System, "calling.ended", json!({ "how": how.code() }))
        }
    };
    note(tx, now, actor, act, id, detail).await
}

async fn note(
    tx: &Tx,
    now: Instant,
    actor: Actor,
    act: &'static str,
    id: CallingId,
    detail: serde_json::Value,
) -> Result<(), DbError> {
    let entry = Entry::of(actor, act, ("calling", id)).with(detail);
    audit::record(tx, now, entry).await
}
