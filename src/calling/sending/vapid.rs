//! The key by which push services know this installation (VAPID, RFC 8292). It is made at first use, and kept sealed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::{PublicKey, SecretKey};
use serde_json::json;
use url::Url;

use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::seal::NoRandomness;

const COLUMN: &str = "push_key.private";
/// A signature counts for so long; at most a day is allowed (RFC 8292 §2).
const COUNTS: TimeDelta = TimeDelta::hours(12);

/// The key. Without `Debug`: it never prints.
#[derive(Clone)]
pub(in crate::calling) struct Key(SecretKey);

/// The key of this installation, made if there is none yet.
pub(in crate::calling) async fn key(db: &Db, now: Instant) -> Result<Key, DbError> {
    if let Some(sealed) = store::key(db.conn()).await? {
        return opened(db, &sealed);
    }
    let odd = |error: NoRandomness| DbError::Custom(error.to_string());
    let new = random().map_err(odd)?;
    let new = URL_SAFE_NO_PAD.encode(new.to_bytes());
    let sealed = db.seal()?.text(COLUMN, &new).map_err(odd)?;
    let tx = db.begin().await?;
    store::keep_key(tx.conn(), now, sealed).await?;
    tx.commit().await?;
    // Another replica may have been first.
    let kept = store::key(db.conn()).await?;
    let missing = || DbError::RecordNotFound("the key for push services".to_owned());
    opened(db, &kept.ok_or_else(missing)?)
}

fn opened(db: &Db, sealed: &str) -> Result<Key, DbError> {
    let odd = |what: String| DbError::Custom(format!("the key for push services: {what}"));
    let text = db.seal()?.open(COLUMN, sealed);
    let text = text.map_err(|error| odd(error.to_string()))?;
    let bytes = URL_SAFE_NO_PAD.decode(text);
    let key = bytes.ok().and_then(|b| SecretKey::from_slice(&b).ok());
    key.map(Key).ok_or_else(|| odd("it is none".to_owned()))
}

/// A key of its own.
pub(super) fn random() -> Result<SecretKey, NoRandomness> {
    let mut bytes = [0; 32];
    loop {
        getrandom::fill(&mut bytes)?;
        // All but one in 2³² are.
        if let Ok(key) = SecretKey::from_slice(&bytes) {
            return Ok(key);
        }
    }
}

/// A public key as browsers and push services write it: an uncompressed point.
pub(super) fn point(key: &PublicKey) -> Vec<u8> {
    use p256::elliptic_curve::sec1::ToSec1Point;
    key.to_sec1_point(false).as_bytes().to_vec()
}

impl Key {
    /// What browsers are given, and push services.
    pub(in crate::calling) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(point(&self.0.public_key()))
    }

    /// The `Authorization` for a request to `endpoint`; `contact` is whom its operator may write to.
    pub(super) fn authorization(&self, now: Instant, endpoint: &Url, contact: &str) -> String {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = part(json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": (now + COUNTS).timestamp(),
            "sub": contact,
        }));
        let signed = format!("{head}.{claims}");
        let signature: Signature = SigningKey::from(&self.0).sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}
