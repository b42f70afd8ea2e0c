//! Buttons under a text, and yes-or-no questions, in LINE's fixed layout.

use serde::Serialize;

use super::action::{Action, Place};
use super::error::{MessageError, between, count, https_url};

const MAX_TITLE: usize = 40;
const MAX_TEXT: usize = 160;
const MAX_TEXT_UNDER_TITLE: usize = 60;
const MAX_CONFIRM_TEXT: usize = 240;
const MAX_ACTIONS: usize = 4;

/// A message in LINE's fixed layout.
/// <https://developers.line.biz/en/reference/messaging-api/#template-messages>
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Template {
    /// Up to four buttons.
    Buttons(Buttons),
    /// Two buttons side by side.
    Confirm(Confirm),
}

/// A text with up to four buttons under it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Buttons {
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    text: String,
    actions: Vec<Action>,
}

impl Buttons {
    /// # Errors
    /// When the text is empty or over 160 units, or there are not 1 to 4 actions with labels of at most 20.
    pub fn new(text: impl Into<String>, actions: Vec<Action>) -> Result<Self, MessageError> {
        let text = between("text", text.into(), MAX_TEXT)?;
        let actions = count("actions", actions, 1, MAX_ACTIONS)?;
        actions
            .iter()
            .try_for_each(|action| action.fits(Place::Template))?;
        Ok(Self {
            thumbnail_image_url: None,
            title: None,
            text,
            actions,
        })
    }

    /// Puts a title above; the text may then have only 60 units.
    ///
    /// # Errors
    /// When the title is empty or over 40 units, or the text over 60.
    pub fn title(mut self, title: impl Into<String>) -> Result<Self, MessageError> {
        self.text = between("text", self.text, MAX_TEXT_UNDER_TITLE)?;
        self.title = Some(between("title", title.into(), MAX_TITLE)?);
        Ok(self)
    }

    /// Puts a picture above, by its https address; the text may then have only 60 units.
    ///
    /// # Errors
    /// When the address is not https or too long, or the text over 60 units.
    pub fn image(mut self, url: impl Into<String>) -> Result<Self, MessageError> {
        self.text = between("text", self.text, MAX_TEXT_UNDER_TITLE)?;
        self.thumbnail_image_url = Some(https_url("thumbnailImageUrl", url.into())?);
        Ok(self)
    }
}

/// A question with two answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confirm {
    text: String,
    actions: Vec<Action>,
}

impl Confirm {
    /// # Errors
    /// When the text is empty or over 240 units, or a label over 20.
    pub fn new(text: impl Into<String>, left: Action, right: Action) -> Result<Self, MessageError> {
        let text = between("text", text.into(), MAX_CONFIRM_TEXT)?;
        let actions = vec![left, right];
        actions
            .iter()
            .try_for_each(|action| action.fits(Place::Template))?;
        Ok(Self { text, actions })
    }
}

impl From<Buttons> for Template {
    fn from(buttons: Buttons) -> Self {
        Self::Buttons(buttons)
    }
}

impl From<Confirm> for Template {
    fn from(confirm: Confirm) -> Self {
        Self::Confirm(confirm)
    }
}
