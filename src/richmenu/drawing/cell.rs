//! A cell: a pictogram and a few words, as large as they fit.

use super::svg::{disc_at, pixels, rect, words_at};
use super::{Drawing, LEADING, MIDDLE, SMALLEST, Unreadable};
use crate::line::rich_menu::Bounds;
use crate::richmenu::file::Style;
use crate::richmenu::font;
use crate::richmenu::palette::{EDGE, INK, SOFT_INK, WHITE};

#[derive(Debug)]
pub(in crate::richmenu) struct DrawnCell<'a> {
    pub(in crate::richmenu) name: &'a str,
    pub(in crate::richmenu) bounds: Bounds,
    pub(in crate::richmenu) label: Vec<&'a str>,
    pub(in crate::richmenu) note: Option<&'a str>,
    pub(in crate::richmenu) icon: Option<&'a str>,
    pub(in crate::richmenu) style: Style,
}

/// How a cell is laid out: a pictogram above the words, or beside them where there is room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Tall,
    Wide,
}

/// What the cells of one row share: unlike letters, or pictograms that dance, look like a mistake.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) lines: usize,
    pub(super) size: f32,
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
    pub(super) fn row(&self) -> (u32, u32, u32) {
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

    pub(super) fn largest(&self) -> f32 {
        match self.shape() {
            Shape::Tall if self.bounds.width < 1000 => 124.0,
            Shape::Tall => 148.0,
            Shape::Wide => 168.0,
        }
    }

    /// The largest size at which `line` fits.
    pub(super) fn fit(&self, line: &str, largest: f32) -> Result<f32, Unreadable> {
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
    pub(super) fn draw_cell(&self, svg: &mut String, cell: &DrawnCell<'_>, row: Row) {
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
