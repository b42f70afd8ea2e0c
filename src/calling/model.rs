//! Callings, and the calls they consist of.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::clock::Instant;
use crate::ids::{CallId, CallingId, PersonId};
use crate::policy::Channel;

/// For what people are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A side has to decide on an emergency.
    Emergency,
    /// Something happened to an emergency, or to the ways in which somebody is reached; there is nothing to answer.
    Notice,
    /// To see how soon somebody answers (呼出訓練).
    Drill,
    /// To see whether somebody can be reached at all (呼出の試験).
    Test,
}

/// What a calling is for, besides what its kind says: without one, a side is asked to decide on a request, or is told
/// that something happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Not all of an emergency arrived, or nobody can know (要対応): its side decides.
    Attention,
    /// Somebody stopped an emergency that was going out.
    Stopped,
    /// Nothing at all is sent any more (配信の保留).
    Hold,
    /// The report of an emergency is overdue.
    Overdue,
}

/// Who of the two that must confer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The one that agrees: by most policies the section that owns the account.
    Concurs,
    /// The one whose emergency it is, and that sends.
    Sends,
}

/// A calling to be begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// For what.
    pub kind: Kind,
    /// And why, where that is more than the kind says.
    pub cause: Option<Cause>,
    /// About which: an emergency's id, a drill's section, the person who is tested or whose ways have changed, or an
    /// id of its own.
    pub matter: Uuid,
    /// Which side is called; `None` for notices and tests.
    pub side: Option<Side>,
    /// Until when somebody can answer.
    pub until: Instant,
    /// Who is called how and when.
    pub calls: Vec<Planned>,
}

/// A call of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// On which rung, from 0.
    pub rung: u32,
    /// Who is called.
    pub person: PersonId,
    /// How.
    pub channel: Channel,
    /// How long after the calling began.
    pub after: TimeDelta,
}

impl Planned {
    /// A call as soon as the calling begins, before any other rung.
    pub fn at_once(person: PersonId, channel: Channel) -> Self {
        Self {
            rung: 0,
            person,
            channel,
            after: TimeDelta::zero(),
        }
    }
}

/// People being woken for a matter (呼出), with all that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calling {
    /// Its id.
    pub id: CallingId,
    /// For what.
    pub kind: Kind,
    /// And why, where that is more than the kind says.
    pub cause: Option<Cause>,
    /// It is an exercise, and its first words say so.
    pub drill: bool,
    /// About which matter.
    pub matter: Uuid,
    /// The number that people read (第n号): the same for everything about one emergency.
    pub number: u32,
    /// Which side is called.
    pub side: Option<Side>,
    /// Since when.
    pub begun_at: Instant,
    /// Until when somebody can answer.
    pub until: Instant,
    /// How it ended, once it has.
    pub ended: Option<End>,
    /// Its calls, in the order in which they are due.
    pub calls: Vec<Call>,
}

/// The end of a calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Instant,
    /// How.
    pub how: Ended,
}

/// How a calling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Somebody answered (応答).
    Answered(PersonId, Answer),
    /// It was settled without them; of a notice: all of it is done.
    Over,
    /// Its time passed.
    Unanswered,
}

/// How somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// By the link that they were sent.
    Link,
    /// On a page, signed in.
    Page,
    /// By what they did to the matter.
    Act,
    /// Somebody reached them by telephone, by hand.
    Telephone,
}

/// A call: one person, one channel, one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Its id, by which gateways know it again.
    pub id: CallId,
    /// Its rung of the ladder; `None` when somebody telephoned by hand.
    pub rung: Option<u32>,
    /// Who is called.
    pub person: PersonId,
    /// How; `None` when somebody telephoned by hand.
    pub channel: Option<Channel>,
    /// When it is due, as planned.
    pub due_at: Instant,
    /// How often it was tried.
    pub attempts: u32,
    /// Where it stands.
    pub state: Standing,
    /// Who telephoned, when somebody did by hand.
    pub by: Option<PersonId>,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is still to be made.
    Due,
    /// It is being made.
    Lent,
    /// It was made at this moment: somebody took it over. Whether the person noticed is not known.
    Made(Instant),
    /// It cannot be made.
    Failed(Failure),
    /// It was not needed, or came too late.
    Spared(Spared),
}

/// Why a call cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// This installation has no such channel.
    NoChannel,
    /// The person has no address for it.
    NoAddress,
    /// Whoever carries it refused it.
    Refused,
    /// Whoever carries it did not answer, however often it was tried.
    Unreachable,
    /// Their devices let go of it.
    Gone,
    /// Nobody is known to have picked up the telephone.
    NoAnswer,
    /// Nobody knows: whoever made it has not come back.
    Unknown,
}

/// Why a call was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spared {
    /// The calling had ended.
    Ended,
    /// Its hour had passed long before: nobody is woken for what is over.
    Late,
}

/// Somebody opened the link of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The calling.
    pub calling: Calling,
    /// Whose link it is.
    pub person: PersonId,
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Emergency, Self::Notice, Self::Drill, Self::Test];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Notice => "notice",
            Self::Drill => "drill",
            Self::Test => "test",
        }
    }
}

impl Cause {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Attention, Self::Stopped, Self::Hold, Self::Overdue];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Stopped => "stopped",
            Self::Hold => "hold",
            Self::Overdue => "overdue",
        }
    }
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Concurs, Self::Sends];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Concurs => "concurs",
            Self::Sends => "sends",
        }
    }

    /// The side of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|side| side.code() == code)
    }
}

impl Ended {
    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Answered(..) => "answered",
            Self::Over => "over",
            Self::Unanswered => "unanswered",
        }
    }
}

impl Answer {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Link, Self::Page, Self::Act, Self::Telephone];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Page => "page",
            Self::Act => "act",
            Self::Telephone => "telephone",
        }
    }
}

impl Failure {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::NoChannel,
        Self::NoAddress,
        Self::Refused,
        Self::Unreachable,
        Self::Gone,
        Self::NoAnswer,
        Self::Unknown,
    ];

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoChannel => "no_channel",
            Self::NoAddress => "no_address",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Gone => "gone",
            Self::NoAnswer => "no_answer",
            Self::Unknown => "unknown",
        }
    }
}

impl Spared {
    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Late => "late",
        }
    }
}

impl Calling {
    /// Who answered, and how.
    pub fn answered(&self) -> Option<(PersonId, Answer)> {
        match self.ended?.how {
            Ended::Answered(person, how) => Some((person, how)),
            Ended::Over | Ended::Unanswered => None,
        }
    }

    /// Whether it tells somebody that a way to reach them has changed.
    pub fn is_of_changed_way(&self) -> bool {
        let own = |call: &Call| call.person.0 == self.matter;
        self.kind == Kind::Notice && self.calls.iter().any(own)
    }

    /// From its beginning until somebody answered.
    pub fn took(&self) -> Option<TimeDelta> {
        let end = self.ended?;
        matches!(end.how, Ended::Answered(..)).then(|| end.at - self.begun_at)
    }

    /// Whether anybody was called, as far as is known.
    pub fn reached_out(&self) -> bool {
        let made = |call: &Call| matches!(call.state, Standing::Made(_));
        self.calls.iter().any(made)
    }

    /// The rung whose turn has come before its time: nobody of `rung` can be reached in any way.
    pub(super) fn next_at_once(&self, rung: u32) -> Option<u32> {
        let of_rung = |call: &&Call| call.rung == Some(rung);
        let people: Vec<PersonId> = self
            .calls
            .iter()
            .filter(of_rung)
            .map(|c| c.person)
            .collect();
        let hope = |call: &Call| {
            let earlier = call.rung.is_some_and(|r| r <= rung);
            match call.state {
                Standing::Due | Standing::Lent => call.rung == Some(rung),
                Standing::Made(_) => earlier && people.contains(&call.person),
                Standing::Failed(_) | Standing::Spared(_) => false,
            }
        };
        if self.ended.is_some() || self.calls.iter().any(hope) {
            return None;
        }
        let due = |call: &&Call| call.state == Standing::Due && call.rung > Some(rung);
        self.calls.iter().filter(due).filter_map(|c| c.rung).min()
    }
}

impl Standing {
    /// Whether nothing more becomes of it.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Due | Self::Lent)
    }
}
