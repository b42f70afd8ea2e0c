//! A broadcast as it is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::content::{Audience, Manuscript};
use super::moves::State;
use super::statement::Statements;
use super::wording::Wording;
use crate::approval::{Digest, Frozen, House, Subject, SubjectKind, Undigestible};
use crate::clock::Instant;
use crate::ids::{BroadcastId, DispatchId, MediaId, PersonId};
use crate::line::message::Messages;
use crate::policy::Drafter;
use crate::segment::Places;

/// A broadcast, with everything written and said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Broadcast {
    /// Where it stands, and what lists show.
    pub head: Head,
    /// What it says, in its newest revision.
    pub manuscript: Manuscript,
    /// What was said about it.
    pub statements: Statements,
    /// Everybody who wrote on it or vouched for something, or on what it was copied from until then; none of
    /// them decides.
    pub editors: BTreeSet<PersonId>,
    /// What was frozen when it was handed in.
    pub issue: Option<Issue>,
}

/// What lists show of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: BroadcastId,
    /// Whose it is.
    pub house: House,
    /// What kind of house that is to the account.
    pub drafter: Drafter,
    /// Where it stands.
    pub state: State,
    /// Its revision, from 1.
    pub revision: i32,
    /// By what staff find it.
    pub title: String,
    /// The id of its category.
    pub category: String,
    /// When it is to go out; as soon as it is approved when not said.
    pub send_at: Option<Instant>,
    /// After this moment nobody is told any more.
    pub valid_until: Option<Instant>,
    /// The one it corrects.
    pub corrects: Option<BroadcastId>,
    /// The template of emergencies with whose words it began.
    pub wording: Option<Wording>,
    /// The one whose words it began with.
    pub copied_from: Option<BroadcastId>,
    /// Who began it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Instant,
    /// Since when it stands where it does.
    pub moved_at: Instant,
    /// When it went out.
    pub released_at: Option<Instant>,
    /// How it travels.
    pub dispatch: Option<DispatchId>,
}

/// What deciders agree to and residents would notice: messages, audience and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Exactly what is sent: the JSON that LINE is handed.
    pub messages: serde_json::Value,
    /// The digest of every picture in them.
    pub pictures: BTreeMap<MediaId, String>,
    /// The category, which says whether phones make a sound.
    pub category: String,
    /// Who receives it.
    pub audience: Audience,
    /// The places that the audience names, by their numbers.
    pub places: Places,
    /// When, if not at once.
    pub send_at: Option<Instant>,
    /// After this moment nobody is told any more.
    pub valid_until: Option<Instant>,
    /// It may go out outside working hours.
    pub out_of_hours: bool,
}

/// A revision: who wrote it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number, from 1.
    pub number: i32,
    /// What it said.
    pub manuscript: Manuscript,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

impl Head {
    /// As approval knows it.
    pub fn subject(&self) -> Subject {
        Subject {
            kind: SubjectKind::Broadcast,
            id: self.id.0,
        }
    }
}

impl Issue {
    /// The digest of all of it.
    ///
    /// # Errors
    /// It holds what JSON cannot say.
    pub fn digest(&self) -> Result<Digest, Undigestible> {
        Digest::of(self)
    }

    /// As approval freezes it.
    ///
    /// # Errors
    /// It holds what JSON cannot say.
    pub fn frozen(&self, of: &Head) -> Result<Frozen, Undigestible> {
        Ok(Frozen {
            subject: of.subject(),
            revision: of.revision,
            digest: self.digest()?,
        })
    }

    /// The messages.
    ///
    /// # Errors
    /// What is kept are no messages.
    pub fn messages(&self) -> Result<Messages, crate::line::message::MessageError> {
        Messages::from_json(&self.messages.to_string())
    }
}
