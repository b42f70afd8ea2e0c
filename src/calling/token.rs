//! The links of calls: whoever holds one was called.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::ids::CallId;
use crate::seal::Seal;
use crate::text::hex;

const COLUMN: &str = "call.token";
/// 128 bits: nobody guesses one in the hour for which it is of use, and a text message holds it.
const BYTES: usize = 16;

/// What stands at the end of a call's link. It follows from the call and the installation's key, so that a call
/// that is tried again carries the same one, and only its digest is kept.
#[derive(Debug, Clone)]
pub(super) struct Token(SecretString);

impl Token {
    pub(super) fn of(seal: &Seal, call: CallId) -> Self {
        let sealed = seal.lookup(COLUMN, &call.to_string());
        let whole = Sha256::digest(sealed);
        Self(URL_SAFE_NO_PAD.encode(&whole[..BYTES]).into())
    }

    pub(super) fn given(text: &str) -> Self {
        Self(text.into())
    }

    /// For the person alone.
    pub(super) fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the database holds in its place.
    pub(super) fn digest(&self) -> String {
        hex(&Sha256::digest(format!("kairan-call/1\0{}", self.reveal())))
    }
}
