//! Where a resident stands between two messages.

use serde::{Deserialize, Serialize};

use super::intent::Item;

/// What was asked last, so that free words can be understood as its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// Nothing.
    #[default]
    Idle,
    /// An item of the registration.
    Asking {
        /// Which.
        item: Item,
        /// Whether the next item follows, as when registering for the first time.
        tour: bool,
    },
    /// Which other area's calendar to show.
    OtherArea {
        /// The item at which a registration goes on afterwards.
        resume: Option<Item>,
    },
    /// Whether everything is to be erased.
    Erasing,
}

impl State {
    /// The item at which a registration waits to go on.
    pub(super) fn open_tour(self) -> Option<Item> {
        match self {
            Self::Asking { item, tour: true } => Some(item),
            Self::OtherArea { resume } => resume,
            Self::Asking { tour: false, .. } | Self::Idle | Self::Erasing => None,
        }
    }

    /// Whether the answer to what was asked leads to the next item.
    pub(super) fn is_tour(self) -> bool {
        matches!(self, Self::Asking { tour: true, .. })
    }

    /// Where the resident stands when a question aside is answered.
    pub(super) fn after_aside(self) -> Self {
        match self {
            Self::OtherArea { resume } => {
                resume.map_or(Self::Idle, |item| Self::Asking { item, tour: true })
            }
            Self::Erasing => Self::Idle,
            Self::Idle | Self::Asking { .. } => self,
        }
    }
}
