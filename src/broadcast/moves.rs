//! Where a broadcast can stand, and every way from one place to another. The database has the same table.

use std::fmt;

/// Where a broadcast stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is being written (起案中).
    Draft,
    /// It is frozen, with its deciders (決裁待ち).
    Submitted,
    /// Everybody agreed; it waits for its hour (決裁済).
    Approved,
    /// It goes out (配信中).
    Sending,
    /// Somebody stopped it on its way (停止中).
    Stopped,
    /// Every envelope has ended (配信済).
    Done,
    /// It was given up (取下げ).
    Withdrawn,
    /// Its hour came and went before it could go out (時機を逸した).
    Late,
}

/// What happens to a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// Its side hands it in.
    Submit,
    /// A decider sends it back.
    Return,
    /// Its side takes it back to write on; what was agreed to is void.
    Reopen,
    /// The last decider agrees.
    Approve,
    /// Its hour has come.
    Release,
    /// Somebody who may stop sending stops it.
    Stop,
    /// They let it go on.
    Resume,
    /// Every envelope has ended.
    Finish,
    /// Its side gives it up.
    Withdraw,
    /// It is too late for it.
    Lapse,
}

use Move::{Approve, Finish, Lapse, Release, Reopen, Resume, Return, Stop, Submit, Withdraw};
use State::{Approved, Done, Draft, Late, Sending, Stopped, Submitted, Withdrawn};

/// The table: from where, what, to where. Whatever is not in it is refused.
pub const TABLE: [(State, Move, State); 17] = [
    (Draft, Submit, Submitted),
    (Draft, Withdraw, Withdrawn),
    (Submitted, Return, Draft),
    (Submitted, Reopen, Draft),
    (Submitted, Approve, Approved),
    (Submitted, Withdraw, Withdrawn),
    (Submitted, Lapse, Late),
    (Approved, Reopen, Draft),
    (Approved, Release, Sending),
    (Approved, Withdraw, Withdrawn),
    (Approved, Lapse, Late),
    (Sending, Stop, Stopped),
    (Sending, Finish, Done),
    (Stopped, Resume, Sending),
    // What was under way when it was stopped may have been the last of it.
    (Stopped, Finish, Done),
    // Too late is a reason to write it anew, from where it stands.
    (Late, Reopen, Draft),
    (Late, Withdraw, Withdrawn),
];

impl State {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Draft, Submitted, Approved, Sending, Stopped, Done, Withdrawn, Late,
    ];

    /// Where `happens` leads from here; nowhere if it cannot happen here.
    pub fn after(self, happens: Move) -> Option<Self> {
        let row = TABLE
            .iter()
            .find(|(from, by, _)| *from == self && *by == happens);
        row.map(|(_, _, to)| *to)
    }

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Draft => "draft",
            Submitted => "submitted",
            Approved => "approved",
            Sending => "sending",
            Stopped => "stopped",
            Done => "done",
            Withdrawn => "withdrawn",
            Late => "late",
        }
    }

    /// The state of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it has reached, or may have reached, somebody.
    pub fn went_out(self) -> bool {
        matches!(self, Sending | Stopped | Done)
    }
}

impl Move {
    /// All there are.
    pub const ALL: [Self; 10] = [
        Submit, Return, Reopen, Approve, Release, Stop, Resume, Finish, Withdraw, Lapse,
    ];

    /// Under which name it is on record.
    pub fn act(self) -> &'static str {
        match self {
            Submit => "broadcast.submitted",
            Return => "broadcast.returned",
            Reopen => "broadcast.reopened",
            Approve => "broadcast.approved",
            Release => "broadcast.released",
            Stop => "broadcast.stopped",
            Resume => "broadcast.resumed",
            Finish => "broadcast.finished",
            Withdraw => "broadcast.withdrawn",
            Lapse => "broadcast.lapsed",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
