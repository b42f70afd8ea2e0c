//! Notifications on devices, over the push services of browsers' makers (RFC 8030).

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName};

use super::encrypted::encrypted;
use super::vapid::Key;
use super::{InvalidChannel, Tried, client, is_safe, judged};
use crate::clock::Instant;
use crate::staff::contact::PushTarget;

const TTL: HeaderName = HeaderName::from_static("ttl");
const URGENCY: HeaderName = HeaderName::from_static("urgency");
const TOPIC: HeaderName = HeaderName::from_static("topic");
/// Seconds for which a push service keeps a notification while the device is away: later nobody is to be woken.
const KEEPS: &str = "600";

/// A way to push services.
#[derive(Debug, Clone)]
pub struct Push {
    http: Client,
    contact: String,
}

/// What is pushed.
#[derive(Debug, Clone, Copy)]
pub(in crate::calling) struct Notification<'a> {
    /// What the device's own page is handed.
    pub text: &'a str,
    /// At most 32 letters of base64url: a later one with the same takes the place of one that waits.
    pub topic: &'a str,
}

impl Push {
    /// A way to push services, whose operators may write to `contact` (`mailto:…` or `https://…`).
    ///
    /// # Errors
    /// The HTTP library does not start.
    pub fn new(contact: String) -> Result<Self, InvalidChannel> {
        Ok(Self {
            http: client()?,
            contact,
        })
    }

    /// Hands a notification over.
    pub(in crate::calling) async fn send(
        &self,
        now: Instant,
        key: &Key,
        target: &PushTarget,
        notification: Notification<'_>,
    ) -> Tried {
        if !is_safe(&target.endpoint) {
            return Tried::Refused;
        }
        let text = notification.text.as_bytes();
        let Ok(body) = encrypted(&target.p256dh, &target.auth, text) else {
            return Tried::Refused;
        };
        let authorization = key.authorization(now, &target.endpoint, &self.contact);
        let request = self
            .http
            .post(target.endpoint.clone())
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_ENCODING, "aes128gcm")
            .header(TTL, KEEPS)
            .header(URGENCY, "high")
            .header(TOPIC, notification.topic)
            .body(body);
        let answer = request.send().await;
        match &answer {
            Ok(answer) if matches!(answer.status().as_u16(), 404 | 410) => Tried::Gone,
            _ => judged(answer),
        }
    }
}
