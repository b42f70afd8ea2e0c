//! Why something about a broadcast was not done.

use thiserror::Error;

use super::closing::NotClosed;
use super::gates::Finding;
use super::messages::NotAMessage;
use super::moves::{Move, State};
use crate::approval::{ApprovalError, NotApproved, Undigestible};
use crate::db::DbError;
use crate::delivery::{NotCut, NotOpened};
use crate::line::message::MessageError;
use crate::segment::Unknown;

/// Why something about a broadcast was not done. Roll back: nothing has changed then.
#[derive(Debug, Error)]
pub enum BroadcastError {
    /// There is none with this id.
    #[error("there is no such broadcast")]
    Gone,
    /// Somebody wrote on it after it was read.
    #[error("the broadcast was written on by somebody else meanwhile: look at it again")]
    Changed,
    /// They do not write for that section or contractor.
    #[error("this person does not write for the section or contractor whose broadcast it is")]
    NotTheirs,
    /// The policy has no route for such drafts.
    #[error("the policy names nobody who decides on such drafts: they are not written here")]
    NoRoute,
    /// It is no draft.
    #[error("only a draft is written on; this is {0}")]
    NoDraft(State),
    /// It cannot happen to it where it stands.
    #[error("{happens:?} cannot happen to a broadcast that is {state}")]
    Refused {
        /// Where it stands.
        state: State,
        /// What was to happen.
        happens: Move,
    },
    /// Only what went out is corrected.
    #[error("what has not gone out is not corrected but written on")]
    NotSent,
    /// What a correction corrects stays the same, and so does its category.
    #[error("a correction stays one of the same broadcast and category, and no other becomes one")]
    OtherCorrection,
    /// The policy does not ask this.
    #[error("the policy asks no such question")]
    NotAsked,
    /// The draft does not lead there.
    #[error("the draft has no such link")]
    NoSuchLink,
    /// Nothing of the kind is pointed out.
    #[error("nothing of the kind is pointed out in the draft")]
    NoSuchSlip,
    /// Nothing was said, or too much.
    #[error("say it in 1 to 1000 characters")]
    Unsaid,
    /// It does not pass the policy's gates.
    #[error("{} thing(s) have to be put right first", .0.len())]
    Findings(Vec<Finding>),
    /// Its hour has not come.
    #[error("its hour has not come yet, or it is outside working hours")]
    NotYet,
    /// Its time is over.
    #[error("it is too late for it: nobody is told any more")]
    TooLate,
    /// It cannot be put into messages.
    #[error(transparent)]
    NotAMessage(#[from] NotAMessage),
    /// What is kept as messages are none.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// It has no digest.
    #[error(transparent)]
    Undigestible(#[from] Undigestible),
    /// Approval did not take it.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// It was not agreed to.
    #[error(transparent)]
    NotApproved(#[from] NotApproved),
    /// It is on its way already.
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
    /// Its audience cannot be cut.
    #[error(transparent)]
    NotCut(#[from] NotCut),
    /// Its audience names a place or a topic that there is no more.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// It was corrected: who has not received it yet shall not.
    #[error("it was corrected, and does not go on")]
    Corrected,
    /// What went amiss of it was not closed.
    #[error(transparent)]
    NotClosed(#[from] NotClosed),
    /// It was sent to staff as often as it may be on one day.
    #[error("this draft was sent to staff often enough today")]
    TestedOften,
    /// Nobody was chosen, or somebody who cannot receive a test send.
    #[error("choose colleagues of the same section, or oneself, who linked their own LINE")]
    NoReader,
    /// It has as many revisions or statements as are kept of one.
    #[error("no more is written or said about this broadcast: copy it and go on there")]
    SaidTooMuch,
    /// Whom the mistake reached was erased: nobody can say any more who should hear of it.
    #[error("whom it reached is not known any more: write a new notice")]
    Forgotten,
    /// The database.
    #[error("the broadcast could not be read or written")]
    Db(#[from] DbError),
}
