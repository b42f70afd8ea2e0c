//! What residents are answered, and what happens to what may not stay.

use serde::Deserialize;

use super::written::{self, Clause};

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replies {
    /// See [`ReplyMode`].
    pub mode: ReplyMode,
    /// The functions (garbage days, sorting, frequent questions) answer typed words too, not only taps.
    /// Registering, its removal and what is asked for it are always answered.
    #[serde(default = "written::yes")]
    pub answer_words: bool,
    /// Where nothing else is answered, the fixed answer still names the form for opinions.
    #[serde(default)]
    pub point_to_opinions: bool,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// How words that none of the account's functions understands are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyMode {
    /// Not at all; only the functions (garbage days, registration, …) answer.
    None,
    /// By a fixed answer that names the inquiry window.
    Auto,
    /// By the fixed answer; staff may add one of their own after approval.
    Selective,
}

/// What happens to what residents send that may not stay.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// It goes without telling the sender before.
    pub without_notice: bool,
    /// The sender may be blocked.
    pub may_block: bool,
    /// Days it is kept in the restricted record, with reason, person and time.
    pub keep_days: u32,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// Why something may not stay.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The name in data.
    pub id: String,
    /// What staff choose and the policy page says.
    pub text: String,
    /// Only the owner's chief may use it, or agree to its use.
    #[serde(default)]
    pub only_chief: bool,
    /// Where it is named.
    #[serde(default)]
    pub clause: Option<Clause>,
}
