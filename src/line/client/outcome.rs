//! How a call ended, in the terms a sender decides by.

use std::fmt;

use serde_json::Value;
use thiserror::Error;

/// How a call ended.
pub type Outcome<T> = Result<Accepted<T>, Failure>;

/// LINE took the call. For messages that is not "delivered": people who blocked the account get nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<T> {
    /// LINE's id of the call it accepted: the only handle for progress and statistics.
    /// For a repeated call, the id of the call that came first.
    pub request_id: Option<String>,
    /// This call was a repetition: LINE had accepted its retry key before (409).
    pub already: bool,
    /// What LINE answered.
    pub body: T,
}

impl<T> Accepted<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Accepted<U> {
        Accepted {
            request_id: self.request_id,
            already: self.already,
            body: change(self.body),
        }
    }
}

/// Why a call was not accepted, or cannot be said to be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Failure {
    /// LINE looked at the call and did nothing. Repeating it is of no use.
    #[error("LINE refused the call: {0}")]
    Refused(Refusal),
    /// Too many calls in too short a time; LINE did nothing. Repeat later, with the same retry key.
    #[error("LINE's rate limit is reached: {0}; slow down and repeat later")]
    RateLimited(Refusal),
    /// The month's messages are used up, or reserved by a send under way; LINE did nothing.
    #[error("LINE's monthly quota is reached: {0}; read quota and consumption before repeating")]
    OutOfQuota(Refusal),
    /// LINE may or may not have done it. Only a repetition with the same retry key is safe.
    #[error("whether LINE did it is unknown: {lost}")]
    Unknown {
        /// How the answer was lost.
        lost: Lost,
        /// LINE's id of the call, where it told one.
        request_id: Option<String>,
    },
    /// LINE never saw the call. Repeating is safe, even without a retry key.
    #[error("the call did not reach LINE: {cause}")]
    NotSent {
        /// What stood in the way.
        cause: String,
    },
    /// LINE gave us no access token, so the call was never made.
    #[error(
        "LINE gave no channel access token: {cause}; check LINE_CHANNEL_ID and LINE_CHANNEL_SECRET"
    )]
    NoToken {
        /// The HTTP status, where LINE answered at all.
        status: Option<u16>,
        /// What LINE, or the connection, said.
        cause: String,
    },
}

/// How an answer was lost.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Lost {
    /// None came in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke after the request was, or may have been, sent.
    #[error("the connection broke: {0}")]
    Connection(String),
    /// LINE failed (5xx), or something before it gave up waiting (408).
    #[error("{0}")]
    Server(Refusal),
    /// LINE said yes, in words we cannot read.
    #[error("the answer could not be read: {0}")]
    Unreadable(String),
}

/// LINE's answer to a call it did not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// LINE's words, which it may change at any time; empty when it sent none.
    pub message: String,
    /// What is wrong where.
    pub details: Vec<Detail>,
    /// LINE's id of the call.
    pub request_id: Option<String>,
}

/// One fault LINE found in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Where, like `messages[0].text`; empty when not told.
    pub property: String,
    /// What; empty when not told.
    pub message: String,
}

impl Refusal {
    /// Reads an error body of any of LINE's shapes; what is not JSON is no reason to lose the status.
    pub(super) fn read(status: u16, request_id: Option<String>, body: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let message = ["message", "error_description", "error"]
            .iter()
            .map(|key| text(&json[*key]))
            .find(|message| !message.is_empty())
            .unwrap_or_default();
        let details = json["details"]
            .as_array()
            .map(|details| {
                details
                    .iter()
                    .map(|detail| Detail {
                        property: text(&detail["property"]),
                        message: text(&detail["message"]),
                    })
                    .collect()
            })
            .unwrap_or_default();
        Self {
            status,
            message,
            details,
            request_id,
        }
    }

    /// The index in `to` of a recipient LINE refuses, and because of whom nobody got the message.
    pub fn refused_recipient(&self) -> Option<usize> {
        let named = |text: &str| {
            let (_, after) = text.split_once("to[")?;
            after.split_once(']')?.0.parse().ok()
        };
        let properties = self.details.iter().map(|detail| detail.property.as_str());
        std::iter::once(self.message.as_str())
            .chain(properties)
            .find_map(named)
    }

    /// Tells the two kinds of 429 apart; LINE gives nothing but its words to do so.
    pub(super) fn is_out_of_quota(&self) -> bool {
        self.message.to_ascii_lowercase().contains("monthly limit")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.message.is_empty() {
            write!(f, " {:?}", self.message)?;
        }
        for Detail { property, message } in &self.details {
            match (property.is_empty(), message.is_empty()) {
                (false, false) => write!(f, " ({property}: {message})")?,
                (true, true) => {}
                _ => write!(f, " ({property}{message})")?,
            }
        }
        if let Some(id) = &self.request_id {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}
