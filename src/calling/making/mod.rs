//! Calls are made: lent in a short transaction, made outside any, and recorded in another.

mod store;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use crate::audit::{self, Actor};
use crate::calling::model::{Calling, Ended, Failure, Kind, Spared, Standing};
use crate::calling::sending::vapid;
use crate::calling::sending::{Notification, Push, Senders, Tried};
use crate::calling::token::Token;
use crate::calling::{finish, note, phrases, store as kept};
use crate::clock::{Clock, Instant};
use crate::db::{Db, DbError};
use crate::ids::PersonId;
use crate::policy::Channel;
use crate::staff::contact::{self, PushTarget, Ways};
use store::Lent;

/// For so long nobody else makes a call that was lent: longer than any call takes.
const LEASE: TimeDelta = TimeDelta::seconds(40);
/// Nobody waits longer for a call: three tries, each within the time limits of the senders.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(30);
/// What could not be made for so long is not made any more: nobody is woken for what is over.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// Calls lent at a time.
const AT_A_TIME: u64 = 64;
/// After how many seconds a call is tried again.
const AGAIN: [i64; 2] = [5, 20];

/// Makes the calls that are due, and ends callings whose time has passed; says how many calls were made or
/// failed. A call that fails, or whose channel is missing, is recorded, and if nobody of its rung can be reached the
/// next rung has its turn at once.
///
/// # Errors
/// The database does not answer. What was lent is then made again when half a minute has passed.
pub async fn step(db: &Db, clock: &Clock, senders: &Senders) -> Result<usize, DbError> {
    let mut ended = 0;
    while store::is_anything_due(db.conn(), clock.now()).await? {
        let lent = lend(db, clock.now()).await?;
        if lent.is_empty() {
            break;
        }
        let people: Vec<PersonId> = lent.iter().map(|call| call.person).collect();
        let ways = contact::ways(db, &people).await?;
        let making = lent.iter().map(|call| async {
            let tried = make(db, clock, senders, call, ways.get(&call.person)).await?;
            record(db, clock.now(), call, tried).await
        });
        for over in join_all(making).await {
            ended += usize::from(over?);
        }
    }
    Ok(ended)
}

/// Ends what is past, gives up what comes too late, and lends what is due.
async fn lend(db: &Db, now: Instant) -> Result<Vec<Lent>, DbError> {
    let tx = db.begin().await?;
    let past = store::past(tx.conn(), now).await?;
    if !past.is_empty() {
        audit::take_turn(&tx).await?;
    }
    for id in past {
        // Somebody may have ended it since.
        let calling = kept::find(tx.conn(), id).await?;
        if let Some(calling) = calling.filter(|calling| calling.ended.is_none()) {
            let how = match calling.kind {
                Kind::Notice => Ended::Over,
                _ => Ended::Unanswered,
            };
            finish(&tx, now, id, how).await?;
        }
    }
    store::give_up_lost(tx.conn(), now, now - LATE).await?;
    let late = store::spare_late(tx.conn(), now - LATE).await?;
    if late > 0 {
        tracing::warn!(count = late, "calls came too late and were not made");
    }
    let lent = store::lend(tx.conn(), tx.seal()?, now, LEASE, AT_A_TIME).await?;
    tx.commit().await?;
    Ok(lent)
}

/// What a try came to, or why there was none.
async fn make(
    db: &Db,
    clock: &Clock,
    senders: &Senders,
    call: &Lent,
    ways: Option<&Ways>,
) -> Result<Result<Tried, Failure>, DbError> {
    let Some(calling) = kept::find(db.conn(), call.calling).await? else {
        return Ok(Err(Failure::Unknown));
    };
    let token = Token::of(db.seal()?, call.id);
    let said = Said {
        words: phrases::words(&calling),
        link: format!("{}/calls/{}", senders.public_url, token.reveal()),
        calling: &calling,
    };
    let made = reach(db, clock.now(), senders, call, ways, &said);
    match tokio::time::timeout(LIMIT, made).await {
        Ok(made) => made,
        Err(_) => Ok(Ok(Tried::Unsure)),
    }
}

struct Said<'a> {
    words: String,
    link: String,
    calling: &'a Calling,
}

async fn reach(
    db: &Db,
    now: Instant,
    senders: &Senders,
    call: &Lent,
    ways: Option<&Ways>,
    said: &Said<'_>,
) -> Result<Result<Tried, Failure>, DbError> {
    let nowhere = Ok(Err(Failure::NoAddress));
    let missing = Ok(Err(Failure::NoChannel));
    let Some(ways) = ways else { return nowhere };
    let Said {
        words,
        link,
        calling,
    } = said;
    match call.channel {
        Channel::Mail => {
            let Some(mail) = &senders.mail else {
                return missing;
            };
            let Some(to) = &ways.mail else { return nowhere };
            let body = phrases::mail(words, link);
            Ok(Ok(mail.send(now, call.id, to, words, body).await))
        }
        Channel::Push => {
            let Some(push) = &senders.push else {
                return missing;
            };
            if ways.push.is_empty() {
                return nowhere;
            }
            notify(db, now, push, &ways.push, said).await
        }
        Channel::Sms | Channel::Voice => {
            let Some(gateway) = &senders.gateway else {
                return missing;
            };
            let Some(to) = &ways.telephone else {
                return nowhere;
            };
            let text = match call.channel {
                Channel::Voice => phrases::spoken(calling),
                _ => format!("{words}\n{link}"),
            };
            let to = to.as_str();
            Ok(Ok(gateway
                .call(now, call.id, call.channel, to, &text)
                .await))
        }
    }
}

/// Notifies all devices of somebody; one that takes it is enough.
async fn notify(
    db: &Db,
    now: Instant,
    push: &Push,
    devices: &[PushTarget],
    said: &Said<'_>,
) -> Result<Result<Tried, Failure>, DbError> {
    let key = vapid::key(db, now).await?;
    let topic = said.calling.id.0.simple().to_string();
    let text = json!({ "title": said.words, "url": said.link, "tag": topic }).to_string();
    let notification = Notification {
        text: &text,
        topic: &topic,
    };
    let tries = devices
        .iter()
        .map(|device| async { (device.id, push.send(now, &key, device, notification).await) });
    let tried: BTreeMap<_, _> = join_all(tries).await.into_iter().collect();
    for (id, _) in tried.iter().filter(|(_, tried)| **tried == Tried::Gone) {
        let tx = db.begin().await?;
        contact::is_gone(&tx, now, *id).await?;
        tx.commit().await?;
    }
    let any = |wanted: Tried| tried.values().any(|tried| *tried == wanted);
    let best = [Tried::Taken, Tried::Unsure, Tried::Refused];
    let best = best.into_iter().find(|tried| any(*tried));
    Ok(Ok(best.unwrap_or(Tried::Gone)))
}

/// Keeps what became of a call; true when nothing more does.
async fn record(
    db: &Db,
    now: Instant,
    call: &Lent,
    tried: Result<Tried, Failure>,
) -> Result<bool, DbError> {
    let tx = db.begin().await?;
    audit::take_turn(&tx).await?;
    let Some(calling) = kept::find(tx.conn(), call.calling).await? else {
        return Ok(false);
    };
    let again = usize::try_from(call.attempts).ok().and_then(|tries| {
        let seconds = AGAIN.get(tries.checked_sub(1)?)?;
        Some(now + TimeDelta::seconds(*seconds))
    });
    let (to, try_at) = match tried {
        Ok(Tried::Taken) => (Standing::Made(now), None),
        Ok(Tried::Refused) => (Standing::Failed(Failure::Refused), None),
        Ok(Tried::Gone) => (Standing::Failed(Failure::Gone), None),
        Ok(Tried::Unsure) if again.is_some() && calling.ended.is_some() => {
            (Standing::Spared(Spared::Ended), None)
        }
        Ok(Tried::Unsure) if again.is_some() => (Standing::Due, again),
        Ok(Tried::Unsure) => (Standing::Failed(Failure::Unreachable), None),
        Err(why) => (Standing::Failed(why), None),
    };
    if !store::record(tx.conn(), call, to, try_at).await? {
        return Ok(false);
    }
    let outcome = match to {
        Standing::Due | Standing::Lent => "again",
        Standing::Made(_) => "made",
        Standing::Failed(why) => why.code(),
        Standing::Spared(why) => why.code(),
    };
    let channel = call.channel.code();
    metrics::counter!("kairan_calls_total", "channel" => channel, "outcome" => outcome)
        .increment(1);
    if to.is_over() {
        let detail = json!({ "call": call.id, "person": call.person, "channel": channel, "outcome": outcome });
        note(
            &tx,
            now,
            Actor::System,
            "calling.called",
            calling.id,
            detail,
        )
        .await?;
        if let Some(calling) = kept::find(tx.conn(), calling.id).await? {
            follow(&tx, now, &calling, call, to).await?;
        }
    }
    tx.commit().await?;
    Ok(to.is_over())
}

/// What follows from a call that is over: a notice that was told everybody is over, and a rung of which nobody can
/// be reached gives its turn to the next.
async fn follow(
    tx: &crate::db::Tx,
    now: Instant,
    calling: &Calling,
    call: &Lent,
    to: Standing,
) -> Result<(), DbError> {
    if calling.ended.is_some() {
        return Ok(());
    }
    if calling.kind == Kind::Notice && calling.calls.iter().all(|call| call.state.is_over()) {
        return finish(tx, now, calling.id, Ended::Over).await;
    }
    let this = calling.calls.iter().find(|c| c.id == call.id);
    let rung = this.and_then(|call| call.rung);
    if matches!(to, Standing::Failed(_))
        && let Some(next) = rung.and_then(|rung| calling.next_at_once(rung))
    {
        store::hasten(tx.conn(), now, calling.id, next).await?;
    }
    Ok(())
}
