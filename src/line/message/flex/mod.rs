//! Laid-out messages: a bubble, or a row of bubbles to swipe through.
//!
//! ```
//! use kairan::line::message::flex::{Bubble, Color, FlexBox, FlexText, Size};
//! use kairan::line::message::{Message, MessageError};
//!
//! # fn main() -> Result<(), MessageError> {
//! let body = FlexBox::vertical(vec![
//!     FlexText::new("あした 12月3日（木）")?.bold().size(Size::Xl).into(),
//!     FlexText::new("もえるごみ")?.color(Color::rgb(0xC0392B)).into(),
//! ]);
//! let message = Message::flex("あしたは、もえるごみの日です", Bubble::new(body))?;
//! # let _ = message; Ok(()) }
//! ```
//! <https://developers.line.biz/en/reference/messaging-api/#flex-message>

mod component;
mod style;

pub use component::{Component, FlexBox, FlexButton, FlexImage, FlexText, Separator};
use serde::Serialize;
pub use style::{Align, BubbleSize, ButtonStyle, Color, Gravity, Size, Spacing};

use super::error::{MessageError, count};

/// Largest bubble, in bytes of JSON.
pub const MAX_BUBBLE_BYTES: usize = 30 * 1024;
/// Largest carousel, in bytes of JSON.
pub const MAX_CAROUSEL_BYTES: usize = 50 * 1024;
/// Most bubbles in a carousel.
pub const MAX_BUBBLES: usize = 12;

/// The contents of a flex message.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Flex {
    /// One bubble, at most 30 KB.
    Bubble(Box<Bubble>),
    /// Bubbles side by side, together at most 50 KB.
    Carousel(Carousel),
}

/// One bubble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bubble {
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<BubbleSize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<Component>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hero: Option<Component>,
    body: Component,
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<Component>,
}

impl Bubble {
    /// A bubble with a body only.
    pub fn new(body: FlexBox) -> Self {
        Self {
            size: None,
            header: None,
            hero: None,
            body: body.into(),
            footer: None,
        }
    }

    /// How wide; LINE's default is `mega`.
    #[must_use]
    pub fn size(mut self, size: BubbleSize) -> Self {
        self.size = Some(size);
        self
    }

    /// A block above everything.
    #[must_use]
    pub fn header(mut self, header: FlexBox) -> Self {
        self.header = Some(header.into());
        self
    }

    /// A picture above the body.
    #[must_use]
    pub fn hero(mut self, hero: FlexImage) -> Self {
        self.hero = Some(hero.into());
        self
    }

    /// A block beneath the body, usually for buttons.
    #[must_use]
    pub fn footer(mut self, footer: FlexBox) -> Self {
        self.footer = Some(footer.into());
        self
    }
}

/// Bubbles side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Carousel {
    contents: Vec<Flex>,
}

impl Carousel {
    /// # Errors
    /// When there are not 1 to 12 bubbles, or one of them is over 30 KB.
    pub fn new(bubbles: Vec<Bubble>) -> Result<Self, MessageError> {
        let bubbles = count("contents", bubbles, 1, MAX_BUBBLES)?;
        let contents: Vec<Flex> = bubbles.into_iter().map(Flex::from).collect();
        contents.iter().try_for_each(Flex::check_size)?;
        Ok(Self { contents })
    }
}

impl Flex {
    pub(super) fn check_size(&self) -> Result<(), MessageError> {
        let (field, max) = match self {
            Self::Bubble(_) => ("bubble", MAX_BUBBLE_BYTES),
            Self::Carousel(_) => ("carousel", MAX_CAROUSEL_BYTES),
        };
        // Serialising plain structs cannot fail; were it to, there is nothing LINE could be sent either.
        let given = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if given <= max {
            Ok(())
        } else {
            Err(MessageError::TooLarge { field, given, max })
        }
    }
}

impl From<Bubble> for Flex {
    fn from(bubble: Bubble) -> Self {
        Self::Bubble(Box::new(bubble))
    }
}

impl From<Carousel> for Flex {
    fn from(carousel: Carousel) -> Self {
        Self::Carousel(carousel)
    }
}
