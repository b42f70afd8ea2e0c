//! What must not stand in an emergency message (読み合わせ). Unlike a broadcast's slips these are refusals: at night
//! nobody has the time to weigh them, and most false alarms on record began with a word that a program could have seen.

use unicode_normalization::UnicodeNormalization;

use super::compose::Spoken;
use super::level;
use super::model::{Field, Kind, Template, Tongue};
use super::phrases;
use crate::broadcast::links;
use crate::line::text::{fit, length};
use crate::mode::Mode;
use crate::policy::{Links, Standing};

/// UTF-16 units of a notification in which level, place and action must have been said.
pub(super) const NOTICE: usize = 40;

/// Something that must be put right before it is sent. It prints in Japanese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field it is about, by key and label; none if it is about the whole.
    pub field: Option<(String, String)>,
    /// What it is.
    pub slip: Slip,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "each field is named as the sentence above it uses it"
)]
pub enum Slip {
    /// No field is called that.
    Unknown { written: String },
    /// It must be filled in.
    Missing,
    /// What was `written` is not what is `expected`.
    Unfit { written: String, expected: String },
    /// It has more UTF-16 units than a message has room for.
    TooLong { given: usize, most: usize },
    /// It may only be filled in with a `consent` on record.
    Consent { consent: String },
    /// It carries a `sign` that nobody sees, such as one that turns the direction of writing.
    Hidden { sign: String },
    /// 【】 are the program's: by them residents tell what kind of message it is.
    Bracket { written: String },
    /// A term that is used no more.
    Retired { written: String, instead: String },
    /// A level and a name that do not belong together.
    WrongLevel { written: String, right: u32 },
    /// The municipality's 警戒レベル and the Japan Meteorological Agency's レベル, mixed up.
    Mixed { written: String },
    /// Another level than the template announces.
    OtherLevel { written: String, own: u32 },
    /// A level where there is none: tsunami and earthquake.
    NoLevelHere { written: String },
    /// It sounds as if one should wait for level 5.
    Waits { written: String },
    /// It does not say for where.
    NoArea,
    /// It does not say when.
    NoTime,
    /// It does not say what to do.
    NoAction,
    /// A link that may not stand.
    Link { written: String, why: String },
    /// A link in words; there is a field for it.
    LinkInWords { written: String },
    /// A house number, where a district is enough.
    HouseNumber { written: String },
    /// The word of a drill in a real message.
    DrillWord { written: String },
    /// A drill that says it is none.
    DeniesDrill { written: String },
    /// A message of a drill that does not say so in its first and last line.
    Unmarked { begins: String },
    /// LINE would not take it.
    NoMessage { why: String },
}

impl Finding {
    /// About the whole.
    pub(super) fn general(slip: Slip) -> Self {
        Self { field: None, slip }
    }

    /// About a field.
    pub(super) fn of(field: &Field, slip: Slip) -> Self {
        Self {
            field: Some((field.key.clone(), field.label.clone())),
            slip,
        }
    }
}

/// Terms of before 2021-05-20 and 2026-05-28, each with today's.
const RETIRED: [(&str, &str); 6] = [
    ("避難勧告", "避難指示"),
    ("避難準備・高齢者等避難開始", "高齢者等避難"),
    ("避難準備情報", "高齢者等避難"),
    ("避難指示(緊急)", "避難指示"),
    ("災害発生情報", "緊急安全確保"),
    ("土砂災害警戒情報", "レベル4土砂災害危険警報"),
];
/// Words of drills. 職業訓練 is another thing, and so is a word that ends in テスト.
const DRILL: [&str; 4] = ["訓練", "くんれん", "テスト", "drill"];
/// What makes a drill a real alarm.
const DENIES: [&str; 5] = [
    "訓練ではありません",
    "訓練ではない",
    "訓練でない",
    "notadrill",
    "nodrill",
];
/// By what a text tells people to do something, or that they need not.
const ASKS: [&str; 4] = [
    "ください",
    "必要はありません",
    "ありがとうございました",
    "お願いします",
];

/// The first sign in `words` that nobody sees: control characters (a line break too, for lines are the program's),
/// those that turn the direction of writing, and those without width.
pub(super) fn hidden(words: &str) -> Option<String> {
    let unseen = |c: &char| {
        c.is_control()
            || matches!(*c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let found = words.chars().find(unseen)?;
    Some(format!("U+{:04X}", u32::from(found)))
}

/// Whether a link may stand in an emergency: the municipality's own, or another's under `.lg.jp`.
pub(super) fn link(written: &str, links: &Links) -> Result<(), Slip> {
    let refused = |why: &str| Slip::Link {
        written: written.to_owned(),
        why: why.to_owned(),
    };
    let link = links
        .check(written)
        .map_err(|_| refused("https:// で始まる、そのまま開けるアドレスではありません"))?;
    match link.standing == Standing::Own || link.host.ends_with(".lg.jp") {
        true => Ok(()),
        false => Err(refused("市のサイトでも .lg.jp でもありません")),
    }
}

/// What is wrong with words that somebody typed, besides their form.
pub(super) fn free(template: &Template, mode: Mode, field: &Field, typed: &str) -> Vec<Slip> {
    let coarse = match field.kind {
        Kind::Text { coarse, .. } => coarse,
        Kind::River | Kind::Facility { .. } => false,
        _ => return Vec::new(),
    };
    let words = plain(typed);
    let mut slips = said(template, mode, &words);
    if let Some(bracket) = words.chars().find(|c| matches!(c, '【' | '】')) {
        slips.push(Slip::Bracket {
            written: bracket.to_string(),
        });
    }
    if let Some(written) = address(&words) {
        slips.push(Slip::LinkInWords { written });
    }
    if let Some(own) = template.level() {
        let others = level::said(&words)
            .into_iter()
            .filter(|said| said.level != own);
        slips.extend(others.map(|said| Slip::OtherLevel {
            written: said.written,
            own,
        }));
    }
    if coarse && let Some(written) = house_number(&words) {
        slips.push(Slip::HouseNumber { written });
    }
    slips
}

/// What is wrong with a template's own words, whatever fills their places.
pub(super) fn of_template(template: &Template) -> Vec<Slip> {
    let wordings = template.wordings.values();
    let own = wordings.flat_map(|wording| wording.phrases().map(|phrase| phrase.words()));
    let choices = template
        .fields
        .iter()
        .filter_map(|field| match &field.kind {
            Kind::Choice(choices) => Some(choices),
            _ => None,
        });
    let offered = choices.flatten().flat_map(|choice| {
        let words = choice.words.values().chain([&choice.name]);
        words.flat_map(|said| Tongue::ALL.map(|tongue| said.in_tongue(tongue).to_owned()))
    });
    let mut slips = Vec::new();
    for words in own.chain(offered) {
        // Whether it is a drill is decided when it is sent.
        slips.extend(terms(template, &plain(&words)));
    }
    slips
}

/// What is wrong with a message as residents would read it.
pub(super) fn composed(
    template: &Template,
    mode: Mode,
    spoken: &[Spoken],
    notice: &str,
    links: &Links,
) -> Vec<Slip> {
    let mut slips = Vec::new();
    for said_in in spoken {
        let text = said_in.text();
        // Nobody chose how places are called.
        let text_alone = text.replace(&said_in.place, "");
        let words = plain(&text_alone.replace(&said_in.short_place, ""));
        for slip in said(template, mode, &words) {
            if !slips.contains(&slip) {
                slips.push(slip);
            }
        }
        if !said_in.body.contains(&said_in.place) && !slips.contains(&Slip::NoArea) {
            slips.push(Slip::NoArea);
        }
        for written in links::written(&text) {
            slips.extend(link(written, links).err());
        }
        slips.extend(
            text.lines()
                .find_map(hidden)
                .map(|sign| Slip::Hidden { sign }),
        );
    }
    let Some(japanese) = spoken.iter().find(|said| said.tongue == Tongue::Japanese) else {
        return vec![Slip::NoArea, Slip::NoTime, Slip::NoAction];
    };
    let seen = first(notice, NOTICE);
    if !seen.contains(&japanese.short_place) && !slips.contains(&Slip::NoArea) {
        slips.push(Slip::NoArea);
    }
    let body = plain(&japanese.body);
    let hour = |(at, _): (usize, &str)| body[..at].ends_with(|c: char| c.is_ascii_digit());
    if !body.match_indices('時').any(hour) {
        slips.push(Slip::NoTime);
    }
    let asks = ASKS.iter().any(|asks| body.contains(asks));
    if !asks || japanese.call.is_empty() || !seen.contains(&japanese.call) {
        slips.push(Slip::NoAction);
    }
    slips
}

/// Texts of a drill that do not say so in their first and last line. `notice` is cut off by phones: its first is enough.
pub(super) fn unmarked(bubbles: &[String], notice: &str) -> Vec<Slip> {
    let marked = |line: Option<&str>| line.is_some_and(|line| line.starts_with(phrases::DRILL));
    let bubbles = bubbles.iter().filter(|text| {
        let mut lines = text.lines();
        let first = lines.next();
        !marked(first) || !marked(lines.next_back().or(first))
    });
    let notice = (!marked(Some(notice))).then_some(notice);
    let slip = |text: &str| Slip::Unmarked {
        begins: fit(text, 20),
    };
    bubbles
        .map(|text| slip(text))
        .chain(notice.map(slip))
        .collect()
}

/// What is wrong with words, whoever wrote them.
fn said(template: &Template, mode: Mode, words: &str) -> Vec<Slip> {
    let mut slips = terms(template, words);
    let small = words.to_lowercase();
    match mode {
        Mode::Live if !template.speaks_of_drills => {
            let found = DRILL.into_iter().find(|word| speaks(&small, word));
            slips.extend(found.map(|word| Slip::DrillWord {
                written: word.to_owned(),
            }));
        }
        Mode::Live => {}
        Mode::Drill => {
            let found = DENIES.into_iter().find(|word| small.contains(word));
            slips.extend(found.map(|word| Slip::DeniesDrill {
                written: word.to_owned(),
            }));
        }
    }
    slips
}

/// Terms that are used no more, and levels that are wrong.
fn terms(template: &Template, words: &str) -> Vec<Slip> {
    let retired = RETIRED.iter().filter(|(term, _)| words.contains(term));
    let mut slips: Vec<Slip> = retired
        .map(|(term, instead)| Slip::Retired {
            written: (*term).to_owned(),
            instead: (*instead).to_owned(),
        })
        .collect();
    slips.extend(level::check(words, template.unlevelled));
    slips.extend(level::waits(words));
    slips
}

/// Words in one width and without blanks, in which nobody hides a term by spreading it out.
fn plain(words: &str) -> String {
    let words = words
        .nfkc()
        .filter(|c| !matches!(c, ' ' | '\t' | '\u{3000}'));
    words.collect()
}

fn speaks(words: &str, word: &str) -> bool {
    words.match_indices(word).any(|(at, _)| {
        let before = &words[..at];
        let katakana = before.ends_with(|c: char| ('ァ'..='ー').contains(&c));
        let other = match word {
            "テスト" => katakana,
            "訓練" => before.ends_with("職業"),
            _ => false,
        };
        !other
    })
}

/// Something that phones would open: with a scheme, or only the name of a host.
fn address(words: &str) -> Option<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
    let runs = words
        .split(|c| !part(c))
        .map(|run| run.trim_matches(['.', ',', '-', ':', '(', ')']));
    let opens = |run: &&str| {
        let host = run.split(['/', '?', '#']).next().unwrap_or_default();
        let end = host.rsplit_once('.').map_or("", |(_, end)| end);
        run.contains("://")
            || run.contains('@')
            || (end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    runs.filter(|run| !run.is_empty())
        .find(opens)
        .map(str::to_owned)
}

/// 1-2, 12番地, 3番4号: whose house it is, anybody can look up.
fn house_number(words: &str) -> Option<String> {
    let digit = |c: char| c.is_ascii_digit();
    ["番地", "番", "-", "−", "‐", "ー"]
        .into_iter()
        .find_map(|mark| {
            words.match_indices(mark).find_map(|(at, _)| {
                let (before, after) = (&words[..at], &words[at + mark.len()..]);
                let number = before.ends_with(digit);
                let whole = number && (mark == "番地" || after.starts_with(digit));
                let start = before.trim_end_matches(digit).len();
                whole.then(|| words[start..at + mark.len()].to_owned())
            })
        })
}

/// The beginning of `text`, of at most `most` UTF-16 units.
fn first(text: &str, most: usize) -> &str {
    let mut room = most;
    let end = text.char_indices().find(|(_, c)| {
        let taken = c.len_utf16();
        let full = taken > room;
        room = room.saturating_sub(taken);
        full
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// Units left in a notification beside `said`.
pub(super) fn room_beside(said: &str) -> usize {
    NOTICE.saturating_sub(length(said))
}

#[cfg(test)]
#[path = "wording_tests.rs"]
mod tests;
