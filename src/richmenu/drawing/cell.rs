//! A cell: a pictogram and a few words, as large as they fit.

use super::svg::{disc_at, draw_icon, pixels, rect, words_at};
use super::{Drawing, LARGER, LEADING, MIDDLE, Place, SMALLEST, Unreadable};
use crate::line::rich_menu::Bounds;
use crate::resident::Letters;
use crate::richmenu::file::Style;
use crate::richmenu::font;
use crate::richmenu::palette::{Colour, EDGE, INK, SOFT_INK, WHITE};

/// What most labels are drawn in, in pixels.
const LABEL: f32 = 124.0;

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

/// A cell's colours.
struct Paint {
    ground: Colour,
    edge: Colour,
    disc: Colour,
    pictogram: Colour,
    ink: Colour,
    soft: Colour,
}

impl DrawnCell<'_> {
    /// Cells of one row and width have the same; of large letters all of one width have.
    pub(super) fn row(&self, letters: Letters) -> (u32, u32, u32) {
        match letters {
            Letters::Usual => (self.bounds.y, self.bounds.height, self.bounds.width),
            Letters::Large => (0, 0, self.bounds.width),
        }
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
}

impl Drawing<'_> {
    /// The largest size at which a line of a cell's label fits.
    pub(super) fn fit_label(&self, cell: &DrawnCell<'_>, line: &str) -> Result<f32, Unreadable> {
        let largest = match cell.shape() {
            Shape::Tall if cell.bounds.width < 1000 => LABEL,
            Shape::Tall => 148.0,
            Shape::Wide => 168.0,
        };
        let (smallest, largest) = match self.letters {
            Letters::Usual => (SMALLEST, largest),
            Letters::Large => (LABEL * LARGER, largest * LARGER),
        };
        let place = Place::Cell(cell.name.to_owned());
        fit(place, line, self.room(cell), smallest, largest)
    }

    /// Whether a cell's note fits; it is never larger than need be.
    pub(super) fn fit_note(&self, cell: &DrawnCell<'_>, line: &str) -> Result<f32, Unreadable> {
        let place = Place::Note(cell.name.to_owned());
        fit(place, line, self.room(cell), SMALLEST, SMALLEST)
    }

    /// What is left for words, across.
    fn room(&self, cell: &DrawnCell<'_>) -> f32 {
        let width = pixels(cell.bounds.width);
        let inset = self.inset();
        match cell.shape() {
            Shape::Tall => width - 60.0,
            Shape::Wide if cell.icon.is_some() => {
                width - self.pictogram(cell, 0.0) - 2.0 * inset - self.gap()
            }
            Shape::Wide => width - 2.0 * inset,
        }
    }

    /// From the edge of a wide cell to what is in it.
    fn inset(&self) -> f32 {
        match self.letters {
            Letters::Usual => 80.0,
            Letters::Large => 32.0,
        }
    }

    /// Between a pictogram and words beside it.
    fn gap(&self) -> f32 {
        match self.letters {
            Letters::Usual => 70.0,
            Letters::Large => 28.0,
        }
    }

    /// The size of the pictogram, with its disc, above or beside words of this height. Large letters
    /// leave it less room, and no disc.
    fn pictogram(&self, cell: &DrawnCell<'_>, words: f32) -> f32 {
        let height = pixels(cell.bounds.height);
        if cell.icon.is_none() {
            return 0.0;
        }
        match (self.letters, cell.shape()) {
            (Letters::Usual, Shape::Tall) => (height * 0.42).min(300.0).min(height - words - 100.0),
            (Letters::Usual, Shape::Wide) => (height * 0.54).min(340.0),
            (Letters::Large, Shape::Tall) => (height - words - 90.0).clamp(0.0, 200.0),
            (Letters::Large, Shape::Wide) if cell.bounds.width > 2000 => (height * 0.5).min(200.0),
            (Letters::Large, Shape::Wide) => (height * 0.4).min(144.0),
        }
    }

    fn paint(&self, style: Style) -> Paint {
        match style {
            Style::Strong => Paint {
                ground: self.accent,
                edge: self.accent,
                disc: WHITE,
                pictogram: self.accent,
                ink: WHITE,
                soft: WHITE,
            },
            Style::Plain => Paint {
                ground: WHITE,
                edge: EDGE,
                disc: self.accent.tint(12),
                pictogram: self.accent,
                ink: INK,
                soft: SOFT_INK,
            },
        }
    }

    pub(super) fn draw_cell(&self, svg: &mut String, cell: &DrawnCell<'_>, row: Row) {
        let paint = self.paint(cell.style);
        let box_of = format!(
            r#"fill="{}" stroke="{}" stroke-width="4""#,
            paint.ground, paint.edge
        );
        rect(svg, cell.bounds, 44.0, &box_of);

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
                let side = self.pictogram(cell, room);
                let gap = if side > 0.0 { 32.0 } else { 0.0 };
                let top = y + (height - side - gap - room) / 2.0;
                let corner = (x + (width - side) / 2.0, top);
                self.draw_pictogram(svg, cell, corner, side, &paint);
                let words = top + side + gap + (room - own) / 2.0;
                (x + width / 2.0, words, "middle")
            }
            Shape::Wide => {
                let side = self.pictogram(cell, own);
                let corner = (x + self.inset(), y + (height - side) / 2.0);
                self.draw_pictogram(svg, cell, corner, side, &paint);
                let left = x + self.inset() + cell.icon.map_or(0.0, |_| side + self.gap());
                (left, y + (height - own) / 2.0, "start")
            }
        };
        let mut middle = top + size * LEADING / 2.0;
        for line in &cell.label {
            let start = (text_x, middle + MIDDLE * size);
            words_at(svg, line, start, size, paint.ink, anchor);
            middle += size * LEADING;
        }
        if let Some(note) = cell.note {
            let middle = top + own - SMALLEST * LEADING / 2.0;
            let start = (text_x, middle + MIDDLE * SMALLEST);
            words_at(svg, note, start, SMALLEST, paint.soft, anchor);
        }
    }

    fn draw_pictogram(
        &self,
        svg: &mut String,
        cell: &DrawnCell<'_>,
        corner: (f32, f32),
        side: f32,
        paint: &Paint,
    ) {
        let Some(icon) = cell.icon.filter(|_| side > 0.0) else {
            return;
        };
        match (self.letters, cell.style) {
            (Letters::Usual, _) => {
                disc_at(svg, icon, corner, side, paint.disc, paint.pictogram);
            }
            (Letters::Large, Style::Strong) => draw_icon(svg, icon, corner, side, WHITE),
            (Letters::Large, Style::Plain) => {
                draw_icon(svg, icon, corner, side, paint.pictogram);
            }
        }
    }
}

/// The largest size, up to `largest`, at which `line` is no wider than `room`.
fn fit(
    place: Place,
    line: &str,
    room: f32,
    smallest: f32,
    largest: f32,
) -> Result<f32, Unreadable> {
    let width = match font::width(line, largest) {
        Ok(width) => width,
        Err(letter) => return Err(Unreadable::NoGlyph { place, letter }),
    };
    let size = largest * (room / width).min(1.0);
    if size < smallest {
        let line = line.to_owned();
        return Err(Unreadable::TooLong { place, line });
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::rich_menu::Size;

    fn drawn(letters: Letters, label: &str) -> Result<f32, Unreadable> {
        let drawing = Drawing {
            size: Size {
                width: 2500,
                height: 843,
            },
            letters,
            accent: WHITE,
            tabs: Vec::new(),
            cells: Vec::new(),
        };
        let cell = DrawnCell {
            name: "cell",
            bounds: Bounds {
                x: 0,
                y: 0,
                width: 800,
                height: 500,
            },
            label: vec![label],
            note: None,
            icon: None,
            style: Style::Plain,
        };
        drawing.fit_label(&cell, label)
    }

    #[test]
    fn large_letters_are_half_as_large_again_or_refused() {
        let usual = drawn(Letters::Usual, "避難所").unwrap_or_default();
        let large = drawn(Letters::Large, "避難所").unwrap_or_default();
        assert!(large >= usual * 1.5, "{large} beside {usual}");
        // Five letters fit as usual, but not half as large again.
        assert!(drawn(Letters::Usual, "避難所地図").is_ok());
        assert!(matches!(
            drawn(Letters::Large, "避難所地図"),
            Err(Unreadable::TooLong { place: Place::Cell(name), .. }) if name == "cell"
        ));
    }
}
