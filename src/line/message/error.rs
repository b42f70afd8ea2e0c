//! What LINE would refuse, said before it is sent.

use std::fmt::Display;

use thiserror::Error;

use crate::line::text;

/// Longest address of a picture, in UTF-16 units.
pub(super) const MAX_URL: usize = 2000;

/// Why a message, or a part of one, cannot exist. Quotes the limit; never the resident's words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MessageError {
    /// A text is empty.
    #[error("{field} is empty: LINE wants at least one character")]
    Empty {
        /// The property, as LINE calls it.
        field: &'static str,
    },
    /// A text is too long.
    #[error("{field} has {given} characters (UTF-16 units), LINE takes {max}: shorten it")]
    TooLong {
        /// The property, as LINE calls it.
        field: &'static str,
        /// Units given.
        given: usize,
        /// Units allowed.
        max: usize,
    },
    /// A list has too few or too many elements.
    #[error("{field} has {given} elements, LINE takes {min} to {max}")]
    Count {
        /// The property, as LINE calls it.
        field: &'static str,
        /// Elements given.
        given: usize,
        /// Fewest allowed.
        min: usize,
        /// Most allowed.
        max: usize,
    },
    /// A layout is too large.
    #[error("{field} is {given} bytes of JSON, LINE takes {max}: use fewer or shorter components")]
    TooLarge {
        /// The property, as LINE calls it.
        field: &'static str,
        /// Bytes given.
        given: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// A value LINE does not take there.
    #[error("{field} {given:?}: expected {expected}")]
    Invalid {
        /// The property, as LINE calls it.
        field: &'static str,
        /// What was given.
        given: String,
        /// What LINE takes.
        expected: &'static str,
    },
}

impl MessageError {
    pub(in crate::line) fn invalid(
        field: &'static str,
        given: impl Display,
        expected: &'static str,
    ) -> Self {
        Self::Invalid {
            field,
            given: text::fit(&given.to_string(), 80),
            expected,
        }
    }
}

/// A text of 1 to `max` UTF-16 units.
pub(in crate::line) fn between(
    field: &'static str,
    given: String,
    max: usize,
) -> Result<String, MessageError> {
    match text::length(&given) {
        0 => Err(MessageError::Empty { field }),
        length if length > max => Err(MessageError::TooLong {
            field,
            given: length,
            max,
        }),
        _ => Ok(given),
    }
}

/// A list of `min` to `max` elements.
pub(in crate::line) fn count<T>(
    field: &'static str,
    given: Vec<T>,
    min: usize,
    max: usize,
) -> Result<Vec<T>, MessageError> {
    if (min..=max).contains(&given.len()) {
        Ok(given)
    } else {
        Err(MessageError::Count {
            field,
            given: given.len(),
            min,
            max,
        })
    }
}

/// The address of a picture: LINE fetches those by https only.
pub(in crate::line) fn https_url(
    field: &'static str,
    given: String,
) -> Result<String, MessageError> {
    let given = between(field, given, MAX_URL)?;
    if given.starts_with("https://") && is_encoded(&given) {
        Ok(given)
    } else {
        Err(MessageError::invalid(
            field,
            given,
            "an https:// address, percent-encoded",
        ))
    }
}

/// LINE wants addresses percent-encoded: Japanese in a path or query must be written `%E3…`.
pub(super) fn is_encoded(url: &str) -> bool {
    url.bytes().all(|byte| byte.is_ascii_graphic())
}
