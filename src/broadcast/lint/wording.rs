//! How something is said.

use super::Slip;
use crate::policy::Profile;

/// Most characters of a sentence.
const MOST: usize = 100;
/// Letters of the beginning by which a long sentence is known.
const BEGINNING: usize = 20;
/// Words in capitals that make a sentence of capitals, and the letters in them.
const CAPITALS: (usize, usize) = (3, 12);

/// Hearsay, as offices should not write it.
const HEARSAY: [&str; 6] = [
    "だそうです",
    "とのうわさ",
    "との噂",
    "と噂",
    "と聞いています",
    "らしいとのこと",
];
/// Words that belittle, each with the letters before and after it that make it another word.
const BELITTLING: [(&str, &str, &str); 6] = [
    ("外人", "海国以内郊屋市区町村県校院号例意法案場", "材口数間"),
    ("気違い", "", ""),
    ("馬鹿", "", ""),
    ("乞食", "", ""),
    ("片手落ち", "", ""),
    ("父兄", "", ""),
];
/// Ends of hosts that stand in sentences without `https://`.
const ENDS: [&str; 6] = [".jp", ".com", ".net", ".org", ".info", ".example"];

pub(super) fn check(words: &str, profile: &Profile, slips: &mut Vec<Slip>) {
    for sentence in words.split(['。', '！', '!', '？', '?', '\n']) {
        let sentence = sentence.trim();
        if sentence.chars().count() > MOST {
            slips.push(Slip::LongSentence {
                begins: sentence.chars().take(BEGINNING).collect(),
            });
        }
    }
    capitals(words, slips);
    no_scheme(words, profile, slips);
    for written in HEARSAY {
        if words.contains(written) {
            let written = written.to_owned();
            slips.push(Slip::Hearsay { written });
        }
    }
    for (word, before, after) in BELITTLING {
        let belittles = |at: usize| {
            let ahead = words[..at].chars().next_back();
            let behind = words[at + word.len()..].chars().next();
            !ahead.is_some_and(|c| before.contains(c)) && !behind.is_some_and(|c| after.contains(c))
        };
        if words.match_indices(word).any(|(at, _)| belittles(at)) {
            let written = word.to_owned();
            slips.push(Slip::Word { written });
        }
    }
    inside(words, slips);
}

/// Looks at words as they were typed: NFKC makes these kana whole.
pub(super) fn half_width_kana(words: &str, slips: &mut Vec<Slip>) {
    let half = |c: char| ('\u{ff66}'..='\u{ff9f}').contains(&c);
    for run in words.split(|c| !half(c)).filter(|run| !run.is_empty()) {
        let written = run.to_owned();
        slips.push(Slip::HalfWidthKana { written });
    }
}

fn capitals(words: &str, slips: &mut Vec<Slip>) {
    let latin = words.split(|c: char| !c.is_ascii_alphabetic() && !matches!(c, ' ' | '\'' | '-'));
    for run in latin {
        let mut shouted: Vec<&str> = Vec::new();
        for word in run.split_whitespace().chain([""]) {
            let letters = word.chars().filter(char::is_ascii_alphabetic);
            let capital =
                letters.clone().count() > 0 && letters.clone().all(|c| c.is_ascii_uppercase());
            if capital {
                shouted.push(word);
                continue;
            }
            let letters: usize = shouted.iter().map(|word| word.len()).sum();
            if shouted.len() >= CAPITALS.0 && letters >= CAPITALS.1 {
                let written = shouted.join(" ");
                slips.push(Slip::Capitals { written });
            }
            shouted.clear();
        }
    }
}

/// Hosts that stand without `https://`; those of mail addresses stand behind an @. A shortener's is told apart:
/// LINE's app opens it all the same.
fn no_scheme(words: &str, profile: &Profile, slips: &mut Vec<Slip>) {
    let part = |c: char| c.is_ascii_alphanumeric() || "@.-_/%?=&#:~+".contains(c);
    for run in words.split(|c| !part(c)) {
        let written = run.trim_matches(['.', '-', ':', '/']);
        let host = written
            .split(['/', '?', '#', ':'])
            .next()
            .unwrap_or_default();
        let host = host.to_lowercase();
        let named = host.starts_with("www.")
            || ENDS
                .iter()
                .any(|end| host.ends_with(end) && host.len() > end.len());
        if written.contains('@') {
            continue;
        }
        let found = written.to_owned();
        if profile.links.shortens(&host) {
            slips.push(Slip::Shortened { written: found });
        } else if named {
            slips.push(Slip::NoScheme { written: found });
        }
    }
}

/// Addresses of the inside, and words that give a key away.
fn inside(words: &str, slips: &mut Vec<Slip>) {
    let ascii = words.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'));
    for word in ascii {
        let word = word.trim_matches(['.', '-']);
        let private = word
            .parse()
            .is_ok_and(|address: std::net::Ipv4Addr| address.is_private());
        let host = word.to_lowercase();
        let host = [".local", ".internal", ".lan", ".intra"]
            .iter()
            .any(|end| host.ends_with(end));
        if private || host {
            let written = word.to_owned();
            slips.push(Slip::Inside { written });
        }
    }
    let small = words.to_lowercase();
    for name in ["パスワード", "password", "暗証番号"] {
        let given = |(at, _): (usize, &str)| {
            let after = small[at + name.len()..].trim_start();
            let value = after.strip_prefix([':', '=', 'は']).map(str::trim_start);
            value.is_some_and(|v| v.chars().take_while(char::is_ascii_graphic).count() >= 4)
        };
        if small.match_indices(name).any(given) {
            let written = name.to_owned();
            slips.push(Slip::Inside { written });
        }
    }
}
