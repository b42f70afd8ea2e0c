//! What two chiefs agree to, as a number: SHA-256 over the one text that says it (RFC 8785), and the six digits
//! of it that they read to each other on the telephone.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization;

/// SHA-256 of something frozen, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(String);

/// Why something cannot be agreed to as it is written.
#[derive(Debug, thiserror::Error)]
pub enum Undigestible {
    /// It holds a character that is not seen, or turns the direction of what stands beside it.
    #[error("U+{:04X} cannot be seen: write it without", u32::from(*.0))]
    Unseen(char),
    /// It has no canonical form.
    #[error("this cannot be written as canonical JSON, so nobody can agree to it: {0}")]
    Json(#[from] serde_json::Error),
}

impl Digest {
    /// The digest of `frozen`.
    ///
    /// # Errors
    /// It holds what JSON cannot say: a number that is none, or a map whose keys are no words.
    pub fn of(frozen: &impl Serialize) -> Result<Self, serde_json::Error> {
        let text = serde_json_canonicalizer::to_string(frozen)?;
        let mut digest = Sha256::new();
        digest.update(b"line-emg/1\0");
        digest.update(text.as_bytes());
        let bytes = digest.finalize();
        Ok(Self(
            bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        ))
    }

    /// Reads one as it was shown; `None` if it is no digest.
    pub fn read(text: &str) -> Option<Self> {
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 64 && text.bytes().all(hexadecimal)).then(|| Self(text.to_owned()))
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number that both chiefs see (照合番号): six digits.
    pub fn number(&self) -> String {
        let first = self.0.get(..15).unwrap_or_default();
        let number = u64::from_str_radix(first, 16).unwrap_or_default();
        format!("{:06}", number % 1_000_000)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `value` with all its words in Unicode's composed form (NFC), so that what looks the same is the same.
///
/// # Errors
/// Something in it cannot be seen: controls, zero-width characters, and those that turn directions.
pub fn plain(value: Value) -> Result<Value, Undigestible> {
    Ok(match value {
        Value::String(text) => match text.chars().find(|c| is_unseen(*c)) {
            Some(unseen) => return Err(Undigestible::Unseen(unseen)),
            None => Value::String(text.nfc().collect()),
        },
        Value::Array(values) => values.into_iter().map(plain).collect::<Result<_, _>>()?,
        Value::Object(fields) => {
            let fields = fields.into_iter();
            let plain = fields.map(|(key, value)| Ok((key, plain(value)?)));
            Value::Object(plain.collect::<Result<_, Undigestible>>()?)
        }
        other => other,
    })
}

fn is_unseen(c: char) -> bool {
    let turns_or_hides = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    (c.is_control() && c != '\n') || turns_or_hides
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    const WRITTEN_DOWN: &str = "7b3234064e2e973826f757703fe76b2dd1549aaa8034637bc158750765e33d11";

    #[test]
    fn the_digest_is_the_one_that_was_written_down() {
        // printf 'line-emg/1\0{"a":1,"b":"断水"}' | sha256sum
        let digest = Digest::of(&json!({ "b": "断水", "a": 1 })).unwrap();
        assert_eq!(digest.as_str(), WRITTEN_DOWN);
        assert_eq!(Digest::read(digest.as_str()), Some(digest.clone()));
        let number = u64::from_str_radix(&WRITTEN_DOWN[..15], 16).unwrap() % 1_000_000;
        assert_eq!(digest.number(), format!("{number:06}"));
        for odd in ["", "00", &WRITTEN_DOWN.to_uppercase(), &"g".repeat(64)] {
            assert_eq!(Digest::read(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same_and_nothing_hides() {
        let composed = plain(json!([{ "text": "ガス\nか\u{3099}" }])).unwrap();
        assert_eq!(composed, json!([{ "text": "ガス\nが" }]));
        for odd in [
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{feff}",
            "a\tb",
            "a\0",
            "\u{2066}a",
            "\u{ad}",
        ] {
            let refused = plain(json!({ "messages": [{ "text": odd }] }));
            assert!(matches!(refused, Err(Undigestible::Unseen(_))), "{odd:?}");
        }
    }
}
