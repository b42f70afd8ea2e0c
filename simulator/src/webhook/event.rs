//! Webhook events (<https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects>).

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::ids;

/// Where an event happened: a user, a group or a room, told apart by the first letter of the id.
pub(crate) fn source(chat: &str) -> Value {
    match chat.chars().next() {
        Some('C') => json!({ "type": "group", "groupId": chat }),
        Some('R') => json!({ "type": "room", "roomId": chat }),
        _ => json!({ "type": "user", "userId": chat }),
    }
}

/// An event: its kind's own properties, then the common ones.
pub(crate) fn event(
    kind: &str,
    own: Value,
    chat: &str,
    reply_token: Option<&str>,
    now: DateTime<Utc>,
) -> Value {
    let mut event = Map::new();
    event.insert("type".into(), kind.into());
    if let Value::Object(own) = own {
        event.extend(own);
    }
    if let Some(token) = reply_token {
        event.insert("replyToken".into(), token.into());
    }
    event.insert("mode".into(), "active".into());
    event.insert("timestamp".into(), now.timestamp_millis().into());
    event.insert("source".into(), source(chat));
    event.insert("webhookEventId".into(), ids::ulid(now).into());
    event.insert("deliveryContext".into(), json!({ "isRedelivery": false }));
    Value::Object(event)
}
