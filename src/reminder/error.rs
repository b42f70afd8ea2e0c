//! Why something about a notice was not done.

use thiserror::Error;

use crate::approval::{ApprovalError, NotApproved, Undigestible};
use crate::broadcast::NotClosed;
use crate::db::DbError;
use crate::delivery::{NotCut, NotOpened};
use crate::line::message::MessageError;

/// Why something about a notice was not done. Roll back: nothing has changed then.
#[derive(Debug, Error)]
pub enum ReminderError {
    /// There is none of this key.
    #[error("there is no such notice")]
    Gone,
    /// It is not what was read, or was handed in meanwhile.
    #[error("the notice is not what was read: look at it again")]
    Changed,
    /// They do not look after it.
    #[error("this person's section does not look after what this notice is of")]
    NotTheirs,
    /// The policy has no route for it.
    #[error("the policy names nobody who decides on this: add a [[route]] to the profile")]
    NoRoute,
    /// It goes out outside working hours, and nobody said why it may.
    #[error("it goes out outside working hours: say why, in 1 to 500 characters")]
    NoReason,
    /// It was not agreed to.
    #[error(transparent)]
    NotApproved(#[from] NotApproved),
    /// Outside working hours it waits.
    #[error("it is outside working hours, and nobody has agreed to that")]
    NotYet,
    /// It would come too late.
    #[error("it is too late for this occasion")]
    TooLate,
    /// It is under way, or over.
    #[error("nothing of this occasion stands still")]
    NotStopped,
    /// What went amiss of it was not closed.
    #[error(transparent)]
    NotClosed(#[from] NotClosed),
    /// Somebody else has taken it up.
    #[error("this occasion was taken up before")]
    Already,
    /// Approval did not take it.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// It has no digest.
    #[error(transparent)]
    Undigestible(#[from] Undigestible),
    /// LINE would not take it.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// It is on its way already.
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
    /// Its audience cannot be cut.
    #[error(transparent)]
    NotCut(#[from] NotCut),
    /// The database.
    #[error("the notice could not be read or written")]
    Db(#[from] DbError),
}
