//! A menu as a picture: tabs, cells, pictograms and words as SVG, and SVG as PNG.

mod cell;
mod svg;
mod tabs;

use std::collections::BTreeMap;

pub(super) use self::cell::DrawnCell;
use self::cell::Row;
pub use self::svg::NotPainted;
pub(super) use self::svg::png;
pub(super) use self::tabs::DrawnTab;
use super::font;
use super::palette::{AA, Colour, GROUND, WHITE};
use crate::line::rich_menu::Size;

/// Width of every drawing, in pixels: the largest LINE takes. LINE scales it to the phone.
pub(super) const DRAWN_WIDTH: u32 = 2500;
/// Height of the strip of tabs, in pixels.
pub(super) const TABS_HEIGHT: u32 = 236;
/// A phone shows 2,500 pixels on some 360 points: smaller than 84 pixels is smaller than 12 points.
const SMALLEST: f32 = 84.0;
/// Line height, in letters.
const LEADING: f32 = 1.22;
/// From the baseline to the middle of a letter, in letters.
const MIDDLE: f32 = 0.37;

/// All that is drawn.
#[derive(Debug)]
pub(super) struct Drawing<'a> {
    pub(super) size: Size,
    pub(super) accent: Colour,
    pub(super) tabs: Vec<DrawnTab<'a>>,
    pub(super) cells: Vec<DrawnCell<'a>>,
}

/// Why something cannot be drawn so that it can be read.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("`{line}` is too long to be drawn large enough; shorten it, or break it with \\n")]
    TooLong { cell: String, line: String },
    #[error("the typeface has no `{letter}`; write it otherwise")]
    NoGlyph { cell: String, letter: char },
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
            let row = rows.entry(cell.row()).or_default();
            row.lines = row.lines.max(cell.label.len());
            for line in &cell.label {
                match cell.fit(line, cell.largest()) {
                    Ok(size) => row.size = row.size.min(size),
                    Err(fault) => faults.push(fault),
                }
            }
            if let Some(Err(fault)) = cell.note.map(|note| cell.fit(note, SMALLEST)) {
                faults.push(fault);
            }
        }
        let Size { width, height } = self.size;
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{}"><rect width="{width}" height="{height}" fill="{GROUND}"/>"#,
            font::FAMILY
        );
        self.draw_tabs(&mut svg, &mut faults);
        for cell in &self.cells {
            let row = rows.get(&cell.row()).copied().unwrap_or_default();
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
