//! What time, death and people in charge do to a dispatch.

use std::time::Duration;

use chrono::TimeDelta;
use entity::envelope;
use kairan::audit::Actor;
use kairan::commands::delivery::Delivery as Command;
use kairan::commands::{DONE, FAILED};
use kairan::db::Db;
use kairan::delivery::{self, HoldReason, Mark, NewDispatch, NotLifted, Sender, State, StopReason};
use kairan::ids::PersonId;
use line_simulator::{Effect, Fault};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tokio_util::sync::CancellationToken;

use super::post::{MULTICAST, Post};
use super::{cut, notice, open};
use crate::on_both;
use crate::support::Begin;
use crate::support::database::{Engine, key_file};
use crate::support::town::tuesday;

on_both!(what_is_too_late_is_not_sent, |post: Post| {
    let people = post.people(2).await;
    let soon = NewDispatch {
        valid_until: tuesday() + TimeDelta::minutes(10),
        ..notice("1")
    };
    let dispatch = post.send(soon, &people[..1]).await;
    post.fault(Effect::RateLimited, 1);
    post.sender.step().await.unwrap();
    post.later(TimeDelta::minutes(10));
    post.work().await;
    assert_eq!(post.states().await, ["late"], "LINE took nothing of it");
    assert_eq!(post.calls().len(), 1);
    assert_eq!(post.progress(dispatch).await.people.late, 1);
    assert_eq!(post.progress(dispatch).await.state, State::Ended);
});

on_both!(
    what_may_have_been_taken_is_unknown_when_its_time_is_over,
    |post: Post| {
        let people = post.people(1).await;
        let soon = NewDispatch {
            valid_until: tuesday() + TimeDelta::minutes(10),
            ..notice("1")
        };
        post.send(soon, &people).await;
        post.fault(Effect::ServerError, 1);
        post.sender.step().await.unwrap();
        post.later(TimeDelta::minutes(10));
        post.work().await;
        assert_eq!(post.states().await, ["unknown"]);
        assert_eq!(post.calls().len(), 1);
    }
);

on_both!(a_retry_key_is_not_trusted_after_23_hours, |post: Post| {
    let people = post.people(2).await;
    let long = |id| NewDispatch {
        valid_until: tuesday() + TimeDelta::days(9),
        ..notice(id)
    };
    post.send(long("1"), &people[..1]).await;
    post.fault(Effect::LostAnswer, 1);
    post.sender.step().await.unwrap();
    post.send(long("2"), &people[1..]).await;
    post.fault(Effect::ServerError, 1);
    post.sender.step().await.unwrap();
    // An answer within the day settles it.
    post.later(TimeDelta::hours(23) - TimeDelta::seconds(1));
    post.fault(Effect::Reset, 1);
    post.sender.step().await.unwrap();
    let mut states = post.states().await;
    states.sort();
    assert_eq!(states, ["accepted", "waiting"]);
    // After it, LINE could take the same call for a new one.
    post.later(TimeDelta::hours(2));
    post.work().await;
    let mut states = post.states().await;
    states.sort();
    assert_eq!(states, ["accepted", "unknown"]);
    post.told(&people[..1], 1);
    assert_eq!(post.calls().len(), 4);
});

on_both!(nothing_begins_after_a_stop, |post: Post| {
    let people = post.people(40).await;
    let dispatch = open(&post.db, tuesday(), notice("1")).await;
    let mut lent = delivery::cutting(&post.db, tuesday(), "test")
        .await
        .unwrap()
        .unwrap();
    for (id, _) in &people {
        lent = cut(&post.db, tuesday(), &lent, &[*id], false)
            .await
            .unwrap();
    }
    cut(&post.db, tuesday(), &lent, &[], true).await.unwrap();
    let began = post.sender.step().await.unwrap();
    assert!(began < 40);
    let tx = post.db.begin().await.unwrap();
    assert!(
        delivery::stop(&tx, tuesday(), dispatch, Actor::Operator)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    for _ in 0..3 {
        post.later(TimeDelta::seconds(10));
        assert_eq!(post.sender.step().await.unwrap(), 0);
    }
    assert_eq!(post.calls().len(), began);
    assert_eq!(
        post.progress(dispatch).await.state,
        State::Stopped(StopReason::Asked)
    );
    let tx = post.db.begin().await.unwrap();
    assert!(
        delivery::resume(&tx, tuesday(), dispatch, Actor::Operator)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    post.work().await;
    post.told(&people, 1);
});

on_both!(
    a_sender_that_was_thought_dead_changes_nothing,
    |post: Post| {
        let people = post.people(500).await;
        post.send(notice("1"), &people).await;
        post.fault(Effect::LatencyMs(2_000), 1);
        post.fault(Effect::ServerError, 1);
        let slow = tokio::spawn({
            let sender = post.sender.clone();
            async move { sender.step().await.unwrap() }
        });
        // Until its call is on LINE's side.
        let faults = format!("{}/_sim/faults", post.line.api_base());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        loop {
            let left = client
                .get(&faults)
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap();
            if left == "[]" {
                break;
            }
        }
        assert_eq!(post.sender.step().await.unwrap(), 0, "it is still lent");
        post.later(TimeDelta::seconds(31));
        assert_eq!(post.sender.step().await.unwrap(), 1);
        assert_eq!(post.states().await, ["accepted"]);
        assert_eq!(slow.await.unwrap(), 1, "it comes back with a failure");
        assert_eq!(post.states().await, ["accepted"]);
        assert_eq!(post.envelopes().await[0].fence, 2);
        post.told(&people, 1);
        post.books_agree().await;
    }
);

on_both!(
    a_restored_database_sends_nothing_until_somebody_lifts_the_hold,
    |post: Post| {
        let people = post.people(2).await;
        post.send(notice("1"), &people[..1]).await;
        post.work().await;
        post.send(notice("2"), &people[1..]).await;
        let restore = "UPDATE delivery_gate SET turn = turn - 1";
        post.db.conn().execute_unprepared(restore).await.unwrap();
        for _ in 0..3 {
            assert_eq!(post.sender.step().await.unwrap(), 0);
            post.later(TimeDelta::minutes(1));
        }
        post.told(&people[1..], 0);
        let hold = delivery::hold(&post.db).await.unwrap().unwrap();
        assert_eq!((hold.reason, hold.since), (HoldReason::Restored, tuesday()));
        let chief = PersonId::new(tuesday());
        let lift = async || {
            let tx = post.db.begin().await.unwrap();
            let lifted = delivery::lift(&tx, post.clock.now(), chief).await;
            tx.commit().await.unwrap();
            lifted
        };
        let ask = async || {
            let tx = post.db.begin().await.unwrap();
            let asked = delivery::ask_to_lift(&tx, post.clock.now()).await;
            tx.commit().await.unwrap();
            asked.unwrap()
        };
        // One alone lifts nothing, nor long after the other asked.
        assert!(matches!(lift().await, Err(NotLifted::NotAsked)));
        assert!(ask().await);
        post.later(TimeDelta::hours(24));
        assert!(matches!(lift().await, Err(NotLifted::NotAsked)));
        post.send(
            NewDispatch {
                valid_until: post.clock.now() + TimeDelta::days(1),
                ..notice("3")
            },
            &people[1..],
        )
        .await;
        assert!(ask().await);
        lift().await.unwrap();
        assert!(matches!(lift().await, Err(NotLifted::NotHeld)));
        assert!(!ask().await);
        post.work().await;
        post.told(&people, 1);
        let acts = kairan::audit::search(&post.db, &kairan::audit::Query::default())
            .await
            .unwrap();
        let acts: Vec<String> = acts.entries.into_iter().map(|entry| entry.act).collect();
        let asked = "delivery.lift_asked";
        assert_eq!(
            acts,
            ["delivery.hold_lifted", asked, asked, "delivery.held"]
        );
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_from_before_a_send_does_not_send_again() {
    let post = Post::begin(Engine::Sqlite).await;
    let people = post.people(700).await;
    post.sender.step().await.unwrap();
    post.send(notice("1"), &people).await;
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.db").display().to_string();
    let take = format!("VACUUM INTO '{backup}'");
    post.db.conn().execute_unprepared(&take).await.unwrap();
    post.work().await;
    // A day later LINE would no longer know the keys.
    post.later(TimeDelta::hours(23));
    let restored = Db::connect(&format!("sqlite://{backup}")).await.unwrap();
    let restored = restored.unsealed(key_file().as_ref()).await.unwrap();
    for _ in 0..3 {
        let sender = Sender {
            db: restored.clone(),
            ..post.sender.clone()
        };
        assert_eq!(sender.step().await.unwrap(), 0);
    }
    post.told(&people, 1);
    assert_eq!(post.calls().len(), 2);
    let hold = delivery::hold(&restored).await.unwrap().unwrap();
    assert_eq!(hold.reason, HoldReason::Restored);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_with_everything_in_hand_is_known_to_be_old_too() {
    let post = Post::begin(Engine::Sqlite).await;
    let people = post.people(700).await;
    post.send(notice("1"), &people).await;
    // LINE takes its time, so that the backup falls between its being called and its answer being recorded.
    let slow = Fault::with_probability(1.0, Effect::LatencyMs(1_500));
    post.line.inject(slow.on("POST", MULTICAST));
    let stop = CancellationToken::new();
    let working = tokio::spawn(post.sender.clone().run(stop.clone()));
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    while post.states().await != ["lent", "lent"] {
        looks.tick().await;
    }
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("backup.db").display().to_string();
    let take = format!("VACUUM INTO '{backup}'");
    post.db.conn().execute_unprepared(&take).await.unwrap();
    while post.states().await != ["accepted", "accepted"] {
        looks.tick().await;
    }
    stop.cancel();
    working.await.unwrap();

    let restored = Db::connect(&format!("sqlite://{backup}")).await.unwrap();
    let restored = restored.unsealed(key_file().as_ref()).await.unwrap();
    let in_hand = envelope::Entity::find().filter(envelope::Column::State.eq("lent"));
    assert_eq!(in_hand.count(restored.conn()).await.unwrap(), 2);
    // Nobody's lease stands in the way any more, only the hold.
    post.later(TimeDelta::hours(1));
    let sender = Sender {
        db: restored.clone(),
        ..post.sender.clone()
    };
    assert_eq!(sender.step().await.unwrap(), 0);
    let hold = delivery::hold(&restored).await.unwrap().unwrap();
    assert_eq!(hold.reason, HoldReason::Restored);
    assert_eq!(post.calls().len(), 2);
}

on_both!(a_database_moved_without_its_mark_is_held, |post: Post| {
    let people = post.people(2).await;
    post.send(notice("1"), &people[..1]).await;
    post.work().await;
    post.send(notice("2"), &people[1..]).await;
    let elsewhere = tempfile::tempdir().unwrap();
    post.sender.mark = Mark::beside(&elsewhere.path().join("kairan.key"));
    post.sender.step().await.unwrap();
    let hold = delivery::hold(&post.db).await.unwrap().unwrap();
    assert_eq!(hold.reason, HoldReason::Restored);
    post.told(&people[1..], 0);
});

on_both!(
    nothing_is_sent_that_could_not_be_remembered,
    |post: Post| {
        let people = post.people(1).await;
        post.send(notice("1"), &people).await;
        let mut sender = post.sender.clone();
        sender.mark = Mark::beside(std::path::Path::new("/nowhere/kairan.key"));
        assert_eq!(sender.step().await.unwrap(), 0);
        assert!(post.calls().is_empty());
        assert_eq!(post.states().await, ["waiting"], "nothing is in doubt");
        post.work().await;
        assert_eq!(post.states().await, ["accepted"]);
    }
);

on_both!(
    everything_is_held_when_line_no_longer_knows_us,
    |post: Post| {
        use kairan::line::client::{ApiBase, Client, Config, Credentials};
        let people = post.people(2).await;
        let known = post.sender.line.clone();
        let base: ApiBase = post.line.api_base().parse().unwrap();
        let stranger = Config {
            api_base: base.clone(),
            data_base: base,
            ..Config::new(Credentials::LongLived("wrong".to_owned().into()))
        };
        post.sender.line = std::sync::Arc::new(Client::new(stranger).unwrap());
        post.send(notice("1"), &people).await;
        post.sender.step().await.unwrap();
        let hold = delivery::hold(&post.db).await.unwrap().unwrap();
        assert_eq!(hold.reason, HoldReason::Unauthorised);
        post.sender.line = known;
        post.later(TimeDelta::minutes(1));
        assert_eq!(post.sender.step().await.unwrap(), 0);
        assert_eq!(says(&post, &Command::Status).await.0, FAILED);
        let (code, said) = says(&post, &Command::Lift).await;
        assert_eq!(code, DONE);
        assert!(said.contains("asked; it is lifted when"), "{said}");
        assert_eq!(says(&post, &Command::Status).await.0, FAILED, "not alone");
        let tx = post.db.begin().await.unwrap();
        let (now, chief) = (post.clock.now(), PersonId::new(tuesday()));
        delivery::lift(&tx, now, chief).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            says(&post, &Command::Status).await,
            (DONE, "nothing is held\n".into())
        );
        post.work().await;
        post.told(&people, 1);
    }
);

on_both!(what_was_not_cut_in_time_comes_to_an_end, |post: Post| {
    let dispatch = open(&post.db, post.clock.now(), notice("1")).await;
    post.sender.step().await.unwrap();
    assert_eq!(post.progress(dispatch).await.state, State::Cutting);
    post.later(TimeDelta::hours(25));
    post.sender.step().await.unwrap();
    assert_eq!(post.progress(dispatch).await.state, State::Ended);
    let cut = delivery::cutting(&post.db, post.clock.now(), "test").await;
    assert_eq!(cut.unwrap(), None);
});

/// What `kairan delivery …` answers.
async fn says(post: &Post, command: &Command) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let now = post.clock.now();
    let code = kairan::commands::delivery::run(&post.db, command, now, &mut out, &mut err);
    let code = code.await.unwrap();
    out.extend(err);
    (code, String::from_utf8(out).unwrap())
}

on_both!(
    a_running_sender_begins_at_once_and_ends_what_it_began,
    |post: Post| {
        let people = post.people(600).await;
        let stop = tokio_util::sync::CancellationToken::new();
        let running = tokio::spawn(post.sender.clone().run(stop.clone()));
        post.fault(Effect::LatencyMs(300), 2);
        let begun = std::time::Instant::now();
        post.send(notice("1"), &people).await;
        post.sender.wake.notify_one();
        loop {
            let lent = post
                .states()
                .await
                .iter()
                .filter(|state| *state == "lent")
                .count();
            if lent == 2 {
                break;
            }
        }
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
        stop.cancel();
        running.await.unwrap();
        assert_eq!(post.states().await, ["accepted", "accepted"]);
        assert!(post.calls().iter().all(|call| call.path == MULTICAST));
        post.told(&people, 1);
    }
);

on_both!(whom_a_message_was_for_is_forgotten_in_time, |post: Post| {
    let people = post.people(600).await;
    post.send(notice("1"), &people).await;
    post.work().await;
    let then = post.clock.now() + TimeDelta::days(92);
    let known = async |expected: usize| {
        let envelopes = post.envelopes().await;
        let known = envelopes.iter().filter(|e| e.recipients.is_some());
        assert_eq!((known.count(), envelopes.len()), (expected, 2));
    };
    let early = delivery::forget(&post.db, then - TimeDelta::seconds(2), 92).await;
    assert_eq!(early.unwrap(), 0);
    known(2).await;
    assert_eq!(delivery::forget(&post.db, then, 92).await.unwrap(), 2);
    known(0).await;
});
