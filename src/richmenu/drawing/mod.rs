//! A menu as a picture: tabs or a title, cells, pictograms and words as SVG, and SVG as PNG.

mod cell;
mod scale;
mod sheet;
mod strip;
mod svg;

pub(super) use self::cell::DrawnCell;
use self::scale::Scale;
use self::sheet::Sheet;
pub(super) use self::strip::DrawnTab;
pub(super) use self::strip::strip_height;
pub use self::svg::NotPainted;
pub(super) use self::svg::{check_icon, png, small_png};
use super::palette::{Colour, GROUND};
use crate::line::rich_menu::Size;
use crate::resident::Letters;

/// Width of every drawing, in pixels: the largest LINE takes. LINE scales it to the phone.
pub(super) const DRAWN_WIDTH: u32 = 2500;

/// All that is drawn.
#[derive(Debug)]
pub(super) struct Drawing<'a> {
    pub(super) size: Size,
    pub(super) letters: Letters,
    pub(super) accent: Colour,
    pub(super) title: Option<&'a str>,
    pub(super) tabs: Vec<DrawnTab<'a>>,
    pub(super) cells: Vec<DrawnCell<'a>>,
}

/// Where something stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// The strip that says what the menu is.
    Title,
    /// The label or the pictogram of this cell.
    Cell(String),
    /// The note of this cell.
    Note(String),
    /// The tab that leads to this menu.
    Tab(String),
}

/// Why something cannot be drawn so that it can be read.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error(
        "`{line}` is too long to be drawn large enough; shorten it, break it with \\n, or give large letters a label of their own with `large:`"
    )]
    TooLong { place: Place, line: String },
    #[error(
        "`{name}` is too low for its words and its pictogram; write fewer rows, fewer lines, or no icon"
    )]
    TooLow { place: Place, name: String },
    #[error("the typeface has no `{letter}`; write it otherwise")]
    NoGlyph { place: Place, letter: char },
    #[error(
        "{ink} on {ground} has a contrast of {contrast:.1}, at least {needed} is needed; darken `colour`"
    )]
    Pale {
        place: Place,
        ink: Colour,
        ground: Colour,
        contrast: f64,
        needed: f64,
    },
}

impl Unreadable {
    /// Where what cannot be read stands.
    pub(super) fn place(&self) -> &Place {
        match self {
            Self::TooLong { place, .. }
            | Self::TooLow { place, .. }
            | Self::NoGlyph { place, .. }
            | Self::Pale { place, .. } => place,
        }
    }
}

impl Drawing<'_> {
    /// The picture as SVG.
    ///
    /// # Errors
    /// Everything that could not be read on a phone.
    pub(super) fn svg(&self) -> Result<String, Vec<Unreadable>> {
        let scale = Scale::of(self.letters);
        let mut sheet = Sheet::new(self.size, GROUND);
        self.draw_strip(&mut sheet, &scale);
        self.draw_cells(&mut sheet, &scale);
        sheet.finish()
    }
}
