//! An emergency at night: who is woken when it is handed in and agreed to, and who is told that it was settled.

use std::collections::BTreeSet;

use kairan::calling::{self, Answer, Calling, Ended, Kind, Side};
use kairan::emergency::moves::Act;
use kairan::emergency::report::report;
use kairan::emergency::{self, EmergencyError, Void};
use kairan::ids::EmergencyId;
use kairan::mode::Mode;
use kairan::policy::Channel::{Mail, Push, Sms, Voice};
use kairan::staff::account;

use super::{Ring, Who, all_of};
use crate::on_both;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};

impl Ring {
    async fn about(&self, id: EmergencyId) -> Vec<Calling> {
        calling::history(&self.night.hall.db, id.0).await.unwrap()
    }

    /// Callings about it that somebody has still to answer.
    async fn awake(&self, id: EmergencyId) -> Vec<Calling> {
        let mut about = self.about(id).await;
        about.retain(|calling| calling.kind == Kind::Emergency && calling.ended.is_none());
        about
    }

    fn people(&self, calling: &Calling) -> BTreeSet<Who> {
        let of = |person| self.night.people.iter().find(|(_, id)| **id == person);
        calling
            .calls
            .iter()
            .map(|call| *of(call.person).unwrap().0)
            .collect()
    }
}

on_both!(each_side_is_woken_when_it_is_its_turn, |ring: Ring| {
    let id = ring.night.conferring().await;
    ring.steps().await;
    assert_eq!(ring.called(), all_of(Who::PrChief, &[Mail, Push, Sms]));
    ring.later(90);
    ring.steps().await;
    ring.called();
    ring.night.done(Who::PrChief, id, Act::Concur).await;
    ring.steps().await;
    assert_eq!(ring.called(), all_of(Who::OwnChief, &[Mail, Push, Sms]));
    ring.later(30);
    ring.night.done(Who::OwnChief, id, Act::Send).await;
    ring.later(600);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new(), "everybody sleeps, or works");

    let told = report(&ring.night.hall.db, ring.now(), id)
        .await
        .unwrap()
        .unwrap();
    let [agrees, sends] = &told.callings[..] else {
        panic!("{:?}", told.callings)
    };
    assert_eq!(
        (agrees.side, sends.side),
        (Some(Side::Concurs), Some(Side::Sends))
    );
    assert_eq!(
        (agrees.number, sends.number),
        (1, 1),
        "it is about the same"
    );
    assert_eq!(
        agrees.answered(),
        Some((ring.person(Who::PrChief), Answer::Act))
    );
    assert_eq!(agrees.took().unwrap().num_seconds(), 90);
    assert_eq!(
        sends.answered(),
        Some((ring.person(Who::OwnChief), Answer::Act))
    );
    assert!(told.deviations.is_empty(), "{:?}", told.deviations);
});

on_both!(
    what_is_not_agreed_to_wakes_nobody_any_more_and_is_told,
    |ring: Ring| {
        let everybody = |who: &[Who]| who.iter().copied().collect::<BTreeSet<_>>();
        for (agreed, who, act, how, told) in [
            (
                false,
                Who::PrChief,
                Act::Return,
                "answered",
                everybody(&[Who::OwnChief]),
            ),
            (
                false,
                Who::PrChief,
                Act::Decline,
                "answered",
                everybody(&[Who::OwnChief]),
            ),
            (
                false,
                Who::OwnChief,
                Act::Withdraw,
                "over",
                everybody(&[Who::PrChief]),
            ),
            (
                false,
                Who::Drafter,
                Act::Edit,
                "over",
                everybody(&[Who::PrChief, Who::OwnChief]),
            ),
            (
                true,
                Who::OwnChief,
                Act::Withdraw,
                "answered",
                everybody(&[Who::PrChief]),
            ),
            (
                true,
                Who::PrChief,
                Act::Revoke,
                "over",
                everybody(&[Who::OwnChief]),
            ),
            (
                true,
                Who::Drafter,
                Act::Edit,
                "over",
                everybody(&[Who::PrChief, Who::OwnChief]),
            ),
        ] {
            let id = ring.night.conferring().await;
            ring.steps().await;
            ring.later(1);
            if agreed {
                ring.night.done(Who::PrChief, id, Act::Concur).await;
                ring.steps().await;
            }
            ring.called();
            ring.night.done(who, id, act).await;
            let about = ring.about(id).await;
            let awake = |calling: &&Calling| calling.kind == Kind::Emergency;
            let last = about.iter().rfind(awake).unwrap();
            assert_eq!(last.ended.unwrap().how.code(), how, "{act}");
            let notice = about.iter().find(|calling| calling.kind == Kind::Notice);
            let people = notice.map(|notice| ring.people(notice)).unwrap_or_default();
            assert_eq!(people, told, "{act}");
            ring.steps().await;
            let quietly = told.iter().flat_map(|who| all_of(*who, &[Mail, Push, Sms]));
            assert_eq!(ring.called(), quietly.collect(), "{act}");
            if notice.is_some() {
                let notice = ring.about(id).await;
                let notice = notice.iter().find(|calling| calling.kind == Kind::Notice);
                assert_eq!(notice.unwrap().ended.unwrap().how, Ended::Over, "{act}");
            }
            ring.later(600);
            ring.steps().await;
            assert_eq!(
                ring.called(),
                BTreeSet::new(),
                "{act}: nobody is woken any more"
            );
        }
    }
);

on_both!(
    what_nobody_answers_expires_and_both_sides_hear_of_it,
    |ring: Ring| {
        let id = ring.night.conferring().await;
        ring.steps().await;
        ring.called();
        ring.later(60 * 60);
        emergency::expire(&ring.night.hall.db, ring.now())
            .await
            .unwrap();
        let about = ring.about(id).await;
        assert_eq!(about[0].ended.unwrap().how, Ended::Unanswered);
        assert_eq!(ring.people(&about[1]), [Who::OwnChief, Who::PrChief].into());
    }
);

on_both!(an_agreement_that_falls_is_told_to_both, |ring: Ring| {
    let id = ring.night.concurred().await;
    ring.night.is_restored().await;
    let (now, terms) = (ring.now(), ring.night.terms());
    let void = emergency::void_stale(&ring.night.hall.db, now, terms)
        .await
        .unwrap();
    assert_eq!(void.len(), 1);
    let about = ring.about(id).await;
    let notice = about
        .iter()
        .find(|calling| calling.kind == Kind::Notice)
        .unwrap();
    assert_eq!(ring.people(notice), [Who::OwnChief, Who::PrChief].into());
    // Nobody can agree to it as it stands: those are woken who have to hand it in anew.
    let [awake] = &ring.awake(id).await[..] else {
        panic!("{about:?}")
    };
    assert_eq!(awake.side, Some(Side::Sends));
});

on_both!(
    an_audience_that_changed_is_told_to_both_and_wakes_who_hands_it_in,
    |ring: Ring| {
        let id = ring.night.concurred().await;
        ring.night.leave(5).await;
        let (now, terms) = (ring.now(), ring.night.terms());
        let void = emergency::void_stale(&ring.night.hall.db, now, terms).await;
        let fell = Void::Audience { agreed: 10, now: 5 };
        assert_eq!(void.unwrap(), [(id, fell)]);
        let about = ring.about(id).await;
        let notice = about.iter().find(|c| c.kind == Kind::Notice).unwrap();
        assert_eq!(ring.people(notice), [Who::OwnChief, Who::PrChief].into());
        let [awake] = &ring.awake(id).await[..] else {
            panic!("{about:?}")
        };
        assert_eq!(awake.side, Some(Side::Sends));
    }
);

on_both!(who_must_agree_again_is_woken_again, |ring: Ring| {
    let id = ring.night.concurred().await;
    ring.steps().await;
    ring.called();
    ring.later(60);
    let (now, chief) = (ring.now(), ring.person(Who::PrChief));
    let tx = ring.night.hall.db.db.begin().await.unwrap();
    account::lock(&tx, now, chief).await.unwrap();
    account::unlock(&tx, now, chief).await.unwrap();
    tx.commit().await.unwrap();
    let void = emergency::void_stale(&ring.night.hall.db, now, ring.night.terms()).await;
    assert_eq!(void.unwrap(), [(id, Void::Person)]);

    let [awake] = &ring.awake(id).await[..] else {
        panic!("one side is awake")
    };
    let head = ring.night.find(id).await.head;
    assert_eq!(
        (awake.side, awake.begun_at, awake.until),
        (Some(Side::Concurs), now, head.expires_at.unwrap())
    );
    // The ladder, from its first rung: the chief at once, loudly after a minute, then the deputy.
    ring.steps().await;
    let first = ring.called();
    assert!(
        first.is_superset(&all_of(Who::PrChief, &[Mail, Push, Sms])),
        "{first:?}"
    );
    ring.later(60);
    ring.steps().await;
    assert_eq!(ring.called(), all_of(Who::PrChief, &[Voice]));
    ring.later(120);
    ring.steps().await;
    let third = ring.called();
    assert!(third.contains(&(Who::PrDeputy, Voice)), "{third:?}");
    ring.night.done(Who::PrChief, id, Act::Concur).await;
    let answered = ring.calling(awake.id).await;
    assert_eq!(answered.answered(), Some((chief, Answer::Act)));

    // What ran out meanwhile wakes nobody.
    let id = ring.night.concurred().await;
    ring.later(60 * 60);
    let now = ring.now();
    let tx = ring.night.hall.db.db.begin().await.unwrap();
    account::lock(&tx, now, chief).await.unwrap();
    tx.commit().await.unwrap();
    let void = emergency::void_stale(&ring.night.hall.db, now, ring.night.terms()).await;
    assert!(!void.unwrap().iter().any(|(fell, _)| *fell == id));
});

on_both!(a_deputy_who_acts_answers_for_their_side, |ring: Ring| {
    let id = ring.night.conferring().await;
    for _ in 0..4 {
        ring.steps().await;
        ring.later(60);
    }
    let called = ring.called();
    assert!(called.contains(&(Who::PrDeputy, Voice)), "{called:?}");
    ring.night.done(Who::PrDeputy, id, Act::Concur).await;
    let about = ring.about(id).await;
    assert_eq!(
        about[0].answered(),
        Some((ring.person(Who::PrDeputy), Answer::Act))
    );
});

on_both!(an_answer_decides_nothing, |ring: Ring| {
    let id = ring.night.conferring().await;
    ring.steps().await;
    let link = ring.link();
    let answered = ring.answers(&link).await.unwrap();
    ring.later(1);
    assert_eq!(
        answered.answered(),
        Some((ring.person(Who::PrChief), Answer::Link))
    );
    let state = ring.night.state(id).await;
    assert_eq!(state, kairan::emergency::moves::State::Conferring);
    // What they do then ends nothing a second time.
    ring.night.done(Who::PrChief, id, Act::Concur).await;
    let about = ring.about(id).await;
    assert_eq!(
        about[0].answered(),
        Some((ring.person(Who::PrChief), Answer::Link))
    );
});

on_both!(
    where_a_post_is_vacant_nobody_waits_for_its_holder,
    |ring: Ring| {
        use kairan::staff::people::{End, end_holding};
        let chief = ring.person(Who::PrChief);
        let roster = ring.night.hall.roster().await;
        let held = roster
            .holdings
            .iter()
            .find(|held| held.person == chief)
            .unwrap();
        let tx = ring.night.hall.db.db.begin().await.unwrap();
        let by = kairan::audit::Actor::Operator;
        end_holding(&tx, ring.now(), &by, held.id, End::AtOnce)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        ring.calls_out(Side::Concurs).await;
        ring.steps().await;
        assert_eq!(
            ring.called(),
            all_of(Who::PrDeputy, &[Mail, Push, Sms, Voice])
        );
        ring.later(120);
        ring.steps().await;
        assert_eq!(
            ring.called(),
            all_of(Who::PrStaff, &[Mail, Push, Sms, Voice])
        );
    }
);

async fn every_call_of_a_drill_installation_says_so(engine: Engine) {
    let ring = Ring::over(TestDb::begin(engine).await, Mode::Drill).await;
    ring.night.conferring().await;
    ring.steps().await;
    let text = ring.gateway.requests().pop().unwrap().json();
    assert!(
        text["text"]
            .as_str()
            .unwrap()
            .starts_with("【訓練】緊急配信の協議依頼")
    );
    assert!(ring.mail.letters()[0].subject.starts_with("【訓練】"));
    let tx = ring.night.hall.db.db.begin().await.unwrap();
    let own = ring.person(Who::OwnChief);
    calling::test(&tx, ring.now(), own, true).await.unwrap();
    tx.commit().await.unwrap();
    ring.steps().await;
    for request in ring.gateway.requests() {
        let json = request.json();
        let text = json["text"].as_str().unwrap();
        assert!(
            text.starts_with("【訓練】") || text.starts_with("訓練です。"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_of_a_drill_installation_says_so_first() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        every_call_of_a_drill_installation_says_so(engine).await;
    }
}

on_both!(who_begins_call_out_drills, |ring: Ring| {
    let (now, section) = (ring.now(), ring.night.hall.childcare);
    for who in Who::ALL {
        let by = ring.night.signed(who).await;
        let terms = ring.night.terms();
        let out = ring
            .night
            .does(async |tx| emergency::call_out(tx, now, terms, &by, section, Side::Sends).await);
        let may = !matches!(
            who,
            Who::Auditor | Who::ThirdChief | Who::ThirdStaff | Who::Contractor
        );
        match out.await {
            Ok(_) => assert!(may, "{who:?}"),
            Err(EmergencyError::NoCallOut) => assert!(!may, "{who:?}"),
            Err(error) => panic!("{who:?}: {error}"),
        }
    }
});
