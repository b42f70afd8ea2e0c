//! What of an event is stored, and whether anybody needs to handle it.

use std::fmt;

use crate::clock::Instant;
use crate::line::event::{Envelope, Mode, RawEvent, Source};

/// Kinds somebody handles.
const HANDLED: [&str; 5] = ["message", "postback", "follow", "unfollow", "join"];
/// Kinds we know and need not handle; their words, if any, are not kept.
const KNOWN: [&str; 17] = [
    "messageEdited",
    "unsend",
    "leave",
    "memberJoined",
    "memberLeft",
    "videoPlayComplete",
    "beacon",
    "accountLink",
    "membership",
    "module",
    "activated",
    "deactivated",
    "botSuspended",
    "botResumed",
    "delivery",
    "things",
    "pnpDelivery",
];
/// Longest kind and event id kept as sent. LINE's are far shorter.
const MAX_WORD: usize = 80;

/// An event on its way into the database. Prints without who said what.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    pub(super) event_id: String,
    pub(super) line_user_id: Option<String>,
    pub(super) kind: String,
    pub(super) occurred_ms: i64,
    pub(super) received_at: Instant,
    pub(super) body: Option<String>,
    pub(super) to_handle: bool,
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arrival({} {})", self.kind, self.event_id)
    }
}

impl Arrival {
    /// Reads as much of an event as storing it needs. Never fails: an odd event is stored as it came.
    pub fn of(raw: &RawEvent, now: Instant) -> Self {
        let envelope = raw.envelope();
        // Who comes and goes is noted even while another module has the conversation.
        let may_act = envelope.mode == Mode::Active
            || ["follow", "unfollow"].contains(&envelope.kind.as_str());
        let to_handle = HANDLED.contains(&envelope.kind.as_str())
            && may_act
            && !envelope.is_verification_dummy()
            && is_for_us(&envelope);
        let known =
            HANDLED.contains(&envelope.kind.as_str()) || KNOWN.contains(&envelope.kind.as_str());
        let handled_user = match &envelope.source {
            Source::User { user_id } if to_handle => Some(user_id.as_str().to_owned()),
            _ => None,
        };
        Self {
            event_id: envelope
                .id
                .chars()
                .filter(|c| !c.is_control())
                .take(MAX_WORD)
                .collect(),
            line_user_id: handled_user,
            kind: envelope
                .kind
                .chars()
                .filter(|c| !c.is_control())
                .take(MAX_WORD)
                .collect(),
            occurred_ms: envelope
                .timestamp_ms
                .unwrap_or_else(|| now.timestamp_millis()),
            received_at: now,
            // What LINE may invent is kept to learn from; words nobody will answer are not.
            body: (to_handle || !known).then(|| raw.as_str().to_owned()),
            to_handle,
        }
    }
}

/// One-to-one chats are answered; a group is only left again, on joining it.
fn is_for_us(envelope: &Envelope) -> bool {
    match envelope.source {
        Source::User { .. } => envelope.kind != "join",
        Source::Group { .. } | Source::Room { .. } => envelope.kind == "join",
        Source::Unknown => false,
    }
}
