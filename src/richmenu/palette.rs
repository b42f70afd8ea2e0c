//! Colours, and how well they can be told apart.

use std::fmt;

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(u8, u8, u8);

/// Least contrast of text (WCAG 2.2, 1.4.3, level AA).
pub(super) const AA: f64 = 4.5;
/// Least contrast of a pictogram (WCAG 2.2, 1.4.11, level AA).
pub(super) const AA_PICTOGRAM: f64 = 3.0;

pub(super) const WHITE: Colour = Colour(255, 255, 255);
/// Behind the cells.
pub(super) const GROUND: Colour = Colour(0xE1, 0xE9, 0xEC);
/// Behind the tabs or the title.
pub(super) const STRIP: Colour = Colour(0x1D, 0x2F, 0x3A);
/// A tab that is not open.
pub(super) const TAB: Colour = Colour(0x43, 0x59, 0x67);
/// Around a cell, and beneath it.
pub(super) const EDGE: Colour = Colour(0x7C, 0x91, 0x9D);
/// Labels.
pub(super) const INK: Colour = Colour(0x12, 0x22, 0x2C);
/// Notes.
pub(super) const SOFT_INK: Colour = Colour(0x3A, 0x4D, 0x59);

impl Colour {
    pub(super) const fn of(red: u8, green: u8, blue: u8) -> Self {
        Self(red, green, blue)
    }

    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6)?;
        let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// A tint: `share` hundredths of this colour, the rest white.
    pub(super) fn tint(self, share: u16) -> Self {
        let mix = |part: u8| {
            let mixed = (u16::from(part) * share + 255 * (100 - share)) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(mix(self.0), mix(self.1), mix(self.2))
    }

    /// A shade: `share` hundredths of this colour, the rest black.
    pub(super) fn shade(self, share: u16) -> Self {
        let mix = |part: u8| u8::try_from(u16::from(part) * share / 100).unwrap_or(u8::MAX);
        Self(mix(self.0), mix(self.1), mix(self.2))
    }

    /// From 1 (the same) to 21 (black on white), as WCAG 2.2 defines it.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_wcags() {
        let black = Colour::parse("#000000").unwrap_or(WHITE);
        assert!((black.contrast(WHITE) - 21.0).abs() < 0.01);
        let grey = Colour::parse("#767676").unwrap_or(WHITE);
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.01);
        assert_eq!(Colour::parse("#12345"), None);
        assert_eq!(Colour::parse("#é2345"), None);
    }

    #[test]
    fn tints_are_lighter_and_shades_darker() {
        let blue = Colour::parse("#2B5590").unwrap_or(WHITE);
        assert!(blue.tint(15).contrast(blue) > AA);
        assert!(blue.shade(60).contrast(WHITE) > blue.contrast(WHITE));
        assert_eq!((blue.tint(100), blue.shade(100)), (blue, blue));
    }

    #[test]
    fn a_card_is_told_from_its_ground() {
        // What can be pressed has an edge that shows (WCAG 2.2, 1.4.11).
        assert!(EDGE.contrast(WHITE) >= AA_PICTOGRAM);
    }
}
