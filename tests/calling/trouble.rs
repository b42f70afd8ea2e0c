//! An emergency that does not arrive, or is stopped: who is woken, who is told, and until when.

use std::collections::BTreeSet;

use kairan::calling::{self, Answer, Calling, Cause, Ended, Kind, Side};
use kairan::emergency;
use kairan::emergency::moves::{Act, State};
use kairan::ids::EmergencyId;
use kairan::policy::Channel::{self, Mail, Push, Sms, Voice};

use super::{Called, Ring, Who, all_of, token};
use crate::on_both;

const QUIETLY: [Channel; 3] = [Mail, Push, Sms];

impl Ring {
    /// Sent, and refused by LINE; everybody who was called before has been.
    async fn troubled(&self) -> EmergencyId {
        let id = self.night.sent().await;
        self.steps().await;
        self.called();
        self.night.is_refused(id).await;
        assert_eq!(self.night.state(id).await, State::Attention);
        id
    }

    /// Callings of its own side because of that.
    async fn for_attention(&self, id: EmergencyId) -> Vec<Calling> {
        let all = calling::history(&self.night.hall.db, id.0).await.unwrap();
        let wanted = |c: &Calling| c.cause == Some(Cause::Attention) && c.kind == Kind::Emergency;
        all.into_iter().filter(wanted).collect()
    }
}

fn quietly(people: &[Who]) -> BTreeSet<Called> {
    people
        .iter()
        .flat_map(|who| all_of(*who, &QUIETLY))
        .collect()
}

on_both!(what_did_not_arrive_wakes_whose_it_is, |ring: Ring| {
    let id = ring.troubled().await;
    // Another replica looks, too.
    ring.night.settles().await;
    let [called] = &ring.for_attention(id).await[..] else {
        panic!("once")
    };
    let minutes = ring
        .night
        .profile
        .emergency
        .as_ref()
        .unwrap()
        .request_minutes;
    assert_eq!(called.side, Some(Side::Sends));
    assert_eq!(called.number, 1, "it is about the same");
    assert_eq!(
        (called.until - called.begun_at).num_minutes(),
        i64::from(minutes)
    );

    // Its chief is called; who agreed is told, and need not answer.
    ring.steps().await;
    let letters = ring.mail.letters();
    let subject = |who: &str| {
        let letter = letters.iter().find(|letter| letter.to.starts_with(who));
        letter.unwrap().subject.clone()
    };
    assert_eq!(subject("ownchief"), "緊急配信が要対応です 第1号");
    assert_eq!(subject("prchief"), "緊急配信 第1号が要対応になりました");
    assert_eq!(letters.len(), 2);
    assert_eq!(
        ring.called(),
        BTreeSet::from_iter(
            quietly(&[Who::OwnChief, Who::PrChief])
                .into_iter()
                .filter(|(_, by)| *by != Mail)
        )
    );

    // Loudly after a minute, then the deputy.
    ring.later(60);
    ring.steps().await;
    let spoken = ring.gateway.requests().pop().unwrap().json();
    let spoken = spoken["text"].as_str().unwrap();
    assert!(
        spoken.starts_with("緊急配信が要対応です、第1号です。"),
        "{spoken}"
    );
    ring.later(120);
    ring.steps().await;
    assert!(ring.called().contains(&(Who::OwnDeputy, Voice)));

    // What somebody of its side does is their answer; nobody is called any more.
    ring.night.done(Who::OwnChief, id, Act::Retry).await;
    let ended = &ring.for_attention(id).await[0];
    assert_eq!(
        ended.answered(),
        Some((ring.person(Who::OwnChief), Answer::Act))
    );
    ring.later(600);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new());

    // Once more in trouble, they are woken once more.
    ring.night.is_refused(id).await;
    assert_eq!(ring.for_attention(id).await.len(), 2);
});

on_both!(who_answers_or_acts_lets_their_side_sleep, |ring: Ring| {
    for (who, act) in [
        (Who::OwnChief, Act::Accept),
        (Who::OwnChief, Act::Stop),
        // On the ladder's last rung they are called, too.
        (Who::Duty, Act::Stop),
    ] {
        let id = ring.troubled().await;
        ring.night.done(who, id, act).await;
        let [called] = &ring.for_attention(id).await[..] else {
            panic!("{act}")
        };
        assert_eq!(
            called.answered(),
            Some((ring.person(who), Answer::Act)),
            "{who:?} {act}"
        );
        ring.later(600);
        ring.steps().await;
        let rang = ring.called();
        assert!(rang.iter().all(|(_, by)| *by != Voice), "{act}: {rang:?}");
    }
    // Who stops it without being called answers for nobody.
    let id = ring.troubled().await;
    ring.night.done(Who::PrChief, id, Act::Stop).await;
    let ended = ring.for_attention(id).await[0].ended.unwrap();
    assert_eq!(ended.how, Ended::Over);
});

on_both!(
    the_other_sides_word_leaves_its_own_to_decide,
    |ring: Ring| {
        let id = ring.night.ended("unknown").await;
        ring.night.done(Who::PrChief, id, Act::ConcurAccept).await;
        assert_eq!(ring.for_attention(id).await[0].ended, None);
        ring.steps().await;
        let texts = ring.gateway.requests();
        let mut texts = texts.iter().map(|request| request.json());
        let asked = texts.find(|json| json["text"].as_str().unwrap().contains("要対応です"));
        let link = token(asked.unwrap()["text"].as_str().unwrap());
        let answered = ring.answers(&link).await.unwrap();
        assert_eq!(
            answered.answered(),
            Some((ring.person(Who::OwnChief), Answer::Link))
        );
        ring.later(120);
        ring.called();
        ring.steps().await;
        assert_eq!(ring.called(), BTreeSet::new(), "nobody is called any more");
    }
);

on_both!(what_arrived_wakes_nobody, |ring: Ring| {
    let id = ring.night.ended("accepted").await;
    assert_eq!(ring.night.state(id).await, State::Sent);
    ring.later(600);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new());
});

on_both!(
    a_stop_is_told_to_both_sides_and_rings_nobody,
    |ring: Ring| {
        for (who, told) in [
            (Who::Duty, vec![Who::OwnChief, Who::PrChief]),
            (Who::PrChief, vec![Who::OwnChief]),
        ] {
            let id = ring.night.sent().await;
            ring.steps().await;
            ring.called();
            ring.night.done(who, id, Act::Stop).await;
            ring.steps().await;
            let letters = ring.mail.letters();
            assert_eq!(letters.len(), told.len());
            for letter in letters {
                assert!(
                    letter.subject.ends_with("の配信が止められました"),
                    "{}",
                    letter.subject
                );
            }
            let silent = quietly(&told).into_iter().filter(|(_, by)| *by != Mail);
            assert_eq!(ring.called(), silent.collect());
            ring.later(600);
            ring.steps().await;
            assert_eq!(ring.called(), BTreeSet::new());
        }
    }
);

on_both!(the_report_says_who_was_called_for_it, |ring: Ring| {
    let id = ring.troubled().await;
    ring.steps().await;
    ring.later(61 * 60);
    ring.steps().await;
    let told = emergency::report::report(&ring.night.hall.db, ring.now(), id);
    let told = told.await.unwrap().unwrap();
    let missed = emergency::report::Deviation::Unanswered {
        side: Side::Sends,
        reached: true,
    };
    assert!(told.deviations.contains(&missed), "{:?}", told.deviations);
    let causes: Vec<_> = told.callings.iter().map(|c| (c.kind, c.cause)).collect();
    assert!(
        causes.contains(&(Kind::Emergency, Some(Cause::Attention))),
        "{causes:?}"
    );
});
