//! What a broadcast says, to whom, and when: everything that an approval covers, and nothing else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::links;
use crate::clock::Instant;
use crate::ids::{BroadcastId, MediaId};
use crate::line::message::MAX_MESSAGES;
use crate::segment::Segment;

/// Most blocks: each becomes one message, and one call carries so many.
pub const MAX_BLOCKS: usize = MAX_MESSAGES;
/// Most buttons on a card.
pub const MAX_BUTTONS: usize = 4;

/// A manuscript (原稿).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manuscript {
    /// By what staff find it; residents do not read it.
    pub title: String,
    /// The id of the policy's category.
    pub category: String,
    /// What residents read, from top to bottom: one to [`MAX_BLOCKS`].
    pub blocks: Vec<Block>,
    /// Anybody may pass it on, under the licence that the policy names.
    pub open_data: bool,
    /// Who receives it.
    pub audience: Audience,
    /// When.
    pub timing: Timing,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// Words.
    Text {
        /// Them.
        text: String,
    },
    /// A picture, with words under it or without.
    Picture {
        /// Which.
        picture: MediaId,
        /// What it shows, for who cannot see it.
        shows: String,
        /// The words under it; none when empty.
        text: String,
    },
    /// A card: a title, words, and buttons.
    Card {
        /// Its title.
        title: String,
        /// The words under it.
        text: String,
        /// A picture above.
        picture: Option<MediaId>,
        /// Up to [`MAX_BUTTONS`].
        buttons: Vec<Button>,
    },
}

/// Something to tap on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What it does.
    pub target: Target,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Opens an address.
    Link(String),
    /// Calls a number: digits and hyphens.
    Phone(String),
}

/// Who receives a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever is in this segment when it is sent.
    Segment(#[serde(with = "as_text")] Segment),
    /// Exactly those to whom another went, which this one corrects (訂正).
    Corrected(BroadcastId),
}

/// When a broadcast goes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timing {
    /// Not before this moment; as soon as it is approved when none is given.
    pub send_at: Option<Instant>,
    /// After this moment nobody is told any more: a notice of what is over is worse than none.
    pub valid_until: Option<Instant>,
}

impl Manuscript {
    /// The pictures it uses.
    pub fn pictures(&self) -> BTreeSet<MediaId> {
        self.blocks.iter().filter_map(Block::picture).collect()
    }

    /// The addresses it leads to, from top to bottom, each once: those of buttons, and those written out.
    pub fn links(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for block in &self.blocks {
            let written = block.words().into_iter().flat_map(links::written);
            for link in written.chain(block.buttons().iter().filter_map(Button::link)) {
                if !found.contains(&link) {
                    found.push(link);
                }
            }
        }
        found
    }

    /// Everything that residents read, from top to bottom.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(Block::words)
    }

    /// The broadcast that this one corrects.
    pub fn corrects(&self) -> Option<BroadcastId> {
        match self.audience {
            Audience::Corrected(wrong) => Some(wrong),
            Audience::Segment(_) => None,
        }
    }
}

impl Block {
    /// Its picture.
    pub fn picture(&self) -> Option<MediaId> {
        match self {
            Self::Text { .. } => None,
            Self::Picture { picture, .. } => Some(*picture),
            Self::Card { picture, .. } => *picture,
        }
    }

    /// Its words that residents read, labels of buttons last.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = match self {
            Self::Text { text } => vec![text],
            // Notifications say what the picture shows.
            Self::Picture { shows, text, .. } => vec![shows, text],
            Self::Card { title, text, .. } => vec![title, text],
        };
        words.extend(self.buttons().iter().map(|button| button.label.as_str()));
        words.retain(|words| !words.is_empty());
        words
    }

    /// Its title, if it is a card; else nothing.
    pub fn title(&self) -> &str {
        match self {
            Self::Card { title, .. } => title,
            Self::Text { .. } | Self::Picture { .. } => "",
        }
    }

    /// What its picture shows, if it says so; else nothing.
    pub fn shows(&self) -> &str {
        match self {
            Self::Picture { shows, .. } => shows,
            Self::Text { .. } | Self::Card { .. } => "",
        }
    }

    /// Its words, without title and buttons.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text } | Self::Picture { text, .. } | Self::Card { text, .. } => text,
        }
    }

    /// Its buttons.
    pub fn buttons(&self) -> &[Button] {
        match self {
            Self::Card { buttons, .. } => buttons,
            Self::Text { .. } | Self::Picture { .. } => &[],
        }
    }
}

impl Button {
    /// The address it opens.
    pub fn link(&self) -> Option<&str> {
        match &self.target {
            Target::Link(url) => Some(url),
            Target::Phone(_) => None,
        }
    }
}

/// A segment is kept as the text that staff write.
mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::segment::{Segment, parse};

    pub(super) fn serialize<S: Serializer>(segment: &Segment, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(segment)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Segment, D::Error> {
        parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
