//! Names under which LINE sums up how messages fared.

use std::fmt;

use thiserror::Error;

/// A custom aggregation unit: 1 to 30 of `[a-zA-Z0-9_]`. LINE keeps 1,000 of them a month, and leaves
/// out further ones without a word.
/// <https://developers.line.biz/en/reference/messaging-api/#send-multicast-message>
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unit(String);

/// A text that names no unit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{given}` is no aggregation unit: write 1 to {} letters, digits or underscores",
    Unit::MAX
)]
pub struct InvalidUnit {
    given: String,
}

impl Unit {
    /// Most characters of a name.
    pub const MAX: usize = 30;

    /// # Errors
    /// It is empty, too long, or holds other characters.
    pub fn parse(name: impl Into<String>) -> Result<Self, InvalidUnit> {
        let name = name.into();
        let known = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        match (1..=Self::MAX).contains(&name.len()) && name.bytes().all(known) {
            true => Ok(Self(name)),
            false => Err(InvalidUnit { given: name }),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
