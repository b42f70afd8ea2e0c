//! Where an emergency can stand, and every way from one place to another. The database has the same table.

use std::fmt;

pub use crate::calling::Side;

/// Where an emergency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is being written (起案).
    Draft,
    /// It is frozen; the chiefs confer (協議中).
    Conferring,
    /// The other side agrees; its own may send (協議済).
    Concurred,
    /// It goes out (配信中).
    Dispatching,
    /// Somebody stopped it (停止).
    Halted,
    /// Somebody of whom it is for may not have heard; its chief decides (要対応).
    Attention,
    /// LINE took all of it (配信済).
    Sent,
    /// Its chief let it rest though not all of it arrived (一部配信).
    Partial,
    /// Its report is filed and confirmed (報告済).
    Closed,
    /// The other side said no (不同意).
    Declined,
    /// Its own side took it back (取下げ).
    Withdrawn,
    /// Nobody sent it in time (失効).
    Expired,
}

/// What happens to an emergency. T1, which begins one, has no place to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Its side writes on it; what was agreed to is void (T2, T9).
    Edit,
    /// Its chief hands it in, frozen (T3).
    Submit,
    /// The other chief agrees, by passkey (T4).
    Concur,
    /// The other chief asks for another wording (修正依頼, T5).
    Return,
    /// The other chief says no, for good (T6).
    Decline,
    /// Its chief takes it back (T7).
    Withdraw,
    /// The other chief takes the agreement back (同意撤回, T8).
    Revoke,
    /// What the agreement stood on is no more; the product says so (T8).
    Void,
    /// Its time is over (T10).
    Expire,
    /// Its chief sends it, by passkey (T11).
    Send,
    /// Either chief sends a prepared correction under the year's agreement, by passkey (T17).
    SendCorrection,
    /// Anybody of either side, on duty, or of the owning section stops it (T12).
    Stop,
    /// The other chief agrees that it goes on, by passkey (T13).
    ConcurResume,
    /// Its chief lets it go on, by passkey (T13).
    Resume,
    /// LINE took all of it (T14).
    Finish,
    /// Not all of it arrived, or nobody can know (T15).
    Trouble,
    /// Its chief has what LINE refused tried again (T16).
    Retry,
    /// The other chief agrees to leave an unknown outcome at that, by passkey (T16).
    ConcurAccept,
    /// Its chief leaves it at that, with a reason (T16).
    Accept,
    /// Either side begins a correction, an emergency of its own (T17).
    Correct,
    /// Its chief files the report (T18).
    File,
    /// The other chief confirms it (後閲, T18).
    Confirm,
}

use Act::{
    Accept, Concur, ConcurAccept, ConcurResume, Confirm, Correct, Decline, Edit, Expire, File,
    Finish, Resume, Retry, Return, Revoke, Send, SendCorrection, Stop, Submit, Trouble, Void,
    Withdraw,
};
use State::{
    Attention, Closed, Concurred, Conferring, Declined, Dispatching, Draft, Expired, Halted,
    Partial, Sent, Withdrawn,
};

/// The table: from where, what, to where. Whatever is not in it is refused.
pub const TABLE: [(State, Act, State); 34] = [
    (Draft, Edit, Draft),
    (Draft, Submit, Conferring),
    (Conferring, Edit, Draft),
    (Conferring, Concur, Concurred),
    (Conferring, Return, Draft),
    (Conferring, Decline, Declined),
    (Conferring, Withdraw, Withdrawn),
    (Conferring, Expire, Expired),
    (Conferring, SendCorrection, Dispatching),
    (Concurred, Edit, Draft),
    (Concurred, Withdraw, Withdrawn),
    (Concurred, Revoke, Conferring),
    (Concurred, Void, Conferring),
    (Concurred, Expire, Expired),
    (Concurred, Send, Dispatching),
    (Dispatching, Stop, Halted),
    (Dispatching, Finish, Sent),
    (Dispatching, Trouble, Attention),
    (Halted, ConcurResume, Halted),
    (Halted, Resume, Dispatching),
    (Halted, Correct, Halted),
    (Halted, File, Halted),
    (Halted, Confirm, Closed),
    (Attention, Stop, Halted),
    (Attention, Retry, Dispatching),
    (Attention, ConcurAccept, Attention),
    (Attention, Accept, Partial),
    (Sent, Correct, Sent),
    (Sent, File, Sent),
    (Sent, Confirm, Closed),
    (Partial, Correct, Partial),
    (Partial, File, Partial),
    (Partial, Confirm, Closed),
    // Who was searched for is found days later, and a mistake is noticed whenever it is.
    (Closed, Correct, Closed),
];

impl State {
    /// All there are.
    pub const ALL: [Self; 12] = [
        Draft,
        Conferring,
        Concurred,
        Dispatching,
        Halted,
        Attention,
        Sent,
        Partial,
        Closed,
        Declined,
        Withdrawn,
        Expired,
    ];

    /// Where `act` leads from here; nowhere if it cannot happen here.
    pub fn after(self, act: Act) -> Option<Self> {
        let row = TABLE
            .iter()
            .find(|(from, by, _)| *from == self && *by == act);
        row.map(|(_, _, to)| *to)
    }

    /// Its name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Draft => "draft",
            Conferring => "conferring",
            Concurred => "concurred",
            Dispatching => "dispatching",
            Halted => "halted",
            Attention => "attention",
            Sent => "sent",
            Partial => "partial",
            Closed => "closed",
            Declined => "declined",
            Withdrawn => "withdrawn",
            Expired => "expired",
        }
    }

    /// The state of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it waits for a chief's word, and loses it with time.
    pub fn waits(self) -> bool {
        matches!(self, Conferring | Concurred)
    }

    /// Whether it has reached, or may have reached, somebody.
    pub fn went_out(self) -> bool {
        matches!(
            self,
            Dispatching | Halted | Attention | Sent | Partial | Closed
        )
    }

    /// Whether nothing happens to it any more, but that what went out is corrected.
    pub fn is_over(self) -> bool {
        matches!(self, Closed | Declined | Withdrawn | Expired)
    }
}

impl Act {
    /// All there are.
    pub const ALL: [Self; 22] = [
        Edit,
        Submit,
        Concur,
        Return,
        Decline,
        Withdraw,
        Revoke,
        Void,
        Expire,
        Send,
        SendCorrection,
        Stop,
        ConcurResume,
        Resume,
        Finish,
        Trouble,
        Retry,
        ConcurAccept,
        Accept,
        Correct,
        File,
        Confirm,
    ];

    /// Its name in the history.
    pub fn code(self) -> &'static str {
        match self {
            Edit => "edit",
            Submit => "submit",
            Concur => "concur",
            Return => "return",
            Decline => "decline",
            Withdraw => "withdraw",
            Revoke => "revoke",
            Void => "void",
            Expire => "expire",
            Send => "send",
            SendCorrection => "send_correction",
            Stop => "stop",
            ConcurResume => "resume_concur",
            Resume => "resume",
            Finish => "finish",
            Trouble => "trouble",
            Retry => "retry",
            ConcurAccept => "accept_concur",
            Accept => "accept",
            Correct => "correct",
            File => "file",
            Confirm => "confirm",
        }
    }

    /// The act of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// Under which name it is on record.
    pub fn on_record(self) -> &'static str {
        match self {
            Edit => "emergency.edited",
            Submit => "emergency.submitted",
            Concur => "emergency.concurred",
            Return => "emergency.returned",
            Decline => "emergency.declined",
            Withdraw => "emergency.withdrawn",
            Revoke => "emergency.revoked",
            Void => "emergency.voided",
            Expire => "emergency.expired",
            Send => "emergency.sent",
            SendCorrection => "emergency.correction_sent",
            Stop => "emergency.stopped",
            ConcurResume => "emergency.resume_concurred",
            Resume => "emergency.resumed",
            Finish => "emergency.finished",
            Trouble => "emergency.troubled",
            Retry => "emergency.retried",
            ConcurAccept => "emergency.accept_concurred",
            Accept => "emergency.accepted",
            Correct => "emergency.corrected",
            File => "emergency.report_filed",
            Confirm => "emergency.report_confirmed",
        }
    }

    /// What a passkey confirms with it, where it takes one.
    pub fn confirmed_as(self) -> Option<&'static str> {
        match self {
            Concur => Some("emergency.concur"),
            Send => Some("emergency.send"),
            SendCorrection => Some("emergency.send_correction"),
            ConcurResume => Some("emergency.resume_concur"),
            Resume => Some("emergency.resume"),
            ConcurAccept => Some("emergency.accept_concur"),
            Accept => Some("emergency.accept"),
            _ => None,
        }
    }

    /// Whether it counts only by rights held before the request was handed in: nobody is made a deputy to
    /// decide on what waits already.
    pub(super) fn decides(self) -> bool {
        matches!(
            self,
            Concur
                | Return
                | Decline
                | Revoke
                | Send
                | SendCorrection
                | ConcurResume
                | Resume
                | Retry
                | ConcurAccept
                | Accept
        )
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
