//! Whoever makes calls dies in the middle, comes back late, or is two: nobody is called twice.

use futures_util::future::join_all;
use kairan::calling::{self, Failure, Side, Standing};
use kairan::db::Db;
use kairan::policy::Channel;

use super::servers::distinct;
use super::{Ring, Who};
use crate::on_both;
use crate::support::database::key_file;

impl Ring {
    /// The chief has a telephone only: one call at a time.
    fn only_texts(&mut self) {
        self.senders.mail = None;
        self.senders.push = None;
    }

    async fn text(&self, id: kairan::ids::CallingId) -> kairan::calling::Call {
        let calling = self.calling(id).await;
        let sms = |call: &&kairan::calling::Call| {
            call.channel == Some(Channel::Sms) && call.rung == Some(0)
        };
        *calling.calls.iter().find(sms).unwrap()
    }
}

on_both!(
    who_dies_between_calling_and_recording_calls_again_under_the_same_id,
    |ring: Ring| {
        ring.only_texts();
        ring.gateway.holds();
        let id = ring.calls_out(Side::Concurs).await;
        tokio::select! {
            _ = ring.steps() => panic!("the gateway answers nobody"),
            // It has the call, and whoever made it dies.
            () = ring.gateway.came() => {}
        }
        ring.gateway.lets_go();
        assert_eq!(ring.text(id).await.state, Standing::Lent);
        ring.later(39);
        assert_eq!(ring.steps().await, 0, "it is somebody else's still");
        ring.later(1);
        ring.steps().await;
        let call = ring.text(id).await;
        assert_eq!((call.state, call.attempts), (Standing::Made(ring.now()), 2));
        let requests = ring.gateway.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(distinct(&requests), 1, "the gateway knows it again");
        assert_eq!(requests[0].json(), requests[1].json());
    }
);

on_both!(what_was_lost_long_ago_wakes_nobody, |ring: Ring| {
    ring.only_texts();
    ring.gateway.holds();
    let id = ring.calls_out(Side::Concurs).await;
    tokio::select! {
        _ = ring.steps() => panic!("the gateway answers nobody"),
        () = ring.gateway.came() => {}
    }
    ring.gateway.lets_go();
    ring.gateway.requests();
    ring.later(30 * 60);
    ring.steps().await;
    assert_eq!(ring.gateway.requests().len(), 0);
    let call = ring.text(id).await;
    assert_eq!(call.state, Standing::Failed(Failure::Unknown));
});

on_both!(who_comes_back_too_late_changes_nothing, |ring: Ring| {
    ring.only_texts();
    ring.gateway.holds();
    ring.gateway.answers([201, 400]);
    let id = ring.calls_out(Side::Concurs).await;
    let (db, clock, senders) = (
        ring.night.hall.db.db.clone(),
        ring.clock.clone(),
        ring.senders.clone(),
    );
    let slow = tokio::spawn(async move { calling::step(&db, &clock, &senders).await });
    ring.gateway.came().await;
    ring.later(40);
    let (db, clock, senders) = (
        ring.night.hall.db.db.clone(),
        ring.clock.clone(),
        ring.senders.clone(),
    );
    let other = tokio::spawn(async move { calling::step(&db, &clock, &senders).await });
    ring.gateway.came().await;
    ring.gateway.lets_go();
    slow.await.unwrap().unwrap();
    other.await.unwrap().unwrap();
    let call = ring.text(id).await;
    // What the second was told stands, whoever came home first.
    let refused = Standing::Failed(Failure::Refused);
    assert_eq!((call.state, call.attempts), (refused, 2));
    let told = ring.night.hall.record("calling.called").await;
    let of_call = told
        .iter()
        .filter(|entry| format!("{entry:?}").contains(&call.id.to_string()));
    assert_eq!(of_call.count(), 1);
});

on_both!(two_replicas_never_make_the_same_call, |ring: Ring| {
    // Connections of its own, as another process has them.
    let other = Db::connect(&ring.night.hall.db.url).await.unwrap();
    let other = other.unsealed(key_file().as_ref()).await.unwrap();
    let mut calls = 0;
    for _ in 0..10 {
        for who in [
            Who::PrChief,
            Who::PrDeputy,
            Who::PrStaff,
            Who::OwnChief,
            Who::Duty,
        ] {
            let tx = ring.night.hall.db.db.begin().await.unwrap();
            calling::test(&tx, ring.now(), ring.person(who), true)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            calls += 2;
        }
        let replicas = [
            &ring.night.hall.db.db,
            &other,
            &ring.night.hall.db.db,
            &other,
        ];
        let steps = replicas.map(|db| calling::step(db, &ring.clock, &ring.senders));
        for step in join_all(steps).await {
            step.unwrap();
        }
        ring.later(60);
    }
    let requests = ring.gateway.requests();
    assert_eq!(requests.len(), calls);
    assert_eq!(distinct(&requests), calls);
    assert_eq!(ring.mail.letters().len(), calls / 2);
});

on_both!(
    an_answer_and_a_call_at_once_leave_nothing_half_done,
    |ring: Ring| {
        for _ in 0..10 {
            let id = ring.calls_out(Side::Concurs).await;
            ring.steps().await;
            let link = ring.link();
            ring.later(60);
            let (answered, _) = tokio::join!(ring.answers(&link), ring.steps());
            answered.unwrap();
            let calling = ring.calling(id).await;
            assert!(calling.answered().is_some());
            assert!(calling.calls.iter().all(|call| call.state.is_over()));
            ring.gateway.requests();
            ring.later(600);
            assert_eq!(ring.steps().await, 0);
            assert_eq!(ring.gateway.requests().len(), 0);
        }
    }
);
