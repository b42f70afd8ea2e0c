//! A menu as a picture: tabs, cells, pictograms and words as SVG, and SVG as PNG.

use std::collections::BTreeMap;
use std::fmt::Write;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::file::Style;
use super::font;
use super::palette::{AA, Colour, EDGE, GROUND, INK, SOFT_INK, STRIP, WHITE};
use crate::line::rich_menu::{Bounds, Size};

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

#[derive(Debug)]
pub(super) struct DrawnTab<'a> {
    pub(super) bounds: Bounds,
    pub(super) label: &'a str,
    pub(super) icon: &'a str,
    pub(super) open: bool,
}

#[derive(Debug)]
pub(super) struct DrawnCell<'a> {
    pub(super) name: &'a str,
    pub(super) bounds: Bounds,
    pub(super) label: Vec<&'a str>,
    pub(super) note: Option<&'a str>,
    pub(super) icon: Option<&'a str>,
    pub(super) style: Style,
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

/// How a cell is laid out: a pictogram above the words, or beside them where there is room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Tall,
    Wide,
}

/// What the cells of one row share: unlike letters, or pictograms that dance, look like a mistake.
#[derive(Clone, Copy)]
struct Row {
    lines: usize,
    size: f32,
}

impl Default for Row {
    fn default() -> Self {
        Self {
            lines: 1,
            size: f32::MAX,
        }
    }
}

impl DrawnCell<'_> {
    /// Cells of one row and width have the same.
    fn row(&self) -> (u32, u32, u32) {
        (self.bounds.y, self.bounds.height, self.bounds.width)
    }

    fn shape(&self) -> Shape {
        if self.bounds.width > self.bounds.height * 2 {
            Shape::Wide
        } else {
            Shape::Tall
        }
    }

    /// The height that a label of `lines` and the note take.
    fn words(&self, lines: usize, size: f32) -> f32 {
        let note = self.note.map_or(0.0, |_| SMALLEST * LEADING + 14.0);
        pixels(u32::try_from(lines).unwrap_or_default()) * size * LEADING + note
    }

    /// The diameter of the disc behind the pictogram, above or beside words of this height.
    fn disc(&self, words: f32) -> f32 {
        let height = pixels(self.bounds.height);
        match (self.icon, self.shape()) {
            (None, _) => 0.0,
            (Some(_), Shape::Tall) => (height * 0.42).min(300.0).min(height - words - 100.0),
            (Some(_), Shape::Wide) => (height * 0.54).min(340.0),
        }
    }

    /// What is left for words, across.
    fn room(&self) -> f32 {
        let width = pixels(self.bounds.width);
        match self.shape() {
            Shape::Tall => width - 60.0,
            Shape::Wide if self.icon.is_some() => width - self.disc(0.0) - 230.0,
            Shape::Wide => width - 160.0,
        }
    }

    fn largest(&self) -> f32 {
        match self.shape() {
            Shape::Tall if self.bounds.width < 1000 => 124.0,
            Shape::Tall => 148.0,
            Shape::Wide => 168.0,
        }
    }

    /// The largest size at which `line` fits.
    fn fit(&self, line: &str, largest: f32) -> Result<f32, Unreadable> {
        let cell = self.name.to_owned();
        let width = font::width(line, largest).map_err(|letter| Unreadable::NoGlyph {
            cell: cell.clone(),
            letter,
        })?;
        let size = largest * (self.room() / width).min(1.0);
        if size < SMALLEST {
            let line = line.to_owned();
            return Err(Unreadable::TooLong { cell, line });
        }
        Ok(size)
    }
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

    fn draw_tabs(&self, svg: &mut String, faults: &mut Vec<Unreadable>) {
        if self.tabs.is_empty() {
            return;
        }
        rect(
            svg,
            Bounds {
                x: 0,
                y: 0,
                width: self.size.width,
                height: TABS_HEIGHT,
            },
            0.0,
            &format!(r#"fill="{STRIP}""#),
        );
        let mut size: f32 = 112.0;
        for tab in &self.tabs {
            let room = pixels(tab.bounds.width) - 240.0;
            match font::width(tab.label, size) {
                Ok(width) => size = size.min(size * room / width),
                Err(letter) => faults.push(Unreadable::NoGlyph {
                    cell: "tab".to_owned(),
                    letter,
                }),
            }
        }
        if size < SMALLEST {
            faults.push(Unreadable::TooLong {
                cell: "tab".to_owned(),
                line: self
                    .tabs
                    .iter()
                    .map(|t| t.label)
                    .collect::<Vec<_>>()
                    .join(" "),
            });
        }
        for tab in &self.tabs {
            let Bounds {
                x, width, height, ..
            } = tab.bounds;
            let ink = if tab.open {
                // The open tab and the ground beneath are one sheet; it hangs from a bar of the accent.
                let sheet = Bounds {
                    x: x + 16,
                    y: 28,
                    width: width - 32,
                    height: height + 40,
                };
                rect(svg, sheet, 36.0, &format!(r#"fill="{GROUND}""#));
                let bar = Bounds {
                    x: x + 72,
                    y: 28,
                    width: width - 144,
                    height: 16,
                };
                rect(svg, bar, 8.0, &format!(r#"fill="{}""#, self.accent));
                self.accent
            } else {
                SOFT_INK
            };
            let words = font::width(tab.label, size).unwrap_or_default();
            let icon = size * 1.15;
            let left = pixels(x) + (pixels(width) - words - icon - 28.0) / 2.0;
            let middle = pixels(height) / 2.0 + 16.0;
            draw_icon(svg, tab.icon, (left, middle - icon / 2.0), icon, ink);
            let start = (left + icon + 28.0, middle + MIDDLE * size);
            words_at(svg, tab.label, start, size, ink, "start");
        }
    }

    fn draw_cell(&self, svg: &mut String, cell: &DrawnCell<'_>, row: Row) {
        let (ground, disc, pictogram, ink, soft, edge) = match cell.style {
            Style::Strong => (self.accent, WHITE, self.accent, WHITE, WHITE, self.accent),
            Style::Plain => (
                WHITE,
                self.accent.tint(12),
                self.accent,
                INK,
                SOFT_INK,
                EDGE,
            ),
        };
        let paint = format!(r#"fill="{ground}" stroke="{edge}" stroke-width="4""#);
        rect(svg, cell.bounds, 44.0, &paint);

        let [x, y, width, height] = [
            cell.bounds.x,
            cell.bounds.y,
            cell.bounds.width,
            cell.bounds.height,
        ]
        .map(pixels);
        let size = row.size;
        let own = cell.words(cell.label.len(), size);
        let (text_x, top, anchor) = match cell.shape() {
            Shape::Tall => {
                let room = cell.words(row.lines, size);
                let diameter = cell.disc(room);
                let gap = cell.icon.map_or(0.0, |_| 32.0);
                let top = y + (height - diameter - gap - room) / 2.0;
                let corner = (x + (width - diameter) / 2.0, top);
                disc_at(svg, cell.icon, corner, diameter, disc, pictogram);
                let words = top + diameter + gap + (room - own) / 2.0;
                (x + width / 2.0, words, "middle")
            }
            Shape::Wide => {
                let diameter = cell.disc(own);
                let corner = (x + 80.0, y + (height - diameter) / 2.0);
                disc_at(svg, cell.icon, corner, diameter, disc, pictogram);
                let left = x + 80.0 + cell.icon.map_or(0.0, |_| diameter + 70.0);
                (left, y + (height - own) / 2.0, "start")
            }
        };
        let mut middle = top + size * LEADING / 2.0;
        for line in &cell.label {
            let start = (text_x, middle + MIDDLE * size);
            words_at(svg, line, start, size, ink, anchor);
            middle += size * LEADING;
        }
        if let Some(note) = cell.note {
            let middle = top + own - SMALLEST * LEADING / 2.0;
            let start = (text_x, middle + MIDDLE * SMALLEST);
            words_at(svg, note, start, SMALLEST, soft, anchor);
        }
    }
}

/// Why no picture came of a drawing; the drawing is ours, so this is a fault of the program or of an icon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the drawing could not be made into a picture: {0}")]
pub struct NotPainted(String);

/// Paints an SVG of our own as PNG.
///
/// # Errors
/// It is no SVG, or there is no memory for it.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, NotPainted> {
    let options = Options {
        font_family: font::FAMILY.to_owned(),
        fontdb: font::database(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|e| NotPainted(e.to_string()))?;
    let size = tree.size().to_int_size();
    let mut picture = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| NotPainted("no memory".to_owned()))?;
    picture.fill(Color::WHITE);
    resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
    picture.encode_png().map_err(|e| NotPainted(e.to_string()))
}

/// Whole pixels as a measure of the drawing; a menu has at most 2,500.
fn pixels(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn rect(svg: &mut String, bounds: Bounds, radius: f32, paint: &str) {
    let Bounds {
        x,
        y,
        width,
        height,
    } = bounds;
    put(
        svg,
        format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" {paint}/>"#
        ),
    );
}

fn disc_at(
    svg: &mut String,
    icon: Option<&str>,
    (left, top): (f32, f32),
    size: f32,
    disc: Colour,
    ink: Colour,
) {
    let Some(icon) = icon else { return };
    let radius = size / 2.0;
    put(
        svg,
        format_args!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="{radius:.1}" fill="{disc}"/>"#,
            left + radius,
            top + radius
        ),
    );
    let inner = size * 0.6;
    let inset = (size - inner) / 2.0;
    draw_icon(svg, icon, (left + inset, top + inset), inner, ink);
}

/// Draws what stands inside an icon's `<svg>`; icons are 24 wide and high and drawn in lines.
fn draw_icon(svg: &mut String, icon: &str, (left, top): (f32, f32), size: f32, ink: Colour) {
    let scale = size / 24.0;
    put(
        svg,
        format_args!(
            r#"<g transform="translate({left:.1} {top:.1}) scale({scale:.3})" fill="none" stroke="{ink}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">{icon}</g>"#
        ),
    );
}

fn words_at(
    svg: &mut String,
    words: &str,
    (x, y): (f32, f32),
    size: f32,
    ink: Colour,
    anchor: &str,
) {
    let words = words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    put(
        svg,
        format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size:.1}" font-weight="700" fill="{ink}" text-anchor="{anchor}">{words}</text>"#
        ),
    );
}

fn put(svg: &mut String, piece: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _always_ok = svg.write_fmt(piece);
}
