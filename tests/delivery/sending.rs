//! From envelopes to phones, whatever LINE answers.

use chrono::TimeDelta;
use kairan::delivery::{Lane, NewDispatch, State, StopReason, Tally};
use kairan::line::UserId;
use kairan::line::client::{Notification, Unit};
use kairan::resident;
use line_simulator::{Effect, Fault, Quota};

use super::post::{MULTICAST, Post};
use super::{cut, notice, open};
use crate::on_both;
use crate::support::town::tuesday;

on_both!(everybody_hears_once_whatever_line_answers, |post: Post| {
    let people = post.people(3_000).await;
    for effect in [
        Effect::Reset,
        Effect::LostAnswer,
        Effect::RateLimited,
        Effect::ServerError,
    ] {
        post.line
            .inject(Fault::with_probability(0.1, effect).on("POST", MULTICAST));
    }
    let mut dispatches = Vec::new();
    for number in 0..5 {
        dispatches.push(post.send(notice(&number.to_string()), &people).await);
    }
    post.work().await;
    let faults = post
        .calls()
        .iter()
        .filter(|call| call.status != 200)
        .count();
    assert!(faults > 0, "nothing went wrong");
    post.told(&people, 5);
    post.books_agree().await;
    post.sender.step().await.unwrap();
    for dispatch in dispatches {
        let progress = post.progress(dispatch).await;
        assert_eq!(progress.state, State::Ended);
        let accepted = |accepted| Tally {
            accepted,
            ..Tally::default()
        };
        assert_eq!(
            (progress.people, progress.envelopes),
            (accepted(3_000), accepted(6))
        );
        assert_eq!(progress.first_call_at, Some(tuesday()));
    }
});

on_both!(a_call_says_what_was_opened, |post: Post| {
    let people = post.people(3).await;
    let new = NewDispatch {
        notification: Notification::Off,
        unit: Some(Unit::parse("notice_1").unwrap()),
        ..notice("1")
    };
    post.send(new, &people).await;
    post.work().await;
    let calls = post.calls();
    let [call] = calls.as_slice() else {
        panic!("{calls:?}")
    };
    let users: Vec<&str> = people.iter().map(|(_, user)| user.as_str()).collect();
    assert_eq!(
        call.json(),
        serde_json::json!({
            "to": users, "messages": [{"type": "text", "text": "休館日のお知らせ"}],
            "notificationDisabled": true, "customAggregationUnits": ["notice_1"],
        })
    );
});

on_both!(a_repeated_call_is_the_same_call, |post: Post| {
    let people = post.people(700).await;
    post.send(notice("1"), &people).await;
    post.fault(Effect::LostAnswer, 1);
    post.fault(Effect::ServerError, 3);
    post.work().await;
    let calls = post.calls();
    for envelope in post.envelopes().await {
        let key = envelope.retry_key.to_string();
        let mut same = calls
            .iter()
            .filter(|call| call.retry_key.as_ref() == Some(&key));
        let first = same.next().unwrap();
        assert!(same.all(|call| call.body == first.body));
    }
    assert_eq!(calls.iter().filter(|call| call.status == 409).count(), 1);
    post.told(&people, 1);
    post.books_agree().await;
});

on_both!(two_senders_share_and_nobody_hears_twice, |post: Post| {
    let people = post.people(3_000).await;
    let dispatch = post.send(notice("1"), &people).await;
    post.fault(Effect::LostAnswer, 2);
    let other = post.sender.clone();
    for _ in 0..30 {
        let (ours, theirs) = tokio::join!(post.sender.step(), other.step());
        ours.unwrap();
        theirs.unwrap();
        post.later(TimeDelta::seconds(1));
    }
    assert_eq!(post.progress(dispatch).await.state, State::Ended);
    post.told(&people, 1);
    post.books_agree().await;
});

on_both!(
    who_blocked_or_left_since_the_cut_is_left_out,
    |post: Post| {
        let people = post.people(6).await;
        let dispatch = post.send(notice("1"), &people).await;
        let user = |at: usize| UserId::parse(&people[at].1).unwrap();
        erase(&post, &user(1)).await;
        let tx = post.db.begin().await.unwrap();
        let at = tuesday().timestamp_millis();
        resident::unfollow(&tx, tuesday(), &user(3), at)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // Both stay out when the call is repeated, even if one has come back.
        post.fault(Effect::ServerError, 1);
        post.sender.step().await.unwrap();
        let tx = post.db.begin().await.unwrap();
        resident::follow(&tx, tuesday(), &user(3), at + 1)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        post.work().await;
        let calls = post.calls();
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0].body, calls[1].body);
        for at in [0, 2, 4, 5] {
            post.told(&people[at..=at], 1);
        }
        for at in [1, 3] {
            post.told(&people[at..=at], 0);
        }
        let progress = post.progress(dispatch).await;
        assert_eq!((progress.people.accepted, progress.left_out), (4, 2));
    }
);

async fn erase(post: &Post, user: &UserId) {
    let resident = resident::find(&post.db, user).await.unwrap().unwrap();
    let tx = post.db.begin().await.unwrap();
    resident::erase(&tx, &resident).await.unwrap();
    tx.commit().await.unwrap();
}

on_both!(
    an_envelope_whose_people_all_left_ends_without_a_call,
    |post: Post| {
        let people = post.people(2).await;
        let dispatch = post.send(notice("1"), &people).await;
        for (_, user) in &people {
            erase(&post, &UserId::parse(user).unwrap()).await;
        }
        post.work().await;
        assert_eq!(post.states().await, ["empty"]);
        assert!(post.calls().is_empty());
        let progress = post.progress(dispatch).await;
        assert_eq!((progress.people, progress.left_out), (Tally::default(), 2));
    }
);

on_both!(
    somebody_erased_between_two_attempts_never_makes_a_different_call,
    |post: Post| {
        let people = post.people(4).await;
        // LINE surely took nothing: the others travel on under a new key.
        post.send(notice("1"), &people[..2]).await;
        post.fault(Effect::RateLimited, 1);
        post.sender.step().await.unwrap();
        erase(&post, &UserId::parse(&people[0].1).unwrap()).await;
        post.work().await;
        post.told(&people[1..2], 1);
        let envelopes = post.envelopes().await;
        assert_eq!(post.states().await, ["split", "accepted"]);
        assert_ne!(envelopes[0].retry_key, envelopes[1].retry_key);
        // LINE may have taken it: nobody is told again, and a person is asked.
        let dispatch = post.send(notice("2"), &people[2..]).await;
        post.fault(Effect::LostAnswer, 1);
        post.sender.step().await.unwrap();
        erase(&post, &UserId::parse(&people[2].1).unwrap()).await;
        post.work().await;
        assert_eq!(post.progress(dispatch).await.people.unknown, 2);
        post.told(&people[3..], 1);
    }
);

on_both!(
    one_whom_line_refuses_keeps_nobody_else_from_hearing,
    |post: Post| {
        let bot = line_simulator::Options::default().bot_user_id;
        resident::meet(&post.db, tuesday(), &[UserId::parse(&bot).unwrap()])
            .await
            .unwrap();
        let people = post.people(700).await;
        assert_eq!(people[0].1, bot);
        let dispatch = post.send(notice("1"), &people).await;
        post.work().await;
        post.told(&people[1..], 1);
        let progress = post.progress(dispatch).await;
        let expected = Tally {
            accepted: 700,
            refused: 1,
            ..Tally::default()
        };
        assert_eq!(progress.people, expected);
        assert_eq!(
            post.states().await,
            ["split", "accepted", "accepted", "refused"]
        );
        post.books_agree().await;
    }
);

/// More envelopes of one person than may go out at once.
const WAITING: usize = 90;

on_both!(each_lane_overtakes_the_next, |post: Post| {
    let lanes = [
        Lane::Emergency,
        Lane::Interactive,
        Lane::Scheduled,
        Lane::Bulk,
    ];
    let people = post.people(3 * (WAITING + 1)).await;
    for (lanes, people) in lanes.windows(2).zip(people.chunks(WAITING + 1)) {
        let of = |lane| NewDispatch {
            lane,
            ..notice(&format!("{lane:?} of {lanes:?}"))
        };
        let (first, waiting) = people.split_first().unwrap();
        let now = post.clock.now();
        open(&post.db, now, of(lanes[1])).await;
        let lent = kairan::delivery::cutting(&post.db, now, "test").await;
        let mut lent = lent.unwrap().unwrap();
        for (id, _) in waiting {
            lent = cut(&post.db, now, &lent, &[*id], false).await.unwrap();
        }
        cut(&post.db, now, &lent, &[], true).await.unwrap();
        let began = post.sender.step().await.unwrap();
        assert!(
            (1..40).contains(&began),
            "no more than the pace allows: {began}"
        );
        post.send(of(lanes[0]), std::slice::from_ref(first)).await;
        post.later(TimeDelta::milliseconds(100));
        post.sender.step().await.unwrap();
        post.told(std::slice::from_ref(first), 1);
        let waiting_still = post.states().await.iter().any(|state| state == "waiting");
        assert!(waiting_still, "{lanes:?}: nobody was overtaken");
        post.work().await;
        post.told(people, 1);
    }
});

on_both!(the_month_is_asked_before_anybody_hears, |post: Post| {
    let people = post.people(1_000).await;
    post.line.set_quota(Quota::Limited(1_000));
    let dispatch = post.send(notice("1"), &people[..950]).await;
    post.sender.step().await.unwrap();
    assert!(post.calls().is_empty(), "a tenth is kept for emergencies");
    assert_eq!(
        post.progress(dispatch).await.state,
        State::Stopped(StopReason::Quota)
    );
    post.send(notice("2"), &people[..10]).await;
    let emergency = NewDispatch {
        lane: Lane::Emergency,
        ..notice("3")
    };
    post.send(emergency, &people[10..960]).await;
    post.sender.step().await.unwrap();
    post.told(&people[..960], 1);
    post.told(&people[960..], 0);
});

on_both!(
    what_line_says_of_the_month_stops_one_dispatch,
    |post: Post| {
        let people = post.people(2).await;
        let first = post.send(notice("1"), &people[..1]).await;
        post.fault(Effect::QuotaReached, 1);
        post.sender.step().await.unwrap();
        assert_eq!(
            post.progress(first).await.state,
            State::Stopped(StopReason::Quota)
        );
        let second = post.send(notice("2"), &people[1..]).await;
        post.sender.step().await.unwrap();
        post.sender.step().await.unwrap();
        assert_eq!(post.progress(second).await.state, State::Ended);
        post.told(&people[..1], 0);
        assert_eq!(post.progress(first).await.people.waiting, 1);
    }
);

on_both!(
    a_month_that_just_suffices_is_used_to_its_end,
    |post: Post| {
        let people = post.people(900).await;
        post.line.set_quota(Quota::Limited(1_000));
        post.fault(Effect::RateLimited, 2);
        post.fault(Effect::LostAnswer, 1);
        let dispatch = open(&post.db, tuesday(), notice("1")).await;
        let mut lent = kairan::delivery::cutting(&post.db, tuesday(), "test")
            .await
            .unwrap()
            .unwrap();
        for page in people.chunks(20) {
            let page: Vec<i64> = page.iter().map(|(id, _)| *id).collect();
            lent = cut(&post.db, tuesday(), &lent, &page, false).await.unwrap();
        }
        cut(&post.db, tuesday(), &lent, &[], true).await.unwrap();
        // One sender, which subtracts what it sends from what it was told at first.
        let stop = tokio_util::sync::CancellationToken::new();
        let running = tokio::spawn(post.sender.clone().run(stop.clone()));
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(20));
        while post.progress(dispatch).await.state == State::Sending {
            looks.tick().await;
            post.later(TimeDelta::milliseconds(500));
        }
        stop.cancel();
        running.await.unwrap();
        assert_eq!(post.progress(dispatch).await.state, State::Ended);
        post.told(&people, 1);
    }
);
