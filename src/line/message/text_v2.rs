//! Words with placeholders for emoji and mentions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::MAX_TEXT;
use super::error::{MessageError, between};
use crate::line::UserId;

const MAX_SUBSTITUTIONS: usize = 100;
const MAX_EACH: usize = 20;
const MAX_KEY: usize = 20;

/// A text in which `{key}` stands for a [`Substitution`] and `{{`, `}}` for braces.
/// <https://developers.line.biz/en/reference/messaging-api/#text-message-v2>
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextV2 {
    text: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    substitution: BTreeMap<String, Substitution>,
}

/// What a placeholder becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Substitution {
    /// One of LINE's emoji.
    Emoji {
        /// Set.
        product_id: String,
        /// Emoji in the set.
        emoji_id: String,
    },
    /// A person's or everybody's name. LINE takes it in groups and rooms only.
    Mention {
        /// Who.
        mentionee: Mentionee,
    },
}

/// Whom a mention names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mentionee {
    /// One person.
    User(UserId),
    /// Everybody in the chat.
    All,
}

impl Serialize for Mentionee {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(
            tag = "type",
            rename_all = "camelCase",
            rename_all_fields = "camelCase"
        )]
        enum Wire<'a> {
            User { user_id: &'a str },
            All,
        }
        match self {
            Self::User(id) => Wire::User {
                user_id: id.as_str(),
            },
            Self::All => Wire::All,
        }
        .serialize(serializer)
    }
}

impl TextV2 {
    /// # Errors
    /// When the text is empty or over 5,000 units, a brace stands alone, a placeholder has no substitution,
    /// a key is not 1 to 20 of `0-9A-Za-z_`, or there are too many substitutions.
    pub fn new(
        text: impl Into<String>,
        substitution: impl IntoIterator<Item = (String, Substitution)>,
    ) -> Result<Self, MessageError> {
        let text = between("text", text.into(), MAX_TEXT)?;
        let substitution: BTreeMap<_, _> = substitution.into_iter().collect();
        if substitution.len() > MAX_SUBSTITUTIONS {
            return Err(MessageError::Count {
                field: "substitution",
                given: substitution.len(),
                min: 0,
                max: MAX_SUBSTITUTIONS,
            });
        }
        let emoji = substitution
            .values()
            .filter(|s| matches!(s, Substitution::Emoji { .. }))
            .count();
        for given in [emoji, substitution.len() - emoji] {
            if given > MAX_EACH {
                return Err(MessageError::Count {
                    field: "emoji or mentions",
                    given,
                    min: 0,
                    max: MAX_EACH,
                });
            }
        }
        let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        for key in substitution.keys() {
            if key.is_empty() || key.len() > MAX_KEY || !key.bytes().all(word) {
                return Err(MessageError::invalid(
                    "substitution key",
                    key,
                    "1 to 20 of 0-9, A-Z, a-z and _",
                ));
            }
        }
        for key in placeholders(&text)? {
            if !substitution.contains_key(key) {
                return Err(MessageError::invalid(
                    "placeholder",
                    key,
                    "a key of substitution, or {{ }} for braces",
                ));
            }
        }
        Ok(Self { text, substitution })
    }
}

/// Doubles braces, so that somebody's words cannot be taken for placeholders.
pub fn escape_braces(words: &str) -> String {
    words.replace('{', "{{").replace('}', "}}")
}

fn placeholders(text: &str) -> Result<Vec<&str>, MessageError> {
    let alone = || MessageError::invalid("brace", "{ or }", "{key}, or doubled as {{ or }}");
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let brace = &rest[at..];
        if let Some(after) = brace
            .strip_prefix("{{")
            .or_else(|| brace.strip_prefix("}}"))
        {
            rest = after;
            continue;
        }
        let (key, after) = brace
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
            .ok_or_else(alone)?;
        if key.contains('{') {
            return Err(alone());
        }
        keys.push(key);
        rest = after;
    }
    Ok(keys)
}
