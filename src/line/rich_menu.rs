//! The menu under the chat, as LINE takes it: a size, tappable areas, and what each does.
//!
//! <https://developers.line.biz/en/reference/messaging-api/#rich-menu-structure>

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::line::message::{Action, MessageError, Place, between, count};

/// Most areas in a menu.
pub const MAX_AREAS: usize = 20;
const MAX_NAME: usize = 300;
const MAX_CHAT_BAR_TEXT: usize = 14;
const MAX_ALIAS: usize = 32;

/// LINE's id of a menu; opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RichMenuId(String);

impl RichMenuId {
    /// An id LINE gave us earlier.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// As LINE wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RichMenuId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name of ours for a menu, which can be pointed at another menu later.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AliasId(String);

impl AliasId {
    /// # Errors
    /// When the name is not 1 to 32 of `a-z`, `0-9`, `_` and `-`.
    pub fn parse(name: &str) -> Result<Self, MessageError> {
        let allowed = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        if (1..=MAX_ALIAS).contains(&name.len()) && name.bytes().all(allowed) {
            Ok(Self(name.to_owned()))
        } else {
            Err(MessageError::invalid(
                "richMenuAliasId",
                name,
                "1 to 32 of a-z, 0-9, _ and -",
            ))
        }
    }

    /// As given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Width and height of a menu and its picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// 800 to 2500.
    pub width: u32,
    /// At least 250, and no more than the width divided by 1.45.
    pub height: u32,
}

impl Size {
    /// # Errors
    /// LINE takes no menu of this size.
    pub fn check(self) -> Result<(), MessageError> {
        // Width ÷ height ≥ 1.45, in whole numbers.
        let shape = (800..=2500).contains(&self.width)
            && self.height >= 250
            && u64::from(self.width) * 100 >= u64::from(self.height) * 145;
        if shape {
            return Ok(());
        }
        Err(MessageError::invalid(
            "size",
            format_args!("{} × {}", self.width, self.height),
            "width 800 to 2500, height at least 250 and at most width ÷ 1.45",
        ))
    }
}

/// A rectangle of the picture, in pixels from its top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// A tappable rectangle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Area {
    /// Where.
    pub bounds: Bounds,
    /// What tapping does; its label is what a screen reader says.
    pub action: Action,
}

/// A menu within LINE's limits. LINE cannot change one: make another, give it its picture, switch.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenu {
    size: Size,
    selected: bool,
    name: String,
    chat_bar_text: String,
    areas: Vec<Area>,
}

impl RichMenu {
    /// `name` (≤ 300 units) is for us, `chat_bar_text` (≤ 14) for residents; `selected` opens the menu at once.
    ///
    /// # Errors
    /// When a text is empty or too long, the size is none LINE takes, there are more than 20 areas,
    /// an area reaches out of the picture, or an action is one for quick replies only.
    pub fn new(
        name: impl Into<String>,
        chat_bar_text: impl Into<String>,
        selected: bool,
        size: Size,
        areas: Vec<Area>,
    ) -> Result<Self, MessageError> {
        size.check()?;
        let areas = count("areas", areas, 1, MAX_AREAS)?;
        for Area { bounds, action } in &areas {
            action.fits(Place::RichMenu)?;
            let inside = |start: u32, length: u32, whole: u32| {
                length > 0 && u64::from(start) + u64::from(length) <= u64::from(whole)
            };
            if !inside(bounds.x, bounds.width, size.width)
                || !inside(bounds.y, bounds.height, size.height)
            {
                return Err(MessageError::invalid(
                    "bounds",
                    format_args!(
                        "{},{} {} × {}",
                        bounds.x, bounds.y, bounds.width, bounds.height
                    ),
                    "a rectangle inside the picture",
                ));
            }
        }
        Ok(Self {
            size,
            selected,
            name: between("name", name.into(), MAX_NAME)?,
            chat_bar_text: between("chatBarText", chat_bar_text.into(), MAX_CHAT_BAR_TEXT)?,
            areas,
        })
    }

    /// Width and height.
    pub fn size(&self) -> Size {
        self.size
    }

    /// What can be tapped, in the order in which a screen reader names it.
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }
}
