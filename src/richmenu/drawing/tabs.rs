//! The strip of tabs over the cells.

use super::svg::{draw_icon, pixels, rect, words_at};
use super::{Drawing, MIDDLE, SMALLEST, TABS_HEIGHT, Unreadable};
use crate::line::rich_menu::Bounds;
use crate::richmenu::font;
use crate::richmenu::palette::{GROUND, SOFT_INK, STRIP};

#[derive(Debug)]
pub(in crate::richmenu) struct DrawnTab<'a> {
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
}
