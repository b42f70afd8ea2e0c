//! Who a message comes from or goes to. These ids are personal data: they print masked.

use std::fmt;

use thiserror::Error;

/// Why a text is not an id of LINE's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "not a LINE {noun} id: expected {prefix:?} and 32 characters of 0-9a-f, got {length} bytes; \
     a LINE ID chosen by the person (as shown in the app) is something else"
)]
pub struct InvalidChatId {
    noun: &'static str,
    prefix: char,
    // The value itself stays out of the error: it may be somebody's id with one letter wrong.
    length: usize,
}

macro_rules! chat_id {
    ($(#[$doc:meta])* $name:ident, $noun:literal, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Reads an id, the only way to get one.
            ///
            /// # Errors
            /// When the text is not this kind of id's letter followed by 32 lower-case hexadecimal digits.
            pub fn parse(text: &str) -> Result<Self, InvalidChatId> {
                let invalid = InvalidChatId { noun: $noun, prefix: $prefix, length: text.len() };
                let digits = text.strip_prefix($prefix).ok_or_else(|| invalid.clone())?;
                let is_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
                if digits.len() != 32 || !digits.bytes().all(is_hex) {
                    return Err(invalid);
                }
                Ok(Self(text.to_owned()))
            }

            /// The whole id, for LINE and for the database; never for logs.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            /// The first five characters, enough to tell two ids apart while reading logs.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}…", &self.0[..5])
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

chat_id!(
    /// A person, as one LINE provider knows them.
    UserId, "user", 'U'
);
impl UserId {
    /// The id of nobody: well-formed, and never LINE's.
    pub fn nobody() -> Self {
        Self(format!("U{}", "0".repeat(32)))
    }
}

chat_id!(
    /// A group chat.
    GroupId, "group", 'C'
);
chat_id!(
    /// A multi-person chat.
    RoomId, "room", 'R'
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_letter_and_32_lower_case_digits_are_an_id() {
        assert!(UserId::parse("U0123456789abcdef0123456789abcdef").is_ok());
        for wrong in [
            "",
            "U",
            "hanako",
            "U0123456789abcdef0123456789abcde",
            "U0123456789abcdef0123456789abcdef0",
            "U0123456789ABCDEF0123456789ABCDEF",
            "C0123456789abcdef0123456789abcdef",
            "U0123456789abcdef0123456789abcdeｆ",
            " U0123456789abcdef0123456789abcdef",
        ] {
            assert!(UserId::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(GroupId::parse("C0123456789abcdef0123456789abcdef").is_ok());
        assert!(RoomId::parse("R0123456789abcdef0123456789abcdef").is_ok());
    }

    #[test]
    fn an_id_and_its_error_print_without_the_id() {
        let id = UserId::parse("U0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(format!("{id} {id:?}"), "U0123… U0123…");
        let error = UserId::parse("u0123456789abcdef0123456789abcdef").unwrap_err();
        assert!(!error.to_string().contains("0123456789abcdef"), "{error}");
    }
}
