//! What is agreed to, as a number: SHA-256 over the one text that says it (RFC 8785).

use std::fmt;

use crate::text::hex;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// SHA-256 of something frozen, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(String);

/// Something has no canonical form.
#[derive(Debug, thiserror::Error)]
#[error("this cannot be written as canonical JSON, so nobody can agree to it: {0}")]
pub struct Undigestible(#[from] serde_json::Error);

impl Digest {
    /// The digest of `frozen`.
    ///
    /// # Errors
    /// It holds what JSON cannot say: a number that is none, or a map whose keys are no words.
    pub fn of(frozen: &impl Serialize) -> Result<Self, Undigestible> {
        let text = serde_json_canonicalizer::to_string(frozen)?;
        let mut digest = Sha256::new();
        digest.update(b"kairan-approval/1\0");
        digest.update(text.as_bytes());
        Ok(Self(hex(&digest.finalize())))
    }

    /// Reads one as it was shown; `None` if it is no digest.
    pub fn read(text: &str) -> Option<Self> {
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 64 && text.bytes().all(hexadecimal)).then(|| Self(text.to_owned()))
    }

    /// As it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Digest;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_does_not_matter_and_everything_else_does() {
        let of = |value| Digest::of(&value).unwrap();
        let first = of(json!({ "text": "断水", "at": 9 }));
        assert_eq!(first, of(json!({ "at": 9, "text": "断水" })));
        assert_ne!(first, of(json!({ "at": 10, "text": "断水" })));
        assert_ne!(first, of(json!({ "at": 9, "text": "断水 " })));
    }

    #[test]
    fn only_a_digest_is_read_as_one() {
        let digest = Digest::of(&"断水").unwrap();
        assert_eq!(Digest::read(digest.as_str()), Some(digest.clone()));
        for odd in ["", "00", &digest.as_str().to_uppercase(), &"g".repeat(64)] {
            assert_eq!(Digest::read(odd), None, "{odd}");
        }
    }
}
