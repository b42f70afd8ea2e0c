//! What LINE tells us: a webhook body, its events one by one, and their contents.
//!
//! Three steps, so that no odd event can lose its neighbours and a stored event can be read again:
//! [`parse_body`] splits a body into [`RawEvent`]s, [`RawEvent::envelope`] reads what every event
//! has in common, [`Event::parse`] reads the rest. Only the first step can fail: LINE may add event
//! types, enum values and properties at any time
//! (<https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects>).

mod body;
mod envelope;
mod payload;
mod received;

pub use body::{Body, BodyError, RawEvent, parse_body};
pub use envelope::{Envelope, Mode, ReplyToken, Source};
pub use payload::{
    AccountLink, Activated, Beacon, Follow, LinkResult, Membership, Payload, Postback,
    PostbackParams, RichMenuSwitch, VideoPlayComplete,
};
pub use received::{Content, File, Location, Media, Received, Sticker, Text};

/// One event, read as far as it could be.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What every event has.
    pub envelope: Envelope,
    /// What this kind of event has.
    pub payload: Payload,
}

impl Event {
    /// Reads an event. Never fails: what is unknown or misshapen becomes [`Payload::Unknown`].
    pub fn parse(raw: &RawEvent) -> Self {
        let envelope = raw.envelope();
        let payload = Payload::parse(&envelope.kind, raw.as_str());
        Self { envelope, payload }
    }
}

/// A missing or unusable optional property is an absent one.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
