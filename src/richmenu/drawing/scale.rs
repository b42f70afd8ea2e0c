//! How large things are drawn: one scale for all menus, and one for large letters.

use super::{Place, Unreadable};
use crate::resident::Letters;
use crate::richmenu::font;

/// Line height, in letters.
pub(super) const LEADING: f32 = 1.2;
/// From the baseline to the middle of a letter, in letters.
pub(super) const MIDDLE: f32 = 0.37;
/// What most labels are drawn in, in pixels. A phone shows 2,500 pixels on some 390 points, so this is
/// 19 points.
const LABEL: f32 = 120.0;
/// How much larger large letters are at least.
const LARGER: f32 = 1.5;

/// The measures of a drawing, in pixels.
#[derive(Debug)]
pub(super) struct Scale {
    /// No words are smaller.
    pub(super) smallest: f32,
    pub(super) label: f32,
    /// Labels of cells with much room.
    pub(super) lead: f32,
    pub(super) note: f32,
    /// A pictogram, with its disc if it has one.
    pub(super) pictogram: f32,
    /// From a card's edge to what is in it, across.
    pub(super) across: f32,
    /// Between a pictogram and the words beside it.
    pub(super) beside: f32,
    /// Smaller than this, a pictogram is none.
    pub(super) smallest_pictogram: f32,
    /// Pictograms stand on a disc.
    pub(super) disc: bool,
    pub(super) tab: f32,
    pub(super) smallest_tab: f32,
    pub(super) title: f32,
}

impl Scale {
    pub(super) fn of(letters: Letters) -> Self {
        match letters {
            Letters::Usual => Self {
                smallest: 100.0,
                label: LABEL,
                lead: 164.0,
                note: 100.0,
                pictogram: 242.0,
                across: 44.0,
                beside: 44.0,
                smallest_pictogram: 140.0,
                disc: true,
                tab: 108.0,
                smallest_tab: 100.0,
                title: 112.0,
            },
            Letters::Large => Self {
                smallest: LABEL * LARGER,
                label: LABEL * LARGER,
                lead: LABEL * LARGER,
                note: 100.0 * LARGER,
                pictogram: 172.0,
                across: 36.0,
                beside: 36.0,
                smallest_pictogram: 140.0,
                disc: false,
                tab: 156.0,
                smallest_tab: 100.0 * LARGER,
                title: 160.0,
            },
        }
    }
}

/// The largest size, from `smallest` to `largest`, at which `line` is no wider than `room`.
pub(super) fn fit(
    place: &Place,
    line: &str,
    room: f32,
    smallest: f32,
    largest: f32,
) -> Result<f32, Unreadable> {
    let width = font::width(line, largest).map_err(|letter| Unreadable::NoGlyph {
        place: place.clone(),
        letter,
    })?;
    let size = largest * (room / width).min(1.0);
    if size < smallest {
        return Err(Unreadable::TooLong {
            place: place.clone(),
            line: line.to_owned(),
        });
    }
    Ok(size)
}
