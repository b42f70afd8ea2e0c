//! The strip of tabs over the cells.

use super::svg::{draw_icon, pixels, rect, words_at};
use super::{Drawing, LARGER, MIDDLE, Place, SMALLEST, Unreadable, tabs_height};
use crate::line::rich_menu::Bounds;
use crate::resident::Letters;
use crate::richmenu::font;
use crate::richmenu::palette::{GROUND, SOFT_INK, STRIP};

/// Between a tab's pictogram and its label.
const GAP: f32 = 28.0;

#[derive(Debug)]
pub(in crate::richmenu) struct DrawnTab<'a> {
    pub(in crate::richmenu) name: &'a str,
    pub(in crate::richmenu) bounds: Bounds,
    pub(in crate::richmenu) label: &'a str,
    pub(in crate::richmenu) icon: &'a str,
    pub(in crate::richmenu) open: bool,
}

impl Drawing<'_> {
    pub(super) fn draw_tabs(&self, svg: &mut String, faults: &mut Vec<Unreadable>) {
        if self.tabs.is_empty() {
            return;
        }
        let strip = Bounds {
            x: 0,
            y: 0,
            width: self.size.width,
            height: tabs_height(self.letters),
        };
        rect(svg, strip, 0.0, &format!(r#"fill="{STRIP}""#));
        let size = self.fit_tabs(faults);
        for tab in &self.tabs {
            self.draw_tab(svg, tab, size);
        }
    }

    /// The one size of all tabs' labels.
    fn fit_tabs(&self, faults: &mut Vec<Unreadable>) -> f32 {
        let (smallest, largest) = match self.letters {
            Letters::Usual => (SMALLEST, 112.0),
            Letters::Large => (SMALLEST * LARGER, 112.0 * LARGER),
        };
        let mut common: f32 = largest;
        for tab in &self.tabs {
            let place = Place::Tab(tab.name.to_owned());
            let beside = match self.letters {
                Letters::Usual => 240.0,
                Letters::Large => 120.0,
            };
            let room = pixels(tab.bounds.width) - beside;
            match font::width(tab.label, largest).map(|width| largest * (room / width).min(1.0)) {
                Ok(size) if size < smallest => faults.push(Unreadable::TooLong {
                    place,
                    line: tab.label.to_owned(),
                }),
                Ok(size) => common = common.min(size),
                Err(letter) => faults.push(Unreadable::NoGlyph { place, letter }),
            }
        }
        common
    }

    fn draw_tab(&self, svg: &mut String, tab: &DrawnTab<'_>, size: f32) {
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
        let middle = pixels(height) / 2.0 + 16.0;
        let words = font::width(tab.label, size).unwrap_or_default();
        let mut start = pixels(x) + (pixels(width) - words) / 2.0;
        // Large letters need the room of the pictogram.
        if self.letters == Letters::Usual {
            let icon = size * 1.15;
            let left = start - (icon + GAP) / 2.0;
            draw_icon(svg, tab.icon, (left, middle - icon / 2.0), icon, ink);
            start = left + icon + GAP;
        }
        let start = (start, middle + MIDDLE * size);
        words_at(svg, tab.label, start, size, ink, "start");
    }
}
