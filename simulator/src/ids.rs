//! Identifiers shaped as LINE's are.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// `prefix` followed by 32 hexadecimal digits: `U…` a user, `C…` a group, `R…` a room.
pub(crate) fn hex(prefix: &str) -> String {
    format!("{prefix}{}", Uuid::new_v4().simple())
}

/// A request id or a token: opaque.
pub(crate) fn opaque() -> String {
    Uuid::new_v4().to_string()
}

/// Whether `text` is `prefix` followed by 32 lowercase hexadecimal digits.
pub(crate) fn is_hex(prefix: char, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == 32
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

/// A message id: a number larger than 2^53, kept as text.
pub(crate) fn message_id(count: u64) -> String {
    (444_573_844_083_572_737 + count).to_string()
}

/// A ULID (48 bits of milliseconds, 80 random bits, Crockford's base 32), as `webhookEventId` is.
pub(crate) fn ulid(now: DateTime<Utc>) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let millis = u128::from(now.timestamp_millis().unsigned_abs());
    let bits = (millis << 80) | (Uuid::new_v4().as_u128() >> 48);
    (0..26)
        .rev()
        .map(|place| {
            let digit = (bits >> (place * 5)) & 31;
            char::from(
                ALPHABET
                    .get(usize::try_from(digit).unwrap_or(0))
                    .copied()
                    .unwrap_or(b'0'),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ulid_sorts_by_time_and_has_26_places() {
        let early = ulid(DateTime::from_timestamp(1_705_891_467, 0).unwrap_or_default());
        let late = ulid(DateTime::from_timestamp(1_705_891_468, 0).unwrap_or_default());
        assert_eq!(early.len(), 26);
        assert!(early < late);
        assert!(early.starts_with("01HMQG"), "{early}");
    }

    #[test]
    fn only_lowercase_hex_of_the_right_length_is_an_id() {
        assert!(is_hex('U', &hex("U")));
        assert!(!is_hex('U', &hex("C")));
        assert!(!is_hex('U', "U0123456789ABCDEF0123456789ABCDEF"));
        assert!(!is_hex('U', "U0123"));
    }
}
