//! Tokens: what only its holder knows, and we recognise.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::seal::NoRandomness;
use crate::text::hex;

/// 256 random bits, as text fit for a cookie or an address. It cannot be guessed, so its plain SHA-256 is
/// all that is stored (ASVS 7.2.3 asks for 128 bits); reading the database gives nobody a way in.
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes).into()))
    }

    /// One that came back to us: from a cookie, an address, a form.
    pub fn given(text: &str) -> Self {
        Self(text.into())
    }

    /// For the holder alone: show it, send it, never log it.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// The link that invites its holder, at the product's own address.
    pub fn link(&self, public_url: &str) -> String {
        format!(
            "{}/invite/{}",
            public_url.trim_end_matches('/'),
            self.reveal()
        )
    }

    /// What the database holds in its place: lower-case hexadecimal SHA-256.
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.reveal()))
    }
}
