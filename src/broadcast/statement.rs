//! What people vouch for about a draft: who said it, and when. Nothing said is taken back; what is said
//! later about the same counts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::policy::{Answer, LinkProof};

/// Something said about a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Statement {
    /// A question of the policy was answered.
    Answer {
        /// The question's id.
        question: String,
        /// The answer.
        answer: Answer,
    },
    /// Something was shown for a link.
    Link {
        /// The address, as it stands in the draft.
        url: String,
        /// What.
        shows: Shows,
    },
    /// Something pointed out is as it should be.
    Overrule {
        /// The slip's key.
        slip: String,
        /// Why.
        reason: String,
    },
}

/// What is shown for a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// What it has to do with the message.
    Relation(String),
    /// Somebody opened it.
    Opened {
        /// The address at which they arrived.
        arrived: String,
        /// What the page is called.
        title: String,
    },
    /// Whoever it leads to agreed.
    Consent {
        /// Who of theirs.
        who: String,
        /// When.
        on: NaiveDate,
        /// How.
        how: String,
    },
}

/// A statement with who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What.
    pub what: Statement,
    /// About which revision.
    pub revision: i32,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Everything said about a draft, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statements(pub Vec<Stated>);

impl Shows {
    /// Which of the policy's proofs it is.
    pub fn proof(&self) -> LinkProof {
        match self {
            Self::Relation(_) => LinkProof::Relation,
            Self::Opened { .. } => LinkProof::Opened,
            Self::Consent { .. } => LinkProof::Consent,
        }
    }

    /// Its words.
    pub(super) fn words(&self) -> Vec<&str> {
        match self {
            Self::Relation(words) => vec![words],
            Self::Opened { arrived, title } => vec![arrived, title],
            Self::Consent { who, how, .. } => vec![who, how],
        }
    }
}

impl Statements {
    /// The answer to a question. One given about another revision was given to other words, and is none.
    pub fn answer(&self, question: &str, revision: i32) -> Option<Answer> {
        let about = self.0.iter().filter(|stated| stated.revision == revision);
        about.rev().find_map(|stated| match &stated.what {
            Statement::Answer {
                question: of,
                answer,
            } if of == question => Some(*answer),
            _ => None,
        })
    }

    /// What was shown of a link last.
    pub fn shown(&self, link: &str, proof: LinkProof) -> Option<&Shows> {
        self.0.iter().rev().find_map(|stated| match &stated.what {
            Statement::Link { url, shows } if url == link && shows.proof() == proof => Some(shows),
            _ => None,
        })
    }

    /// Why a slip is none. One whose key holds no words is overruled for the revision that was read: in
    /// another it may be about something else.
    pub fn overruled(&self, key: &str, revision: i32) -> Option<&str> {
        let bound = key.ends_with(':');
        let about = |stated: &&Stated| !bound || stated.revision == revision;
        let mut newest = self.0.iter().rev().filter(about);
        newest.find_map(|stated| match &stated.what {
            Statement::Overrule { slip, reason } if slip == key => Some(reason.as_str()),
            _ => None,
        })
    }
}
