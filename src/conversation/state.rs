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
    OtherArea,
}
