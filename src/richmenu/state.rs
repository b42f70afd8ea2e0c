//! What the town decided of its menus and LINE need not know: one row, which every replica reads.

/// The state of the menus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// The disaster menu is in front of everybody.
    pub(super) disaster: bool,
    /// Grows whenever something else is to be shown; what was remembered of LINE before is stale.
    pub(super) revision: i64,
    /// While everybody is being given their menu: the last resident who has it.
    pub(super) reached: Option<i64>,
    /// Everybody is to be given their menu anew as soon as the new menus are there.
    pub(super) is_due: bool,
}
