//! Random histories: a small model and the real thing agree at every step. `KAIRAN_HISTORIES` says how many steps
//! (300 when it does not), `KAIRAN_SEED` which ones.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kairan::audit;
use kairan::clock::Instant;
use kairan::emergency;
use kairan::emergency::moves::{Act, State};
use kairan::ids::EmergencyId;

use super::{Night, Who};
use crate::on_both;

/// An emergency as two chiefs would describe it to each other, without looking anything up.
struct Model {
    id: EmergencyId,
    state: State,
    created: Instant,
    submitted: Option<(Who, Instant)>,
    concurred: Option<Who>,
    editors: BTreeSet<Who>,
    /// Who of the other side agreed that it goes on, since it was stopped.
    resume: Option<Who>,
    filed: Option<Who>,
    /// Whether anything of it is still to be sent.
    left: bool,
}

const WRITERS: [Who; 3] = [Who::Drafter, Who::OwnChief, Who::OwnDeputy];
/// What somebody may try; corrections have stories of their own.
const ACTS: [Act; 16] = [
    Act::Edit,
    Act::Submit,
    Act::Concur,
    Act::Return,
    Act::Decline,
    Act::Withdraw,
    Act::Revoke,
    Act::Send,
    Act::SendCorrection,
    Act::Stop,
    Act::ConcurResume,
    Act::Resume,
    Act::Retry,
    Act::Accept,
    Act::File,
    Act::Confirm,
];

impl Model {
    fn new(id: EmergencyId, created: Instant) -> Self {
        Self {
            id,
            state: State::Draft,
            created,
            submitted: None,
            concurred: None,
            editors: BTreeSet::from([Who::Drafter]),
            resume: None,
            filed: None,
            left: true,
        }
    }

    fn is_late(&self, now: Instant) -> bool {
        let waits = matches!(self.state, State::Conferring | State::Concurred);
        waits
            && self
                .submitted
                .is_some_and(|(_, at)| at + TimeDelta::minutes(60) <= now)
    }

    /// Where it leads when `who` does it now; nowhere, if they may not.
    fn after(&self, who: Who, act: Act, now: Instant) -> Option<State> {
        use State::{
            Attention, Closed, Concurred, Conferring, Declined, Dispatching, Draft, Halted,
            Partial, Sent, Withdrawn,
        };
        if self.is_late(now) {
            return None;
        }
        let asked = self.submitted.map_or(self.created, |(_, at)| at);
        let waited = asked + TimeDelta::minutes(3) <= now;
        let own = who == Who::OwnChief || (who == Who::OwnDeputy && waited);
        let pr = who == Who::PrChief || (who == Who::PrDeputy && waited);
        let rests = matches!(self.state, Halted | Sent | Partial);
        let allowed_to = |may: bool, state: State| may.then_some(state);
        match (self.state, act) {
            (Draft | Conferring | Concurred, Act::Edit) => {
                allowed_to(WRITERS.contains(&who), Draft)
            }
            (Draft, Act::Submit) => allowed_to(own, Conferring),
            (Conferring, Act::Concur) => {
                let handed_in = self.submitted.is_some_and(|(by, _)| by == who);
                allowed_to(pr && !self.editors.contains(&who) && !handed_in, Concurred)
            }
            (Conferring, Act::Return) => allowed_to(pr, Draft),
            (Conferring, Act::Decline) => allowed_to(pr, Declined),
            (Conferring | Concurred, Act::Withdraw) => allowed_to(own, Withdrawn),
            (Concurred, Act::Revoke) => allowed_to(pr, Conferring),
            (Concurred, Act::Send) => allowed_to(own && self.concurred != Some(who), Dispatching),
            (Dispatching | Attention, Act::Stop) => {
                let either = [Who::OwnChief, Who::OwnDeputy, Who::PrChief, Who::PrDeputy];
                let watches = [Who::PrStaff, Who::Duty].contains(&who) || either.contains(&who);
                allowed_to(watches && self.left, Halted)
            }
            (Halted, Act::ConcurResume) => allowed_to(pr, Halted),
            (Halted, Act::Resume) => {
                let other = self.resume.is_some_and(|by| by != who);
                allowed_to(own && other && self.left, Dispatching)
            }
            (Attention, Act::Retry) => allowed_to(own && self.left, Dispatching),
            (Attention, Act::Accept) => allowed_to(own, Partial),
            (_, Act::File) if rests => allowed_to(own, self.state),
            (_, Act::Confirm) if rests => {
                let other = self.filed.is_some_and(|by| by != who);
                allowed_to(pr && other, Closed)
            }
            _ => None,
        }
    }

    fn make(&mut self, who: Who, act: Act, to: State, now: Instant) {
        self.state = to;
        match act {
            Act::Edit => {
                self.editors.insert(who);
                (self.submitted, self.concurred) = (None, None);
            }
            Act::Return => (self.submitted, self.concurred) = (None, None),
            Act::Submit => self.submitted = Some((who, now)),
            Act::Concur => self.concurred = Some(who),
            Act::Revoke => self.concurred = None,
            Act::Stop => self.resume = None,
            Act::ConcurResume => self.resume = Some(who),
            Act::File => self.filed = Some(who),
            _ => {}
        }
    }
}

/// xorshift64*, so that a seed tells the whole history.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % sides
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
}

on_both!(a_model_and_the_real_thing_agree, |night: Night| {
    let steps = setting("KAIRAN_HISTORIES").unwrap_or(300);
    let seed = setting("KAIRAN_SEED").unwrap_or(20_261_124);
    let mut dice = Dice(seed);
    let mut all = Vec::new();
    let begin = night.hall.now;
    let mut model = Model::new(night.drafted().await, night.hall.now);
    let mut on_record = 1;
    for step in 0..steps {
        let told = format!("seed {seed}, step {step}");
        if model.state.is_over() {
            all.push(model);
            // The next one begins at the same hour, so that it is night whatever was lived through.
            night.hall.now = begin;
            model = Model::new(night.drafted().await, night.hall.now);
            on_record += 1;
        }
        match dice.roll(12) {
            0 => night.later([1, 2, 4, 20][dice.roll(4)]),
            1 if model.is_late(night.hall.now) => {
                emergency::expire(&night.hall.db, night.hall.now)
                    .await
                    .unwrap();
                model.state = State::Expired;
                on_record += 1;
            }
            2 if model.state == State::Dispatching && model.left => {
                let how = ["accepted", "late"][dice.roll(2)];
                night.envelopes_end(model.id, how).await;
                model.left = false;
                night.settles().await;
                model.state = match how {
                    "accepted" => State::Sent,
                    _ => State::Attention,
                };
                on_record += 1;
            }
            3 if model.state == State::Dispatching && model.left => {
                night.is_refused(model.id).await;
                model.state = State::Attention;
                on_record += 1;
            }
            _ => {
                // Half of the time something that could happen, so that histories get somewhere.
                let possible = ACTS
                    .into_iter()
                    .filter(|act| model.state.after(*act).is_some());
                let possible: Vec<Act> = possible.collect();
                let act = match dice.roll(4) {
                    0 => ACTS[dice.roll(ACTS.len())],
                    _ => possible[dice.roll(possible.len())],
                };
                let who = match dice.roll(3) {
                    0 => Who::ALL[dice.roll(Who::ALL.len())],
                    _ => [Who::OwnChief, Who::PrChief, Who::OwnDeputy, Who::PrDeputy][dice.roll(4)],
                };
                let expected = model.after(who, act, night.hall.now);
                let done = night.tries(who, model.id, act, true).await;
                assert_eq!(
                    done.is_ok(),
                    expected.is_some(),
                    "{told}: {act} by {who:?} in {}: {done:?}",
                    model.state
                );
                if let Some(to) = expected {
                    model.make(who, act, to, night.hall.now);
                    on_record += 1;
                }
            }
        }
        assert_eq!(night.state(model.id).await, model.state, "{told}");
        let found = night.find(model.id).await.head;
        let agreed = found.concurred.map(|did| did.by);
        assert_eq!(
            agreed,
            model.concurred.map(|who| night.people[&who]),
            "{told}"
        );
        assert_eq!(found.dispatch.is_some(), model.state.went_out(), "{told}");
    }
    // History and record grew together, and the record is whole.
    all.push(model);
    let mut history = 0;
    for model in &all {
        history += night.find(model.id).await.history.len();
    }
    assert_eq!(history, on_record, "seed {seed}");
    let query = audit::Query {
        act: Some("emergency.".into()),
        ..audit::Query::default()
    };
    let record = audit::search(&night.hall.db, &query).await.unwrap().total;
    assert_eq!(record, u64::try_from(history).unwrap(), "seed {seed}");
    audit::verify(&night.hall.db, None).await.unwrap().unwrap();
});
