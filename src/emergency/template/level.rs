//! Alert levels in words. The municipality's are 警戒レベル3 to 5, each with the one name of 災害対策基本法 60条; since
//! 2026-05-28 the Japan Meteorological Agency's information has levels of its own, and the two must not be mixed up.

use super::wording::Slip;

/// A name that goes with a level.
struct Name {
    name: &'static str,
    level: u32,
    of_municipality: bool,
}

const fn name(name: &'static str, level: u32, of_municipality: bool) -> Name {
    Name {
        name,
        level,
        of_municipality,
    }
}

/// Those that end like others stand first.
const NAMES: [Name; 7] = [
    name("緊急安全確保", 5, true),
    name("避難指示", 4, true),
    name("高齢者等避難", 3, true),
    name("特別警報", 5, false),
    name("危険警報", 4, false),
    name("注意報", 2, false),
    name("警報", 3, false),
];
/// Letters behind a level among which its name stands.
const NEAR: usize = 16;
/// Where a sentence, or a part of one, ends.
const ENDS: [char; 8] = ['。', '、', '\n', ',', '!', '?', ';', ':'];
/// Waiting, where one must not.
const WAITS: [&str; 9] = [
    "待って",
    "待ち",
    "待つ",
    "出たら",
    "出てから",
    "出るまで",
    "発令されたら",
    "発令されてから",
    "発令されるまで",
];
/// What turns it round.
const NOT: [&str; 7] = [
    "待たず",
    "待たない",
    "待ってはいけ",
    "待たなくて",
    "待つのではなく",
    "遅",
    "間に合",
];

/// A level that words name.
pub(super) struct LevelSaid {
    pub(super) level: u32,
    /// As it stands, with its name if there is one.
    pub(super) written: String,
    /// 警戒レベル, not レベル.
    alert: bool,
    name: Option<&'static Name>,
}

/// Every level in `words`, which are in one width and without blanks.
pub(super) fn said(words: &str) -> Vec<LevelSaid> {
    const LEVEL: &str = "レベル";
    let found = words.match_indices(LEVEL).filter_map(|(at, _)| {
        let after = &words[at + LEVEL.len()..];
        let digit = after.chars().next()?;
        let level = match digit {
            '一' => 1,
            '二' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            other => other.to_digit(10)?,
        };
        let tail = &after[digit.len_utf8()..];
        let end = tail.find(ENDS).unwrap_or(tail.len());
        let end = tail.find(LEVEL).unwrap_or(tail.len()).min(end);
        let near = tail[..end].char_indices().take(NEAR);
        let behind = near
            .map(|(place, _)| place)
            .find_map(|place| Some((place, named(&tail[place..])?)));
        let before = words[..at]
            .trim_end_matches("警戒")
            .trim_end_matches(['(', '「', '・']);
        let ahead = NAMES.iter().find(|name| before.ends_with(name.name));
        let written = match behind {
            Some((place, name)) => format!("{LEVEL}{digit}{}", &tail[..place + name.name.len()]),
            None => format!("{LEVEL}{digit}"),
        };
        Some(LevelSaid {
            level,
            written,
            alert: words[..at].ends_with("警戒"),
            name: behind.map(|(_, name)| name).or(ahead),
        })
    });
    found.collect()
}

fn named(words: &str) -> Option<&'static Name> {
    NAMES.iter().find(|name| words.starts_with(name.name))
}

/// Levels that do not fit their names, or stand where there are none.
pub(super) fn check(words: &str, unlevelled: bool) -> Vec<Slip> {
    let mut slips = Vec::new();
    for sentence in words.split(['。', '\n']) {
        let shakes = unlevelled || ["津波", "地震"].iter().any(|word| sentence.contains(word));
        for said in said(sentence) {
            let LevelSaid { level, written, .. } = said;
            if shakes {
                slips.push(Slip::NoLevelHere { written });
                continue;
            }
            let Some(name) = said.name else { continue };
            if name.level != level {
                let right = name.level;
                slips.push(Slip::WrongLevel { written, right });
            } else if name.of_municipality != said.alert {
                slips.push(Slip::Mixed { written });
            }
        }
        let small = sentence.to_lowercase();
        if unlevelled && small.contains("alertlevel") {
            let written = "Alert Level".to_owned();
            slips.push(Slip::NoLevelHere { written });
        }
    }
    slips
}

/// Sentences that sound as if one should wait for level 5.
pub(super) fn waits(words: &str) -> Vec<Slip> {
    let sentences = words.split(['。', '\n', '!', '.']);
    let waiting = sentences.filter(|sentence| {
        let five = ["レベル5", "レベル五", "緊急安全確保"];
        let small = sentence.to_lowercase();
        let japanese = five.iter().any(|five| sentence.contains(five))
            && WAITS.iter().any(|waits| sentence.contains(waits))
            && !NOT.iter().any(|not| sentence.contains(not));
        let english = small.contains("level5")
            && small.contains("wait")
            && !["notwait", "don'twait", "neverwait"]
                .iter()
                .any(|not| small.contains(not));
        japanese || english
    });
    waiting
        .map(|sentence| Slip::Waits {
            written: crate::line::text::fit(sentence, 30),
        })
        .collect()
}
