//! The search: which question a resident means.
//!
//! Japanese writes no spaces, so words are compared by their pairs of characters, and kanji also one
//! by one. A pair weighs what BM25 gives a word: the rarer among the questions, the more. (BM25's
//! other half, repetition and length, says nothing here: a phrase is one line.) Two shares then
//! decide whether an entry is meant at all: how much of what was asked the entry knows, and how much
//! of one of its phrases was asked. Without that bar every question would get some answer.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::model::Entry;
use crate::ids::FaqId;
use crate::text::fold;

/// How much less a single kanji, letter or digit says than a pair of kanji.
const SINGLE: f64 = 0.6;
/// How much less a pair of kana says: endings and particles are written in kana.
const TWO_KANA: f64 = 0.4;
/// How much less a kanji with a kana says: often the end of one word and the start of the next.
const KANJI_AND_KANA: f64 = 0.7;
/// What the share of the phrase counts against the share of the asking.
const PHRASE_SHARE: f64 = 0.6;
/// Entries below this confidence are not meant.
pub const MIN_CONFIDENCE: f64 = 0.48;
/// Entries below this score share no word with the asking, only an odd letter.
const MIN_SCORE: f64 = 1.5;
/// A smaller FAQ is weighed as if it had as many, so that the bars mean the same in it.
const MIN_ENTRIES: usize = 100;
/// An entry is a candidate only if it scores this share of the best.
const NEAR: f64 = 0.5;
/// How many candidates are offered: they are buttons on a phone.
const NEAR_MAX: usize = 5;

/// Words in which questions are wrapped, whatever they are about.
const WRAPPING: [&str; 55] = [
    "教えてください",
    "教えて下さい",
    "教えてほしい",
    "教えて",
    "おしえて",
    "知りたい",
    "について",
    "どうすれば",
    "どうしたら",
    "どうやって",
    "いいですか",
    "何をすれば",
    "したいのですが",
    "したいです",
    "したい",
    "たいのですが",
    "たいです",
    "たい",
    "どこですか",
    "どこで",
    "どこに",
    "どこ",
    "いつまで",
    "いつから",
    "いつですか",
    "いつ",
    "ですか",
    "ますか",
    "ません",
    "ました",
    "ます",
    "ください",
    "下さい",
    "ありますか",
    "あります",
    "できますか",
    "できる",
    "方法",
    "手続き",
    "申し込み",
    "申込み",
    "申込",
    "予約",
    "料金",
    "電話番号",
    "営業時間",
    "時間",
    "何時まで",
    "何時",
    "ほしい",
    "欲しい",
    "もらえ",
    "必要",
    "なんて",
    "です",
];

static FOLDED_WRAPPING: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<String> = WRAPPING.iter().map(|w| fold(w)).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
    words
});

/// All questions, ready to be searched.
#[derive(Debug, Clone, Default)]
pub struct Index {
    entries: Vec<Indexed>,
    known_in: HashMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Indexed {
    entry: Entry,
    phrases: Vec<HashSet<String>>,
    terms: HashSet<String>,
}

/// An entry that has something in common with what was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// How much they have in common: the weight of the shared terms. Hits compare by it.
    pub score: f64,
    /// 0 to 1: how sure it is that this entry is meant.
    pub confidence: f64,
}

/// What a resident's words led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'a> {
    /// This one is meant.
    Answer(&'a Entry),
    /// One of these, two to five, best first.
    Near(Vec<&'a Entry>),
    /// The town has no answer to this.
    Nothing,
}

impl Index {
    /// The index over `entries`.
    pub fn build(entries: Vec<Entry>) -> Self {
        let mut known_in: HashMap<String, usize> = HashMap::new();
        let entries: Vec<Indexed> = entries.into_iter().map(Indexed::from).collect();
        for term in entries.iter().flat_map(|e| &e.terms) {
            *known_in.entry(term.clone()).or_default() += 1;
        }
        Self { entries, known_in }
    }

    /// The entry behind a button, if the town still has it.
    pub fn get(&self, id: FaqId) -> Option<&Entry> {
        self.entries.iter().map(|e| &e.entry).find(|e| e.id == id)
    }

    /// Every entry that shares a term with `text`, best first.
    pub fn search(&self, text: &str) -> Vec<Hit<'_>> {
        let asked = terms(text);
        let all = self.weight(&asked);
        let mut hits: Vec<Hit<'_>> = self
            .entries
            .iter()
            .filter_map(|candidate| {
                let shared = self.weight(asked.intersection(&candidate.terms));
                let phrase_share = candidate
                    .phrases
                    .iter()
                    .map(|phrase| {
                        self.weight(asked.intersection(phrase))
                            / self.weight(phrase).max(f64::EPSILON)
                    })
                    .fold(0.0, f64::max);
                (shared > 0.0).then(|| Hit {
                    entry: &candidate.entry,
                    score: shared * (1.0 + phrase_share) / 2.0,
                    confidence: (1.0 - PHRASE_SHARE) * shared / all + PHRASE_SHARE * phrase_share,
                })
            })
            .collect();
        // Ids break ties, so that one question always gets one answer.
        hits.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.entry.id.cmp(&b.entry.id))
        });
        hits
    }

    /// The answer to `text`, or what might be meant by it.
    pub fn find(&self, text: &str) -> Found<'_> {
        let hits = self.search(text);
        let best = hits.first().map_or(0.0, |h| h.score);
        let near: Vec<Hit<'_>> = hits
            .into_iter()
            .filter(|h| h.score >= MIN_SCORE && h.score >= best * NEAR)
            .take(NEAR_MAX)
            .collect();
        if !near.iter().any(|h| h.confidence >= MIN_CONFIDENCE) {
            return Found::Nothing;
        }
        match near[..] {
            [only] => Found::Answer(only.entry),
            _ => Found::Near(near.into_iter().map(|h| h.entry).collect()),
        }
    }

    /// The stretches of `text` that the entry knows, in the order of the text, for people to read.
    pub fn shared(&self, text: &str, id: FaqId) -> Vec<String> {
        let Some(candidate) = self.entries.iter().find(|e| e.entry.id == id) else {
            return Vec::new();
        };
        let words = fold(text);
        let mut known = vec![false; words.len()];
        for term in terms(text).intersection(&candidate.terms) {
            for (at, _) in words.match_indices(term.as_str()) {
                known[at..at + term.len()].fill(true);
            }
        }
        let mut stretches: Vec<String> = Vec::new();
        let mut before = false;
        for (at, letter) in words.char_indices() {
            if known[at] && !before {
                stretches.push(String::new());
            }
            if let Some(stretch) = stretches.last_mut().filter(|_| known[at]) {
                stretch.push(letter);
            }
            before = known[at];
        }
        stretches
    }

    fn weight<'a>(&self, terms: impl IntoIterator<Item = &'a String>) -> f64 {
        let mut weights: Vec<f64> = terms.into_iter().map(|t| self.weight_of(t)).collect();
        // A set has no order and addition of fractions has: without this, ties would be cast anew.
        weights.sort_by(f64::total_cmp);
        weights.iter().sum()
    }

    /// BM25's inverse document frequency, less for terms that tend to be grammar.
    fn weight_of(&self, term: &str) -> f64 {
        let known_in = self.known_in.get(term).copied().unwrap_or(0) as f64;
        let entries = self.entries.len().max(MIN_ENTRIES) as f64;
        let rarity = (1.0 + (entries - known_in + 0.5) / (known_in + 0.5)).ln();
        let kanji = term.chars().filter(|c| is_kanji(*c)).count();
        rarity
            * match (term.chars().count(), kanji) {
                (1, _) => SINGLE,
                (2, 0) if !term.is_ascii() => TWO_KANA,
                (2, 1) => KANJI_AND_KANA,
                _ => 1.0,
            }
    }
}

impl From<Entry> for Indexed {
    fn from(entry: Entry) -> Self {
        let phrases: Vec<HashSet<String>> = std::iter::once(&entry.question)
            .chain(&entry.synonyms)
            .map(|phrase| terms(phrase))
            .collect();
        Self {
            terms: phrases.iter().flatten().cloned().collect(),
            phrases,
            entry,
        }
    }
}

/// What of a text is compared: words of Latin letters and digits whole, the rest in pairs, and each
/// kanji by itself; without the words in which questions are wrapped.
fn terms(text: &str) -> HashSet<String> {
    let text: String = text.nfkc().collect();
    // A hyphen holds a word together: Wi-Fi.
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .flat_map(|chunk| unwrap_question(fold(chunk)))
        .flat_map(|words| runs(&words))
        .flat_map(|run| {
            if run.is_ascii() {
                return vec![run];
            }
            let chars: Vec<char> = run.chars().collect();
            let pairs = chars.windows(2).map(|pair| pair.iter().collect());
            let kanji = chars.iter().filter(|c| is_kanji(**c)).map(char::to_string);
            pairs.chain(kanji).collect()
        })
        .collect()
}

fn unwrap_question(words: String) -> Vec<String> {
    FOLDED_WRAPPING.iter().fold(vec![words], |parts, wrapping| {
        parts
            .iter()
            .flat_map(|part| part.split(wrapping.as_str()))
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    })
}

/// Stretches of `words` that are all Latin letters and digits, or have none.
fn runs(words: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    for c in words.chars() {
        match runs.last_mut() {
            Some(run) if run.is_ascii() == c.is_ascii() => run.push(c),
            _ => runs.push(c.to_string()),
        }
    }
    runs
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '々')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(text: &str) -> Vec<String> {
        let mut terms: Vec<String> = terms(text).into_iter().collect();
        terms.sort();
        terms
    }

    #[test]
    fn a_text_is_taken_apart() {
        assert_eq!(sorted("ごみ袋"), ["ごみ", "み袋", "袋"]);
        assert_eq!(
            sorted("Ｗｉ－Ｆｉを使いたいです"),
            ["wifi", "を使", "使", "使い"]
        );
        assert_eq!(sorted("教えてください"), [""; 0]);
    }

    #[test]
    fn what_an_entry_shares_with_a_question_reads_as_words() {
        let entry = Entry {
            id: FaqId(1),
            question: "住民票の写しを取りたい".into(),
            answer: "市民課へ。".into(),
            synonyms: vec!["コンビニ交付".into()],
            link: None,
            category: None,
        };
        let index = Index::build(vec![entry]);
        assert_eq!(
            index.shared("住民票をコンビニで", FaqId(1)),
            ["住民票", "こんびに"]
        );
        assert_eq!(index.shared("粗大ごみ", FaqId(1)), [""; 0]);
        assert_eq!(index.shared("住民票", FaqId(2)), [""; 0]);
    }

    proptest! {
        #[test]
        fn whatever_is_asked_the_shares_stay_shares(asked in "\\PC{0,40}") {
            let entry = Entry {
                id: FaqId(1),
                question: "図書館の休館日".into(),
                answer: "月曜日です。".into(),
                synonyms: vec!["図書館".into(), "！".into()],
                link: None,
                category: None,
            };
            for hit in Index::build(vec![entry]).search(&asked) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&hit.confidence), "{hit:?}");
                prop_assert!(hit.score.is_finite());
            }
        }
    }
}
