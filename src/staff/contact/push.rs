//! A device that receives notifications: where its browser's maker takes them in, and the keys by which
//! nobody but the device reads them (RFC 8291).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;
use url::Url;

use crate::clock::Instant;
use crate::ids::PushId;

/// Where notifications for one device go. Personal data: its `Debug` says only which it is.
#[derive(Clone, PartialEq, Eq)]
pub struct PushTarget {
    /// Its id.
    pub id: PushId,
    /// Where the push service takes messages for it (RFC 8030 §5). Whoever knows it can send there.
    pub endpoint: Url,
    /// The device's public key: an uncompressed point of P-256.
    pub p256dh: [u8; 65],
    /// The secret that it shares with us.
    pub auth: [u8; 16],
}

/// A device as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: PushId,
    /// What it is called.
    pub label: String,
    /// Since when it receives notifications.
    pub created_at: Instant,
    /// Since when it does not any more.
    pub failed_at: Option<Instant>,
}

/// Why what a browser says is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidTarget {
    /// Not in the form of a subscription.
    #[error("a subscription has an endpoint and two keys in base64url, of 65 and 16 bytes")]
    Form,
    /// The endpoint is no push service that we know.
    #[error("the endpoint is not at a push service of a known browser")]
    Service,
}

/// The push services of browsers' makers: Chrome, Edge and others; Firefox; Safari; Edge on Windows. An
/// address that a page names must not make us call anything else, least of all inside the town hall.
const SERVICES: [&str; 4] = [
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
];

impl PushTarget {
    /// Reads what a browser's `PushSubscription` says of itself (W3C Push API, `toJSON`).
    ///
    /// # Errors
    /// It is none, or its endpoint is not a known push service's.
    pub fn parse(
        id: PushId,
        endpoint: &str,
        p256dh: &str,
        auth: &str,
    ) -> Result<Self, InvalidTarget> {
        let endpoint = Url::parse(endpoint).map_err(|_| InvalidTarget::Form)?;
        let host = endpoint.host_str().unwrap_or_default();
        let known = |service: &str| {
            let before = host.strip_suffix(service);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        let plain = endpoint.username().is_empty() && endpoint.port().is_none();
        if endpoint.scheme() != "https" || !plain || !SERVICES.into_iter().any(known) {
            return Err(InvalidTarget::Service);
        }
        Self::of_parts(id, endpoint, p256dh, auth)
    }

    /// The same, of an endpoint that was looked at before.
    pub(super) fn of_parts(
        id: PushId,
        endpoint: Url,
        p256dh: &str,
        auth: &str,
    ) -> Result<Self, InvalidTarget> {
        let p256dh: [u8; 65] = bytes(p256dh)?;
        if p256dh.first() != Some(&4) {
            return Err(InvalidTarget::Form);
        }
        Ok(Self {
            id,
            endpoint,
            p256dh,
            auth: bytes(auth)?,
        })
    }

    /// Its keys as the database seals them.
    pub(super) fn keys(&self) -> String {
        let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        format!("{} {}", word(&self.p256dh), word(&self.auth))
    }
}

fn bytes<const N: usize>(word: &str) -> Result<[u8; N], InvalidTarget> {
    let bytes = URL_SAFE_NO_PAD.decode(word.trim_end_matches('='));
    let bytes = bytes.map_err(|_| InvalidTarget::Form)?;
    bytes.try_into().map_err(|_| InvalidTarget::Form)
}

impl fmt::Debug for PushTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushTarget({})", self.id)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(endpoint: &str) -> Result<PushTarget, InvalidTarget> {
        let key = URL_SAFE_NO_PAD.encode([4; 65]);
        let auth = URL_SAFE_NO_PAD.encode([7; 16]);
        PushTarget::parse(PushId(uuid::Uuid::nil()), endpoint, &key, &auth)
    }

    #[test]
    fn subscriptions_of_the_four_makers_are_taken() {
        for endpoint in [
            "https://fcm.googleapis.com/fcm/send/abc:def",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://web.push.apple.com/abc",
            "https://wns2-ln2p.notify.windows.com/w/?token=abc",
        ] {
            let target = of(endpoint).unwrap();
            assert_eq!(target.endpoint.as_str(), endpoint);
            assert!(!format!("{target:?}").contains("https"));
        }
    }

    #[test]
    fn no_other_address_is_called() {
        for endpoint in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/fcm/send/abc",
            "https://me@fcm.googleapis.com/abc",
            "https://fcm.googleapis.com.example/abc",
            "https://evilpush.apple.com.example/",
            "https://notpush.services.mozilla.com.jp/",
            "https://xnotify.windows.com/w",
            "https://169.254.169.254/latest",
            "https://localhost/push",
            "file:///etc/passwd",
        ] {
            assert_eq!(of(endpoint), Err(InvalidTarget::Service), "{endpoint}");
        }
        assert_eq!(of("fcm"), Err(InvalidTarget::Form));
    }

    #[test]
    fn keys_have_their_length_and_form() {
        let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let (key, auth) = (word(&[4; 65]), word(&[7; 16]));
        let parse = |key: &str, auth: &str| {
            let at = "https://web.push.apple.com/abc";
            PushTarget::parse(PushId(uuid::Uuid::nil()), at, key, auth)
        };
        let target = parse(&key, &format!("{auth}==")).unwrap();
        assert_eq!(target.keys(), format!("{key} {auth}"));
        for (key, auth) in [
            (word(&[4; 64]), auth.clone()),
            (word(&[2; 65]), auth.clone()),
            (key.clone(), word(&[7; 15])),
            (key, "うううう".to_owned()),
        ] {
            assert_eq!(parse(&key, &auth), Err(InvalidTarget::Form));
        }
    }
}
