//! A menu as a picture: tabs, cells, pictograms and words as SVG, and SVG as PNG.

mod cell;
mod svg;
mod tabs;

use std::collections::BTreeMap;

pub(super) use self::cell::DrawnCell;
use self::cell::Row;
pub use self::svg::NotPainted;
pub(super) use self::svg::{png, small_png};
pub(super) use self::tabs::DrawnTab;
use super::font;
use super::palette::{AA, Colour, GROUND, WHITE};
use crate::line::rich_menu::Size;
use crate::resident::Letters;

/// Width of every drawing, in pixels: the largest LINE takes. LINE scales it to the phone.
pub(super) const DRAWN_WIDTH: u32 = 2500;
/// A phone shows 2,500 pixels on some 360 points: smaller than 84 pixels is smaller than 12 points.
const SMALLEST: f32 = 84.0;
/// How much larger large letters are at least.
const LARGER: f32 = 1.5;
/// Line height, in letters.
const LEADING: f32 = 1.22;
/// From the baseline to the middle of a letter, in letters.
const MIDDLE: f32 = 0.37;

/// Height of the strip of tabs, in pixels.
pub(super) fn tabs_height(letters: Letters) -> u32 {
    match letters {
        Letters::Usual => 236,
        Letters::Large => 300,
    }
}

/// All that is drawn.
#[derive(Debug)]
pub(super) struct Drawing<'a> {
    pub(super) size: Size,
    pub(super) letters: Letters,
    pub(super) accent: Colour,
    pub(super) tabs: Vec<DrawnTab<'a>>,
    pub(super) cells: Vec<DrawnCell<'a>>,
}

/// Where words stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// The label of this cell.
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
    #[error("the typeface has no `{letter}`; write it otherwise")]
    NoGlyph { place: Place, letter: char },
    #[error(
        "white on {accent} has a contrast of {contrast:.1}, at least {AA} is needed; darken `colour`"
    )]
    Pale { accent: Colour, contrast: f64 },
}

impl Drawing<'_> {
    /// The picture as SVG.
    ///
    /// # Errors
    /// Every text that could not be read on a phone.
    pub(super) fn svg(&self) -> Result<String, Vec<Unreadable>> {
        let mut faults = Vec::new();
        let contrast = self.accent.contrast(WHITE);
        if contrast < AA {
            faults.push(Unreadable::Pale {
                accent: self.accent,
                contrast,
            });
        }
        let mut rows: BTreeMap<_, Row> = BTreeMap::new();
        for cell in &self.cells {
            let row = rows.entry(cell.row(self.letters)).or_default();
            row.lines = row.lines.max(cell.label.len());
            for line in &cell.label {
                match self.fit_label(cell, line) {
                    Ok(size) => row.size = row.size.min(size),
                    Err(fault) => faults.push(fault),
                }
            }
            faults.extend(cell.note.and_then(|note| self.fit_note(cell, note).err()));
        }
        let Size { width, height } = self.size;
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{}"><rect width="{width}" height="{height}" fill="{GROUND}"/>"#,
            font::FAMILY
        );
        self.draw_tabs(&mut svg, &mut faults);
        for cell in &self.cells {
            let row = rows
                .get(&cell.row(self.letters))
                .copied()
                .unwrap_or_default();
            self.draw_cell(&mut svg, cell, row);
        }
        svg.push_str("</svg>");
        if faults.is_empty() {
            Ok(svg)
        } else {
            Err(faults)
        }
    }
}
