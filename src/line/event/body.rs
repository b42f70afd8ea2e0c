//! A webhook body and its still unread events.

use std::collections::HashMap;
use std::fmt;

use serde_json::value::RawValue;
use thiserror::Error;

use super::Envelope;

/// A webhook request's body, split into events.
#[derive(Debug)]
pub struct Body {
    /// The bot's own user id, to notice a body meant for another channel.
    pub destination: Option<String>,
    /// In LINE's order, which promises nothing; empty when LINE only checks that we answer.
    pub events: Vec<RawEvent>,
}

/// Why a signed body holds no events at all.
#[derive(Debug, Error)]
pub enum BodyError {
    /// Not a JSON object.
    #[error("the webhook body is not a JSON object: {0}")]
    Malformed(#[source] serde_json::Error),
    /// An object without `events`.
    #[error("the webhook body has no \"events\"; LINE always sends it, empty when there are none")]
    NoEvents,
    /// `events` is something else.
    #[error("\"events\" of the webhook body is not an array: {0}")]
    EventsNotAnArray(#[source] serde_json::Error),
}

/// Splits a body whose signature was already checked.
///
/// # Errors
/// [`BodyError`] when there are no events to speak of. A misshapen element of `events` is no error:
/// it is a [`RawEvent`] like the others.
pub fn parse_body(bytes: &[u8]) -> Result<Body, BodyError> {
    // A map rather than a struct: serde would read a struct from an array too.
    let outer: HashMap<String, &RawValue> =
        serde_json::from_slice(bytes).map_err(BodyError::Malformed)?;
    let events = outer.get("events").ok_or(BodyError::NoEvents)?;
    let events: Vec<Box<RawValue>> =
        serde_json::from_str(events.get()).map_err(BodyError::EventsNotAnArray)?;
    Ok(Body {
        destination: outer
            .get("destination")
            .and_then(|raw| serde_json::from_str(raw.get()).ok()),
        events: events.into_iter().map(RawEvent).collect(),
    })
}

/// One event exactly as LINE sent it: stored before anything is made of it. Prints its size only.
#[derive(Clone)]
pub struct RawEvent(Box<RawValue>);

impl fmt::Debug for RawEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawEvent({} bytes)", self.as_str().len())
    }
}

impl RawEvent {
    /// Takes back an event that was stored with [`as_str`](Self::as_str).
    ///
    /// # Errors
    /// When `json` is not one JSON value.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json).map(Self)
    }

    /// The event's own bytes, untouched. They hold personal data.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// What every event has, whatever its kind; reads no more than that.
    pub fn envelope(&self) -> Envelope {
        Envelope::read(self.as_str())
    }
}
