//! Test sends (試し送り): a draft on the phones of staff who linked their own LINE, marked as a test, before
//! anybody is asked to agree to it. Each is on record, and there are only so many a day.

mod store;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde_json::json;

use super::deciding::{Terms, whole, whole_of};
use super::messages::Setting;
use super::moves::State;
use super::{Broadcast, BroadcastError, house, note, read_at, theirs};
use crate::approval::House;
use crate::audit;
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery::{self, Lane, NewDispatch, Progress};
use crate::ids::{BroadcastId, MediaId, PersonId, ResidentId, TestSendId};
use crate::line::client::Notification;
use crate::line::message::Messages;
use crate::staff::account::Token;
use crate::staff::own_line;
use crate::staff::people::{self, Roster, Signed};

/// Most test sends of a broadcast on one day.
pub const MOST_A_DAY: u64 = 20;
/// Most people who receive one.
pub const MOST_PEOPLE: usize = 20;
/// How long LINE and the phones may fetch its pictures.
pub const PICTURES_FOR: TimeDelta = TimeDelta::hours(24);
/// How long it is of use: somebody sits waiting for it.
const OF_USE: TimeDelta = TimeDelta::minutes(10);
/// The name under which they open dispatches.
const SOURCE: &str = "test_send";

/// A test send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSend {
    /// Its id.
    pub id: TestSendId,
    /// Of which revision.
    pub revision: i32,
    /// Who sent it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// To how many.
    pub people: u32,
}

/// Sends what the draft's `revision` says to the own LINE of `to`, with [`super::phrases::TEST_SEND`] above
/// its first words. Its pictures, to which nobody has agreed yet, can be fetched for [`PICTURES_FOR`] under an
/// address that nobody guesses. From the commit on it is on its way.
///
/// # Errors
/// It is not theirs, no draft any more, or nothing that LINE would take; somebody in `to` is not among
/// [`readers`]; or it was sent [`MOST_A_DAY`] times today.
pub async fn send(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    terms: Terms<'_>,
    (id, revision): (BroadcastId, i32),
    to: &[PersonId],
) -> Result<TestSendId, BroadcastError> {
    audit::take_turn(tx).await?;
    let draft = read_at(tx, id, revision).await?;
    theirs(by, &draft)?;
    if draft.head.state != State::Draft {
        return Err(BroadcastError::NoDraft(draft.head.state));
    }
    let today = date_in_japan(now);
    let midnight = instant_in_japan(today.and_time(NaiveTime::MIN));
    if store::count_since(tx.conn(), id, midnight).await? >= MOST_A_DAY {
        return Err(BroadcastError::TestedOften);
    }
    let roster = people::roster_in(tx).await?;
    let linked = own_line::linked_in(tx).await?;
    let chats = chats(&roster, today, by, draft.head.house, &linked, to)?;

    let token = Token::generate().map_err(|error| DbError::Custom(error.to_string()))?;
    let whole = whole(tx, draft).await?;
    let setting = Setting {
        test: Some(token.reveal()),
        ..whole.setting(terms)
    };
    let manuscript = &whole.broadcast.manuscript;
    let sent = TestSend {
        id: TestSendId::new(now),
        revision,
        by: by.person(),
        at: now,
        people: u32::try_from(chats.len()).unwrap_or(u32::MAX),
    };
    let new = NewDispatch {
        source: SOURCE,
        source_id: sent.id.to_string(),
        lane: Lane::Interactive,
        messages: manuscript.messages(setting)?,
        notification: Notification::sounding(terms.profile.sounds_at(&manuscript.category, now)),
        unit: None,
        valid_until: now + OF_USE,
        subscription: None,
    };
    delivery::open_for(tx, now, new, &chats).await?;
    store::add(tx.conn(), id, &sent, &token.digest()).await?;
    let detail = json!({ "revision": revision, "readers": to });
    note(tx, now, by.actor(), "broadcast.test_sent", id, detail).await?;
    Ok(sent.id)
}

/// Who can receive a test send of what is `house`'s: whoever sends it, and their colleagues who write for that
/// house today, if they linked their own LINE.
///
/// # Errors
/// The database does not answer.
pub async fn readers(
    db: &Db,
    now: Instant,
    by: &Signed,
    house: House,
) -> Result<Vec<PersonId>, DbError> {
    let roster = people::roster(db).await?;
    let linked = own_line::linked(db).await?;
    let linked = linked.into_iter().map(|(person, _)| person);
    let today = date_in_japan(now);
    Ok(linked
        .filter(|person| reads(&roster, today, by, house, *person))
        .collect())
}

/// What a test send of `broadcast` would show; `None` while there is something that LINE would not take.
///
/// # Errors
/// The database does not answer.
pub async fn messages(
    db: &Db,
    terms: Terms<'_>,
    broadcast: &Broadcast,
) -> Result<Option<Messages>, DbError> {
    let whole = whole_of(db, broadcast.clone()).await?;
    let setting = Setting {
        test: Some(""),
        ..whole.setting(terms)
    };
    Ok(whole.broadcast.manuscript.messages(setting).ok())
}

/// The `most` newest test sends of a broadcast, with how each fared, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn newest(
    db: &Db,
    now: Instant,
    id: BroadcastId,
    most: u64,
) -> Result<Vec<(TestSend, Option<Progress>)>, DbError> {
    let mut found = Vec::new();
    for sent in store::newest(db.conn(), id, most).await? {
        let progress = match delivery::find(db, SOURCE, &sent.id.to_string()).await? {
            Some(dispatch) => delivery::progress(db, now, dispatch).await?,
            None => None,
        };
        found.push((sent, progress));
    }
    Ok(found)
}

/// Whether `token` lets a picture be fetched: that of a test send not older than [`PICTURES_FOR`] which shows it.
///
/// # Errors
/// The database does not answer.
pub async fn shows(db: &Db, now: Instant, media: MediaId, token: &Token) -> Result<bool, DbError> {
    let since = now - PICTURES_FOR;
    let said = store::manuscript(db.conn(), &token.digest(), since).await?;
    Ok(said.is_some_and(|said| said.pictures().contains(&media)))
}

/// The chats of `to`, in ascending order.
fn chats(
    roster: &Roster,
    today: NaiveDate,
    by: &Signed,
    house: House,
    linked: &[(PersonId, ResidentId)],
    to: &[PersonId],
) -> Result<Vec<i64>, BroadcastError> {
    let mut chats = Vec::new();
    for person in to {
        let chat = linked.iter().find(|(known, _)| known == person);
        let chat = chat.filter(|_| reads(roster, today, by, house, *person));
        chats.push(chat.ok_or(BroadcastError::NoReader)?.1.0);
    }
    chats.sort_unstable();
    chats.dedup();
    match (1..=MOST_PEOPLE).contains(&chats.len()) {
        true => Ok(chats),
        false => Err(BroadcastError::NoReader),
    }
}

fn reads(roster: &Roster, today: NaiveDate, by: &Signed, of: House, person: PersonId) -> bool {
    let writes = |signed: &Signed| house::houses(signed).iter().any(|(own, _)| *own == of);
    let signed = roster.signed(person, today);
    person == by.person() || signed.is_some_and(|signed| writes(&signed))
}
