//! What can be asked for, and what becomes of it.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Instant;
use crate::ids::{CountersignId, OrganisationId, PersonId, PostId, SectionId};
use crate::staff::people::{Subject, Term};
use crate::staff::right::Right;
use crate::text::hex;

/// How long a request waits for its second person.
pub const TTL: TimeDelta = TimeDelta::hours(1);

/// Something that one person asks for and another agrees to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Give a post to a person.
    GrantPost {
        /// The post.
        post: PostId,
        /// The person.
        person: PersonId,
        /// From when to when.
        term: Term,
    },
    /// Let a person stand in for a chief.
    AddDeputy {
        /// The chief's post.
        post: PostId,
        /// Who stands in.
        person: PersonId,
        /// From when to when.
        term: Term,
        /// Their place in the order, from 1.
        rank: i32,
        /// For which matters.
        scope: String,
    },
    /// Prolong the contract with a contractor.
    ExtendContract {
        /// The contractor.
        organisation: OrganisationId,
        /// The new last day.
        to: NaiveDate,
    },
    /// Take a person back who left or was about to.
    Reinstate {
        /// The person.
        person: PersonId,
    },
    /// Send a person the link with which they open their account.
    Invite {
        /// The person.
        person: PersonId,
    },
    /// Take a person's password and devices away and invite them anew.
    ResetCredentials {
        /// The person.
        person: PersonId,
    },
    /// Let a chief enrol a passkey.
    AddPasskeyForChief {
        /// The chief.
        person: PersonId,
    },
    /// Let a passkey that its owner enrolled before two administrators' eyes confirm emergencies at once.
    SettlePasskey {
        /// The owner.
        person: PersonId,
        /// The passkey.
        passkey: Uuid,
        /// When it was enrolled.
        enrolled_at: Instant,
    },
    /// Entrust a section with something that is published.
    Entrust {
        /// The section.
        section: SectionId,
        /// With what.
        subject: Subject,
    },
}

impl Ask {
    /// The right of who asks, and of who agrees.
    pub const RIGHT: Right = Right::ManagePeople;

    /// The person it is about.
    pub fn about(&self) -> Option<PersonId> {
        match self {
            Self::GrantPost { person, .. }
            | Self::AddDeputy { person, .. }
            | Self::Reinstate { person }
            | Self::Invite { person }
            | Self::ResetCredentials { person }
            | Self::AddPasskeyForChief { person }
            | Self::SettlePasskey { person, .. } => Some(*person),
            Self::ExtendContract { .. } | Self::Entrust { .. } => None,
        }
    }

    /// Its name in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::GrantPost { .. } => "grant_post",
            Self::AddDeputy { .. } => "add_deputy",
            Self::ExtendContract { .. } => "extend_contract",
            Self::Reinstate { .. } => "reinstate",
            Self::Invite { .. } => "invite",
            Self::ResetCredentials { .. } => "reset_credentials",
            Self::AddPasskeyForChief { .. } => "add_passkey_for_chief",
            Self::SettlePasskey { .. } => "settle_passkey",
            Self::Entrust { .. } => "entrust",
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was agreed to, and done.
    Agreed,
    /// It was declined.
    Declined,
    /// Who asked took it back, or left.
    Withdrawn,
    /// Nobody decided in time.
    Expired,
}

impl Outcome {
    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    pub(super) fn of_code(code: &str) -> Option<Self> {
        [Self::Agreed, Self::Declined, Self::Withdrawn, Self::Expired]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// A request for an act of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countersign {
    /// Its id.
    pub id: CountersignId,
    /// What is asked for; frozen.
    pub ask: Ask,
    /// SHA-256 of what is asked for, lower-case hexadecimal.
    pub digest: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: Instant,
    /// Why.
    pub reason: String,
    /// From then on it is too late.
    pub expires_at: Instant,
    /// Who agreed or declined.
    pub decided_by: Option<PersonId>,
    /// When it was decided, withdrawn or found expired.
    pub decided_at: Option<Instant>,
    /// What became of it; nothing yet while it waits.
    pub outcome: Option<Outcome>,
    /// What whoever declined had to say.
    pub answer: Option<String>,
}

impl Countersign {
    pub(super) fn new(now: Instant, by: PersonId, ask: Ask, reason: &str) -> Self {
        let id = CountersignId::new(now);
        Self {
            id,
            digest: digest(&payload(&ask)),
            ask,
            asked_by: by,
            asked_at: now,
            reason: reason.to_owned(),
            expires_at: now + TTL,
            decided_by: None,
            decided_at: None,
            outcome: None,
            answer: None,
        }
    }
}

/// The one text that says `ask` (RFC 8785).
pub(super) fn payload(ask: &Ask) -> String {
    // An `Ask` is made of names and dates: there is nothing in it that JSON cannot say.
    serde_json_canonicalizer::to_string(ask).unwrap_or_default()
}

/// The digest of a payload.
pub(super) fn digest(payload: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"kairan-countersign/1\0");
    digest.update(payload.as_bytes());
    hex(&digest.finalize())
}
