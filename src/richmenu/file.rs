//! `menu.yaml` as it is written. Unknown keys are refused: a misspelt wish must not be silently no wish.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::{Location, Spanned};

use super::variant::Variant;
use crate::language::Language;
use crate::line::rich_menu::{Bounds, Size};
use crate::resident::Letters;

/// A text by language code; Japanese is required and stands in for what is missing.
pub(super) type Texts = Spanned<BTreeMap<String, String>>;

/// Cells by name, as they lie.
pub(super) type Rows = Spanned<Vec<Vec<String>>>;

/// A menu, as a town writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// What staff call it.
    pub(super) name: Spanned<String>,
    /// The text of the bar under the chat.
    pub(super) chat_bar: Texts,
    /// What the menu says it is, in a strip over the cells; one with tabs is named by its open tab.
    pub(super) title: Option<Texts>,
    /// Its label in a strip of tabs.
    pub(super) tab: Option<Tab>,
    /// Menus to switch between, this one among them.
    #[serde(default)]
    pub(super) tabs: Vec<Spanned<String>>,
    /// By what other menus switch to it.
    pub(super) alias: Option<Spanned<String>>,
    /// Who sees it without having switched to it.
    pub(super) shown_to: Option<Spanned<Audience>>,
    /// In pixels.
    pub(super) size: Spanned<Size>,
    /// The drawing's accent.
    pub(super) colour: Option<Spanned<String>>,
    /// Cells by name, as they lie; a name repeated spans.
    pub(super) rows: Option<Rows>,
    /// How it is drawn in large letters; as usual, if not said.
    pub(super) large: Option<Large>,
    /// The cells.
    pub(super) cells: Spanned<BTreeMap<String, Spanned<Cell>>>,
}

impl File {
    /// The rows of a variant; none on a finished picture.
    pub(super) fn rows(&self, letters: Letters) -> &[Vec<String>] {
        self.rows_of(letters).map_or(&[], |rows| &rows.value)
    }

    /// Where the rows stand in the file, or else the cells.
    pub(super) fn rows_at(&self, letters: Letters) -> Location {
        self.rows_of(letters)
            .map_or(self.cells.referenced, |rows| rows.referenced)
    }

    fn rows_of(&self, letters: Letters) -> Option<&Rows> {
        let large = self.large.as_ref().map(|large| &large.rows);
        match letters {
            Letters::Large if large.is_some() => large,
            Letters::Usual | Letters::Large => self.rows.as_ref(),
        }
    }
}

/// A menu in large letters: fewer cells, each with more room.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Large {
    /// The cells that remain, as they lie.
    pub(super) rows: Rows,
}

/// Who sees a menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Everybody who has no menu of their own: people who have not registered.
    Default,
    /// Who has registered.
    Registered,
    /// Who told of a child, born or to come.
    Parents,
    /// Everybody, while a disaster lasts.
    Disaster,
}

impl Audience {
    /// Everyone there is, the most particular last.
    pub(super) const ALL: [Self; 4] = [
        Self::Default,
        Self::Registered,
        Self::Parents,
        Self::Disaster,
    ];

    /// As `menu.yaml` and the names at LINE call it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Registered => "registered",
            Self::Parents => "parents",
            Self::Disaster => "disaster",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tab {
    pub(super) label: Texts,
    /// A shorter label, for large letters.
    pub(super) large: Option<Texts>,
    pub(super) icon: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cell {
    /// What is drawn, and what a screen reader says; a line break is for the drawing only.
    pub(super) label: Texts,
    /// A shorter label, for large letters; drawn only, a screen reader says the other.
    pub(super) large: Option<Texts>,
    /// A smaller line under it.
    pub(super) note: Option<Texts>,
    pub(super) icon: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) style: Style,
    /// This cell's accent, in place of the menu's.
    pub(super) colour: Option<Spanned<String>>,
    /// Where it lies on a finished picture.
    pub(super) at: Option<Bounds>,
    pub(super) action: Spanned<Tapped>,
}

/// How a cell stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Style {
    /// White, with an accent.
    #[default]
    Plain,
    /// Filled with the accent: the one thing most people came for.
    Strong,
}

/// What tapping does.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tapped {
    /// Asks the town; the data of one of the conversation's buttons.
    Postback(String),
    /// Opens an address.
    Open(String),
    /// Shows another menu.
    Switch(String),
}

/// The text in `language`, or in Japanese.
pub(super) fn text_in(texts: &Texts, language: Language) -> &str {
    texts
        .value
        .get(language.code())
        .or_else(|| texts.value.get(Language::japanese().code()))
        .map_or("", String::as_str)
}

/// What is drawn of a label: its short form, if letters are large and there is one in this language.
pub(super) fn drawn_in<'a>(
    label: &'a Texts,
    large: Option<&'a Texts>,
    variant: Variant,
) -> (&'a str, Location) {
    let short = large.filter(|_| variant.is_large()).and_then(|large| {
        let short = large.value.get(variant.language.code())?;
        Some((short.as_str(), large.referenced))
    });
    short.unwrap_or_else(|| (text_in(label, variant.language), label.referenced))
}
