//! A cell: a card with a pictogram and a few words, that looks as if it could be pressed.

use super::scale::{LEADING, MIDDLE, Scale, fit};
use super::sheet::{Anchor, On, Sheet, pixels};
use super::{Drawing, Place, Unreadable};
use crate::line::rich_menu::Bounds;
use crate::richmenu::file::Style;
use crate::richmenu::font;
use crate::richmenu::palette::{Colour, EDGE, INK, SOFT_INK, WHITE};

/// From this width on a cell's label is drawn larger.
const ROOMY: u32 = 1000;
/// A card's corners, its edge, and what of it shows beneath: it stands up from the ground.
const RADIUS: u32 = 52;
const RIM: u32 = 6;
const LIP: u32 = 20;
/// From a card's edge to what is in it, down.
const DOWN: f32 = 22.0;
/// Between a pictogram and the words under it.
const UNDER: f32 = 28.0;
/// Between a label and its note.
const NOTED: f32 = 12.0;

#[derive(Debug)]
pub(in crate::richmenu) struct DrawnCell<'a> {
    pub(in crate::richmenu) name: &'a str,
    pub(in crate::richmenu) bounds: Bounds,
    pub(in crate::richmenu) label: Vec<&'a str>,
    pub(in crate::richmenu) note: Option<&'a str>,
    pub(in crate::richmenu) icon: Option<&'a str>,
    pub(in crate::richmenu) style: Style,
    pub(in crate::richmenu) accent: Colour,
}

/// How a cell is laid out: a pictogram above the words, or beside them where there is room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Tall,
    Wide,
}

/// What all cells of a menu share: unlike letters, or pictograms that dance, look like a mistake.
#[derive(Debug, Clone, Copy)]
struct Common {
    label: f32,
    lead: f32,
    pictogram: f32,
}

/// A cell's colours.
struct Paint {
    rim: Colour,
    face: Colour,
    label: On,
    note: On,
    disc: Colour,
    /// On the disc, and without one.
    pictogram: (On, On),
}

impl DrawnCell<'_> {
    fn place(&self) -> Place {
        Place::Cell(self.name.to_owned())
    }

    /// The card without its rim: left, top, width and height.
    fn face(&self) -> Bounds {
        let Bounds {
            x,
            y,
            width,
            height,
        } = self.bounds;
        Bounds {
            x: x + RIM,
            y: y + RIM,
            width: width.saturating_sub(2 * RIM),
            height: height.saturating_sub(RIM + LIP),
        }
    }

    fn shape(&self) -> Shape {
        if self.bounds.width > self.bounds.height * 2 {
            Shape::Wide
        } else {
            Shape::Tall
        }
    }

    fn is_roomy(&self) -> bool {
        self.bounds.width >= ROOMY
    }

    /// The height that a label of `lines` and the note take.
    fn words(&self, lines: usize, size: f32, scale: &Scale) -> f32 {
        let note = self.note.map_or(0.0, |_| scale.note * LEADING + NOTED);
        pixels(u32::try_from(lines).unwrap_or_default()) * size * LEADING + note
    }

    /// What is left for words, across.
    fn room(&self, scale: &Scale) -> f32 {
        let width = pixels(self.face().width) - 2.0 * scale.across;
        match (self.shape(), self.icon) {
            (Shape::Wide, Some(_)) => width - scale.pictogram - scale.beside,
            _ => width,
        }
    }

    /// The largest size at which a line of the label fits.
    fn fit_label(&self, line: &str, scale: &Scale) -> Result<f32, Unreadable> {
        let largest = match self.is_roomy() {
            true => scale.lead,
            false => scale.label,
        };
        let room = self.room(scale);
        fit(&self.place(), line, room, scale.smallest, largest)
    }

    /// How wide the longest of a cell's lines is.
    fn width(&self, size: f32, scale: &Scale) -> f32 {
        let wide = |line: &str, size: f32| font::width(line, size).unwrap_or_default();
        let label = self.label.iter().map(|line| wide(line, size));
        let note = self.note.map(|note| wide(note, scale.note));
        label.chain(note).fold(0.0, f32::max)
    }

    fn paint(&self) -> Paint {
        let accent = self.accent;
        let on = |ink: Colour, ground: Colour| On { ink, ground };
        match self.style {
            Style::Strong => Paint {
                rim: accent.shade(62),
                face: accent,
                label: on(WHITE, accent),
                note: on(WHITE, accent),
                disc: WHITE,
                pictogram: (on(accent, WHITE), on(WHITE, accent)),
            },
            Style::Plain => Paint {
                rim: EDGE,
                face: WHITE,
                label: on(INK, WHITE),
                note: on(SOFT_INK, WHITE),
                disc: accent.tint(14),
                pictogram: (on(accent, accent.tint(14)), on(accent, WHITE)),
            },
        }
    }
}

impl Drawing<'_> {
    pub(super) fn draw_cells(&self, sheet: &mut Sheet, scale: &Scale) {
        let common = self.common(sheet, scale);
        for cell in &self.cells {
            self.draw_cell(sheet, scale, cell, common);
        }
    }

    /// The sizes at which every cell's words and pictogram fit.
    fn common(&self, sheet: &mut Sheet, scale: &Scale) -> Common {
        let mut common = Common {
            label: scale.label,
            lead: scale.lead,
            pictogram: scale.pictogram,
        };
        for cell in &self.cells {
            for line in &cell.label {
                match cell.fit_label(line, scale) {
                    Ok(size) if cell.is_roomy() => common.lead = common.lead.min(size),
                    Ok(size) => common.label = common.label.min(size),
                    Err(fault) => sheet.fault(fault),
                }
            }
            if let Some(note) = cell.note {
                let place = Place::Note(cell.name.to_owned());
                let fits = fit(&place, note, cell.room(scale), scale.note, scale.note);
                fits.map_or_else(|fault| sheet.fault(fault), drop);
            }
        }
        for cell in &self.cells {
            let inner = pixels(cell.face().height) - 2.0 * DOWN;
            let words = cell.words(self.lines_beside(cell), common.of(cell), scale);
            let left = match (cell.shape(), cell.icon) {
                (Shape::Tall, Some(_)) => inner - words - UNDER,
                (Shape::Wide, Some(_)) if words <= inner => inner,
                (_, Some(_)) => 0.0,
                (_, None) if words <= inner => scale.pictogram,
                (_, None) => 0.0,
            };
            if left < scale.smallest_pictogram {
                let (place, name) = (cell.place(), cell.name.to_owned());
                sheet.fault(Unreadable::TooLow { place, name });
            }
            common.pictogram = common.pictogram.min(left);
        }
        common
    }

    /// The lines of the longest label in a cell's row: pictograms of one row stand at one height.
    fn lines_beside(&self, cell: &DrawnCell<'_>) -> usize {
        match cell.shape() {
            Shape::Wide => cell.label.len(),
            Shape::Tall => {
                let row = self.cells.iter().filter(|other| {
                    other.shape() == Shape::Tall
                        && (other.bounds.y, other.bounds.height)
                            == (cell.bounds.y, cell.bounds.height)
                });
                row.map(|other| other.label.len()).max().unwrap_or(1)
            }
        }
    }

    fn draw_cell(&self, sheet: &mut Sheet, scale: &Scale, cell: &DrawnCell<'_>, common: Common) {
        let paint = cell.paint();
        let face = cell.face();
        sheet.rect(cell.bounds, RADIUS, paint.rim);
        sheet.rect(face, RADIUS - RIM, paint.face);

        let [x, y, width, height] = [face.x, face.y, face.width, face.height].map(pixels);
        let size = common.of(cell);
        let own = cell.words(cell.label.len(), size, scale);
        let side = cell.icon.map_or(0.0, |_| common.pictogram);
        let (words_x, top, anchor) = match cell.shape() {
            Shape::Tall => {
                let room = cell.words(self.lines_beside(cell), size, scale);
                let gap = cell.icon.map_or(0.0, |_| UNDER);
                let top = y + (height - side - gap - room) / 2.0;
                draw_pictogram(sheet, scale, cell, (x + (width - side) / 2.0, top), side);
                let words = top + side + gap + (room - own) / 2.0;
                (x + width / 2.0, words, Anchor::Middle)
            }
            Shape::Wide => {
                let gap = cell.icon.map_or(0.0, |_| scale.beside);
                let left = x + (width - side - gap - cell.width(size, scale)) / 2.0;
                draw_pictogram(sheet, scale, cell, (left, y + (height - side) / 2.0), side);
                (left + side + gap, y + (height - own) / 2.0, Anchor::Start)
            }
        };
        let mut middle = top + size * LEADING / 2.0;
        for line in &cell.label {
            let start = (words_x, middle + MIDDLE * size);
            sheet.words(&cell.place(), line, start, size, paint.label, anchor);
            middle += size * LEADING;
        }
        if let Some(note) = cell.note {
            let middle = top + own - scale.note * LEADING / 2.0;
            let start = (words_x, middle + MIDDLE * scale.note);
            sheet.words(&cell.place(), note, start, scale.note, paint.note, anchor);
        }
    }
}

impl Common {
    fn of(self, cell: &DrawnCell<'_>) -> f32 {
        match cell.is_roomy() {
            true => self.lead,
            false => self.label,
        }
    }
}

fn draw_pictogram(
    sheet: &mut Sheet,
    scale: &Scale,
    cell: &DrawnCell<'_>,
    (left, top): (f32, f32),
    side: f32,
) {
    let Some(icon) = cell.icon else {
        return;
    };
    let paint = cell.paint();
    let (on_disc, bare) = paint.pictogram;
    if scale.disc {
        sheet.disc((left, top), side, paint.disc);
        let inner = side * 0.66;
        let inset = (side - inner) / 2.0;
        let corner = (left + inset, top + inset);
        sheet.pictogram(&cell.place(), icon, corner, inner, on_disc);
    } else {
        sheet.pictogram(&cell.place(), icon, (left, top), side, bare);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resident::Letters;

    fn drawn(letters: Letters, label: &str) -> Result<f32, Unreadable> {
        cell(label, WHITE).fit_label(label, &Scale::of(letters))
    }

    fn cell(label: &str, accent: Colour) -> DrawnCell<'_> {
        DrawnCell {
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
            accent,
        }
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
