//! The sorting dictionary (分別辞典): which category a thing belongs to.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::words::{reading_in_brackets, subject, thing};

/// Near misses offered at most: LINE's 13 quick replies, less one for another answer.
const NEAR_MAX: usize = 12;
/// Two words this alike (Dice's coefficient over pairs of letters, in percent) may be the same.
const ALIKE_PERCENT: usize = 50;

/// One line of the dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// The category's label; not every one is collected (市で収集しない).
    pub label: String,
    /// The thing.
    pub name: String,
    /// What to mind.
    pub notice: Option<String>,
    /// The index heading (あ, い …).
    pub furigana: Option<String>,
}

/// What the dictionary says to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorting {
    /// The thing asked for; several lines when its kinds or parts are sorted apart.
    pub found: Vec<Item>,
    /// Things it may have been, best first.
    pub near: Vec<Item>,
}

/// The whole dictionary, in memory: towns have 60 to 1,300 items.
#[derive(Debug, Clone, Default)]
pub struct Dictionary(Vec<Entry>);

#[derive(Debug, Clone)]
struct Entry {
    item: Item,
    /// The whole name; folded.
    name: String,
    /// What it goes by; folded.
    heads: Vec<String>,
}

impl Dictionary {
    /// A dictionary of `items`.
    pub fn new(items: Vec<Item>) -> Self {
        let entry = |item: Item| Entry {
            name: thing(&item.name),
            heads: heads(&item.name),
            item,
        };
        Self(items.into_iter().map(entry).collect())
    }

    /// Looks up what `words` (「ペットボトル」「古い布団の捨て方」) ask for: that thing, else the thing the
    /// words end in, for Japanese puts it last. Near misses begin with, contain or resemble the words.
    pub fn look_up(&self, words: &str) -> Sorting {
        let asked = subject(words);
        if asked.is_empty() {
            return Sorting::default();
        }
        let mut found = self.called(&asked);
        if found.is_empty() {
            found = self
                .longest_ending(&asked)
                .map_or_else(Vec::new, |head| self.called(head));
        }
        let near = self.near(&asked, &found);
        Sorting { found, near }
    }

    fn called(&self, word: &str) -> Vec<Item> {
        let known = |e: &&Entry| e.name == word || e.heads.iter().any(|head| head == word);
        self.0
            .iter()
            .filter(known)
            .map(|e| e.item.clone())
            .collect()
    }

    /// The longest name that `asked` ends in.
    fn longest_ending(&self, asked: &str) -> Option<&str> {
        self.0
            .iter()
            .flat_map(|e| &e.heads)
            .filter(|head| ends_in(asked, head))
            .max_by_key(|head| head.len())
            .map(String::as_str)
    }

    fn near(&self, asked: &str, found: &[Item]) -> Vec<Item> {
        let mut scored: Vec<(usize, &Entry)> = self
            .0
            .iter()
            .filter_map(|e| Some((nearness(asked, e)?, e)))
            .collect();
        scored.sort_by_key(|(score, e)| (Reverse(*score), e.name.len()));
        let mut seen: HashSet<&str> = found.iter().map(|item| item.name.as_str()).collect();
        scored
            .into_iter()
            .filter(|(_, e)| seen.insert(&e.item.name))
            .map(|(_, e)| e.item.clone())
            .take(NEAR_MAX)
            .collect()
    }
}

/// How near an entry is to the words: prefix over part over likeness.
fn nearness(asked: &str, entry: &Entry) -> Option<usize> {
    let alike = entry
        .heads
        .iter()
        .map(|head| alike(asked, head))
        .max()
        .unwrap_or(0);
    if asked.chars().count() >= 2 && entry.name.starts_with(asked) {
        Some(300 + alike)
    } else if asked.chars().count() >= 2 && entry.name.contains(asked) {
        Some(200 + alike)
    } else if entry
        .heads
        .iter()
        .any(|head| stands_alone(head) && asked.contains(head))
    {
        Some(100 + alike)
    } else {
        (alike >= ALIKE_PERCENT).then_some(alike)
    }
}

/// Dice's coefficient over pairs of neighbouring letters, in percent.
fn alike(a: &str, b: &str) -> usize {
    let pairs =
        |word: &str| -> HashSet<(char, char)> { word.chars().zip(word.chars().skip(1)).collect() };
    let (a, b) = (pairs(a), pairs(b));
    let both = a.intersection(&b).count();
    (200 * both).checked_div(a.len() + b.len()).unwrap_or(0)
}

/// Whether `asked` is about `head` with something before it. Short names end too many words: one
/// kanji counts only behind kana (割れた皿, but not 紙 in 手紙).
fn ends_in(asked: &str, head: &str) -> bool {
    let Some(before) = asked.strip_suffix(head) else {
        return false;
    };
    let one_kanji = head.chars().count() == 1 && !head.chars().all(is_kana);
    stands_alone(head) || (one_kanji && before.ends_with(is_kana))
}

/// Whether a name is long enough to be recognised inside other words.
fn stands_alone(head: &str) -> bool {
    head.chars().count() >= if head.chars().all(is_kana) { 3 } else { 2 }
}

/// Folded words hold no katakana.
fn is_kana(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c)
}

/// What a thing goes by: its name without what stands in brackets, 「布団・毛布」 under both words,
/// 「布団（ふとん）」 under its reading too.
fn heads(name: &str) -> Vec<String> {
    let reading = reading_in_brackets(name).unwrap_or_default();
    without_brackets(name)
        .split(['・', '、', '／', '/', ','])
        .chain([reading.as_str()])
        .map(thing)
        .filter(|head| !head.is_empty())
        .collect()
}

fn without_brackets(name: &str) -> String {
    let mut depth = 0_u32;
    let outside = |c: &char| match c {
        '（' | '(' | '【' | '［' | '[' => {
            depth += 1;
            false
        }
        '）' | ')' | '】' | '］' | ']' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    let kept: String = name.chars().filter(outside).collect();
    if kept.trim().is_empty() {
        name.to_owned()
    } else {
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        let item = |label: &str, name: &str| Item {
            label: label.into(),
            name: name.into(),
            notice: None,
            furigana: None,
        };
        Dictionary::new(vec![
            item("資源", "ペットボトル"),
            item("可燃", "ペットボトルのふた"),
            item("粗大", "布団・毛布"),
            item("不燃", "スプレー缶（中身あり）"),
            item("資源", "スプレー缶（使い切ったもの）"),
            item("可燃", "紙"),
            item("不燃", "カン"),
            item("可燃", "（紙製）コップ"),
            item("不燃", "アイロン"),
            item("不燃", "皿"),
            item("資源", "段ボール"),
            item("可燃", "畳（たたみ）"),
        ])
    }

    fn found(words: &str) -> Vec<String> {
        dictionary()
            .look_up(words)
            .found
            .into_iter()
            .map(|i| i.name)
            .collect()
    }

    fn near(words: &str) -> Vec<String> {
        dictionary()
            .look_up(words)
            .near
            .into_iter()
            .map(|i| i.name)
            .collect()
    }

    #[test]
    fn the_thing_itself_is_found_however_it_is_asked() {
        for words in [
            "ペットボトル",
            "ﾍﾟｯﾄﾎﾞﾄﾙ",
            "ぺっとぼとる？",
            "ペットボトルは何ごみですか",
            "ペットボトルの捨て方を教えて",
            "空のペットボトルを捨てたい",
        ] {
            assert_eq!(found(words), ["ペットボトル"], "{words}");
        }
        assert_eq!(near("ペットボトル"), ["ペットボトルのふた"]);
        assert_eq!(found("ペットボトルのふた"), ["ペットボトルのふた"]);
    }

    #[test]
    fn an_adjective_before_it_does_no_harm() {
        assert_eq!(found("古い布団"), ["布団・毛布"]);
        assert_eq!(found("いらなくなった毛布の出し方"), ["布団・毛布"]);
    }

    #[test]
    fn every_kind_of_one_thing_is_named() {
        let both = ["スプレー缶（中身あり）", "スプレー缶（使い切ったもの）"];
        assert_eq!(found("スプレー缶"), both);
        assert_eq!(found("スプレー缶 中身あり"), [both[0]]);
    }

    #[test]
    fn short_names_are_found_only_by_themselves() {
        assert_eq!(found("紙"), ["紙"]);
        assert_eq!(found("カン"), ["カン"]);
        assert!(found("手紙").is_empty());
        assert!(found("受付じかん").is_empty());
    }

    #[test]
    fn kana_and_kanji_lead_to_one_thing() {
        assert_eq!(found("ふとん"), ["布団・毛布"]);
        assert_eq!(found("ダンボール"), ["段ボール"]);
        assert_eq!(found("タタミ"), ["畳（たたみ）"]);
        assert_eq!(found("割れた皿"), ["皿"]);
    }

    #[test]
    fn near_misses_are_offered_and_strangers_are_not() {
        assert_eq!(near("アイロソ"), ["アイロン"]);
        assert_eq!(near("ペット"), ["ペットボトル", "ペットボトルのふた"]);
        assert_eq!(near("コップ"), Vec::<String>::new());
        assert_eq!(found("コップ"), ["（紙製）コップ"]);
        assert_eq!(dictionary().look_up("住民票がほしい"), Sorting::default());
        assert_eq!(dictionary().look_up("？"), Sorting::default());
    }
}
