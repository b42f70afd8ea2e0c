//! Text made comparable: what residents type without width, case, kana and long vowels, and bytes as text.

use unicode_normalization::UnicodeNormalization;

/// Bytes in lower-case hexadecimal, as digests are written.
///
/// ```
/// assert_eq!(kairan::text::hex(&[0, 0xa5]), "00a5");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The form in which two spellings of one word are equal: NFKC, lower case, katakana as hiragana,
/// and without spaces, punctuation and the long-vowel mark.
///
/// ```
/// use kairan::text::fold;
/// assert_eq!(fold("ペットボトル！"), fold("ﾍﾟｯﾄﾎﾞﾄﾙ"));
/// assert_eq!(fold("プリンター"), fold("プリンタ"));
/// ```
pub fn fold(words: &str) -> String {
    words
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() && *c != 'ー')
        .map(hiragana)
        // Once more: marks that a dropped character kept apart now stand together.
        .nfkc()
        .collect()
}

/// `c`, or its hiragana when it is a katakana that has one.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_word_meet() {
        for (a, b) in [
            ("明日のごみは？", "明日の ゴミは"),
            ("ＡＢＣ", "abc"),
            ("ｽﾌﾟﾚｰ缶", "スプレー缶"),
            ("１丁目", "1丁目"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("缶"), fold("瓶"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(words in "\\PC{0,40}") {
            let once = fold(&words);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn width_and_kana_make_no_difference(word in "[ぁ-ん]{1,12}") {
            let katakana: String = word
                .chars()
                .map(|c| char::from_u32(u32::from(c) + 0x60).unwrap_or(c))
                .collect();
            prop_assert_eq!(fold(&katakana), fold(&word));
        }
    }
}
