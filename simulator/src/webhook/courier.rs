//! Who carries webhooks: a queue for each chat, attempts, redelivery, and what is known of each.
//!
//! First attempts of one chat go out one after the other, as a person's thumbs do; chats do not
//! wait for each other, and redeliveries wait for nobody.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::post::signature;
use crate::fault::{Effect, Faults};
use crate::ledger::ReplyTokens;
use crate::options::Options;

/// One attempt to deliver a webhook.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began, by the simulator's clock.
    pub at: DateTime<Utc>,
    /// The HTTP status received; `None` if there was no answer in time.
    pub status: Option<u16>,
    /// Whether the body said `isRedelivery`.
    pub redelivery: bool,
}

/// A webhook and what became of it.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The `webhookEventId`s in the body.
    pub event_ids: Vec<String>,
    /// The bytes of the latest attempt.
    pub body: Bytes,
    /// The attempts so far.
    pub attempts: Vec<Attempt>,
    /// Whether nothing more will be attempted.
    pub settled: bool,
}

impl Webhook {
    /// Whether it was answered with a 2xx at last.
    pub fn is_answered(&self) -> bool {
        self.attempts
            .last()
            .and_then(|attempt| attempt.status)
            .is_some_and(|status| (200..300).contains(&status))
    }
}

#[derive(Debug)]
enum Load {
    Events(Vec<Value>),
    Raw {
        body: Bytes,
        signature: Option<String>,
    },
}

#[derive(Debug)]
struct Delivery {
    lane: String,
    load: Load,
    record: Webhook,
}

/// A webhook ready for the wire.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) url: String,
    pub(crate) body: Bytes,
    pub(crate) signature: String,
    pub(crate) timeout: Duration,
}

/// The queues.
#[derive(Debug, Default)]
pub(crate) struct Courier {
    pub(crate) url: Option<String>,
    deliveries: BTreeMap<u64, Delivery>,
    count: u64,
    lanes: HashMap<String, VecDeque<u64>>,
    held: Vec<u64>,
    ready: Vec<u64>,
    unsettled: usize,
}

impl Courier {
    pub(crate) fn to(url: Option<String>) -> Self {
        Self {
            url,
            ..Self::default()
        }
    }

    /// Queues events of one chat (the lane), as the faults in force allow.
    pub(crate) fn send(
        &mut self,
        lane: &str,
        events: Vec<Value>,
        faults: &mut Faults,
        memory: usize,
    ) {
        let effect = faults.strike_webhook();
        let copies = match effect {
            Some(Effect::WebhookDrop) => 0,
            Some(Effect::WebhookDuplicate) => 2,
            _ => 1,
        };
        if effect == Some(Effect::WebhookReorder) {
            // A lane of their own, in which the reversed order is kept.
            let id = self.keep("held", Load::Events(events), memory);
            self.held.push(id);
            if !faults.reordering() {
                self.release();
            }
            return;
        }
        for _ in 0..copies {
            let id = self.keep(lane, Load::Events(events.clone()), memory);
            self.queue(id);
        }
    }

    /// Queues bytes as they are; without a signature the right one is computed.
    pub(crate) fn send_raw(&mut self, body: Bytes, signature: Option<String>, memory: usize) {
        let lane = format!("raw/{}", self.count);
        let id = self.keep(&lane, Load::Raw { body, signature }, memory);
        self.queue(id);
    }

    /// Delivers what was held back, the last first.
    pub(crate) fn release(&mut self) {
        for id in std::mem::take(&mut self.held).into_iter().rev() {
            self.queue(id);
        }
    }

    /// Delivers again the webhook that carried this event; says whether there is one.
    pub(crate) fn redeliver(&mut self, event_id: &str) -> bool {
        let found = self.deliveries.iter_mut().rev().find(|(_, delivery)| {
            delivery.record.settled && delivery.record.event_ids.iter().any(|id| id == event_id)
        });
        let Some((id, delivery)) = found else {
            return false;
        };
        delivery.record.settled = false;
        self.unsettled += 1;
        self.ready.push(*id);
        true
    }

    fn keep(&mut self, lane: &str, load: Load, memory: usize) -> u64 {
        let (event_ids, body) = match &load {
            Load::Events(events) => (events.iter().filter_map(event_id).collect(), Bytes::new()),
            Load::Raw { body, .. } => {
                let json: Value = serde_json::from_slice(body).unwrap_or_default();
                (
                    json["events"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(event_id)
                        .collect(),
                    body.clone(),
                )
            }
        };
        self.count += 1;
        let record = Webhook {
            event_ids,
            body,
            attempts: Vec::new(),
            settled: false,
        };
        self.deliveries.insert(
            self.count,
            Delivery {
                lane: lane.to_owned(),
                load,
                record,
            },
        );
        self.unsettled += 1;
        while self.deliveries.len() > memory.max(1)
            && self
                .deliveries
                .values()
                .next()
                .is_some_and(|d| d.record.settled)
        {
            self.deliveries.pop_first();
        }
        self.count
    }

    fn queue(&mut self, id: u64) {
        let Some(delivery) = self.deliveries.get_mut(&id) else {
            return;
        };
        if self.url.is_none() {
            delivery.record.settled = true;
            self.unsettled -= 1;
            return;
        }
        match self.lanes.get_mut(&delivery.lane) {
            Some(waiting) => waiting.push_back(id),
            None => {
                self.lanes.insert(delivery.lane.clone(), VecDeque::new());
                self.ready.push(id);
            }
        }
    }

    /// Deliveries whose turn has come; the caller starts them.
    pub(crate) fn take_ready(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.ready)
    }

    /// Begins an attempt: what to send where.
    pub(crate) fn begin(
        &mut self,
        id: u64,
        options: &Options,
        tokens: &mut ReplyTokens,
        now: DateTime<Utc>,
    ) -> Option<Parcel> {
        let url = self.url.clone()?;
        let delivery = self.deliveries.get_mut(&id)?;
        let redelivery = !delivery.record.attempts.is_empty();
        let (body, given) = match &mut delivery.load {
            Load::Events(events) => {
                for event in events.iter_mut() {
                    event["deliveryContext"]["isRedelivery"] = redelivery.into();
                    if let Some(token) = event["replyToken"].as_str() {
                        tokens.renew(token, now);
                    }
                }
                let body = json!({ "destination": options.bot_user_id, "events": events });
                (Bytes::from(body.to_string()), None)
            }
            Load::Raw { body, signature } => (body.clone(), signature.clone()),
        };
        delivery.record.body = body.clone();
        delivery.record.attempts.push(Attempt {
            at: now,
            status: None,
            redelivery,
        });
        let signature = given.unwrap_or_else(|| signature(&options.channel_secret, &body));
        Some(Parcel {
            url,
            body,
            signature,
            timeout: options.webhook_timeout,
        })
    }

    /// Ends an attempt; gives the wait before the next one, if there is to be one.
    pub(crate) fn end(
        &mut self,
        id: u64,
        status: Option<u16>,
        options: &Options,
    ) -> Option<Duration> {
        let delivery = self.deliveries.get_mut(&id)?;
        if let Some(attempt) = delivery.record.attempts.last_mut() {
            attempt.status = status;
        }
        let done = delivery.record.attempts.len();
        let again = options.redelivery
            && !delivery.record.is_answered()
            && done < options.redelivery_attempts;
        if !again {
            delivery.record.settled = true;
            self.unsettled -= 1;
        }
        if done <= 1 {
            let lane = delivery.lane.clone();
            match self.lanes.get_mut(&lane).and_then(VecDeque::pop_front) {
                Some(next) => self.ready.push(next),
                None => {
                    self.lanes.remove(&lane);
                }
            }
        }
        let doubled = 1_u32 << done.saturating_sub(1).min(16);
        again.then(|| options.redelivery_backoff * doubled)
    }

    /// How many webhooks are still on their way.
    pub(crate) fn unsettled(&self) -> usize {
        self.unsettled
    }

    /// How webhooks fare, for whoever looks at a phone that stays silent.
    pub(crate) fn state(&self) -> &'static str {
        let last = self
            .records()
            .rfind(|record| record.settled && !record.attempts.is_empty());
        match last {
            _ if self.url.is_none() => "unset",
            Some(record) if !record.is_answered() => "failed",
            _ => "well",
        }
    }

    pub(crate) fn records(&self) -> impl DoubleEndedIterator<Item = &Webhook> {
        self.deliveries.values().map(|delivery| &delivery.record)
    }
}

fn event_id(event: &Value) -> Option<String> {
    event["webhookEventId"].as_str().map(str::to_owned)
}
