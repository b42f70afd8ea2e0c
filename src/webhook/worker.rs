//! Answers stored events. Changes and the decision to reply commit together with the event's end, so a
//! crash at any point repeats nothing and loses nothing; only the reply itself can come too late.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::FutureExt;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::conversation::{self, Said, Town, Turn};
use crate::db::{Db, DbError};
use crate::inbox::{self, Claimed, Work};
use crate::line::client::{Client, Failure};
use crate::line::event::{Event, Payload, RawEvent, ReplyToken, Source};
use crate::line::message::{MessageError, Messages};
use crate::richmenu::Board;

/// Tries that may end in an error before an event is set aside.
const MAX_ATTEMPTS: i32 = 3;
/// Tries that may end with the whole process before an event is taken for the cause. More than the above:
/// a process is also killed for reasons of its own.
const MAX_DEATHS: i32 = 10;
/// Events handled side by side. Most of the time they wait for LINE: one that is slow must not keep others.
const SIDE_BY_SIDE: usize = 64;
/// LINE takes a reply within a minute of the event's arrival; some of it is the way there.
/// <https://developers.line.biz/en/reference/messaging-api/#send-reply-message-reply-token>
const REPLY_WITHIN: TimeDelta = TimeDelta::seconds(55);
/// How long to wait at most before looking again: other replicas do not wake us.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(1);

/// What answers events.
#[derive(Clone)]
pub struct Worker {
    /// Where they are.
    pub db: Db,
    /// Who is told.
    pub line: Arc<Client>,
    /// Where menus are shown.
    pub menus: Board,
    /// What the answers rest on.
    pub town: Arc<Town>,
    /// What time it is.
    pub clock: Clock,
    /// Rings when events were stored.
    pub wake: Arc<Notify>,
}

#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("database: {0}")]
    Db(#[from] DbError),
    #[error("answer: {0}")]
    Answer(#[from] conversation::Error),
    #[error("message: {0}")]
    Message(#[from] MessageError),
    #[error("stored event is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("leaving a group failed: {0}")]
    Leave(Failure),
    #[error("a panic, which the log describes")]
    Panic,
}

impl Worker {
    /// Works until told to stop; what was begun is finished first.
    pub async fn run(self, stop: CancellationToken) {
        let mut under_way = JoinSet::new();
        while !stop.is_cancelled() {
            let free = SIDE_BY_SIDE.saturating_sub(under_way.len());
            let claimed = match self.claim(free).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "events cannot be claimed; trying again");
                    Vec::new()
                }
            };
            let nothing_new = claimed.is_empty();
            for event in claimed {
                let worker = self.clone();
                under_way.spawn(async move { worker.attend(&event).await });
            }
            if nothing_new {
                tokio::select! {
                    Some(_) = under_way.join_next() => {}
                    () = self.wake.notified() => {}
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                    () = stop.cancelled() => {}
                }
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Claims what is due and handles it to the end; says how many events that were.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn step(&self) -> Result<usize, DbError> {
        let claimed = self.claim(SIDE_BY_SIDE).await?;
        let count = claimed.len();
        for event in claimed {
            self.attend(&event).await;
        }
        Ok(count)
    }

    async fn claim(&self, limit: usize) -> Result<Vec<Claimed>, DbError> {
        match limit {
            0 => Ok(Vec::new()),
            _ => inbox::claim(&self.db, self.clock.now(), limit).await,
        }
    }

    async fn attend(&self, event: &Claimed) {
        // A fault of ours must end with this event, not with the worker.
        let worked = AssertUnwindSafe(self.work_on(event)).catch_unwind().await;
        if let Err(fault) = worked.unwrap_or(Err(Fault::Panic)) {
            self.failed(event, &fault).await;
        }
    }

    async fn work_on(&self, event: &Claimed) -> Result<(), Fault> {
        match &event.work {
            Work::Reply { token, messages } => self.reply(event, token, messages).await,
            Work::Handle(_) if event.attempts > MAX_DEATHS => {
                self.give_up(event, "its handling never came to an end")
                    .await
            }
            Work::Handle(body) => self.handle(event, body).await,
        }
    }

    async fn handle(&self, event: &Claimed, body: &str) -> Result<(), Fault> {
        let parsed = Event::parse(&RawEvent::from_json(body)?);
        if let Payload::Join = parsed.payload {
            return self.leave(event, &parsed.envelope.source).await;
        }
        let mut turn = match (parsed.envelope.source.user_id(), said(parsed.payload)) {
            (Some(user), Some(said)) => {
                let now = self.clock.now();
                Some(
                    conversation::decide(&self.db, &self.town, now, user, event.occurred_ms, said)
                        .await?,
                )
            }
            _ => None,
        };
        let messages = turn
            .as_mut()
            .map(|turn| std::mem::take(&mut turn.messages))
            .unwrap_or_default();
        let token = parsed.envelope.reply_token;
        let reply = match (&token, messages.is_empty()) {
            (Some(token), false) => {
                Some((token, serde_json::to_string(&Messages::new(messages)?)?))
            }
            _ => None,
        };
        let stored = reply
            .as_ref()
            .map(|(token, messages)| (token.as_str(), messages.clone()));
        let viewer = turn.as_ref().and_then(Turn::new_viewer);
        let tx = self.db.begin().await?;
        if !inbox::handled(&tx, event, stored).await? {
            // Somebody else has it by now; dropping the transaction undoes our work.
            return Ok(());
        }
        if let Some(turn) = turn {
            turn.keep(&tx).await?;
        }
        tx.commit().await?;
        metrics::counter!("kairan_events_total", "outcome" => "handled").increment(1);
        if let Some((token, messages)) = reply {
            self.reply(event, token.as_str(), &messages).await?;
        }
        if let Some((user, viewer)) = viewer
            && let Err(error) = self.menus.show(self.clock.now(), &user, viewer).await
        {
            tracing::warn!(event = event.id, %error, "a resident's menu was not changed; the nightly repair will");
        }
        Ok(())
    }

    async fn reply(&self, event: &Claimed, token: &str, messages: &str) -> Result<(), Fault> {
        let late = self.clock.now() - event.received_at > REPLY_WITHIN;
        let outcome = if late {
            "too_late"
        } else {
            let messages = Messages::from_json(messages)?;
            match self.line.reply(&ReplyToken::new(token), &messages).await {
                Ok(_) => "accepted",
                // LINE did nothing for certain, so the token is still good.
                Err(
                    failure @ (Failure::RateLimited(_)
                    | Failure::NotSent { .. }
                    | Failure::NoToken { .. }),
                ) => {
                    let at = self.clock.now() + TimeDelta::seconds(1);
                    inbox::try_again(&self.db, event, at, &failure.to_string()).await?;
                    metrics::counter!("kairan_replies_total", "outcome" => "postponed")
                        .increment(1);
                    return Ok(());
                }
                Err(failure @ Failure::Unknown { .. }) => {
                    tracing::warn!(event = event.id, %failure, "whether a reply arrived is unknown; it is not repeated");
                    "unknown"
                }
                Err(failure) => {
                    tracing::error!(event = event.id, %failure, "LINE refused a reply");
                    "refused"
                }
            }
        };
        metrics::counter!("kairan_replies_total", "outcome" => outcome).increment(1);
        if let Err(error) = inbox::done(&self.db, event).await {
            // The lease runs out and the reply is tried once more; its token is spent, so nobody hears it twice.
            tracing::error!(event = event.id, %error, "the end of a reply could not be recorded");
        }
        Ok(())
    }

    /// The account speaks with residents one to one; a group that invited it is left without a word.
    async fn leave(&self, event: &Claimed, source: &Source) -> Result<(), Fault> {
        let left = match source {
            Source::Group { group_id, .. } => self.line.leave_group(group_id).await,
            Source::Room { room_id, .. } => self.line.leave_room(room_id).await,
            Source::User { .. } | Source::Unknown => {
                return Ok(inbox::done(&self.db, event).await?);
            }
        };
        match left {
            // Refused: we are not in it any more.
            Ok(_) | Err(Failure::Refused(_)) => Ok(inbox::done(&self.db, event).await?),
            Err(failure) => Err(Fault::Leave(failure)),
        }
    }

    async fn failed(&self, event: &Claimed, fault: &Fault) {
        let recorded = if event.attempts >= MAX_ATTEMPTS {
            self.give_up(event, &fault.to_string()).await
        } else {
            tracing::warn!(event = event.id, attempt = event.attempts, error = %fault, "an event could not be handled; trying again");
            let pause = TimeDelta::seconds(1 << event.attempts.clamp(0, 6));
            inbox::try_again(
                &self.db,
                event,
                self.clock.now() + pause,
                &fault.to_string(),
            )
            .await
            .map_err(Fault::from)
        };
        if let Err(error) = recorded {
            tracing::error!(event = event.id, %error, "a failure could not be recorded; the lease will run out");
        }
    }

    async fn give_up(&self, event: &Claimed, error: &str) -> Result<(), Fault> {
        tracing::error!(
            event = event.id,
            error,
            "an event was set aside after several tries; see `kairan doctor`"
        );
        metrics::counter!("kairan_events_total", "outcome" => "set_aside").increment(1);
        Ok(inbox::give_up(&self.db, event, error).await?)
    }
}

/// What a person said to us, or nothing.
fn said(payload: Payload) -> Option<Said> {
    use crate::line::event::Content;
    match payload {
        Payload::Follow(_) => Some(Said::Follow),
        Payload::Unfollow => Some(Said::Unfollow),
        Payload::Postback(postback) => Some(Said::Tap {
            date: postback.params().date,
            data: postback.data,
        }),
        Payload::Message(received) => Some(match received.content {
            Content::Text(text) => Said::Words(text.text),
            Content::Location(place) => Said::Place {
                latitude: place.latitude,
                longitude: place.longitude,
            },
            _ => Said::SomethingElse,
        }),
        _ => None,
    }
}
