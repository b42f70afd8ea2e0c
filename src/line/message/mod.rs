//! Messages we send, in types that cannot hold what LINE would refuse.
//!
//! Every constructor checks LINE's limits, so a message that exists can be sent. What LINE adds
//! later passes through as JSON with [`Message::raw`].
//! <https://developers.line.biz/en/reference/messaging-api/#message-objects>

mod action;
mod date_picker;
mod error;
pub mod flex;
mod quick_reply;
mod template;
mod text_v2;

pub use action::{Action, InputOption, MAX_LABEL};
pub use date_picker::DatePicker;
pub use error::MessageError;
pub use flex::Flex;
pub use quick_reply::{MAX_QUICK_REPLIES, QuickReplies};
use serde::Serialize;
use serde_json::{Map, Value};
pub use template::{Buttons, Confirm, Template};
pub use text_v2::{Mentionee, Substitution, TextV2, escape_braces};

pub(super) use action::Place;
use error::https_url;
pub(super) use error::{between, count};

/// Most messages one call may carry.
pub const MAX_MESSAGES: usize = 5;
/// Longest text message, in UTF-16 units.
pub const MAX_TEXT: usize = 5000;
/// Longest text shown in place of a flex or template message, in notifications and old apps.
pub const MAX_ALT_TEXT: usize = 1500;
/// Longest title and address of a place.
pub const MAX_PLACE: usize = 100;

/// One message, within LINE's limits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    #[serde(flatten)]
    content: Content,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReplies>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
enum Content {
    Text {
        text: String,
    },
    TextV2(TextV2),
    Sticker {
        package_id: String,
        sticker_id: String,
    },
    Image {
        original_content_url: String,
        preview_image_url: String,
    },
    Location {
        title: String,
        address: String,
        latitude: f64,
        longitude: f64,
    },
    Template {
        alt_text: String,
        template: Template,
    },
    Flex {
        alt_text: String,
        contents: Flex,
    },
    #[serde(untagged)]
    Raw(Map<String, Value>),
}

impl Message {
    /// Plain words, 1 to 5,000 units.
    ///
    /// # Errors
    /// When empty or longer.
    pub fn text(text: impl Into<String>) -> Result<Self, MessageError> {
        let text = between("text", text.into(), MAX_TEXT)?;
        Ok(Content::Text { text }.into())
    }

    /// Words with `{placeholders}` for emoji and mentions.
    pub fn text_v2(text: TextV2) -> Self {
        Content::TextV2(text).into()
    }

    /// A sticker, by LINE's lists of sendable ones.
    pub fn sticker(package_id: impl Into<String>, sticker_id: impl Into<String>) -> Self {
        Content::Sticker {
            package_id: package_id.into(),
            sticker_id: sticker_id.into(),
        }
        .into()
    }

    /// A picture (JPEG or PNG, ≤ 10 MB) and its preview (≤ 1 MB), by their https addresses.
    ///
    /// # Errors
    /// When an address is not https or too long.
    pub fn image(
        original: impl Into<String>,
        preview: impl Into<String>,
    ) -> Result<Self, MessageError> {
        Ok(Content::Image {
            original_content_url: https_url("originalContentUrl", original.into())?,
            preview_image_url: https_url("previewImageUrl", preview.into())?,
        }
        .into())
    }

    /// A place, in degrees (WGS 84).
    ///
    /// # Errors
    /// When the title or address is empty or over 100 units, or the place is not on Earth.
    pub fn location(
        title: impl Into<String>,
        address: impl Into<String>,
        latitude: f64,
        longitude: f64,
    ) -> Result<Self, MessageError> {
        let on_earth = |field, degrees: f64, limit: f64, expected| {
            // Not a number fails too.
            if degrees.abs() <= limit {
                Ok(degrees)
            } else {
                Err(MessageError::invalid(field, degrees, expected))
            }
        };
        Ok(Content::Location {
            title: between("title", title.into(), MAX_PLACE)?,
            address: between("address", address.into(), MAX_PLACE)?,
            latitude: on_earth("latitude", latitude, 90.0, "degrees from -90 to 90")?,
            longitude: on_earth("longitude", longitude, 180.0, "degrees from -180 to 180")?,
        }
        .into())
    }

    /// A laid-out message. `alt_text` is what a notification and a screen reader's preview say.
    ///
    /// # Errors
    /// When `alt_text` is empty or over 1,500 units, or the layout is too large.
    pub fn flex(
        alt_text: impl Into<String>,
        contents: impl Into<Flex>,
    ) -> Result<Self, MessageError> {
        let contents = contents.into();
        contents.check_size()?;
        Ok(Content::Flex {
            alt_text: between("altText", alt_text.into(), MAX_ALT_TEXT)?,
            contents,
        }
        .into())
    }

    /// Buttons or a yes/no question. `alt_text` is what a notification says.
    ///
    /// # Errors
    /// When `alt_text` is empty or over 1,500 units.
    pub fn template(
        alt_text: impl Into<String>,
        template: impl Into<Template>,
    ) -> Result<Self, MessageError> {
        let alt_text = between("altText", alt_text.into(), MAX_ALT_TEXT)?;
        Ok(Content::Template {
            alt_text,
            template: template.into(),
        }
        .into())
    }

    /// What LINE added after this was written, or a message that was stored as JSON. Its limits are not checked.
    ///
    /// # Errors
    /// When it is not an object with a `type`.
    pub fn raw(json: Value) -> Result<Self, MessageError> {
        match json {
            Value::Object(object) if object.get("type").is_some_and(Value::is_string) => {
                Ok(Content::Raw(object).into())
            }
            other => Err(MessageError::invalid(
                "message",
                other,
                "a JSON object with a \"type\"",
            )),
        }
    }

    /// Offers answers under this message, in place of any it had; LINE shows only those of the last message.
    #[must_use]
    pub fn quick_replies(mut self, quick_replies: QuickReplies) -> Self {
        if let Content::Raw(object) = &mut self.content {
            object.shift_remove("quickReply");
        }
        self.quick_reply = Some(quick_replies);
        self
    }
}

impl From<Content> for Message {
    fn from(content: Content) -> Self {
        Self {
            content,
            quick_reply: None,
        }
    }
}

/// One to five messages: what one call sends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Messages(Vec<Message>);

impl Messages {
    /// # Errors
    /// When there are none, or more than five.
    pub fn new(messages: Vec<Message>) -> Result<Self, MessageError> {
        count("messages", messages, 1, MAX_MESSAGES).map(Self)
    }

    /// Takes back messages that were stored as the JSON array they serialise to.
    ///
    /// # Errors
    /// When `json` is not an array of one to five message objects.
    pub fn from_json(json: &str) -> Result<Self, MessageError> {
        let values: Vec<Value> = serde_json::from_str(json).map_err(|error| {
            MessageError::invalid("messages", error, "a JSON array of messages")
        })?;
        Self::new(
            values
                .into_iter()
                .map(Message::raw)
                .collect::<Result<_, _>>()?,
        )
    }

    /// The messages, in the order people will see them.
    pub fn as_slice(&self) -> &[Message] {
        &self.0
    }
}

impl From<Message> for Messages {
    fn from(message: Message) -> Self {
        Self(vec![message])
    }
}
