//! Colours, and how well they can be told apart.

use std::fmt;

/// A colour of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(u8, u8, u8);

/// Least contrast of text (WCAG 2.2, 1.4.3, level AA).
pub(super) const AA: f64 = 4.5;

pub(super) const WHITE: Colour = Colour(255, 255, 255);
/// Behind the cells.
pub(super) const GROUND: Colour = Colour(0xEE, 0xF2, 0xF3);
/// Behind the tabs that are not open.
pub(super) const STRIP: Colour = Colour(0xD5, 0xDD, 0xE0);
/// Around a cell.
pub(super) const EDGE: Colour = Colour(0xCF, 0xD8, 0xDC);
/// Labels.
pub(super) const INK: Colour = Colour(0x16, 0x28, 0x33);
/// Notes, and the labels of tabs that are not open.
pub(super) const SOFT_INK: Colour = Colour(0x3E, 0x52, 0x5E);

impl Colour {
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
    fn every_text_can_be_read_on_its_ground() {
        for (text, ground) in [
            (INK, WHITE),
            (INK, GROUND),
            (SOFT_INK, WHITE),
            (SOFT_INK, STRIP),
        ] {
            assert!(text.contrast(ground) >= AA, "{text} on {ground}");
        }
    }
}
