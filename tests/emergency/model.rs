//! An emergency as two chiefs would describe it to each other, without looking anything up.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kairan::clock::Instant;
use kairan::emergency::Void;
use kairan::emergency::moves::{Act, State};
use kairan::ids::EmergencyId;

use super::Who;

/// How long deputies wait for their chief.
const DEPUTIES_WAIT: TimeDelta = TimeDelta::minutes(3);
/// How long what was handed in waits.
const WAITS: TimeDelta = TimeDelta::minutes(60);
const WRITERS: [Who; 3] = [Who::Drafter, Who::OwnChief, Who::OwnDeputy];
/// What counts only by rights from before it was handed in.
const DECISIONS: [Act; 11] = [
    Act::Concur,
    Act::Return,
    Act::Decline,
    Act::Revoke,
    Act::Send,
    Act::SendCorrection,
    Act::ConcurResume,
    Act::Resume,
    Act::Retry,
    Act::ConcurAccept,
    Act::Accept,
];

/// What happened to people, whatever they do.
#[derive(Default)]
pub struct House {
    /// Whose post or place as a deputy was taken and given again, and when it was given.
    pub granted: BTreeMap<Who, Instant>,
    /// Whose account was locked, if only for a moment.
    pub stopped: BTreeMap<Who, Instant>,
}

impl House {
    fn was_granted_after(&self, who: Who, at: Instant) -> bool {
        self.granted.get(&who).is_some_and(|granted| *granted > at)
    }

    fn was_stopped_after(&self, who: Who, at: Instant) -> bool {
        self.stopped.get(&who).is_some_and(|stopped| *stopped > at)
    }
}

pub struct Model {
    pub id: EmergencyId,
    pub state: State,
    created: Instant,
    submitted: Option<(Who, Instant)>,
    pub concurred: Option<(Who, Instant)>,
    editors: BTreeSet<Who>,
    /// Who of the other side agreed that it goes on, since it was stopped.
    resume: Option<Who>,
    /// Who of them agreed to leave it at that, since it needs attention.
    accept: Option<Who>,
    /// Who last agreed to it and who sent it, whatever came of it since.
    agreed: Option<Who>,
    sent: Option<Who>,
    filed: Option<Who>,
    /// Whether anything of it is still to be sent.
    pub left: bool,
    /// Whether nobody knows of some whether they heard.
    pub unknown: bool,
}

impl Model {
    pub fn new(id: EmergencyId, created: Instant) -> Self {
        Self {
            id,
            state: State::Draft,
            created,
            submitted: None,
            concurred: None,
            editors: BTreeSet::from([Who::Drafter]),
            resume: None,
            accept: None,
            agreed: None,
            sent: None,
            filed: None,
            left: true,
            unknown: false,
        }
    }

    pub fn is_late(&self, now: Instant) -> bool {
        let waits = matches!(self.state, State::Conferring | State::Concurred);
        waits && self.submitted.is_some_and(|(_, at)| at + WAITS <= now)
    }

    /// What makes void what was agreed to: somebody of the two is no longer who they were.
    pub fn fell(&self, house: &House) -> Option<Void> {
        let (by, handed_in) = self.submitted?;
        if house.was_granted_after(by, handed_in) || house.was_stopped_after(by, handed_in) {
            return Some(Void::Submitter);
        }
        let (by, at) = self.concurred?;
        let other = house.was_granted_after(by, handed_in) || house.was_stopped_after(by, at);
        other.then_some(Void::Person)
    }

    /// Where it leads when `who` does it now; nowhere, if they may not.
    pub fn after(&self, who: Who, act: Act, now: Instant, house: &House) -> Option<State> {
        use State::{
            Attention, Closed, Concurred, Conferring, Declined, Dispatching, Draft, Halted,
            Partial, Sent, Withdrawn,
        };
        if self.is_late(now) {
            return None;
        }
        let asked = match (act, self.concurred) {
            (Act::Send, Some((_, at))) => at,
            _ => self.submitted.map_or(self.created, |(_, at)| at),
        };
        let counts = |who: Who| {
            let handed_in = self.submitted.filter(|_| DECISIONS.contains(&act));
            handed_in.is_none_or(|(_, at)| !house.was_granted_after(who, at))
        };
        // A chief who counts for nothing is waited for by nobody.
        let free = |chief: Who| asked + DEPUTIES_WAIT <= now || !counts(chief);
        let speaks = |chief: Who, deputy: Who| {
            (who == chief || (who == deputy && free(chief))) && counts(who)
        };
        let own = speaks(Who::OwnChief, Who::OwnDeputy);
        let pr = speaks(Who::PrChief, Who::PrDeputy);
        let rests = matches!(self.state, Halted | Sent | Partial);
        let is = |did: Option<(Who, Instant)>| did.is_some_and(|(by, _)| by == who);
        let other = |did: Option<Who>| did.is_some_and(|by| by != who);
        // What a deputy did, the chief looks at afterwards.
        let afterwards = |did: Option<Who>, deputy: Who| who != deputy || did != Some(deputy);
        let allowed_to = |may: bool, state: State| may.then_some(state);
        match (self.state, act) {
            (Draft | Conferring | Concurred, Act::Edit) => {
                allowed_to(WRITERS.contains(&who), Draft)
            }
            (Draft, Act::Submit) => allowed_to(own, Conferring),
            (Conferring, Act::Concur) => {
                let wrote = self.editors.contains(&who) || is(self.submitted);
                allowed_to(pr && !wrote && self.fell(house).is_none(), Concurred)
            }
            (Conferring, Act::Return) => allowed_to(pr, Draft),
            (Conferring, Act::Decline) => allowed_to(pr, Declined),
            (Conferring | Concurred, Act::Withdraw) => allowed_to(own, Withdrawn),
            (Concurred, Act::Revoke) => allowed_to(pr || is(self.concurred), Conferring),
            (Concurred, Act::Send) => {
                let stands = self.fell(house).is_none();
                allowed_to(own && !is(self.concurred) && stands, Dispatching)
            }
            (Dispatching | Attention, Act::Stop) => {
                let either = [Who::OwnChief, Who::OwnDeputy, Who::PrChief, Who::PrDeputy];
                let watches = [Who::PrStaff, Who::Duty].contains(&who) || either.contains(&who);
                allowed_to(watches && self.left, Halted)
            }
            (Halted, Act::ConcurResume) => allowed_to(pr, Halted),
            (Halted, Act::Resume) => {
                allowed_to(own && other(self.resume) && self.left, Dispatching)
            }
            (Attention, Act::Retry) => allowed_to(own && self.left, Dispatching),
            (Attention, Act::ConcurAccept) => allowed_to(pr, Attention),
            (Attention, Act::Accept) => {
                let agreed = !self.unknown || other(self.accept);
                allowed_to(own && agreed, Partial)
            }
            (state, Act::Correct) if rests => {
                allowed_to(own || pr || WRITERS.contains(&who), state)
            }
            (state, Act::File) if rests => {
                allowed_to(own && afterwards(self.sent, Who::OwnDeputy), state)
            }
            (_, Act::Confirm) if rests => {
                let looks = afterwards(self.agreed, Who::PrDeputy);
                allowed_to(pr && looks && other(self.filed), Closed)
            }
            _ => None,
        }
    }

    pub fn make(&mut self, who: Who, act: Act, to: State, now: Instant) {
        if self.state != to {
            (self.resume, self.accept) = (None, None);
        }
        self.state = to;
        match act {
            Act::Edit => {
                self.editors.insert(who);
                (self.submitted, self.concurred) = (None, None);
            }
            Act::Return => (self.submitted, self.concurred) = (None, None),
            Act::Submit => self.submitted = Some((who, now)),
            Act::Concur => (self.concurred, self.agreed) = (Some((who, now)), Some(who)),
            Act::Revoke => self.concurred = None,
            Act::Send => self.sent = Some(who),
            Act::ConcurResume => self.resume = Some(who),
            Act::ConcurAccept => self.accept = Some(who),
            Act::File => self.filed = Some(who),
            _ => {}
        }
    }
}
