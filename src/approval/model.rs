//! What is decided on, by whom, and what became of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::Digest;
use crate::clock::Instant;
use crate::ids::{ApprovalId, OrganisationId, PersonId, PostId, SectionId};
use crate::policy::Decider;

/// Most days for which a standing approval (継続決裁) holds, both ends counted: a year.
pub const STANDING_DAYS: i64 = 366;

/// The kind of thing that is decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// A single broadcast (配信).
    Broadcast,
    /// A rule that sends by itself (定期お知らせ), under a standing approval.
    Notice,
}

/// What is decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Which of them.
    pub id: Uuid,
}

/// One revision of a subject, with the digest of all that residents would notice of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// Of what.
    pub subject: Subject,
    /// Which revision, from 1.
    pub revision: i32,
    /// SHA-256 over its messages, audience and time.
    pub digest: Digest,
}

/// Whose draft it is: where its drafter's own chief, or manager, is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum House {
    /// A section's.
    Section(SectionId),
    /// A contractor's.
    Organisation(OrganisationId),
}

/// Why a step is on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ground {
    /// The policy's route for such drafts.
    Route,
    /// The category asks for the chief's recognition.
    Category,
    /// A drafter's answer is for the chief to judge.
    Answer,
    /// It would go out outside working hours.
    OutOfHours,
}

/// Somebody who must agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// Who.
    pub decider: Decider,
    /// Why; at least one.
    pub grounds: BTreeSet<Ground>,
}

/// What is handed in for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// What.
    pub frozen: Frozen,
    /// Whose.
    pub house: House,
    /// Everybody who wrote on it; none of them decides.
    pub editors: BTreeSet<PersonId>,
    /// Who must agree, one after the other.
    pub way: Vec<Demand>,
    /// The version of the policy that asks for this way.
    pub policy: String,
    /// The last day of a standing approval; a notice needs one, a broadcast has none.
    pub until: Option<NaiveDate>,
}

/// A step of a request's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who must agree, and why.
    pub demand: Demand,
    /// Who did.
    pub taken: Option<Taken>,
}

/// That a step was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// The chief's post for which they stood in (代).
    pub standing_in_for: Option<PostId>,
    /// What they said to it (認めた記録).
    pub note: Option<String>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Everybody agreed (決裁済).
    Approved,
    /// Somebody sent it back with a reason (差戻し).
    Returned,
    /// Its side took it back (取下げ).
    Withdrawn,
    /// What was decided on has changed, or is no more (失効).
    Void,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What became of it.
    pub outcome: Outcome,
    /// By whom; nobody when the product ended it.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// Why, where somebody had to say.
    pub reason: Option<String>,
}

/// A request for approval (決裁).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: ApprovalId,
    /// What is decided on.
    pub frozen: Frozen,
    /// Whose.
    pub house: House,
    /// The version of the policy that asked for its way.
    pub policy: String,
    /// Who handed it in.
    pub submitted_by: PersonId,
    /// When.
    pub submitted_at: Instant,
    /// Everybody who wrote on it, and who handed it in.
    pub editors: BTreeSet<PersonId>,
    /// Its way.
    pub steps: Vec<Step>,
    /// The last day on which it holds.
    pub until: Option<NaiveDate>,
    /// How it ended; not yet while it waits.
    pub ended: Option<Ended>,
}

/// What somebody says to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, and what there is to say to it.
    Agree(Option<String>),
    /// No, and why.
    Return(String),
}

impl Request {
    /// The step that waits, from 0; none when the request is over.
    pub fn current(&self) -> Option<usize> {
        match self.ended {
            Some(_) => None,
            None => self.steps.iter().position(|step| step.taken.is_none()),
        }
    }

    /// Whether whoever agrees to the step that waits has to [say why](Demand::needs_note).
    pub fn needs_note(&self) -> bool {
        let step = self.current().map(|step| &self.steps[step]);
        step.is_some_and(|step| step.demand.needs_note())
    }

    /// Whether they wrote on it or agreed to a step before: either way it is for somebody else to decide.
    pub fn has_had(&self, person: PersonId) -> bool {
        let agreed = |step: &Step| step.taken.as_ref().is_some_and(|taken| taken.by == person);
        self.editors.contains(&person) || self.steps.iter().any(agreed)
    }
}

impl Demand {
    /// That `decider` agrees, for one reason.
    pub fn of(decider: Decider, ground: Ground) -> Self {
        Self {
            decider,
            grounds: BTreeSet::from([ground]),
        }
    }

    /// Whether whoever agrees has to say why: the policy wants a recognition, or an exception, on record.
    pub fn needs_note(&self) -> bool {
        let recorded = [Ground::Category, Ground::OutOfHours];
        recorded.iter().any(|ground| self.grounds.contains(ground))
    }
}

/// The names under which `$all` are stored.
macro_rules! codes {
    ($kind:ty { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl $kind {
            /// Its name in the database.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The one of that name.
            pub fn of_code(code: &str) -> Option<Self> {
                [$(Self::$variant),+].into_iter().find(|known| known.code() == code)
            }
        }
    };
}

codes!(SubjectKind {
    Broadcast = "broadcast",
    Notice = "notice",
});
codes!(Ground {
    Route = "route",
    Category = "category",
    Answer = "answer",
    OutOfHours = "out_of_hours",
});
codes!(Outcome {
    Approved = "approved",
    Returned = "returned",
    Withdrawn = "withdrawn",
    Void = "void",
});
