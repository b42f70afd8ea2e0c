//! What happens when somebody taps.

use serde::Serialize;

use super::DatePicker;
use super::error::{MessageError, between, is_encoded};
use crate::line::rich_menu::AliasId;
use crate::line::text;

/// Longest label of a quick reply, a template button and a rich-menu area, in UTF-16 units.
pub const MAX_LABEL: usize = 20;
/// Longest label in a flex message.
pub const MAX_FLEX_LABEL: usize = 40;
const MAX_DATA: usize = 300;
const MAX_WORDS: usize = 300;
const MAX_URI: usize = 1000;
const MAX_CLIPBOARD: usize = 1000;

/// Something to tap. Its label may have 40 units in a flex message, 20 elsewhere; the message that takes
/// the action checks that, and that the action is one LINE allows there.
/// <https://developers.line.biz/en/reference/messaging-api/#action-objects>
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    #[serde(flatten)]
    kind: Kind,
    label: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
enum Kind {
    Postback {
        data: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        display_text: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        input_option: Option<InputOption>,
        #[serde(skip_serializing_if = "Option::is_none")]
        fill_in_text: Option<String>,
    },
    Message {
        text: String,
    },
    Uri {
        uri: String,
    },
    #[serde(rename = "datetimepicker")]
    DatePicker {
        data: String,
        #[serde(flatten)]
        picker: DatePicker,
    },
    Camera,
    CameraRoll,
    Location,
    #[serde(rename = "richmenuswitch")]
    RichMenuSwitch {
        rich_menu_alias_id: AliasId,
        data: String,
    },
    Clipboard {
        clipboard_text: String,
    },
}

/// What the app does with its input area after a postback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum InputOption {
    /// Hide the rich menu.
    CloseRichMenu,
    /// Show the rich menu.
    OpenRichMenu,
    /// Open the keyboard.
    OpenKeyboard,
    /// Open voice input.
    OpenVoice,
}

/// Where an action stands; LINE allows some actions in one place only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::line) enum Place {
    QuickReply,
    Template,
    Flex,
    RichMenu,
}

impl Action {
    /// Sends `data` (≤ 300 units) to us; nothing is seen in the chat unless [`display_text`](Self::display_text) says so.
    ///
    /// # Errors
    /// When the label or `data` is empty or too long.
    pub fn postback(
        label: impl Into<String>,
        data: impl Into<String>,
    ) -> Result<Self, MessageError> {
        let data = between("data", data.into(), MAX_DATA)?;
        Self::new(
            label,
            Kind::Postback {
                data,
                display_text: None,
                input_option: None,
                fill_in_text: None,
            },
        )
    }

    /// Says `text` (≤ 300 units) in the person's name.
    ///
    /// # Errors
    /// When the label or `text` is empty or too long.
    pub fn message(
        label: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, MessageError> {
        Self::new(
            label,
            Kind::Message {
                text: between("text", text.into(), MAX_WORDS)?,
            },
        )
    }

    /// Opens an address (`http`, `https`, `line` or `tel`, ≤ 1,000 units, percent-encoded).
    ///
    /// # Errors
    /// When the label is empty or too long, or the address is none LINE opens.
    pub fn uri(label: impl Into<String>, uri: impl Into<String>) -> Result<Self, MessageError> {
        let uri = between("uri", uri.into(), MAX_URI)?;
        let openable = ["http://", "https://", "line://", "tel:"]
            .iter()
            .any(|scheme| {
                uri.strip_prefix(scheme)
                    .is_some_and(|rest| !rest.is_empty() && is_encoded(rest))
            });
        if !openable {
            return Err(MessageError::invalid(
                "uri",
                uri,
                "http://, https://, line:// or tel:, percent-encoded",
            ));
        }
        Self::new(label, Kind::Uri { uri })
    }

    /// Opens a date or time picker; the choice comes as a postback with `data` (≤ 300 units).
    ///
    /// # Errors
    /// When the label or `data` is empty or too long.
    pub fn date_picker(
        label: impl Into<String>,
        data: impl Into<String>,
        picker: DatePicker,
    ) -> Result<Self, MessageError> {
        Self::new(
            label,
            Kind::DatePicker {
                data: between("data", data.into(), MAX_DATA)?,
                picker,
            },
        )
    }

    /// Opens the camera. Quick replies only.
    ///
    /// # Errors
    /// When the label is empty or too long.
    pub fn camera(label: impl Into<String>) -> Result<Self, MessageError> {
        Self::new(label, Kind::Camera)
    }

    /// Opens the photo album. Quick replies only.
    ///
    /// # Errors
    /// When the label is empty or too long.
    pub fn camera_roll(label: impl Into<String>) -> Result<Self, MessageError> {
        Self::new(label, Kind::CameraRoll)
    }

    /// Opens the place picker. Quick replies only.
    ///
    /// # Errors
    /// When the label is empty or too long.
    pub fn location(label: impl Into<String>) -> Result<Self, MessageError> {
        Self::new(label, Kind::Location)
    }

    /// Shows another rich menu and sends `data` (≤ 300 units) to us. Rich menus only.
    ///
    /// # Errors
    /// When the label or `data` is empty or too long.
    pub fn rich_menu_switch(
        label: impl Into<String>,
        to: AliasId,
        data: impl Into<String>,
    ) -> Result<Self, MessageError> {
        let data = between("data", data.into(), MAX_DATA)?;
        Self::new(
            label,
            Kind::RichMenuSwitch {
                rich_menu_alias_id: to,
                data,
            },
        )
    }

    /// Copies `text` (≤ 1,000 units); apps before LINE 14.0 ignore it.
    ///
    /// # Errors
    /// When the label or `text` is empty or too long.
    pub fn clipboard(
        label: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, MessageError> {
        Self::new(
            label,
            Kind::Clipboard {
                clipboard_text: between("clipboardText", text.into(), MAX_CLIPBOARD)?,
            },
        )
    }

    /// Shows `text` (≤ 300 units) in the chat as said by the person. Postbacks only.
    ///
    /// # Errors
    /// When empty or too long, or this is no postback.
    pub fn display_text(mut self, text: impl Into<String>) -> Result<Self, MessageError> {
        let text = between("displayText", text.into(), MAX_WORDS)?;
        match &mut self.kind {
            Kind::Postback { display_text, .. } => *display_text = Some(text),
            _ => return Err(self.not_a_postback("displayText")),
        }
        Ok(self)
    }

    /// What happens to the input area. Postbacks only.
    ///
    /// # Errors
    /// When this is no postback.
    pub fn input_option(mut self, option: InputOption) -> Result<Self, MessageError> {
        match &mut self.kind {
            Kind::Postback { input_option, .. } => *input_option = Some(option),
            _ => return Err(self.not_a_postback("inputOption")),
        }
        Ok(self)
    }

    /// Opens the keyboard with `text` (≤ 300 units) already in it. Postbacks only.
    ///
    /// # Errors
    /// When empty or too long, or this is no postback.
    pub fn fill_in_text(mut self, text: impl Into<String>) -> Result<Self, MessageError> {
        let text = between("fillInText", text.into(), MAX_WORDS)?;
        match &mut self.kind {
            // LINE reads it only together with openKeyboard.
            Kind::Postback {
                fill_in_text,
                input_option,
                ..
            } => {
                *fill_in_text = Some(text);
                *input_option = Some(InputOption::OpenKeyboard);
            }
            _ => return Err(self.not_a_postback("fillInText")),
        }
        Ok(self)
    }

    /// Checks that LINE takes this action, with this label, there.
    pub(in crate::line) fn fits(&self, place: Place) -> Result<(), MessageError> {
        let allowed = match self.kind {
            Kind::Camera | Kind::CameraRoll | Kind::Location => place == Place::QuickReply,
            Kind::RichMenuSwitch { .. } => place == Place::RichMenu,
            _ => true,
        };
        if !allowed {
            return Err(MessageError::invalid(
                "action",
                &self.label,
                "camera, cameraRoll and location in quick replies only, richmenuswitch in rich menus only",
            ));
        }
        let max = if place == Place::Flex {
            MAX_FLEX_LABEL
        } else {
            MAX_LABEL
        };
        match text::length(&self.label) {
            given if given > max => Err(MessageError::TooLong {
                field: "label",
                given,
                max,
            }),
            _ => Ok(()),
        }
    }

    fn new(label: impl Into<String>, kind: Kind) -> Result<Self, MessageError> {
        Ok(Self {
            kind,
            label: between("label", label.into(), MAX_FLEX_LABEL)?,
        })
    }

    fn not_a_postback(&self, field: &'static str) -> MessageError {
        MessageError::invalid(field, &self.label, "a postback action to set it on")
    }
}
