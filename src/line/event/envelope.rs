//! What every event has in common: enough to store it once, order it, and know whom it concerns.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::line::{GroupId, RoomId, UserId};
use crate::text::hex;

/// The common properties of an event. Reading never fails; what is missing or misshapen is absent.
/// <https://developers.line.biz/en/reference/messaging-api/#common-properties>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `webhookEventId`, the same on every redelivery: the key for storing an event once.
    /// Should LINE leave it out, `sha256:` and the hash of the event's bytes.
    pub id: String,
    /// `type` as sent; empty when missing.
    pub kind: String,
    /// When it happened, in milliseconds since 1970 UTC. A redelivery keeps the first time.
    pub timestamp_ms: Option<i64>,
    /// Whether we may answer.
    pub mode: Mode,
    /// Where it happened.
    pub source: Source,
    /// LINE sends it again because we did not answer in time. A hint: duplicates also come without it.
    pub is_redelivery: bool,
    /// Permission for one reply within a minute.
    pub reply_token: Option<ReplyToken>,
}

/// Who has the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// We do.
    Active,
    /// Another module of the account does, or LINE invented a mode: we must stay silent.
    Standby,
}

/// Where an event happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A one-to-one chat.
    User {
        /// The person.
        user_id: UserId,
    },
    /// A group chat.
    Group {
        /// The group.
        group_id: GroupId,
        /// The person, if they ever agreed to be known.
        user_id: Option<UserId>,
    },
    /// A multi-person chat.
    Room {
        /// The room.
        room_id: RoomId,
        /// The person, if they ever agreed to be known.
        user_id: Option<UserId>,
    },
    /// No source, one of a new kind, or one without a usable id.
    Unknown,
}

/// A single-use permission to reply. Prints masked: whoever has it can speak in the town's name.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ReplyToken(String);

impl ReplyToken {
    /// Takes back a token that was stored.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token, for LINE and for the database; never for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyToken(…)")
    }
}

impl Source {
    /// The person, where one is known.
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::User { user_id } => Some(user_id),
            Self::Group { user_id, .. } | Self::Room { user_id, .. } => user_id.as_ref(),
            Self::Unknown => None,
        }
    }

    fn read(fields: &Fields) -> Self {
        let user_id = fields
            .get::<String>("userId")
            .and_then(|id| UserId::parse(&id).ok());
        let known = match fields.get::<String>("type").as_deref() {
            Some("user") => user_id.map(|user_id| Self::User { user_id }),
            Some("group") => fields
                .get::<String>("groupId")
                .and_then(|id| GroupId::parse(&id).ok())
                .map(|group_id| Self::Group { group_id, user_id }),
            Some("room") => fields
                .get::<String>("roomId")
                .and_then(|id| RoomId::parse(&id).ok())
                .map(|room_id| Self::Room { room_id, user_id }),
            _ => None,
        };
        known.unwrap_or(Self::Unknown)
    }
}

impl Envelope {
    pub(super) fn read(raw: &str) -> Self {
        let fields = Fields::read(raw);
        Self {
            id: fields
                .get::<String>("webhookEventId")
                .filter(|id| !id.is_empty())
                .unwrap_or_else(|| digest_id(raw)),
            kind: fields.get("type").unwrap_or_default(),
            timestamp_ms: fields.get("timestamp"),
            // A mode we do not know is treated as the one that forbids speaking; a missing one is ordinary.
            mode: match fields.get::<String>("mode").as_deref() {
                None | Some("active") => Mode::Active,
                Some(_) => Mode::Standby,
            },
            source: fields
                .object("source")
                .map_or(Source::Unknown, |source| Source::read(&source)),
            is_redelivery: fields
                .object("deliveryContext")
                .and_then(|context| context.get("isRedelivery"))
                .unwrap_or(false),
            reply_token: fields
                .get::<ReplyToken>("replyToken")
                .filter(|token| !token.0.is_empty()),
        }
    }

    /// The console's old "Verify" button posts invented events; LINE must never be called for them.
    /// <https://github.com/line/line-bot-sdk-python/issues/80>
    pub fn is_verification_dummy(&self) -> bool {
        let dummy_token = self.reply_token.as_ref().is_some_and(|ReplyToken(token)| {
            token.len() == 32
                && (token.bytes().all(|b| b == b'0') || token.bytes().all(|b| b == b'f'))
        });
        let dummy_user = self
            .source
            .user_id()
            .is_some_and(|id| id.as_str() == "Udeadbeefdeadbeefdeadbeefdeadbeef");
        dummy_token || dummy_user
    }
}

fn digest_id(raw: &str) -> String {
    format!("sha256:{}", hex(&Sha256::digest(raw)))
}

/// A JSON object's properties, still unread; empty for anything else.
struct Fields<'a>(HashMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    fn read(json: &'a str) -> Self {
        Self(serde_json::from_str(json).unwrap_or_default())
    }

    fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(self.0.get(key)?.get()).ok()
    }

    fn object(&self, key: &str) -> Option<Fields<'a>> {
        self.0.get(key).map(|raw| Fields::read(raw.get()))
    }
}
