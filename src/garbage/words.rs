//! How residents ask: the words around the thing or category they mean.

use unicode_normalization::UnicodeNormalization;

use crate::text::fold;

use super::model::Category;

/// What people write before a category. Folded.
const BEFORE: [&str; 8] = [
    "次の",
    "つぎの",
    "今度の",
    "こんどの",
    "次回の",
    "次に出す",
    "when is the next",
    "next",
];

/// What people write after the thing they mean. Folded when used; the longest that fits goes first.
const AFTER: [&str; 40] = [
    "は何ごみですか",
    "は何ごみ",
    "何ごみ",
    "なにごみ",
    "は何のごみ",
    "の分別",
    "の分け方",
    "の捨て方",
    "の捨てかた",
    "のすてかた",
    "の出し方",
    "の出しかた",
    "のだしかた",
    "の処分",
    "を捨てたい",
    "を捨てる",
    "をすてたい",
    "をすてる",
    "を出したい",
    "を出す",
    "を処分したい",
    "はどう捨てる",
    "はどうやって捨てる",
    "はどこに捨てる",
    "はどうする",
    "の収集日",
    "の回収日",
    "の日",
    "収集日",
    "はいつ",
    "いつ",
    "を教えて",
    "をおしえて",
    "教えて",
    "ください",
    "です",
    "か",
    "は",
    "の",
    "って",
];

/// Spellings of one kind of garbage, each list under its first word.
const SAME: [&[&str]; 4] = [
    &[
        "燃えない",
        "燃やせない",
        "燃やさない",
        "不燃",
        "もえない",
        "もやせない",
        "もやさない",
    ],
    &[
        "燃える",
        "燃やせる",
        "燃やす",
        "可燃",
        "もえる",
        "もやせる",
        "もやす",
    ],
    &["かん", "空き缶", "空缶", "缶"],
    &["びん", "空き瓶", "空瓶", "瓶"],
];

/// Things that dictionaries write in kanji and residents type in kana. Short ones are left out, for
/// they stand in other words too (いす in アイス). Folded.
const KANJI: [(&str, &str); 17] = [
    ("かんでんち", "乾電池"),
    ("でんち", "電池"),
    ("でんきゅう", "電球"),
    ("けいこうとう", "蛍光灯"),
    ("ふとん", "布団"),
    ("もうふ", "毛布"),
    ("じゅうたん", "絨毯"),
    ("だんぼる", "段ぼる"),
    ("しんぶん", "新聞"),
    ("ざっし", "雑誌"),
    ("ちゃわん", "茶碗"),
    ("ほうちょう", "包丁"),
    ("くつした", "靴下"),
    ("じてんしゃ", "自転車"),
    ("れいぞうこ", "冷蔵庫"),
    ("せんたくき", "洗濯機"),
    ("そうじき", "掃除機"),
];

/// The name of a thing in the one form that all its spellings share.
pub(super) fn thing(words: &str) -> String {
    let mut folded = fold(words);
    for (kana, kanji) in KANJI {
        folded = folded.replace(kana, kanji);
    }
    folded
}

/// The thing a question is about: 「ペットボトルの捨て方は？」 → ぺっとぼとる.
pub(super) fn subject(words: &str) -> String {
    let mut asked = thing(words);
    loop {
        let shorter = AFTER
            .iter()
            .filter_map(|after| asked.strip_suffix(fold(after).as_str()))
            .filter(|rest| rest.chars().count() >= 2)
            .min_by_key(|rest| rest.len());
        match shorter {
            Some(rest) => asked = rest.to_owned(),
            None => return asked,
        }
    }
}

/// How well `words` name the category, if they do: its whole name before a part of it.
pub(super) fn names_category(words: &str, category: &Category) -> Option<usize> {
    let words = one_spelling(&fold(words));
    let names = std::iter::once(&category.label).chain(category.names.values());
    let mut best = None;
    for name in names {
        let whole = one_spelling(&fold(name));
        let parts = name
            .split(['・', '、', '／', '/', ','])
            .map(|part| one_spelling(&fold(part)));
        for part in parts.chain([whole.clone()]) {
            if part.chars().count() >= 2 && words.contains(&part) {
                best = best.max(Some(1000 + part.len()));
            }
        }
        let core = core(&words);
        if core.chars().count() >= 2 && core != "ごみ" && whole.contains(&core) {
            best = best.max(Some(core.len()));
        }
    }
    best
}

/// The reading that stands in brackets at the end of a name: 「合川（あいかわ）」.
pub(super) fn reading_in_brackets(name: &str) -> Option<String> {
    let inner = name.trim_end().strip_suffix([')', '）'])?;
    let (_, inner) = inner.rsplit_once(['(', '（'])?;
    is_kana(inner).then(|| inner.to_owned())
}

pub(super) fn is_kana(text: &str) -> bool {
    let kana = |c: char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・' | ' ');
    !text.is_empty() && text.nfkc().all(kana)
}

fn core(words: &str) -> String {
    let asked = subject(words);
    let shorter = BEFORE
        .iter()
        .find_map(|before| asked.strip_prefix(fold(before).as_str()));
    shorter.unwrap_or(&asked).to_owned()
}

fn one_spelling(folded: &str) -> String {
    let mut text = folded.to_owned();
    for spellings in SAME {
        for other in &spellings[1..] {
            text = text.replace(other, spellings[0]);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::garbage::{Calendar, Schedule};

    fn spoken_of(words: &str) -> Vec<String> {
        let collected = |label: &str| {
            let category = Category {
                label: label.into(),
                names: [("en".to_owned(), format!("{label} (English)"))].into(),
                ..Category::default()
            };
            (std::sync::Arc::new(category), Schedule::default())
        };
        let labels = [
            "燃やせるごみ",
            "燃やせないごみ",
            "再生資源ゴミ",
            "ペットボトル",
            "ビン・カン",
            "無色のビン",
        ];
        let calendar = Calendar {
            collected: labels.map(collected).into(),
            closures: Vec::new(),
            ..Calendar::default()
        };
        let found = calendar.category_from_words(words);
        found.into_iter().map(|c| c.label.clone()).collect()
    }

    #[test]
    fn a_category_is_understood_in_its_everyday_names() {
        for (words, label) in [
            ("次の資源ごみ", "再生資源ゴミ"),
            ("次の資源ごみはいつ？", "再生資源ゴミ"),
            ("ペットボトルの日", "ペットボトル"),
            ("可燃ごみはいつですか", "燃やせるごみ"),
            ("もえないゴミ", "燃やせないごみ"),
            ("次の缶の日", "ビン・カン"),
            ("無色のビンの日", "無色のビン"),
        ] {
            assert_eq!(spoken_of(words), [label], "{words}");
        }
    }

    #[test]
    fn what_names_no_category_names_none() {
        for words in ["ごみ", "次のごみの日", "こんにちは", ""] {
            assert!(spoken_of(words).is_empty(), "{words}");
        }
    }

    #[test]
    fn only_kana_in_brackets_is_a_reading() {
        assert_eq!(
            reading_in_brackets("合川（あいかわ）"),
            Some("あいかわ".into())
        );
        assert_eq!(
            reading_in_brackets("本町(ホンチョウ)"),
            Some("ホンチョウ".into())
        );
        for name in ["本町（国道の東側）", "本町", "本町（）", "（あ）本町"] {
            assert_eq!(reading_in_brackets(name), None, "{name}");
        }
    }
}
