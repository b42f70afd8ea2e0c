//! The languages residents can choose, and their sentences.
//!
//! A language is a folder of Fluent files in `languages/`, named by its BCP 47 code. Adding a folder
//! adds the language; a sentence it lacks is said in Japanese. Besides the names of days, each module's
//! `phrases.rs` is the only caller of [`Language::say`], so that every sentence a resident reads is found in one of two places.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};

static_loader! {
    static SENTENCES = {
        locales: "./languages",
        fallback_language: "ja",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let mut known: Vec<Known> = SENTENCES
        .locales()
        .map(|id| Known {
            id: id.clone(),
            code: id.to_string(),
        })
        .collect();
    // Japanese first, then plain Japanese, then the rest by code: the order of the picker.
    known.sort_by_key(|k| (k.code != "ja", !k.code.starts_with("ja"), k.code.clone()));
    known
});

#[derive(Debug)]
struct Known {
    id: LanguageIdentifier,
    code: String,
}

const WEEKDAYS: [&str; 7] = [
    "weekday-mon",
    "weekday-tue",
    "weekday-wed",
    "weekday-thu",
    "weekday-fri",
    "weekday-sat",
    "weekday-sun",
];

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// A language that residents can choose.
#[derive(Debug, Clone, Copy)]
pub struct Language(&'static Known);

/// Values that fill the `{ $name }` places of a sentence.
pub type Values<'a> = [(&'static str, FluentValue<'a>)];

/// No folder of `languages/` has this code.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq, PartialOrd, Ord)]
#[error("language {given:?} is not known; write one of {known}")]
pub struct UnknownLanguage {
    /// What was written.
    pub given: String,
    /// The codes there are.
    pub known: String,
}

impl Language {
    /// 日本語: what a resident reads who has not chosen.
    pub fn japanese() -> Self {
        Self(&KNOWN[0])
    }

    /// Every language, Japanese first.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(Self)
    }

    /// The language with this BCP 47 code, whatever its case.
    pub fn parse(code: &str) -> Result<Self, UnknownLanguage> {
        Self::all()
            .find(|l| l.code().eq_ignore_ascii_case(code.trim()))
            .ok_or_else(|| UnknownLanguage {
                given: code.to_owned(),
                known: Self::all().map(Self::code).collect::<Vec<_>>().join(", "),
            })
    }

    /// The BCP 47 code, as stored.
    pub fn code(self) -> &'static str {
        &self.0.code
    }

    /// The language's name in itself: 日本語, English.
    pub fn name(self) -> String {
        self.say("language-name", &[])
    }

    /// A day as residents name it: 「11月24日(火)」, "Tue, 24 Nov".
    pub fn date(self, date: NaiveDate) -> String {
        let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize];
        // As words, so that no language puts separators into them.
        let values = [
            ("month", date.month().to_string().into()),
            ("day", date.day().to_string().into()),
            ("weekday", self.say(weekday, &[]).into()),
            (
                "month-name",
                self.say(MONTHS[date.month0() as usize], &[]).into(),
            ),
        ];
        self.say("date", &values)
    }

    /// The sentence `key` with its places filled. A key no language has is a fault of ours: it is
    /// logged and stands for itself, so that a resident is still answered.
    pub fn say(self, key: &str, values: &Values<'_>) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'_>> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
            .collect();
        SENTENCES
            .try_lookup_with_args(&self.0.id, key, &values)
            .unwrap_or_else(|| {
                tracing::error!(key, "no language has this sentence");
                key.to_owned()
            })
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Language {}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn japanese_comes_first_and_codes_are_read_in_any_case() {
        let codes: Vec<_> = Language::all().map(Language::code).collect();
        assert_eq!(codes, ["ja", "ja-Hira", "en"]);
        assert_eq!(
            Language::parse("JA-hira"),
            Ok(Language::parse("ja-Hira").unwrap_or(Language::japanese()))
        );
        assert!(Language::parse("tlh").is_err_and(|e| e.to_string().contains("ja-Hira")));
        assert_eq!(Language::japanese().name(), "日本語");
    }
}
