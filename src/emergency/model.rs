//! An emergency as it is written, frozen and kept.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Digest;
use super::moves::{Act, State};
use super::template::Filled;
use crate::area::Directory;
use crate::clock::Instant;
use crate::ids::{AgreementId, AreaId, DispatchId, EmergencyId, PersonId, PostId, SectionId};
use crate::line::message::{MessageError, Messages};
use crate::mode::Mode;

/// What a drafter fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The code of the template.
    pub template: String,
    /// What was typed into its fields.
    pub filled: Filled,
    /// Who receives it.
    pub audience: Audience,
    /// What else happens when it is sent.
    #[serde(default)]
    pub besides: Besides,
}

/// What happens besides, in the very transaction that sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Besides {
    /// The disaster menu comes to the front, or, with what lifts an order, goes.
    pub menu: bool,
    /// The town's record of evacuation orders follows what the template says.
    pub orders: bool,
}

/// Who receives it. There is no way to say nobody, and none to mean everybody by leaving something out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody who can be reached; live, in one call of LINE's broadcast.
    WholeTown,
    /// Who lives there.
    Areas(Places),
    /// Whom the emergency that it corrects reached, or may have.
    SameAs {
        /// That one.
        emergency: EmergencyId,
        /// For where that was.
        places: Places,
    },
}

impl Audience {
    /// Whether one call, which names nobody, reaches all friends of the account. A drill names whom it is for: under
    /// another account's token it then reaches nobody of that account's.
    pub fn is_everybody(&self, mode: Mode) -> bool {
        *self == Self::WholeTown && mode == Mode::Live
    }

    /// The areas where they live, in `directory`.
    pub fn areas(&self, directory: &Directory) -> Vec<AreaId> {
        match self {
            Self::WholeTown => directory.areas().map(|area| area.id).collect(),
            Self::Areas(places) | Self::SameAs { places, .. } => places.ids(),
        }
    }
}

/// One area or more, each by its number and as it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Place>", into = "Vec<Place>")]
pub struct Places(Vec<Place>);

/// An area, by its number and as it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its number.
    pub id: i64,
    /// `DISTRICT/AREA`, or `AREA`.
    pub label: String,
}

/// Why areas are no audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPlaces {
    /// None was chosen.
    #[error("choose at least one area: nobody is meant by none")]
    None,
    /// The town does not have it.
    #[error("the town has no area {0} (any more)")]
    Gone(String),
}

impl Places {
    /// These areas of `directory`, in its order, each once.
    ///
    /// # Errors
    /// There are none, or the directory has no such area.
    pub fn of(directory: &Directory, areas: &[AreaId]) -> Result<Self, NoPlaces> {
        if let Some(gone) = areas.iter().find(|id| directory.get(**id).is_none()) {
            return Err(NoPlaces::Gone(gone.to_string()));
        }
        let chosen = directory.areas().filter(|area| areas.contains(&area.id));
        let chosen = chosen.map(|area| Place {
            id: area.id.0,
            label: area.label(),
        });
        Self::try_from(chosen.collect::<Vec<_>>())
    }

    /// The areas.
    pub fn as_slice(&self) -> &[Place] {
        &self.0
    }

    /// Their numbers.
    pub fn ids(&self) -> Vec<AreaId> {
        self.0.iter().map(|place| AreaId(place.id)).collect()
    }

    /// That every one of them is there still, by whatever name.
    ///
    /// # Errors
    /// The first that is gone.
    pub fn stand(&self, directory: &Directory) -> Result<(), NoPlaces> {
        let mut places = self.0.iter();
        match places.find(|place| directory.get(AreaId(place.id)).is_none()) {
            Some(gone) => Err(NoPlaces::Gone(gone.label.clone())),
            None => Ok(()),
        }
    }
}

impl TryFrom<Vec<Place>> for Places {
    type Error = NoPlaces;

    fn try_from(places: Vec<Place>) -> Result<Self, NoPlaces> {
        match places.is_empty() {
            true => Err(NoPlaces::None),
            false => Ok(Self(places)),
        }
    }
}

impl From<Places> for Vec<Place> {
    fn from(places: Places) -> Self {
        places.0
    }
}

/// What both chiefs agree to: all that residents would notice, how many they are, and until when it may be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Of which emergency.
    pub id: EmergencyId,
    /// In which version.
    pub version: i32,
    /// Live or drill.
    pub mode: Mode,
    /// The policy's category for emergencies.
    pub category: String,
    /// The template's code.
    pub template: String,
    /// The template's version.
    pub template_version: String,
    /// Exactly what is sent: the JSON that LINE is handed.
    pub messages: serde_json::Value,
    /// Who receives it.
    pub audience: Audience,
    /// How many they were when it was handed in.
    pub people: u64,
    /// Over which LINE account.
    pub channel: String,
    /// What happens besides.
    pub besides: Besides,
    /// From when on it may be sent.
    pub not_before: Instant,
    /// From when on it may not be sent any more.
    pub expires_at: Instant,
    /// Minutes after the sending for which people are still told.
    pub minutes: u32,
    /// The emergency that it corrects.
    pub corrects: Option<EmergencyId>,
}

impl Issue {
    /// The digest of all of it.
    ///
    /// # Errors
    /// It holds what JSON cannot say.
    pub fn digest(&self) -> Result<Digest, serde_json::Error> {
        Digest::of(self)
    }

    /// The messages.
    ///
    /// # Errors
    /// What is kept are no messages.
    pub fn messages(&self) -> Result<Messages, MessageError> {
        Messages::from_json(&self.messages.to_string())
    }
}

/// That somebody did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Did {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// What lists show of an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: EmergencyId,
    /// Live or drill.
    pub mode: Mode,
    /// Whose it is.
    pub section: SectionId,
    /// Where it stands. [`Head::state_at`] says where it stands now.
    pub state: State,
    /// Its version, from 1.
    pub version: i32,
    /// The code of its template.
    pub template: String,
    /// The one it corrects.
    pub corrects: Option<EmergencyId>,
    /// Who began it, and when.
    pub created: Did,
    /// Since when it stands where it does.
    pub moved_at: Instant,
    /// The digest of what was handed in.
    pub digest: Option<Digest>,
    /// Who handed it in, and when.
    pub submitted: Option<Did>,
    /// From when on it may not be sent any more.
    pub expires_at: Option<Instant>,
    /// Who of the other side agreed, and when.
    pub concurred: Option<Did>,
    /// By which passkey they did.
    pub concurred_with: Option<uuid::Uuid>,
    /// The year's agreement that stands in for that.
    pub agreement: Option<AgreementId>,
    /// Who sent it, and when.
    pub sent: Option<Did>,
    /// How many people it was for when it was sent.
    pub people: Option<u64>,
    /// How it travels.
    pub dispatch: Option<DispatchId>,
}

impl Head {
    /// Where it stands at `now`, whether or not the product has got round to writing that its time is over.
    pub fn state_at(&self, now: Instant) -> State {
        match self.expires_at {
            Some(end) if self.state.waits() && end <= now => State::Expired,
            _ => self.state,
        }
    }

    /// The number that both chiefs see (照合番号).
    pub fn number(&self) -> Option<String> {
        self.digest.as_ref().map(Digest::number)
    }
}

/// Something that happened to an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub act: Option<Act>,
    /// Where it stood before; nowhere, when it was begun.
    pub from: Option<State>,
    /// And after.
    pub to: State,
    /// In which version.
    pub version: i32,
    /// Who did it; nobody, when the product did.
    pub by: Option<PersonId>,
    /// For which chief's post they stood in (代).
    pub standing_in_for: Option<PostId>,
    /// When.
    pub at: Instant,
    /// What was confirmed with it by passkey.
    pub digest: Option<Digest>,
    /// Under which name what was signed is kept.
    pub evidence: Option<String>,
    /// Why, where somebody had to say.
    pub reason: Option<String>,
}

/// How far the report has come (事後報告書).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Until when it is to be confirmed.
    pub due_at: Instant,
    /// What the chief wrote: what went otherwise than planned, and what follows from it.
    pub words: Option<String>,
    /// Who filed it, and when.
    pub filed: Option<Did>,
    /// Who confirmed it, and when.
    pub confirmed: Option<Did>,
}

/// An emergency, with everything written and done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Emergency {
    /// Where it stands, and what lists show.
    pub head: Head,
    /// What it says, in its newest version.
    pub written: Written,
    /// Everybody who wrote on it in any version; none of them agrees to it.
    pub editors: BTreeSet<PersonId>,
    /// What was frozen when it was handed in.
    pub issue: Option<Issue>,
    /// What happened, oldest first.
    pub history: Vec<Event>,
    /// The report, once it went out.
    pub report: Option<Filing>,
}

impl Emergency {
    /// What happened since it stands where it does, oldest first.
    pub(super) fn since_moved(&self) -> impl DoubleEndedIterator<Item = &Event> {
        let moved = self
            .history
            .iter()
            .rposition(|event| event.from != Some(event.to));
        self.history.iter().skip(moved.map_or(0, |at| at + 1))
    }
}
