//! Messages to people, and asking LINE beforehand whether it would take them.
//!
//! <https://developers.line.biz/en/docs/messaging-api/sending-messages/>

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::call::Call;
use super::{Client, Outcome, Recipients, Unit};
use crate::line::UserId;
use crate::line::event::ReplyToken;
use crate::line::message::Messages;

/// Makes a send safe to repeat for 24 hours from its first attempt: with the same key and the same
/// contents LINE sends once. Choose and store it before the first attempt; one for each call's contents.
/// <https://developers.line.biz/en/docs/messaging-api/retrying-api-request/>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RetryKey(Uuid);

impl RetryKey {
    /// A key never used before.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// As it is stored.
    pub fn as_uuid(&self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for RetryKey {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl fmt::Display for RetryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// Does the phone make itself noticed?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notification {
    /// As its owner set it.
    #[default]
    On,
    /// The message waits in the chat. Never for an emergency.
    Off,
}

impl Notification {
    /// On, if it is to make a sound.
    pub fn sounding(sounds: bool) -> Self {
        match sounds {
            true => Self::On,
            false => Self::Off,
        }
    }
}

/// The road a message would travel, for validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever just wrote.
    Reply,
    /// One person.
    Push,
    /// Up to 500 people.
    Multicast,
    /// All friends.
    Broadcast,
}

/// What LINE made of a send; only replies and pushes are told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SentMessages {
    /// One for each message.
    pub sent_messages: Vec<SentMessage>,
}

/// A message in somebody's chat.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentMessage {
    /// LINE's id of it, a number too large for most numbers.
    pub id: String,
    /// For quoting it later.
    pub quote_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<To<'a>>,
    messages: &'a Messages,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    notification_disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_aggregation_units: Option<[&'a str; 1]>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum To<'a> {
    One(&'a str),
    Many(&'a Recipients),
}

impl<'a> Body<'a> {
    fn new(messages: &'a Messages, notification: Notification) -> Self {
        Self {
            reply_token: None,
            to: None,
            messages,
            notification_disabled: notification == Notification::Off,
            custom_aggregation_units: None,
        }
    }
}

impl Client {
    /// Answers an event, free of charge. One attempt: LINE takes no retry key here, so after
    /// [`Failure::Unknown`](super::Failure::Unknown) neither repeat nor push, or people may hear it twice.
    ///
    /// # Errors
    /// [`Failure`](super::Failure); a token used before, or a minute old, is refused with status 400.
    pub async fn reply(&self, token: &ReplyToken, messages: &Messages) -> Outcome<SentMessages> {
        let body = Body {
            reply_token: Some(token.as_str()),
            ..Body::new(messages, Notification::On)
        };
        self.tell(Call::post("/v2/bot/message/reply").json(&body)?)
            .await
    }

    /// Sends to one person.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn push(
        &self,
        to: &UserId,
        messages: &Messages,
        notification: Notification,
        key: RetryKey,
    ) -> Outcome<SentMessages> {
        let body = Body {
            to: Some(To::One(to.as_str())),
            ..Body::new(messages, notification)
        };
        self.tell(
            Call::post("/v2/bot/message/push")
                .json(&body)?
                .retry_key(key),
        )
        .await
    }

    /// Sends to up to 500 people, all or none. LINE sums up how it fared under `unit`, if there is one.
    ///
    /// # Errors
    /// [`Failure`](super::Failure); [`Refusal::refused_recipient`](super::Refusal::refused_recipient)
    /// names the one because of whom nobody got it.
    pub async fn multicast(
        &self,
        to: &Recipients,
        messages: &Messages,
        notification: Notification,
        unit: Option<&Unit>,
        key: RetryKey,
    ) -> Outcome<()> {
        let body = Body {
            to: Some(To::Many(to)),
            custom_aggregation_units: unit.map(|unit| [unit.as_str()]),
            ..Body::new(messages, notification)
        };
        self.tell(
            Call::post("/v2/bot/message/multicast")
                .json(&body)?
                .retry_key(key),
        )
        .await
    }

    /// Sends to all friends of the account, also those whose ids we do not know.
    ///
    /// # Errors
    /// [`Failure`](super::Failure).
    pub async fn broadcast(
        &self,
        messages: &Messages,
        notification: Notification,
        key: RetryKey,
    ) -> Outcome<()> {
        let body = Body::new(messages, notification);
        self.tell(
            Call::post("/v2/bot/message/broadcast")
                .json(&body)?
                .retry_key(key),
        )
        .await
    }

    /// Asks whether LINE would take the messages; sends nothing and costs nothing.
    ///
    /// # Errors
    /// [`Failure::Refused`](super::Failure::Refused) with what is wrong where, or another failure.
    pub async fn validate(&self, audience: Audience, messages: &Messages) -> Outcome<()> {
        let path = match audience {
            Audience::Reply => "/v2/bot/message/validate/reply",
            Audience::Push => "/v2/bot/message/validate/push",
            Audience::Multicast => "/v2/bot/message/validate/multicast",
            Audience::Broadcast => "/v2/bot/message/validate/broadcast",
        };
        self.tell(Call::post(path).json(&Body::new(messages, Notification::On))?)
            .await
    }
}
