//! The register of personal data, and how long everything is remembered.

use serde::Deserialize;

use super::written::Clause;

/// On what ground personal data are held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Personal {
    /// The law or by-law.
    pub law: String,
    /// The page that says how personal data are treated.
    pub page: String,
    /// Where that is demanded.
    #[serde(default)]
    pub clause: Option<Clause>,
}

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalField {
    /// What is held.
    pub field: Held,
    /// What residents call it.
    pub name: String,
    /// What it is used for, and for nothing else.
    pub purpose: String,
    /// On what ground.
    pub basis: String,
    /// Until when.
    pub keep: Keep,
    /// Who may see it.
    pub seen_by: SeenBy,
}

/// Everything Kairan can hold of a person. What is not registered cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The id by which LINE delivers.
    LineUserId,
    /// The area they live in.
    Area,
    /// The hour of their reminder.
    Reminder,
    /// The topics they chose.
    Topics,
    /// Months of birth, born or awaited.
    Children,
    /// Their language.
    Language,
    /// How large the letters of their menu are.
    Letters,
    /// What they agreed to, and when.
    Consent,
    /// What they wrote, until it is answered.
    Words,
}

impl Held {
    /// All of it.
    pub const ALL: [Self; 9] = [
        Self::LineUserId,
        Self::Area,
        Self::Reminder,
        Self::Topics,
        Self::Children,
        Self::Language,
        Self::Letters,
        Self::Consent,
        Self::Words,
    ];

    /// As written in a profile.
    pub fn key(self) -> &'static str {
        match self {
            Self::LineUserId => "line_user_id",
            Self::Area => "area",
            Self::Reminder => "reminder",
            Self::Topics => "topics",
            Self::Children => "children",
            Self::Language => "language",
            Self::Letters => "letters",
            Self::Consent => "consent",
            Self::Words => "words",
        }
    }
}

/// Until when an entry is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Until the resident removes it, or `unreachable_days` after they blocked the account.
    Registration,
    /// Until it is answered.
    Answer,
}

/// Who may see an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenBy {
    /// Nobody: the program uses it.
    Nobody,
    /// Staff, as counts that name nobody.
    StaffAsCounts,
}

/// How long things are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days from a block to the erasure of everything held.
    pub unreachable_days: u32,
    /// Hours a half-finished registration waits to be continued.
    pub half_finished_hours: u32,
    /// Days the record of an event is kept, to know a duplicate; its words go as soon as it is answered.
    pub event_days: u32,
    /// Days words that found no answer are counted, since they were last asked.
    pub word_days: u32,
    /// Days it is kept who was sent what, and what reminders said: a correction goes to exactly those who got the
    /// wrong one.
    pub recipient_days: u32,
}
