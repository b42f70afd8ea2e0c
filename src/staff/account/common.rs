//! Passwords others would guess: what is left of one when everything guessable is taken away.

use unicode_normalization::UnicodeNormalization;

/// Letters that must be left over. Six unguessable ones are more than ten tries find.
const LEFT_OVER: usize = 6;

/// Words that passwords are made of: from published lists of leaked ones, and from Japanese habits.
const WORDS: &str = include_str!("common_words.txt");

/// Rows of a keyboard and of the alphabet; any part of one, either way, is a run.
const ROWS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "aiueokakikukekosashisusesotachitsuteto",
    "irohanihoheto",
];
const SHORTEST_RUN: usize = 3;
const SHORTEST_REPETITION: usize = 2;

/// Whether `password` is made of common words, of `context` (the town's name, the person's number), of
/// runs and repetitions, and of little else.
pub(super) fn is_common(password: &str, context: &[&str]) -> bool {
    let mut rest = plain(password);
    let mut words: Vec<String> = context
        .iter()
        .flat_map(|said| said.split(|c: char| !c.is_alphanumeric()))
        .chain(WORDS.lines())
        .map(plain)
        .filter(|word| word.chars().count() > 2)
        .collect();
    // The longest first: `password` before `pass`.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    for word in &words {
        // A gap, so that letters on both sides do not become a word.
        rest = rest.replace(word.as_str(), " ");
    }
    let parts = rest.split(|c: char| !c.is_alphabetic());
    let mut left: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    left.sort_unstable();
    left.dedup();
    left.iter().map(|part| letters(part)).sum::<usize>() < LEFT_OVER
}

/// As people see it: width and case folded, and letters for the signs that stand for them.
fn plain(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '@' => 'a',
            '$' => 's',
            '!' => 'i',
            other => other,
        })
        .collect()
}

/// Letters of `part` outside runs and repetitions.
fn letters(part: &str) -> usize {
    let chars: Vec<char> = part.chars().collect();
    let (mut at, mut left) = (0, 0);
    while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
        let (run, repeated) = (run(rest), repetition(&chars, at));
        if run < SHORTEST_RUN && repeated < SHORTEST_REPETITION {
            (at, left) = (at + 1, left + 1);
        } else {
            at += run.max(repeated);
        }
    }
    left
}

/// The length of the run that `chars` begins with.
fn run(chars: &[char]) -> usize {
    let runs = |row: &str| {
        (SHORTEST_RUN..=chars.len())
            .take_while(|length| row.contains(&chars[..*length].iter().collect::<String>()))
            .last()
            .unwrap_or(0)
    };
    ROWS.iter()
        .flat_map(|row| [runs(row), runs(&row.chars().rev().collect::<String>())])
        .max()
        .unwrap_or(0)
}

/// How far what follows only repeats what stands before it.
fn repetition(chars: &[char], at: usize) -> usize {
    (1..=at)
        .map(|period| {
            let same = |i: &usize| chars.get(*i) == chars.get(*i - period);
            (at..chars.len()).take_while(same).count()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [&str; 3] = ["汐見市", "Shiomi City", "a10234"];

    #[test]
    fn passwords_anybody_would_try_are_common() {
        for tried in [
            "password1234",
            "P@ssw0rdP@ssw0rd",
            "ＰＡＳＳＷＯＲＤ２０２６",
            "qwertyuiop123",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "xkxkxkxkxkxkxkxk",
            "123456789012345",
            "zyxwvutsrqponm",
            "shiomi-city-2026!",
            "Shiomishi2026!!!",
            "a10234a10234a10234",
            "sakura20261122sakura",
            "arigatougozaimasu",
            "kouhouka-kairan1",
            "yamadatarou1234",
            "Welcome2Kairan!!",
            "汐見市汐見市汐見市汐見市",
            "iloveyou-iloveyou",
        ] {
            assert!(is_common(tried, &CONTEXT), "{tried}");
        }
    }

    #[test]
    fn what_is_left_to_guess_is_not_common() {
        for good in [
            "correct horse battery staple",
            "gomi-bako no ura ni neko",
            "f7Kq-zzTn-w2Lp-vbXd",
            "kumo to sakura to densha",
            "窓際の猫は三時に鳴いて起こす",
            "hV8#rmQ2!tzL",
        ] {
            assert!(!is_common(good, &CONTEXT), "{good}");
        }
    }
}
