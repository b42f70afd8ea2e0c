//! What is sent, in which lane, and how far it has come.

use std::ops::AddAssign;

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::ids::DispatchId;
use crate::line::client::{Notification, Unit};
use crate::line::message::Messages;
use crate::resident::reach::Subscription;

/// Who goes first. What is in an earlier lane overtakes everything in a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// A crisis: a part of every limit is kept free for it.
    Emergency,
    /// Somebody waits for it.
    Interactive,
    /// Announced for an hour: reminders.
    Scheduled,
    /// Whatever has time.
    Bulk,
}

impl Lane {
    pub(super) const ALL: [Self; 4] = [
        Self::Emergency,
        Self::Interactive,
        Self::Scheduled,
        Self::Bulk,
    ];

    /// As it is stored.
    pub(super) fn number(self) -> i16 {
        self as i16
    }

    /// Reads what is stored; the database knows no others.
    pub(super) fn of(number: i16) -> Self {
        let found = Self::ALL.into_iter().find(|lane| lane.number() == number);
        found.unwrap_or(Self::Bulk)
    }
}

/// What is to be sent. None of it changes once it is open.
#[derive(Debug, Clone)]
pub struct NewDispatch {
    /// Which module opens it: `broadcast`, `garbage` …
    pub source: &'static str,
    /// Which of that module's things it is: each is opened once.
    pub source_id: String,
    /// Who goes first.
    pub lane: Lane,
    /// What is said.
    pub messages: Messages,
    /// Whether phones make themselves noticed.
    pub notification: Notification,
    /// Under which name LINE sums up how it fared.
    pub unit: Option<Unit>,
    /// After this moment nobody is told any more.
    pub valid_until: Instant,
    /// What those it is for asked to hear of; whoever has stopped it since is not told.
    pub subscription: Option<Subscription>,
}

/// A dispatch whose audience is being cut, lent to one cutter for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Which.
    pub dispatch: DispatchId,
    /// What its source calls it.
    pub source_id: String,
    /// The last resident cut, 0 at the beginning: go on with the ids after this one.
    pub after: i64,
    pub(super) lane: Lane,
    pub(super) fence: i64,
}

/// Where a dispatch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its audience is still being cut; what is cut is sent already.
    Cutting,
    /// All of its audience is known.
    Sending,
    /// Nothing of it is begun until somebody resumes it.
    Stopped(StopReason),
    /// Every envelope has ended.
    Ended,
}

/// Why a dispatch was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Somebody said so.
    Asked,
    /// The month's messages do not suffice for it, or what they leave is kept for emergencies.
    Quota,
    /// LINE refuses what it says.
    Refused,
}

/// Why nothing at all is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldReason {
    /// The database knows less than has been sent: it was restored, and would send again.
    Restored,
    /// LINE no longer accepts who we are.
    Unauthorised,
}

/// Nothing is sent since then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Since when.
    pub since: Instant,
    /// Why.
    pub reason: HoldReason,
    /// When the operator last asked to lift it.
    pub lift_asked_at: Option<Instant>,
    /// When people were told of it.
    pub told_at: Option<Instant>,
}

/// How long an operator's wish to lift a hold can be agreed to.
pub const LIFT_ASKED_FOR: TimeDelta = TimeDelta::hours(24);

impl Hold {
    /// Whether somebody asked to lift it, so lately that another may agree at `now`.
    pub fn is_lift_asked(&self, now: Instant) -> bool {
        let until = self.lift_asked_at.map(|at| at + LIFT_ASKED_FOR);
        until.is_some_and(|until| now < until)
    }
}

/// How far a dispatch has come. "Accepted" is LINE's word: that somebody has read it is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Where it stands.
    pub state: State,
    /// Everybody cut so far; all of them once [`State::Cutting`] is over.
    pub audience: u64,
    /// Who of them fares how.
    pub people: Tally,
    /// The same in envelopes. An envelope that had to be split counts as its parts.
    pub envelopes: Tally,
    /// Of the people, those whom the call left out: they had blocked the account, erased themselves, or stopped
    /// hearing of it, between cutting and calling.
    pub left_out: u64,
    /// When it was opened.
    pub opened_at: Instant,
    /// When LINE was first called.
    pub first_call_at: Option<Instant>,
    /// When an envelope last ended.
    pub last_end_at: Option<Instant>,
    /// When the last envelope had ended.
    pub ended_at: Option<Instant>,
    /// People accepted during the last whole minute.
    pub per_minute: u64,
}

/// Sums by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Not sent yet, or to be tried again; LINE has not taken it.
    pub waiting: u64,
    /// Under way, or to be tried again: LINE may have taken it.
    pub in_doubt: u64,
    /// LINE took it.
    pub accepted: u64,
    /// LINE refused it.
    pub refused: u64,
    /// LINE may have taken it, and it is too late to ask: a person has to decide.
    pub unknown: u64,
    /// Too late to be sent.
    pub late: u64,
}

impl Tally {
    /// Those who were not told, or of whom nobody can know.
    pub fn amiss(&self) -> u64 {
        self.refused + self.unknown + self.late
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.waiting += other.waiting;
        self.in_doubt += other.in_doubt;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.unknown += other.unknown;
        self.late += other.late;
    }
}

impl StopReason {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Quota => "quota",
            Self::Refused => "refused",
        }
    }

    pub(super) fn of(text: &str) -> Self {
        match text {
            "quota" => Self::Quota,
            "refused" => Self::Refused,
            _ => Self::Asked,
        }
    }
}

impl HoldReason {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Unauthorised => "unauthorised",
        }
    }

    pub(super) fn of(text: &str) -> Self {
        match text {
            "unauthorised" => Self::Unauthorised,
            _ => Self::Restored,
        }
    }
}
