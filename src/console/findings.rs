//! What imports find, told to staff in Japanese. What any table can have wrong is in [`faults`]; the table
//! beside this file has every other sentence, and one that it does not know is shown as the command line
//! would print it.

use std::sync::LazyLock;

use super::faults;
use crate::table::{Fault, Finding};

const TABLE: &str = include_str!("findings.tsv");

static SENTENCES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| pairs(false));
static EXPECTATIONS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| pairs(true));

/// A finding in words for staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    /// The file: 「area_days.csv」.
    pub(super) file: String,
    /// Where in it: 「3行目の4列目」.
    pub(super) place: String,
    /// What was found, and what to do.
    pub(super) text: String,
}

impl From<&Finding> for Told {
    fn from(finding: &Finding) -> Self {
        Self {
            file: finding.file.clone(),
            place: faults::place(finding),
            text: match &finding.fault {
                Fault::Other(message) => in_japanese(message),
                known => faults::words(known),
            },
        }
    }
}

/// The sentence in Japanese, if the table knows it.
pub(super) fn in_japanese(message: &str) -> String {
    look_up(message, &SENTENCES).unwrap_or_else(|| message.to_owned())
}

fn look_up(message: &str, table: &[(&str, &str)]) -> Option<String> {
    table.iter().find_map(|(english, japanese)| {
        let found = matched(message, english)?;
        let expected = found.last().copied().unwrap_or_default();
        let mut text = (*japanese).to_owned();
        if english.contains("{E}") {
            text = text.replace("{E}", &look_up(expected, &EXPECTATIONS)?);
        }
        for (n, word) in found.iter().enumerate() {
            text = text.replace(&format!("{{{}}}", n + 1), word);
            text = text.replacen("{}", word, 1);
        }
        Some(text)
    })
}

/// What stands in the places of `pattern`, if `text` is made so.
fn matched<'a>(text: &'a str, pattern: &str) -> Option<Vec<&'a str>> {
    let pattern = pattern.replace("{E}", "{}");
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let at = if piece.is_empty() && pieces.peek().is_none() {
            rest.len()
        } else if pieces.peek().is_none() {
            rest.strip_suffix(piece)?.len()
        } else {
            rest.find(piece)?
        };
        found.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty().then_some(found)
}

fn pairs(expectations: bool) -> Vec<(&'static str, &'static str)> {
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter(|line| line.starts_with('=') == expectations)
        .filter_map(|line| line.trim_start_matches('=').split_once('\t'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_told_in_japanese() {
        for (english, japanese) in [
            (
                "found “月火9”, expected a number from 1 to 5 after a weekday: the nth such day of the month",
                "「月火9」とあります。曜日の後に1から5の数（第何週か）を書いてください。",
            ),
            (
                "found 3 cells for “本町”, expected as many as the header has; is a comma missing or too many?",
                "「本町」の行に3個の欄があります。見出しと同じ数にしてください。カンマの過不足がないか確かめてください。",
            ),
            (
                "found “20261230”, expected a day outside 2026-12-29 to 2027-01-03, closed by center.csv",
                "「20261230」とあります。center.csv の休み（2026-12-29〜2027-01-03）でない日を書いてください。",
            ),
            ("something new", "something new"),
        ] {
            assert_eq!(in_japanese(english), japanese);
        }
    }

    #[test]
    fn every_line_of_the_table_fills_all_its_places() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), SENTENCES.len() + EXPECTATIONS.len());
        for (english, _) in SENTENCES
            .iter()
            .filter(|(english, _)| !english.contains("{E}"))
        {
            let told = in_japanese(&english.replace("{}", "あ"));
            assert!(!told.contains(['{', '}']), "{english}: {told}");
        }
        for (english, _) in EXPECTATIONS.iter() {
            let told = in_japanese(&format!(
                "found “x”, expected {}",
                english.replace("{}", "あ")
            ));
            assert!(
                told.starts_with('「') && !told.contains(['{', '}']),
                "{english}: {told}"
            );
        }
    }
}
