//! How residents ask: the words around the thing or category they mean.

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

/// The thing a question is about, folded: 「ペットボトルの捨て方は？」 → ぺっとぼとる.
pub(super) fn subject(words: &str) -> String {
    let mut asked = fold(words);
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
}
