//! Random histories: a small model and the real thing agree at every step. `KAIRAN_HISTORIES` says how many steps
//! (300 when it does not), `KAIRAN_SEED` which ones.

use std::collections::HashSet;

use chrono::{TimeDelta, Timelike};
use kairan::audit::{self, Actor};
use kairan::clock::datetime_in_japan;
use kairan::emergency::moves::{Act, State};
use kairan::emergency::{self, EmergencyError};
use kairan::ids::EmergencyId;
use kairan::mode::Mode;
use kairan::staff::account::{lock, unlock};
use kairan::staff::people::{End, Term, end_deputy, end_holding};

use super::model::{House, Model};
use super::{Night, Who};
use crate::delivery::crash::setting;
use crate::on_both;
use crate::staff::deputy;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};

/// What somebody may try.
const ACTS: [Act; 18] = [
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
    Act::ConcurAccept,
    Act::Accept,
    Act::Correct,
    Act::File,
    Act::Confirm,
];
/// Both chiefs, and their deputies.
const CHIEFS: [Who; 4] = [Who::OwnChief, Who::PrChief, Who::OwnDeputy, Who::PrDeputy];
/// Steps in one town; then another one begins.
const TOWN: u64 = 400;

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

/// Where towns are begun.
struct Country(Engine);

impl Begin for Country {
    async fn begin(engine: Engine) -> Self {
        Self(engine)
    }
}

impl Night {
    /// As a page would try it: what is unknown is left at that only with a passkey.
    async fn tries_on(&self, model: &Model, who: Who, act: Act) -> Result<(), EmergencyError> {
        if act != Act::Accept || !model.unknown {
            return self.tries(who, model.id, act, true).await;
        }
        let (now, terms, by) = (self.hall.now, self.terms(), self.signed(who).await);
        let confirmed = Some(self.confirmed(who, model.id, act).await);
        let why = "電話で確かめた";
        let accepts = async |tx: &kairan::db::Tx| {
            emergency::accept(tx, now, terms, &by, model.id, why, confirmed).await
        };
        self.does(accepts).await
    }

    /// A chief's post or a deputy's place is taken; what they can do meanwhile is what everybody of their section can.
    async fn loses(&self, who: Who, of: EmergencyId) {
        let (now, person) = (self.hall.now, self.people[&who]);
        let roster = self.hall.roster().await;
        let tx = self.hall.db.db.begin().await.unwrap();
        match who {
            Who::OwnChief | Who::PrChief => {
                let held = roster.holdings.iter().filter(|held| held.person == person);
                let held = held.max_by_key(|held| held.granted_at).unwrap().id;
                end_holding(&tx, now, &Actor::Operator, held, End::AtOnce)
                    .await
                    .unwrap();
            }
            _ => {
                let places = roster
                    .deputies
                    .iter()
                    .filter(|place| place.person == person);
                let place = places.max_by_key(|place| place.granted_at).unwrap().id;
                end_deputy(&tx, now, &Actor::Operator, place, End::AtOnce)
                    .await
                    .unwrap();
            }
        }
        tx.commit().await.unwrap();
        let open = self.open_to(who, of).await;
        // Nobody needs a right to take back their own word.
        let everybodys = [Act::Edit, Act::Stop, Act::Correct, Act::Revoke];
        assert!(
            open.keys().all(|act| everybodys.contains(act)),
            "{who:?}: {open:?}"
        );
    }

    async fn regains(&self, who: Who) {
        let (post, person) = match who {
            Who::OwnChief | Who::OwnDeputy => (self.hall.childcare_chief, self.people[&who]),
            _ => (self.hall.pr_chief, self.people[&who]),
        };
        let since = Term::since(self.hall.today());
        match who {
            Who::OwnChief | Who::PrChief => self.hall.granted(post, person, since).await,
            _ => self
                .hall
                .agreed(deputy(post, person, 1, since))
                .await
                .unwrap(),
        }
    }

    async fn is_locked_for_a_moment(&self, who: Who) {
        let (now, person) = (self.hall.now, self.people[&who]);
        let tx = self.hall.db.db.begin().await.unwrap();
        lock(&tx, now, person).await.unwrap();
        unlock(&tx, now, person).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The next one begins at night, too.
    fn sleeps(&mut self) {
        let hour = datetime_in_japan(self.hall.now).hour();
        if (4..22).contains(&hour) {
            self.hall.now += TimeDelta::hours((22 - hour).into());
        }
    }
}

/// So many steps in a town of its own; gives how many emergencies it had, and how many steps somebody was allowed.
async fn lives(night: &mut Night, steps: u64, dice: &mut Dice, told: &str) -> (usize, usize) {
    let (mut all, mut children) = (Vec::new(), HashSet::new());
    let (mut house, mut did) = (House::default(), 0);
    let mut model = Model::new(night.drafted().await, night.hall.now);
    let mut on_record = 1;
    for step in 0..steps {
        let told = format!("{told}, step {step}");
        if model.state.is_over() {
            all.push(model);
            night.sleeps();
            model = Model::new(night.drafted().await, night.hall.now);
            on_record += 1;
        }
        match dice.roll(14) {
            0 => night.later([1, 2, 4, 20][dice.roll(4)]),
            1 if model.is_late(night.hall.now) => {
                emergency::expire(&night.hall.db, night.hall.now)
                    .await
                    .unwrap();
                model.state = State::Expired;
                on_record += 1;
            }
            2 if model.state == State::Dispatching && model.left => {
                let how = ["accepted", "late", "unknown"][dice.roll(3)];
                night.envelopes_end(model.id, how).await;
                (model.left, model.unknown) = (false, how == "unknown");
                night.settles().await;
                let to = match how {
                    "accepted" => State::Sent,
                    _ => State::Attention,
                };
                model.make(Who::Duty, Act::Finish, to, night.hall.now);
                on_record += 1;
            }
            3 if model.state == State::Dispatching && model.left => {
                night.is_refused(model.id).await;
                model.make(Who::Duty, Act::Trouble, State::Attention, night.hall.now);
                on_record += 1;
            }
            4 => {
                let who = CHIEFS[dice.roll(4)];
                night.later(1);
                match dice.roll(2) {
                    0 => {
                        night.loses(who, model.id).await;
                        night.regains(who).await;
                        house.granted.insert(who, night.hall.now);
                    }
                    _ => {
                        night.is_locked_for_a_moment(who).await;
                        house.stopped.insert(who, night.hall.now);
                    }
                }
                night.later(1);
            }
            5 => {
                let now = night.hall.now;
                let fell = emergency::void_stale(&night.hall.db, now, night.terms()).await;
                let stands = model.state == State::Concurred && !model.is_late(now);
                let expected = model.fell(&house).filter(|_| stands);
                let expected: Vec<_> = expected.map(|void| (model.id, void)).into_iter().collect();
                assert_eq!(fell.unwrap(), expected, "{told}");
                if !expected.is_empty() {
                    (model.state, model.concurred) = (State::Conferring, None);
                    on_record += 1;
                }
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
                    _ => CHIEFS[dice.roll(4)],
                };
                let expected = model.after(who, act, night.hall.now, &house);
                let done = night.tries_on(&model, who, act).await;
                assert_eq!(
                    done.is_ok(),
                    expected.is_some(),
                    "{told}: {act} by {who:?} in {}: {done:?}",
                    model.state
                );
                if let Some(to) = expected {
                    model.make(who, act, to, night.hall.now);
                    (on_record, did) = (on_record + 1, did + 1);
                    if act == Act::Correct {
                        // It begins another one, which stays a draft here; corrections have stories of their own.
                        let begun = emergency::corrections(&night.hall.db, model.id).await;
                        children.extend(begun.unwrap().into_iter().map(|head| head.id));
                        on_record += 1;
                    }
                }
            }
        }
        assert_eq!(night.state(model.id).await, model.state, "{told}");
        let found = night.find(model.id).await.head;
        let agreed = found.concurred.map(|did| did.by);
        assert_eq!(
            agreed,
            model.concurred.map(|(who, _)| night.people[&who]),
            "{told}"
        );
        assert_eq!(found.dispatch.is_some(), model.state.went_out(), "{told}");
    }
    // History and record grew together, and the record is whole.
    all.push(model);
    let count = all.len();
    let ids = all.into_iter().map(|model| model.id).chain(children);
    let mut history = 0;
    for id in ids {
        history += night.find(id).await.history.len();
    }
    assert_eq!(history, on_record, "{told}");
    let query = audit::Query {
        act: Some("emergency.".into()),
        ..audit::Query::default()
    };
    let record = audit::search(&night.hall.db, &query).await.unwrap().total;
    assert_eq!(record, u64::try_from(history).unwrap(), "{told}");
    audit::verify(&night.hall.db, None).await.unwrap().unwrap();
    (count, did)
}

on_both!(a_model_and_the_real_thing_agree, |country: Country| {
    let steps = setting("KAIRAN_HISTORIES", 300);
    let seed = setting("KAIRAN_SEED", 20_261_124);
    let mut dice = Dice(seed);
    let (mut emergencies, mut acts) = (0, 0);
    for from in (0..steps).step_by(usize::try_from(TOWN).unwrap()) {
        let told = format!("KAIRAN_SEED={seed}, town from {from}");
        let mut night = Night::over(TestDb::begin(country.0).await, Mode::Live).await;
        let (had, did) = lives(&mut night, TOWN.min(steps - from), &mut dice, &told).await;
        (emergencies, acts) = (emergencies + had, acts + did);
    }
    println!(
        "{:?}: KAIRAN_SEED={seed} KAIRAN_HISTORIES={steps}: {emergencies} emergencies, {acts} acts done",
        country.0
    );
});
