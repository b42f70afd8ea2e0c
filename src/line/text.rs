//! Counting and shortening text the way LINE measures it.
//!
//! LINE documents most limits in UTF-16 code units and a few (labels, template texts) in grapheme
//! clusters, but has been seen to count those few in code points
//! (<https://developers.line.biz/en/docs/messaging-api/text-character-count/>). No text has more
//! graphemes or code points than UTF-16 units, so counting units everywhere is right under each reading.

use unicode_segmentation::UnicodeSegmentation;

/// Length in UTF-16 code units: あ is 1, 🍎 and 𠮷 are 2.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// `text` itself when it is at most `max` units long, else its beginning and `…`, together at most `max`.
///
/// Cuts between what a reader sees as characters, so a flag or a family emoji is never halved.
pub fn fit(text: &str, max: usize) -> String {
    if length(text) <= max {
        return text.to_owned();
    }
    let mut room = max.saturating_sub(1);
    let kept: String = text
        .graphemes(true)
        .take_while(|grapheme| {
            let fits = length(grapheme) <= room;
            room = room.saturating_sub(length(grapheme));
            fits
        })
        .collect();
    if max == 0 { kept } else { kept + "…" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_as_line_does() {
        assert_eq!(
            ["", "ごみ", "🍎", "𠮷野", "👨‍👩‍👧"].map(length),
            [0, 2, 2, 3, 8]
        );
    }

    #[test]
    fn a_long_name_keeps_its_beginning() {
        assert_eq!(fit("本町一丁目", 20), "本町一丁目");
        assert_eq!(
            fit("本町一丁目（商店街を除く）、二丁目の一部", 10),
            "本町一丁目（商店街…"
        );
        assert_eq!(fit("🍎🍎🍎", 4), "🍎…");
        assert_eq!(fit("👨‍👩‍👧とごみ", 4), "…");
        assert_eq!(fit("ごみ", 0), "");
    }

    proptest! {
        #[test]
        fn fits_and_starts_alike(text in any::<String>(), max in 0..60usize) {
            let short = fit(&text, max);
            prop_assert!(length(&short) <= max);
            prop_assert!(short == text || text.starts_with(short.trim_end_matches('…')));
        }
    }
}
