//! The sender: turn after turn it records how calls ended, lends itself what may go out next, and calls LINE
//! with no transaction open. It may die anywhere; whoever comes after it goes on.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::gate::Gate;
use super::judge::{Consequence, Verdict};
use super::lending::{self, Content, End, Lending, Lent, Room};
use super::mark::Mark;
use super::model::StopReason;
use super::month::{Left, Month};
use super::pace::Rate;
use super::sweep;
use crate::clock::{Clock, Instant};
use crate::db::{Db, DbError, is_unreachable};
use crate::ids::DispatchId;
use crate::line::client::Client;

/// Envelopes in hand at once, under way or waiting for their moment: at LINE's limit, answers may take
/// nearly half a second.
const IN_HAND: usize = 128;
/// Of these, so many may be others than emergencies.
const FOR_OTHERS: usize = 112;
/// How long outcomes are gathered from one turn to the next.
const TURN: Duration = Duration::from_millis(80);
/// How long to wait at most before looking again: other replicas do not wake us.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// Contents kept at hand.
const CONTENTS: usize = 64;
/// How often, at least, what has become too late is ended while there is much to send.
const SWEEP_EVERY: TimeDelta = TimeDelta::seconds(1);
/// How long, when told to stop, calls under way may still take; LINE gets ten seconds for each.
const LAST_CALLS: Duration = Duration::from_secs(11);
/// And how long the database may then take to hear how they ended.
const LAST_RECORD: Duration = Duration::from_secs(3);

/// What calls LINE.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Where envelopes are.
    pub db: Db,
    /// Who is called.
    pub line: Arc<Client>,
    /// What time it is.
    pub clock: Clock,
    /// Rings when there is something to send; whoever opens or cuts a dispatch rings it after the commit.
    pub wake: Arc<Notify>,
    /// What was sent, remembered outside the database.
    pub mark: Mark,
    /// How fast LINE may be called.
    pub rate: Rate,
}

/// A sender at work.
struct Shift {
    sender: Sender,
    /// How lendings ended that are not on record yet.
    ended: Vec<(Lent, End)>,
    contents: HashMap<DispatchId, Option<Arc<Content>>>,
    month: Month,
    /// The newest turn we have seen; none before the mark was compared.
    turn: Option<i64>,
    swept_at: Option<Instant>,
}

/// An envelope about to be called, and what it says.
type Call = (Lent, Arc<Content>);

impl Sender {
    /// Takes back what a process that is gone had in hand, so that it need not wait for its leases to run
    /// out. Only where this process is the database's only user.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn take_back(&self) -> Result<(), DbError> {
        let tx = self.db.begin().await?;
        sweep::take_back(&tx).await?;
        tx.commit().await
    }

    /// Sends until told to stop; calls under way come to their end, and are recorded.
    pub async fn run(self, stop: CancellationToken) {
        let wake = Arc::clone(&self.wake);
        let mut shift = Shift::new(self);
        let mut under_way = JoinSet::new();
        while !stop.is_cancelled() {
            let begun = tokio::time::Instant::now();
            let calls = shift.turn(Room::beside(under_way.len())).await;
            let calls = calls.unwrap_or_else(|error| {
                tracing::error!(%error, "the sender cannot work; trying again");
                Vec::new()
            });
            let idle = calls.is_empty() && under_way.is_empty() && !shift.month.is_reading();
            let now = tokio::time::Instant::now();
            for (lent, content) in calls {
                let sender = shift.sender.clone();
                let moment = now + lent.wait.to_std().unwrap_or_default();
                under_way.spawn(async move { sender.call(lent, &content, moment).await });
            }
            let pause = tokio::time::sleep_until(begun + if idle { LOOK_AGAIN } else { TURN });
            tokio::pin!(pause);
            loop {
                tokio::select! {
                    Some(ended) = under_way.join_next() => shift.note(ended),
                    () = &mut pause => break,
                    // While there is much to do, the next turn is near enough.
                    () = wake.notified(), if idle => break,
                    () = stop.cancelled() => break,
                }
            }
        }
        let last_calls = async {
            while let Some(ended) = under_way.join_next().await {
                shift.note(ended);
            }
        };
        if tokio::time::timeout(LAST_CALLS, last_calls).await.is_err() {
            tracing::warn!("the last calls do not end; they will be asked for again");
        }
        let last = tokio::time::timeout(LAST_RECORD, shift.turn(Room::NONE)).await;
        if !matches!(last, Ok(Ok(_))) {
            tracing::error!(
                "how the last calls ended could not be recorded; they will be asked for again"
            );
        }
    }

    /// One turn to its end: lends what may go out now, calls it at once, records it; says how many calls
    /// that were.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn step(&self) -> Result<usize, DbError> {
        let mut shift = Shift::new(self.clone());
        let now = self.clock.now();
        shift.turn(Room::NONE).await?;
        shift.month.left(&self.line, now).await;
        shift.month.settle(now).await;
        let calls = shift.turn(Room::beside(0)).await?;
        let at_once = tokio::time::Instant::now();
        let calls = calls
            .into_iter()
            .map(|(lent, content)| async move { self.call(lent, &content, at_once).await });
        let ended = join_all(calls).await;
        let count = ended.len();
        shift.ended.extend(ended);
        shift.turn(Room::NONE).await?;
        Ok(count)
    }
}

impl Shift {
    fn new(sender: Sender) -> Self {
        Self {
            sender,
            ended: Vec::new(),
            contents: HashMap::new(),
            month: Month::default(),
            turn: None,
            swept_at: None,
        }
    }

    fn note(&mut self, ended: Result<(Lent, End), tokio::task::JoinError>) {
        match ended {
            Ok(ended) => self.ended.push(ended),
            Err(error) => {
                tracing::error!(%error, "a call broke off; its envelope's lease will run out")
            }
        }
    }

    /// Records what ended and lends what `room` allows, in one transaction.
    async fn turn(&mut self, room: Room) -> Result<Vec<Call>, DbError> {
        let begun = self.turn.is_some();
        if begun && self.ended.is_empty() && !sweep::is_anything_open(&self.sender.db).await? {
            return Ok(Vec::new());
        }
        let now = self.sender.clock.now();
        let room = match begun {
            true => self.allowed(room, now).await,
            false => Room::NONE,
        };
        let lent = match self.transact(room).await {
            // One outcome that cannot be recorded must not keep the others, and all sending, from going on.
            Err(error) if !self.ended.is_empty() && !is_unreachable(&error) => {
                tracing::error!(%error, "outcomes could not be recorded together");
                self.record_singly(now).await;
                return Ok(Vec::new());
            }
            lent => lent?,
        };
        Ok(self.prepare(lent).await)
    }

    /// What of `room` the month allows.
    async fn allowed(&mut self, room: Room, now: Instant) -> Room {
        match self.month.left(&self.sender.line, now).await {
            Left::NotKnown => Room { others: 0, ..room },
            Left::Unlimited => room,
            Left::People(people) => Room {
                people: Some(people),
                ..room
            },
        }
    }

    async fn transact(&mut self, room: Room) -> Result<Vec<Lent>, DbError> {
        let tx = self.sender.db.begin().await?;
        let mut gate = Gate::take(&tx, self.sender.rate).await?;
        // Others may have kept us waiting.
        let now = self.sender.clock.now();
        if gate.check(&tx, now, self.turn, &self.sender.mark).await? {
            self.keep_mark(&gate);
        }
        let recorded = lending::record(&tx, now, &mut gate, &self.ended).await?;
        // Nothing is lent before the mark has been seen and can be kept; nor right after something was
        // stopped or held: that is on the audit record, and who writes there locks nothing more.
        let lending = match self.turn.is_none() || recorded.has_stopped {
            true => Lending::Lent(Vec::new()),
            false => lending::lend(&tx, now, &mut gate, room).await?,
        };
        let (lent, beyond) = match lending {
            Lending::Lent(lent) => (lent, Vec::new()),
            Lending::Beyond(beyond) => (Vec::new(), beyond),
        };
        if !(self.ended.is_empty() && lent.is_empty()) {
            gate.keep(&tx).await?;
        }
        if lent.is_empty() || self.swept_at.is_none_or(|at| now - at >= SWEEP_EVERY) {
            sweep::sweep(&tx, now).await?;
            self.swept_at = Some(now);
        }
        tx.commit().await?;
        count(&self.ended, recorded.not_ours);
        self.ended.clear();
        if !beyond.is_empty() {
            let tx = self.sender.db.begin().await?;
            lending::stop_beyond(&tx, now, beyond).await?;
            tx.commit().await?;
        }
        if self.turn == Some(gate.turn) {
            return Ok(lent);
        }
        if self.keep_mark(&gate) {
            self.turn = Some(gate.turn);
            if !lent.is_empty() {
                metrics::histogram!("kairan_delivery_turn_envelopes").record(lent.len() as f64);
            }
            return Ok(lent);
        }
        let why = "what is sent could not be remembered";
        let not_called = lent.into_iter();
        self.ended
            .extend(not_called.map(|lent| (lent, End::NotCalled(why.to_owned()))));
        Ok(Vec::new())
    }

    fn keep_mark(&self, gate: &Gate) -> bool {
        let kept = self.sender.mark.write(gate.nonce, gate.turn);
        let kept = kept.inspect_err(|error| {
            tracing::error!(%error, "what is sent cannot be remembered beside the data key: nothing is sent");
        });
        kept.is_ok()
    }

    async fn record_singly(&mut self, now: Instant) {
        let mut left = Vec::new();
        for ended in self.ended.drain(..) {
            let alone = [ended];
            let recorded = async {
                let tx = self.sender.db.begin().await?;
                let mut gate = Gate::take(&tx, self.sender.rate).await?;
                let recorded = lending::record(&tx, now, &mut gate, &alone).await?;
                gate.keep(&tx).await?;
                tx.commit().await?;
                count(&alone, recorded.not_ours);
                Ok::<(), DbError>(())
            };
            let recorded = recorded.await;
            let [ended] = alone;
            match recorded {
                Ok(()) => {}
                Err(error) if is_unreachable(&error) => left.push(ended),
                Err(error) => {
                    tracing::error!(envelope = ended.0.id, %error, "an outcome could not be recorded; its lease will run out");
                }
            }
        }
        self.ended = left;
    }

    /// Adds to each envelope what it says.
    async fn prepare(&mut self, lent: Vec<Lent>) -> Vec<Call> {
        let mut missing: Vec<DispatchId> = lent.iter().map(|lent| lent.dispatch).collect();
        missing.dedup();
        if self.contents.len() > CONTENTS {
            self.contents.retain(|id, _| missing.contains(id));
        }
        missing.retain(|id| !self.contents.contains_key(id));
        if !missing.is_empty() {
            match lending::contents(&self.sender.db, missing).await {
                Ok(contents) => self.contents.extend(contents),
                Err(error) => tracing::error!(%error, "what is to be said cannot be read"),
            }
        }
        let mut calls = Vec::with_capacity(lent.len());
        for lent in lent {
            match self.contents.get(&lent.dispatch) {
                Some(Some(content)) => {
                    if lent.attempts == 1 {
                        self.month.spend(lent.count());
                    }
                    calls.push((lent, Arc::clone(content)));
                }
                Some(None) => self.ended.push(not_ours(lent)),
                None => {
                    let why = "what it says could not be read".to_owned();
                    self.ended.push((lent, End::NotCalled(why)));
                }
            }
        }
        calls
    }
}

/// Nobody of this product opened its dispatch so: it stops, for people to look at.
fn not_ours(lent: Lent) -> (Lent, End) {
    let verdict = Verdict::Again {
        after: TimeDelta::zero(),
        in_doubt: lent.in_doubt,
        why: "its dispatch was written past the product".to_owned(),
        then: Consequence::Stop(StopReason::Refused),
    };
    (lent, End::Judged(verdict))
}

impl Room {
    /// For recording only.
    const NONE: Self = Self {
        emergency: 0,
        others: 0,
        people: None,
    };

    /// What is free while so many calls are under way.
    fn beside(under_way: usize) -> Self {
        Self {
            emergency: IN_HAND.saturating_sub(under_way),
            others: FOR_OTHERS.saturating_sub(under_way),
            people: None,
        }
    }
}

fn count(ended: &[(Lent, End)], not_ours: u64) {
    metrics::counter!("kairan_delivery_calls_total", "outcome" => "not_ours").increment(not_ours);
    for (lent, end) in ended {
        let outcome = match end {
            End::Judged(Verdict::Accepted { .. }) => {
                metrics::counter!("kairan_delivery_people_total").increment(lent.count() as u64);
                "accepted"
            }
            End::Judged(Verdict::Again { .. }) => "again",
            End::Judged(Verdict::Refused { .. }) => "refused",
            End::Judged(Verdict::Unknown { .. }) => "unknown",
            End::Judged(Verdict::Split { .. }) | End::Gone(_) => "split",
            End::Empty => "empty",
            End::NotCalled(_) => "not_called",
        };
        metrics::counter!("kairan_delivery_calls_total", "outcome" => outcome).increment(1);
    }
}
