//! The strip over the cells: tabs, or a title that says what the menu is.

use super::scale::{MIDDLE, Scale, fit};
use super::sheet::{Anchor, On, Sheet, pixels};
use super::{Drawing, Place};
use crate::line::rich_menu::Bounds;
use crate::resident::Letters;
use crate::richmenu::font;
use crate::richmenu::grid::MARGIN;
use crate::richmenu::palette::{Colour, GROUND, STRIP, TAB, WHITE};

/// Between a tab's pictogram and its label.
const GAP: f32 = 28.0;
/// From a tab's edge to what is in it.
const INSET: f32 = 36.0;
/// From the top of the strip to the tabs, and half of what is between two.
const ABOVE: u32 = 26;
const BESIDE: u32 = 14;
const RADIUS: u32 = 40;

#[derive(Debug)]
pub(in crate::richmenu) struct DrawnTab<'a> {
    pub(in crate::richmenu) name: &'a str,
    pub(in crate::richmenu) bounds: Bounds,
    pub(in crate::richmenu) label: &'a str,
    pub(in crate::richmenu) icon: &'a str,
    pub(in crate::richmenu) open: bool,
}

/// Height of the strip of a menu with tabs, or else a title, in pixels.
pub(in crate::richmenu) fn strip_height(letters: Letters, tabs: bool, title: bool) -> u32 {
    match (letters, tabs, title) {
        (Letters::Usual, true, _) => 228,
        (Letters::Usual, false, true) => 176,
        (Letters::Large, true, _) => 250,
        (Letters::Large, false, true) => 220,
        (_, false, false) => 0,
    }
}

impl Drawing<'_> {
    pub(super) fn draw_strip(&self, sheet: &mut Sheet, scale: &Scale) {
        let tabs = !self.tabs.is_empty();
        let strip = Bounds {
            x: 0,
            y: 0,
            width: self.size.width,
            height: strip_height(self.letters, tabs, self.title.is_some()),
        };
        if strip.height == 0 {
            return;
        }
        sheet.rect(strip, 0, STRIP);
        if tabs {
            let size = self.fit_tabs(sheet, scale);
            for tab in &self.tabs {
                self.draw_tab(sheet, tab, size);
            }
        } else if let Some(title) = self.title {
            draw_title(sheet, scale, strip, title);
        }
    }

    /// The one size of all tabs' labels.
    fn fit_tabs(&self, sheet: &mut Sheet, scale: &Scale) -> f32 {
        let mut common = scale.tab;
        for tab in &self.tabs {
            let place = Place::Tab(tab.name.to_owned());
            let icon = match self.letters {
                Letters::Usual => scale.tab * 1.15 + GAP,
                Letters::Large => 0.0,
            };
            let room = pixels(tab.bounds.width.saturating_sub(2 * BESIDE)) - 2.0 * INSET - icon;
            match fit(&place, tab.label, room, scale.smallest_tab, scale.tab) {
                Ok(size) => common = common.min(size),
                Err(fault) => sheet.fault(fault),
            }
        }
        common
    }

    fn draw_tab(&self, sheet: &mut Sheet, tab: &DrawnTab<'_>, size: f32) {
        let Bounds {
            x, width, height, ..
        } = tab.bounds;
        let place = Place::Tab(tab.name.to_owned());
        let lying = Bounds {
            x: x + BESIDE,
            y: ABOVE,
            width: width.saturating_sub(2 * BESIDE),
            height: height.saturating_sub(2 * ABOVE),
        };
        let on = if tab.open {
            // The open tab and the ground beneath are one sheet, under a bar of the accent.
            let sheet_of_tab = |top: u32| Bounds {
                y: lying.y + top,
                height: height.saturating_sub(lying.y + top),
                ..lying
            };
            sheet.rect(sheet_of_tab(0), RADIUS, self.accent);
            let below = Bounds {
                height: RADIUS + 8,
                y: height.saturating_sub(RADIUS),
                ..lying
            };
            sheet.rect(sheet_of_tab(22), RADIUS - 10, GROUND);
            sheet.rect(below, 0, GROUND);
            on(self.accent, GROUND)
        } else {
            sheet.rect(lying, RADIUS, TAB);
            on(WHITE, TAB)
        };
        let middle = match tab.open {
            true => pixels(height + ABOVE + 22) / 2.0,
            false => pixels(height) / 2.0,
        };
        let words = font::width(tab.label, size).unwrap_or_default();
        let mut start = pixels(x) + (pixels(width) - words) / 2.0;
        // Large letters need the room of the pictogram.
        if self.letters == Letters::Usual {
            let icon = size * 1.15;
            let left = start - (icon + GAP) / 2.0;
            sheet.pictogram(&place, tab.icon, (left, middle - icon / 2.0), icon, on);
            start = left + icon + GAP;
        }
        let start = (start, middle + MIDDLE * size);
        sheet.words(&place, tab.label, start, size, on, Anchor::Start);
    }
}

fn draw_title(sheet: &mut Sheet, scale: &Scale, strip: Bounds, title: &str) {
    let left = pixels(MARGIN) + 24.0;
    let room = pixels(strip.width) - 2.0 * left;
    match fit(&Place::Title, title, room, scale.smallest_tab, scale.title) {
        Ok(size) => {
            let start = (left, pixels(strip.height) / 2.0 + MIDDLE * size);
            let on = on(WHITE, STRIP);
            sheet.words(&Place::Title, title, start, size, on, Anchor::Start);
        }
        Err(fault) => sheet.fault(fault),
    }
}

fn on(ink: Colour, ground: Colour) -> On {
    On { ink, ground }
}
