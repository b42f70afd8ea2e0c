//! Why something about an emergency was not done.

use thiserror::Error;

use super::digest::Undigestible;
use super::model::NoPlaces;
use super::moves::{Act, State};
use super::readiness::Readiness;
use super::template::Finding;
use crate::db::DbError;
use crate::delivery::{NotCut, NotOpened};
use crate::line::message::MessageError;

/// Why something about an emergency was not done. Roll back: nothing has changed then.
#[derive(Debug, Error)]
pub enum EmergencyError {
    /// There is none with this id.
    #[error("there is no such emergency")]
    Gone,
    /// It was written on, or handed in anew, after it was read.
    #[error("it is not what was read: look at it again")]
    Changed,
    /// The policy knows no way for emergencies.
    #[error("the policy has no [emergency]: they are not sent here")]
    NoWay,
    /// It cannot happen to it where it stands.
    #[error("`{act}` cannot happen to an emergency that is {state}")]
    Refused {
        /// Where it stands.
        state: State,
        /// What was to happen.
        act: Act,
    },
    /// They hold no post that does this now, or held none when it was handed in.
    #[error("`{0}` is not this person's to do, or not yet")]
    NotTheirs(Act),
    /// Nobody agrees to what they wrote on or handed in, nor stands on both sides.
    #[error(
        "whoever wrote on it, handed it in or spoke for the other side leaves this to somebody else"
    )]
    Own,
    /// In working hours the ordinary way is open.
    #[error("in working hours an emergency goes the ordinary way: as a broadcast of its category")]
    InHours,
    /// Live emergencies do not go out yet.
    #[error("live emergencies are not possible yet: {0}")]
    NotReady(Readiness),
    /// There is no published template of this code, or it says something else than what was handed in.
    #[error("the template was withdrawn or changed: write it anew from one that is published")]
    Template,
    /// Nothing is made of this bulletin: it is an exercise, a test, withdrawn, overtaken, decided on, or nothing to tell.
    #[error("no draft is made of this bulletin, or somebody has decided on it: look at it again")]
    NoDraft,
    /// It does not say what it has to.
    #[error("{} thing(s) have to be put right first", .0.len())]
    Findings(Vec<Finding>),
    /// It has no canonical form that both can agree to.
    #[error(transparent)]
    Undigestible(#[from] Undigestible),
    /// What announces it did not go out the day before.
    #[error("`{0}` did not go out yesterday: send that first, and this tomorrow")]
    NotAnnounced(String),
    /// The template is for other sections.
    #[error("only {} may begin this template: ask them", .0.join(", "))]
    OtherSections(Vec<String>),
    /// Its areas are none.
    #[error(transparent)]
    NoPlaces(#[from] NoPlaces),
    /// Nobody who can be reached is among whom it is for.
    #[error("nobody who can be reached is among those it is for")]
    Nobody,
    /// There are many more or fewer people than the chiefs agreed to.
    #[error("it was agreed to for {agreed} people, and would go to {now}: hand it in anew")]
    Drifted {
        /// When it was handed in.
        agreed: u64,
        /// Now.
        now: u64,
    },
    /// What the agreement stands on is no more.
    #[error("the agreement holds no more: {0}")]
    Void(Void),
    /// The confirmation is not of this person, act and contents, not of now, or by too new a passkey.
    #[error(
        "this was not confirmed by a passkey that counts, by this person, for exactly this, just now"
    )]
    Unconfirmed,
    /// What the other side is said to have signed cannot be verified: somebody wrote it past the product.
    #[error("the other side's signature cannot be verified: ask them by telephone to agree anew")]
    Unproven,
    /// LINE has us as another account than the policy's.
    #[error(
        "the policy's account is {expected}, and LINE has us as {found}: nothing is sent over another account"
    )]
    OtherAccount {
        /// Of the policy.
        expected: String,
        /// As LINE says.
        found: String,
    },
    /// The month's messages do not suffice, not even with those kept for emergencies.
    #[error(
        "LINE takes {left} more messages this month, and it is for {people} people: choose fewer areas, or another way"
    )]
    Quota {
        /// Left of the month.
        left: u64,
        /// Whom it is for.
        people: u64,
    },
    /// Nothing was said, or too much.
    #[error("say it in 1 to 1000 characters")]
    Unsaid,
    /// Nothing of it is still to be sent.
    #[error("nothing of it is still to be sent")]
    NothingLeft,
    /// Nobody can know whether all of it arrived: what is made of that takes both chiefs.
    #[error("the outcome is unknown for {0} people: both chiefs decide, the other one first")]
    Unknown(u64),
    /// Nothing is sent at all until the hold is lifted.
    #[error("everything is held back: the hold has to be lifted first")]
    Held,
    /// It is no prepared correction, or no agreement for the year is in force.
    #[error(
        "one chief alone sends a prepared correction only, while both have signed for the year"
    )]
    NoAgreement,
    /// The agreement's days do not fit.
    #[error("an agreement holds from today for at most a year, and there is one at a time")]
    Days,
    /// It corrects something that did not go out, or is on its way.
    #[error("only what went out and has come to rest is corrected")]
    NotSent,
    /// Whom it reached was erased: nobody can say any more who should hear of it.
    #[error("whom it reached is not known any more: send to its areas anew")]
    Forgotten,
    /// A correction stays one of the same emergency.
    #[error("a correction goes to those that the mistake reached, and no other goes to them")]
    OtherCorrection,
    /// It was corrected: who has not received it yet shall not.
    #[error("it was corrected, and does not go on")]
    Corrected,
    /// The report was not filed, or filed anew since it was read.
    #[error("the report has not been filed as it was read: look at it again")]
    NotFiled,
    /// Nothing of the kind is theirs to begin.
    #[error(
        "call-out drills are begun by those on duty, by the sections concerned and by administrators"
    )]
    NoCallOut,
    /// It has as many versions as are kept of one.
    #[error("no more is written on this emergency: begin another")]
    WrittenTooOften,
    /// What is kept as messages are none.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The record of evacuation orders did not follow.
    #[error(transparent)]
    NotOrdered(#[from] crate::evacuation::NotOrdered),
    /// It was sent already.
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
    /// Its audience cannot be cut.
    #[error(transparent)]
    NotCut(#[from] NotCut),
    /// The database.
    #[error("the emergency could not be read or written: {0}")]
    Db(#[from] DbError),
}

impl From<serde_json::Error> for EmergencyError {
    fn from(error: serde_json::Error) -> Self {
        Self::Undigestible(error.into())
    }
}

/// Why an agreement holds no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum Void {
    /// Who agreed has lost their post, their place as a deputy, their passkey or their account since.
    #[error("who agreed no longer could")]
    Person,
    /// Who handed it in has lost their post, their place as a deputy, a passkey or their account since.
    #[error("who handed it in no longer could")]
    Submitter,
    /// The template was withdrawn or changed.
    #[error("its template was withdrawn or changed")]
    Template,
    /// The policy's LINE account is another.
    #[error("it would go out over another LINE account")]
    Channel,
    /// The database was restored from a backup.
    #[error("the database was restored since")]
    Restored,
    /// It would reach many more or fewer people.
    #[error("it was agreed to for {agreed} people, and there are {now}")]
    Audience {
        /// When it was handed in.
        agreed: u64,
        /// When it fell.
        now: u64,
    },
}

impl Void {
    /// Its name in the history.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Submitter => "submitter",
            Self::Template => "template",
            Self::Channel => "channel",
            Self::Restored => "restored",
            Self::Audience { .. } => "audience",
        }
    }

    /// What the history keeps of it: its name, and of people how many they were and are.
    pub fn reason(self) -> String {
        match self {
            Self::Audience { agreed, now } => format!("{} {agreed} {now}", self.code()),
            _ => self.code().to_owned(),
        }
    }

    /// Reads what the history keeps.
    pub fn of_reason(reason: &str) -> Option<Self> {
        let mut words = reason.split(' ');
        let code = words.next()?;
        let mut count = || words.next()?.parse().ok();
        if code == "audience" {
            let (agreed, now) = (count()?, count()?);
            return Some(Self::Audience { agreed, now });
        }
        [
            Self::Person,
            Self::Submitter,
            Self::Template,
            Self::Channel,
            Self::Restored,
        ]
        .into_iter()
        .find(|void| void.code() == code)
    }
}
