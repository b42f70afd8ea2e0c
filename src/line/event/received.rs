//! Messages people send us.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::lenient;

/// A message somebody sent.
/// <https://developers.line.biz/en/reference/messaging-api/#message-event>
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// The message's id, by which `unsend` names it and its content is fetched.
    pub id: Option<String>,
    /// For quoting it in a reply.
    pub quote_token: Option<String>,
    /// For marking it as read.
    pub mark_as_read_token: Option<String>,
    /// What was sent.
    pub content: Content,
}

/// What was sent, by kind. Prints its kind only: the rest is a resident's own words and places.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text(Text),
    /// A picture.
    Image(Media),
    /// A video.
    Video(Media),
    /// A voice message.
    Audio(Media),
    /// A file.
    File(File),
    /// A place.
    Location(Location),
    /// A sticker.
    Sticker(Sticker),
    /// A kind we do not know.
    Unknown {
        /// `message.type` as sent.
        kind: String,
    },
}

/// A text message.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// The words; LINE's own emoji stand in it as `(name)`.
    pub text: String,
    /// The message this one quotes.
    #[serde(default, deserialize_with = "lenient")]
    pub quoted_message_id: Option<String>,
}

/// An image, video or audio message; its bytes stay with LINE.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Media {
    /// Length in milliseconds, of video and audio.
    #[serde(default, deserialize_with = "lenient")]
    pub duration: Option<i64>,
}

/// A file message; its bytes stay with LINE.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// As the sender called it.
    #[serde(default, deserialize_with = "lenient")]
    pub file_name: Option<String>,
    /// In bytes.
    #[serde(default, deserialize_with = "lenient")]
    pub file_size: Option<i64>,
}

/// A place somebody sent, in degrees.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Location {
    /// North positive.
    pub latitude: f64,
    /// East positive.
    pub longitude: f64,
    /// The place's name.
    #[serde(default, deserialize_with = "lenient")]
    pub title: Option<String>,
    /// The place's address.
    #[serde(default, deserialize_with = "lenient")]
    pub address: Option<String>,
}

/// A sticker.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sticker {
    /// Package.
    #[serde(default, deserialize_with = "lenient")]
    pub package_id: Option<String>,
    /// Sticker in the package.
    #[serde(default, deserialize_with = "lenient")]
    pub sticker_id: Option<String>,
    /// What it stands for, a random choice of at most 15 words.
    #[serde(default, deserialize_with = "lenient")]
    pub keywords: Option<Vec<String>>,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::Image(_) => "Image(…)",
            Self::Video(_) => "Video(…)",
            Self::Audio(_) => "Audio(…)",
            Self::File(_) => "File(…)",
            Self::Location(_) => "Location(…)",
            Self::Sticker(_) => "Sticker(…)",
            Self::Unknown { .. } => "Unknown(…)",
        })
    }
}

impl<'de> Deserialize<'de> for Received {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Common {
            r#type: String,
            #[serde(default, deserialize_with = "lenient")]
            id: Option<String>,
            #[serde(default, deserialize_with = "lenient")]
            quote_token: Option<String>,
            #[serde(default, deserialize_with = "lenient")]
            mark_as_read_token: Option<String>,
        }
        fn read<T: serde::de::DeserializeOwned, E: serde::de::Error>(value: Value) -> Result<T, E> {
            serde_json::from_value(value).map_err(E::custom)
        }

        let value = Value::deserialize(deserializer)?;
        let common: Common = read(value.clone())?;
        let content = match common.r#type.as_str() {
            "text" => Content::Text(read(value)?),
            "image" => Content::Image(read(value)?),
            "video" => Content::Video(read(value)?),
            "audio" => Content::Audio(read(value)?),
            "file" => Content::File(read(value)?),
            "location" => Content::Location(read(value)?),
            "sticker" => Content::Sticker(read(value)?),
            _ => Content::Unknown {
                kind: common.r#type,
            },
        };
        Ok(Self {
            id: common.id,
            quote_token: common.quote_token,
            mark_as_read_token: common.mark_as_read_token,
            content,
        })
    }
}
