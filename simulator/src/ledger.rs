//! What the platform remembers about calls: reply tokens, retry keys, counts, the log.

use std::collections::{BTreeSet, HashMap, VecDeque};

use actix_web::web::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::clock::in_japan;

/// How long a reply token may be used after its webhook arrived.
const REPLY_LIFE: TimeDelta = TimeDelta::seconds(60);
/// How long after the event a redelivery still renews the token.
const REPLY_RENEWAL: TimeDelta = TimeDelta::minutes(20);
/// How long a retry key is remembered.
const RETRY_LIFE: TimeDelta = TimeDelta::hours(24);

#[derive(Debug)]
struct ReplyToken {
    chat: String,
    event_at: DateTime<Utc>,
    until: DateTime<Utc>,
    used: bool,
}

/// Single-use permissions to answer an event.
#[derive(Debug, Default)]
pub(crate) struct ReplyTokens(HashMap<String, ReplyToken>);

impl ReplyTokens {
    pub(crate) fn issue(&mut self, token: String, chat: String, now: DateTime<Utc>) {
        if self.0.len() % 4_096 == 4_095 {
            self.0
                .retain(|_, token| now - token.event_at < TimeDelta::hours(1));
        }
        self.0.insert(
            token,
            ReplyToken {
                chat,
                event_at: now,
                until: now + REPLY_LIFE,
                used: false,
            },
        );
    }

    /// The webhook goes out, for the first time or again: the minute begins.
    pub(crate) fn renew(&mut self, token: &str, now: DateTime<Utc>) {
        if let Some(token) = self.0.get_mut(token)
            && now - token.event_at <= REPLY_RENEWAL
        {
            token.until = now + REPLY_LIFE;
        }
    }

    /// Uses up the token and gives the chat it answers, or nothing if it is no longer good.
    pub(crate) fn spend(&mut self, token: &str, now: DateTime<Utc>) -> Option<String> {
        let token = self.0.get_mut(token)?;
        if token.used || now > token.until {
            return None;
        }
        token.used = true;
        Some(token.chat.clone())
    }
}

/// The call a retry key was accepted with.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) request_id: String,
    pub(crate) at: DateTime<Utc>,
    /// The `sentMessages` of a push.
    pub(crate) sent: Option<Value>,
}

/// Retry keys of the last 24 hours.
#[derive(Debug, Default)]
pub(crate) struct RetryKeys(HashMap<String, Accepted>);

impl RetryKeys {
    pub(crate) fn accepted(&self, key: &str, now: DateTime<Utc>) -> Option<&Accepted> {
        self.0
            .get(&key.to_ascii_lowercase())
            .filter(|accepted| now - accepted.at < RETRY_LIFE)
    }

    pub(crate) fn remember(&mut self, key: &str, accepted: Accepted) {
        if self.0.len() % 16_384 == 16_383 {
            let now = accepted.at;
            self.0.retain(|_, old| now - old.at < RETRY_LIFE);
        }
        self.0.insert(key.to_ascii_lowercase(), accepted);
    }
}

/// How much was sent, by Japanese months and days.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    months: HashMap<String, u64>,
    days: HashMap<(String, &'static str), u64>,
    units: HashMap<String, BTreeSet<String>>,
}

impl Counts {
    /// Recipients counted towards this month's quota.
    pub(crate) fn usage(&self, now: DateTime<Utc>) -> u64 {
        self.months.get(&month(now)).copied().unwrap_or_default()
    }

    pub(crate) fn sent(&mut self, via: &'static str, recipients: u64, now: DateTime<Utc>) {
        *self.days.entry((day(now), via)).or_default() += recipients;
        if via != "reply" {
            *self.months.entry(month(now)).or_default() += recipients;
        }
    }

    /// What was sent by one kind of call on a day, `yyyyMMdd`.
    pub(crate) fn on(&self, date: &str, via: &'static str) -> u64 {
        self.days
            .get(&(date.to_owned(), via))
            .copied()
            .unwrap_or_default()
    }

    /// Keeps a custom aggregation unit; beyond 1,000 a month LINE leaves them out without a word. Whether
    /// it is kept.
    pub(crate) fn unit(&mut self, name: &str, now: DateTime<Utc>) -> bool {
        let units = self.units.entry(month(now)).or_default();
        if units.len() < 1_000 {
            units.insert(name.to_owned());
        }
        units.contains(name)
    }

    /// This month's units.
    pub(crate) fn units(&self, now: DateTime<Utc>) -> Vec<&String> {
        self.units.get(&month(now)).into_iter().flatten().collect()
    }
}

fn month(now: DateTime<Utc>) -> String {
    in_japan(now).format("%Y%m").to_string()
}

/// The Japanese date, `yyyyMMdd`.
pub(crate) fn day(now: DateTime<Utc>) -> String {
    in_japan(now).format("%Y%m%d").to_string()
}

/// One API call, as it was received and answered.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// When it came, by the simulator's clock.
    pub at: DateTime<Utc>,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status answered, also when the answer was lost on purpose; 0 if the call was dropped unprocessed.
    pub status: u16,
    /// The `X-Line-Retry-Key` sent.
    pub retry_key: Option<String>,
    /// The `X-Line-Request-Id` given.
    pub request_id: String,
    /// The body's bytes.
    pub body: Bytes,
    /// What was answered, where it is JSON.
    pub answer: Value,
}

impl ApiCall {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// The latest calls.
#[derive(Debug, Default)]
pub(crate) struct Log {
    calls: VecDeque<ApiCall>,
}

impl Log {
    pub(crate) fn add(&mut self, call: ApiCall, memory: usize) {
        if self.calls.len() >= memory.max(1) {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub(crate) fn all(&self) -> Vec<ApiCall> {
        self.calls.iter().cloned().collect()
    }
}
