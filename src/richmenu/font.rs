//! The one typeface menus are drawn in, which comes with the program: pictures are the same everywhere.
//!
//! BIZ UDPGothic Bold (Morisawa's universal design; SIL Open Font License, `rich-menus/fonts/OFL.txt`).

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::Database;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// Its name in drawings.
pub(super) const FAMILY: &str = "BIZ UDPGothic";
const BYTES: &[u8] = include_bytes!("../../rich-menus/fonts/BIZUDPGothic-Bold.ttf");

static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut database = Database::new();
    database.load_font_data(BYTES.to_vec());
    Arc::new(database)
});

/// The typeface, for a drawing.
pub(super) fn database() -> Arc<Database> {
    Arc::clone(&DATABASE)
}

/// How wide a line is, in pixels, at a size in pixels.
///
/// # Errors
/// The first character the typeface lacks: it would be drawn as an empty box.
pub(super) fn width(line: &str, size: f32) -> Result<f32, char> {
    let Ok(font) = FontRef::new(BYTES) else {
        return Err('?');
    };
    let metrics = font.glyph_metrics(Size::new(size), LocationRef::default());
    let letters = font.charmap();
    line.chars().try_fold(0.0, |sum, letter| {
        let glyph = letters.map(letter).ok_or(letter)?;
        Ok(sum + metrics.advance_width(glyph).unwrap_or(size))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_measured_and_missing_letters_named() {
        let kanji = width("避難所", 100.0).unwrap_or_default();
        assert!((kanji - 300.0).abs() < 1.0, "{kanji}");
        let latin = width("ill", 100.0).unwrap_or_default();
        assert!(latin > 20.0 && latin < 150.0, "{latin}");
        assert_eq!(width("ごみ☺", 100.0), Err('☺'));
    }
}
