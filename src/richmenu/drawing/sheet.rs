//! What a drawing is made of, as SVG. Words and pictograms go on it with the colour beneath them, so that
//! none is drawn that could not be told from its ground.

use std::fmt::Write;

use super::{Place, Unreadable};
use crate::line::rich_menu::{Bounds, Size};
use crate::richmenu::font;
use crate::richmenu::palette::{AA, AA_PICTOGRAM, Colour};

/// What has been drawn so far, and what of it cannot be read.
pub(super) struct Sheet {
    svg: String,
    faults: Vec<Unreadable>,
}

/// A colour, and the one beneath it.
#[derive(Clone, Copy)]
pub(super) struct On {
    pub(super) ink: Colour,
    pub(super) ground: Colour,
}

/// From where a line of words runs.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
}

impl Sheet {
    pub(super) fn new(Size { width, height }: Size, ground: Colour) -> Self {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{}"><rect width="{width}" height="{height}" fill="{ground}"/>"#,
            font::FAMILY
        );
        Self {
            svg,
            faults: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Result<String, Vec<Unreadable>> {
        self.svg.push_str("</svg>");
        match self.faults.is_empty() {
            true => Ok(self.svg),
            false => Err(self.faults),
        }
    }

    pub(super) fn fault(&mut self, fault: Unreadable) {
        self.faults.push(fault);
    }

    pub(super) fn rect(&mut self, bounds: Bounds, radius: u32, fill: Colour) {
        let Bounds {
            x,
            y,
            width,
            height,
        } = bounds;
        self.put(format_args!(
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}"/>"#
        ));
    }

    pub(super) fn disc(&mut self, (left, top): (f32, f32), size: f32, fill: Colour) {
        let radius = size / 2.0;
        let (x, y) = (left + radius, top + radius);
        self.put(format_args!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" fill="{fill}"/>"#
        ));
    }

    /// Draws what stands inside an icon's `<svg>`; icons are 24 wide and high and drawn in lines.
    pub(super) fn pictogram(
        &mut self,
        place: &Place,
        icon: &str,
        (left, top): (f32, f32),
        size: f32,
        on: On,
    ) {
        self.contrast(place, on, AA_PICTOGRAM);
        let (scale, ink) = (size / 24.0, on.ink);
        self.put(format_args!(
            r#"<g transform="translate({left:.1} {top:.1}) scale({scale:.3})" fill="none" stroke="{ink}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">{icon}</g>"#
        ));
    }

    pub(super) fn words(
        &mut self,
        place: &Place,
        words: &str,
        (x, y): (f32, f32),
        size: f32,
        on: On,
        anchor: Anchor,
    ) {
        self.contrast(place, on, AA);
        let words = words
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let ink = on.ink;
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
        };
        self.put(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size:.1}" font-weight="700" fill="{ink}" text-anchor="{anchor}">{words}</text>"#
        ));
    }

    fn contrast(&mut self, place: &Place, On { ink, ground }: On, needed: f64) {
        let contrast = ink.contrast(ground);
        if contrast < needed {
            self.fault(Unreadable::Pale {
                place: place.clone(),
                ink,
                ground,
                contrast,
                needed,
            });
        }
    }

    fn put(&mut self, piece: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _always_ok = self.svg.write_fmt(piece);
    }
}

/// Whole pixels as a measure of the drawing; a menu has at most 2,500.
pub(super) fn pixels(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
