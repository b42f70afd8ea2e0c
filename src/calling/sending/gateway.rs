//! A gateway for text messages and voice: any server that takes this request and knows a call by its id.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sha2::Sha256;
use url::Url;

use super::{InvalidChannel, Tried, client, is_safe, judged};
use crate::clock::Instant;
use crate::ids::CallId;
use crate::policy::Channel;
use crate::text::hex;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// `t=UNIX_SECONDS,v1=HEX`, where `HEX` is the HMAC-SHA256 of `UNIX_SECONDS.BODY` under the shared secret. A gateway
/// refuses what is older than some minutes, and answers an `Idempotency-Key` that it knows as it did before.
const SIGNATURE: HeaderName = HeaderName::from_static("kairan-signature");
const SHORTEST_SECRET: usize = 32;

/// A gateway. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct Gateway {
    address: Url,
    secret: SecretString,
    http: Client,
}

impl Gateway {
    /// The gateway at `address`, which shares `secret` with us.
    ///
    /// # Errors
    /// The address is not safe, or the secret is too short.
    pub fn new(address: &str, secret: SecretString) -> Result<Self, InvalidChannel> {
        let address = Url::parse(address).map_err(|_| InvalidChannel::Gateway)?;
        let is_http = matches!(address.scheme(), "http" | "https");
        if !is_http || !is_safe(&address) {
            return Err(InvalidChannel::Gateway);
        }
        if secret.expose_secret().len() < SHORTEST_SECRET {
            return Err(InvalidChannel::Secret);
        }
        Ok(Self {
            address,
            secret,
            http: client()?,
        })
    }

    /// Hands a call over: `text` to be sent, or read out, to the number `to` (E.164).
    pub(in crate::calling) async fn call(
        &self,
        now: Instant,
        id: CallId,
        channel: Channel,
        to: &str,
        text: &str,
    ) -> Tried {
        let body = json!({ "id": id, "kind": channel.code(), "to": to, "text": text }).to_string();
        let at = now.timestamp();
        let Some(signature) = self.signature(at, &body) else {
            return Tried::Refused;
        };
        let request = self
            .http
            .post(self.address.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(IDEMPOTENCY_KEY, id.to_string())
            .header(SIGNATURE, format!("t={at},v1={signature}"))
            .body(body);
        let answer = request.send().await;
        match &answer {
            // It knows the call already.
            Ok(answer) if answer.status().as_u16() == 409 => Tried::Taken,
            _ => judged(answer),
        }
    }

    fn signature(&self, at: i64, body: &str) -> Option<String> {
        let secret = self.secret.expose_secret().as_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        mac.update(format!("{at}.{body}").as_bytes());
        Some(hex(&mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.address.host_str().unwrap_or_default();
        write!(f, "Gateway({host})")
    }
}
