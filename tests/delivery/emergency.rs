//! A crisis comes first: before everything that waits, while LINE refuses it, and until it is stopped.

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::delivery::{self, NewDispatch, State, StopReason, Tally};
use kairan::ids::DispatchId;
use line_simulator::{ApiCall, Effect, Fault};
use tokio_util::sync::CancellationToken;

use super::everybody::{BROADCAST, crisis};
use super::post::{MULTICAST, Post};
use super::{cut, notice, open};
use crate::on_both;

/// Envelopes of a large dispatch; each names one person, since only their number matters.
const MANY: usize = 200;
/// Calls that may be taken on in a turn.
const TURN: usize = 32;

impl Post {
    /// Opens a dispatch of an envelope a person.
    async fn sends_singly(&self, new: NewDispatch, people: &[(i64, String)]) -> DispatchId {
        let now = self.clock.now();
        let dispatch = open(&self.db, now, new).await;
        let lent = delivery::cutting(&self.db, now, "test").await.unwrap();
        let mut lent = lent.unwrap();
        for (id, _) in people {
            lent = cut(&self.db, now, &lent, &[*id], false).await.unwrap();
        }
        cut(&self.db, now, &lent, &[], true).await.unwrap();
        dispatch
    }

    /// LINE has had enough of multicasts, for as long as it takes.
    fn storm(&self) {
        let storm = Fault::with_probability(1.0, Effect::RateLimited);
        self.line.inject(storm.on("POST", MULTICAST));
    }

    /// It has ended, and LINE took all of it.
    async fn is_complete(&self, dispatch: DispatchId, people: usize) {
        let progress = self.progress(dispatch).await;
        let all = Tally {
            accepted: people as u64,
            ..Tally::default()
        };
        assert_eq!((progress.state, progress.people), (State::Ended, all));
    }

    async fn stops(&self, dispatch: DispatchId) {
        let tx = self.db.begin().await.unwrap();
        let stopped = delivery::stop(&tx, self.clock.now(), dispatch, Actor::Operator).await;
        assert!(stopped.unwrap());
        tx.commit().await.unwrap();
    }
}

on_both!(
    the_whole_town_is_told_in_the_next_turn_even_in_a_storm,
    |post: Post| {
        let people = post.people(MANY).await;
        let bulk = post.sends_singly(notice("bulk"), &people).await;
        post.storm();
        for _ in 0..3 {
            post.sender.step().await.unwrap();
            post.later(TimeDelta::milliseconds(250));
        }
        // LINE has just said so again, and everybody calls later.
        assert!(post.sender.step().await.unwrap() > 0);
        assert_eq!(post.sender.step().await.unwrap(), 0);
        let before = post.line.requests().len();
        post.opens_to_everybody(crisis("crisis"), MANY as u64).await;
        assert_eq!(post.sender.step().await.unwrap(), 1, "in the same instant");
        let calls = post.line.requests().split_off(before);
        assert!(
            calls
                .iter()
                .any(|call| call.path == BROADCAST && call.status == 200)
        );
        assert!(calls.iter().all(|call| call.path != MULTICAST));
        post.told(&people, 1);
        // The others go on by themselves, to their end.
        post.line.clear_faults();
        post.work().await;
        post.told(&people, 2);
        post.is_complete(bulk, MANY).await;
    }
);

on_both!(
    areas_come_before_all_that_waits_even_in_a_storm,
    |post: Post| {
        let people = post.people(MANY).await;
        let (others, theirs) = people.split_at(MANY - 20);
        let bulk = post.sends_singly(notice("bulk"), others).await;
        post.storm();
        for _ in 0..3 {
            post.sender.step().await.unwrap();
            post.later(TimeDelta::milliseconds(250));
        }
        post.sender.step().await.unwrap();
        let crisis = post.sends_singly(crisis("crisis"), theirs).await;
        let before = post.calls().len();
        // The others pause, since LINE has just refused them; these are called in the same instant.
        let called = post.sender.step().await.unwrap();
        let first = post.calls().split_off(before);
        let to = |call: &ApiCall| call.json()["to"][0].as_str().unwrap().to_owned();
        let is_theirs = |call: &ApiCall| theirs.iter().any(|(_, user)| *user == to(call));
        let of_crisis = first.iter().filter(|call| is_theirs(call)).count();
        assert_eq!((first.len(), of_crisis, called), (20, 20, 20));
        // And so it is with every attempt: when the storm is over, they hear before the others do.
        post.line.clear_faults();
        post.later(TimeDelta::seconds(1));
        post.sender.step().await.unwrap();
        post.told(theirs, 1);
        assert_eq!(post.progress(crisis).await.people.accepted, 20);
        let heard = post
            .line
            .inbox_sizes()
            .iter()
            .filter(|(_, n)| *n > 0)
            .count();
        assert!(heard <= TURN + 1, "{heard}");
        post.work().await;
        post.told(&people, 1);
        post.is_complete(bulk, others.len()).await;
        post.books_agree().await;
    }
);

on_both!(nothing_of_a_crisis_begins_after_its_stop, |post: Post| {
    let people = post.people(2 * TURN).await;
    post.sends_singly(notice("bulk"), &people).await;
    post.storm();
    post.broadcast_fault(Effect::RateLimited, 1);
    let town = post.opens_to_everybody(crisis("town"), MANY as u64).await;
    let areas = post.sends_singly(crisis("areas"), &people).await;
    post.sender.step().await.unwrap();
    post.line.clear_faults();
    for dispatch in [town, areas] {
        post.stops(dispatch).await;
    }
    for _ in 0..30 {
        post.later(TimeDelta::seconds(10));
        post.sender.step().await.unwrap();
    }
    // The others went on; each person heard theirs, and of the crisis nothing.
    post.told(&people, 1);
    for dispatch in [town, areas] {
        let progress = post.progress(dispatch).await;
        assert_eq!(progress.state, State::Stopped(StopReason::Asked));
        assert_eq!(progress.people.accepted, 0);
    }
    assert_eq!(post.broadcasts().len(), 1, "the one before the stop");
});

on_both!(
    what_waits_for_its_moment_is_not_called_after_a_stop,
    |post: Post| {
        let people = post.people(2 * TURN).await;
        let areas = post.sends_singly(crisis("areas"), &people).await;
        // All of it is taken on at once, and called over the third of a second that follows.
        let told_to_stop = CancellationToken::new();
        let sending = tokio::spawn(post.sender.clone().run(told_to_stop.clone()));
        while post.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        post.stops(areas).await;
        let called = post.calls().len();
        told_to_stop.cancel();
        sending.await.unwrap();
        let after = post.calls().len() - called;
        assert!(after <= TURN / 2, "{after} calls began after the stop");
        let stopped = post.progress(areas).await;
        assert_eq!(stopped.state, State::Stopped(StopReason::Asked));
        assert_eq!(stopped.people.accepted, post.calls().len() as u64);
        // Let go on, nobody is told twice, and nobody is forgotten.
        let tx = post.db.begin().await.unwrap();
        let resumed = delivery::resume(&tx, post.clock.now(), areas, Actor::Operator).await;
        assert!(resumed.unwrap());
        tx.commit().await.unwrap();
        post.later(TimeDelta::seconds(1));
        post.work().await;
        post.told(&people, 1);
        post.is_complete(areas, people.len()).await;
        post.books_agree().await;
    }
);
