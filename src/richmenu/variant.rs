//! The variants one file makes: each language, in usual and in large letters.

use crate::language::Language;
use crate::resident::Letters;

/// What large letters are called in file names and aliases.
pub(super) const LARGE: &str = "large";

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// What it is written in.
    pub language: Language,
    /// How large.
    pub letters: Letters,
}

impl Variant {
    /// Every variant, the Japanese first.
    pub fn all() -> impl Iterator<Item = Self> {
        Language::all().flat_map(|language| {
            [Letters::Usual, Letters::Large].map(|letters| Self { language, letters })
        })
    }

    /// What a resident sees who has chosen nothing.
    pub fn usual(language: Language) -> Self {
        Self {
            language,
            letters: Letters::Usual,
        }
    }

    /// `ja`, `en+large`: in names at LINE, and for people.
    pub fn code(self) -> String {
        let language = self.language.code();
        match self.letters {
            Letters::Usual => language.to_owned(),
            Letters::Large => format!("{language}+{LARGE}"),
        }
    }

    /// Whether letters are large.
    pub fn is_large(self) -> bool {
        self.letters == Letters::Large
    }

    /// This one, and what stands in for it where a menu lacks it: the language matters more.
    pub(super) fn or_nearest(self) -> [Self; 4] {
        let japanese = Language::japanese();
        [
            self,
            Self::usual(self.language),
            Self {
                language: japanese,
                ..self
            },
            Self::usual(japanese),
        ]
    }

    /// What follows a menu's alias: nothing for what most people see.
    pub(super) fn of_alias(self, alias: &str) -> String {
        let mut alias = alias.to_owned();
        if self.language != Language::japanese() {
            alias.push('-');
            alias.push_str(&self.language.code().to_ascii_lowercase());
        }
        if self.is_large() {
            alias.push('-');
            alias.push_str(LARGE);
        }
        alias
    }
}
