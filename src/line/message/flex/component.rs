//! What a bubble is made of.

use serde::Serialize;

use super::style::{Align, ButtonStyle, Color, Gravity, Size, Spacing};
use crate::line::message::action::{Action, Place};
use crate::line::message::error::{MessageError, between, https_url};

/// A part of a bubble.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Component {
    /// Others, in a row or a column.
    Box(FlexBox),
    /// Words.
    Text(FlexText),
    /// Something to tap.
    Button(FlexButton),
    /// A picture.
    Image(FlexImage),
    /// A line.
    Separator(Separator),
    /// Nothing, taking up room. LINE keeps it for old messages; prefer spacing.
    Filler,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Layout {
    Horizontal,
    Vertical,
    Baseline,
}

/// Components in a row or a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexBox {
    layout: Layout,
    contents: Vec<Component>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flex: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spacing: Option<Spacing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<Spacing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    padding_all: Option<Spacing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corner_radius: Option<Spacing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background_color: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

impl FlexBox {
    /// From top to bottom.
    pub fn vertical(contents: Vec<Component>) -> Self {
        Self::new(Layout::Vertical, contents)
    }

    /// Side by side.
    pub fn horizontal(contents: Vec<Component>) -> Self {
        Self::new(Layout::Horizontal, contents)
    }

    /// Words side by side with their feet on one line.
    ///
    /// # Errors
    /// When something else than text or filler is among them.
    pub fn baseline(contents: Vec<Component>) -> Result<Self, MessageError> {
        if contents
            .iter()
            .all(|part| matches!(part, Component::Text(_) | Component::Filler))
        {
            Ok(Self::new(Layout::Baseline, contents))
        } else {
            Err(MessageError::invalid(
                "contents",
                "another component",
                "text and filler only in a baseline box",
            ))
        }
    }

    fn new(layout: Layout, contents: Vec<Component>) -> Self {
        Self {
            layout,
            contents,
            flex: None,
            spacing: None,
            margin: None,
            padding_all: None,
            corner_radius: None,
            background_color: None,
            action: None,
        }
    }

    /// Share of the room in the box around.
    #[must_use]
    pub fn flex(mut self, share: u32) -> Self {
        self.flex = Some(share);
        self
    }

    /// Space between the contents.
    #[must_use]
    pub fn spacing(mut self, spacing: Spacing) -> Self {
        self.spacing = Some(spacing);
        self
    }

    /// Space before the box.
    #[must_use]
    pub fn margin(mut self, margin: Spacing) -> Self {
        self.margin = Some(margin);
        self
    }

    /// Space within the edges.
    #[must_use]
    pub fn padding(mut self, padding: Spacing) -> Self {
        self.padding_all = Some(padding);
        self
    }

    /// Rounded corners.
    #[must_use]
    pub fn corner_radius(mut self, radius: Spacing) -> Self {
        self.corner_radius = Some(radius);
        self
    }

    /// Colour behind the contents.
    #[must_use]
    pub fn background(mut self, color: Color) -> Self {
        self.background_color = Some(color);
        self
    }

    /// What tapping anywhere in the box does.
    ///
    /// # Errors
    /// When the action is one for quick replies or rich menus only.
    pub fn action(mut self, action: Action) -> Result<Self, MessageError> {
        action.fits(Place::Flex)?;
        self.action = Some(action);
        Ok(self)
    }
}

/// Words. Long ones wrap, for LINE's own default would cut them off.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexText {
    text: String,
    wrap: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    align: Option<Align>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gravity: Option<Gravity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<Spacing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flex: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_lines: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scaling: Option<bool>,
}

impl FlexText {
    /// # Errors
    /// When empty: LINE refuses the whole message for it.
    pub fn new(text: impl Into<String>) -> Result<Self, MessageError> {
        Ok(Self {
            // No limit is documented but the bubble's.
            text: between("text", text.into(), super::MAX_BUBBLE_BYTES)?,
            wrap: true,
            size: None,
            weight: None,
            color: None,
            align: None,
            gravity: None,
            margin: None,
            flex: None,
            max_lines: None,
            scaling: None,
        })
    }

    /// Size of the letters.
    #[must_use]
    pub fn size(mut self, size: Size) -> Self {
        self.size = Some(size);
        self
    }

    /// Bold letters.
    #[must_use]
    pub fn bold(mut self) -> Self {
        self.weight = Some("bold");
        self
    }

    /// Colour of the letters.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// Left, middle or right.
    #[must_use]
    pub fn align(mut self, align: Align) -> Self {
        self.align = Some(align);
        self
    }

    /// Top, middle or bottom, beside something taller.
    #[must_use]
    pub fn gravity(mut self, gravity: Gravity) -> Self {
        self.gravity = Some(gravity);
        self
    }

    /// Space before the words.
    #[must_use]
    pub fn margin(mut self, margin: Spacing) -> Self {
        self.margin = Some(margin);
        self
    }

    /// Share of the room in the box around; 0 is no more than needed.
    #[must_use]
    pub fn flex(mut self, share: u32) -> Self {
        self.flex = Some(share);
        self
    }

    /// Cuts after so many lines.
    #[must_use]
    pub fn max_lines(mut self, lines: u32) -> Self {
        self.max_lines = Some(lines);
        self
    }

    /// Letters grow and shrink with those that somebody has chosen in LINE's settings.
    #[must_use]
    pub fn scaling(mut self) -> Self {
        self.scaling = Some(true);
        self
    }
}

/// Something to tap; the action's label (at most 40 units) is what it says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlexButton {
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    style: Option<ButtonStyle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<Color>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<Spacing>,
}

impl FlexButton {
    /// # Errors
    /// When the action is one for quick replies or rich menus only.
    pub fn new(action: Action) -> Result<Self, MessageError> {
        action.fits(Place::Flex)?;
        Ok(Self {
            action,
            style: None,
            color: None,
            height: None,
            margin: None,
        })
    }

    /// How it is drawn.
    #[must_use]
    pub fn style(mut self, style: ButtonStyle) -> Self {
        self.style = Some(style);
        self
    }

    /// Its colour; of the words for `link`, else of the background.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// Less tall.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.height = Some("sm");
        self
    }

    /// Space before it.
    #[must_use]
    pub fn margin(mut self, margin: Spacing) -> Self {
        self.margin = Some(margin);
        self
    }
}

/// A picture (JPEG or PNG, at most 1024 × 1024, 10 MB).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlexImage {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_ratio: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

impl FlexImage {
    /// # Errors
    /// When the address is not https or over 2,000 units.
    pub fn new(url: impl Into<String>) -> Result<Self, MessageError> {
        let url = https_url("url", url.into())?;
        Ok(Self {
            url,
            size: None,
            aspect_ratio: None,
            aspect_mode: None,
            action: None,
        })
    }

    /// Width.
    #[must_use]
    pub fn size(mut self, size: Size) -> Self {
        self.size = Some(size);
        self
    }

    /// Fills a frame of this shape, cutting what sticks out.
    ///
    /// # Errors
    /// When a side is not 1 to 100,000, or the height over three times the width.
    pub fn cover(mut self, width: u32, height: u32) -> Result<Self, MessageError> {
        let sides = 1..=100_000;
        if !sides.contains(&width) || !sides.contains(&height) || height > 3 * width {
            return Err(MessageError::invalid(
                "aspectRatio",
                format_args!("{width}:{height}"),
                "sides of 1 to 100000, the height at most three times the width",
            ));
        }
        self.aspect_ratio = Some(format!("{width}:{height}"));
        self.aspect_mode = Some("cover");
        Ok(self)
    }

    /// What tapping it does.
    ///
    /// # Errors
    /// When the action is one for quick replies or rich menus only.
    pub fn action(mut self, action: Action) -> Result<Self, MessageError> {
        action.fits(Place::Flex)?;
        self.action = Some(action);
        Ok(self)
    }
}

/// A line across.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Separator {
    /// Space before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<Spacing>,
    /// Its colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
}

macro_rules! component_from {
    ($($part:ident => $variant:ident),+) => {
        $(impl From<$part> for Component {
            fn from(part: $part) -> Self {
                Self::$variant(part)
            }
        })+
    };
}
component_from!(FlexBox => Box, FlexText => Text, FlexButton => Button, FlexImage => Image, Separator => Separator);
