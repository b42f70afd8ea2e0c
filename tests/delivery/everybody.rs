//! One call to all friends of the account: taken once, whatever comes in between.

use chrono::{TimeDelta, Utc};
use kairan::audit::Actor;
use kairan::delivery::report::{Fate, Which, envelopes};
use kairan::delivery::{self, Lane, NewDispatch, NotOpened, State, StopReason, Tally};
use kairan::ids::DispatchId;
use kairan::line::client::{Notification, Unit};
use kairan::line::message::Messages;
use kairan::startup;
use line_simulator::{ApiCall, Effect, Fault, Options, Quota, Simulator};
use sea_orm::ConnectionTrait;

use super::post::{Post, books_agree, people};
use super::{notice, open, opened_by_anybody};
use crate::on_both;
use crate::support::database::{TestDb, key_file};
use crate::support::postgres;
use crate::support::program::{Server, free_port};
use crate::support::town::tuesday;

pub const BROADCAST: &str = "/v2/bot/message/broadcast";

pub fn crisis(id: &str) -> NewDispatch {
    NewDispatch {
        lane: Lane::Emergency,
        ..notice(id)
    }
}

impl Post {
    pub async fn opens_to_everybody(&self, new: NewDispatch, people: u64) -> DispatchId {
        let tx = self.db.begin().await.unwrap();
        let now = self.clock.now();
        let dispatch = delivery::open_to_everybody(&tx, now, new, people).await;
        tx.commit().await.unwrap();
        dispatch.unwrap()
    }

    pub fn broadcast_fault(&self, effect: Effect, times: u32) {
        self.line
            .inject(Fault::next(times, effect).on("POST", BROADCAST));
    }

    pub fn broadcasts(&self) -> Vec<ApiCall> {
        let calls = self.line.requests().into_iter();
        calls.filter(|call| call.path == BROADCAST).collect()
    }

    async fn was_to_everybody(&self, dispatch: DispatchId) -> bool {
        let tx = self.db.begin().await.unwrap();
        delivery::was_to_everybody(&tx, dispatch).await.unwrap()
    }

    async fn is_forgotten(&self, dispatch: DispatchId) -> bool {
        let tx = self.db.begin().await.unwrap();
        delivery::is_forgotten(&tx, dispatch).await.unwrap()
    }
}

fn of_people(count: u64) -> Tally {
    Tally {
        accepted: count,
        ..Tally::default()
    }
}

on_both!(everybody_hears_by_one_call, |post: Post| {
    let people = post.people(3).await;
    // A friend of whom we hold nothing.
    let stranger = post.line.add_crowd(1).remove(0);
    let new = NewDispatch {
        notification: Notification::Off,
        unit: Some(Unit::parse("notice_1").unwrap()),
        ..crisis("1")
    };
    let dispatch = post.opens_to_everybody(new, 3).await;
    let waiting = post.progress(dispatch).await;
    assert_eq!((waiting.state, waiting.audience), (State::Sending, 3));
    assert_eq!(waiting.people.waiting, 3);
    post.work().await;
    let calls = post.broadcasts();
    let [call] = calls.as_slice() else {
        panic!("{calls:?}")
    };
    // LINE takes no unit here.
    assert_eq!(
        call.json(),
        serde_json::json!({
            "messages": [{"type": "text", "text": "休館日のお知らせ"}], "notificationDisabled": true,
        })
    );
    post.told(&people, 1);
    assert_eq!(post.line.inbox(&stranger).len(), 1);
    post.sender.step().await.unwrap();
    let progress = post.progress(dispatch).await;
    assert_eq!((progress.state, progress.left_out), (State::Ended, 0));
    assert_eq!(
        (progress.people, progress.envelopes),
        (of_people(3), of_people(1))
    );
    let told = envelopes(&post.db, dispatch, Which::All, 1).await.unwrap();
    assert_eq!(
        (told.len(), told[0].people, told[0].fate),
        (1, 3, Fate::Accepted)
    );
    assert_eq!(told[0].request_id.as_ref(), Some(&call.request_id));
});

on_both!(
    everybody_hears_once_whatever_line_answers_to_a_broadcast,
    |post: Post| {
        let people = post.people(2).await;
        for (number, effect) in [
            Effect::Reset,
            Effect::LostAnswer,
            Effect::RateLimited,
            Effect::ServerError,
        ]
        .into_iter()
        .enumerate()
        {
            post.broadcast_fault(effect, 2);
            let dispatch = post
                .opens_to_everybody(crisis(&number.to_string()), 2)
                .await;
            let before = post.broadcasts().len();
            post.work().await;
            let calls = post.broadcasts().split_off(before);
            assert_eq!(calls.len(), 3, "{effect:?}");
            assert!(
                calls
                    .iter()
                    .all(|call| call.retry_key == calls[0].retry_key)
            );
            assert!(calls.iter().all(|call| call.body == calls[0].body));
            let again = effect == Effect::LostAnswer;
            assert_eq!(calls[2].status == 409, again, "{effect:?}");
            post.told(&people, number + 1);
            assert_eq!(post.progress(dispatch).await.people, of_people(2));
        }
        books_agree(post.broadcasts(), &post.envelopes().await);
    }
);

on_both!(what_line_refuses_is_refused_to_all, |post: Post| {
    let odd = Messages::from_json(r#"[{"type": "text", "text": ""}]"#).unwrap();
    let new = NewDispatch {
        messages: odd,
        ..crisis("1")
    };
    let dispatch = post.opens_to_everybody(new, 7).await;
    post.work().await;
    assert_eq!(post.states().await, ["refused"]);
    assert_eq!(post.broadcasts().len(), 1, "nobody can be left out of it");
    post.sender.step().await.unwrap();
    let progress = post.progress(dispatch).await;
    assert_eq!((progress.state, progress.people.refused), (State::Ended, 7));
});

on_both!(
    time_ends_a_broadcast_as_it_ends_other_calls,
    |post: Post| {
        let people = post.people(1).await;
        let long = |id| NewDispatch {
            valid_until: tuesday() + TimeDelta::days(9),
            ..crisis(id)
        };
        let doubtful = post.opens_to_everybody(long("1"), 1).await;
        post.broadcast_fault(Effect::LostAnswer, 1);
        post.sender.step().await.unwrap();
        let soon = NewDispatch {
            valid_until: tuesday() + TimeDelta::minutes(10),
            ..crisis("2")
        };
        let late = post.opens_to_everybody(soon, 1).await;
        post.later(TimeDelta::hours(23));
        post.work().await;
        assert_eq!(post.progress(doubtful).await.people.unknown, 1);
        assert_eq!(post.progress(late).await.people.late, 1);
        assert_eq!(post.broadcasts().len(), 1);
        post.told(&people, 1);
    }
);

on_both!(a_broadcast_can_be_stopped_until_it_begins, |post: Post| {
    let people = post.people(1).await;
    let dispatch = post.opens_to_everybody(crisis("1"), 1).await;
    let tx = post.db.begin().await.unwrap();
    let stopped = delivery::stop(&tx, tuesday(), dispatch, Actor::Operator).await;
    assert!(stopped.unwrap());
    tx.commit().await.unwrap();
    for _ in 0..3 {
        assert_eq!(post.sender.step().await.unwrap(), 0);
        post.later(TimeDelta::minutes(1));
    }
    assert_eq!(
        post.progress(dispatch).await.state,
        State::Stopped(StopReason::Asked)
    );
    let tx = post.db.begin().await.unwrap();
    let resumed = delivery::resume(&tx, tuesday(), dispatch, Actor::Operator).await;
    assert!(resumed.unwrap());
    tx.commit().await.unwrap();
    post.work().await;
    post.told(&people, 1);
});

on_both!(
    a_restored_database_tells_not_everybody_again,
    |post: Post| {
        let people = post.people(1).await;
        post.opens_to_everybody(crisis("1"), 1).await;
        post.work().await;
        post.opens_to_everybody(crisis("2"), 1).await;
        let restore = "UPDATE delivery_gate SET turn = turn - 1";
        post.db.conn().execute_unprepared(restore).await.unwrap();
        for _ in 0..3 {
            assert_eq!(post.sender.step().await.unwrap(), 0);
        }
        post.told(&people, 1);
    }
);

on_both!(the_month_counts_everybody, |post: Post| {
    let people = post.people(5).await;
    post.line.set_quota(Quota::Limited(1_000));
    let calm = post.opens_to_everybody(notice("1"), 950).await;
    post.sender.step().await.unwrap();
    assert_eq!(
        post.progress(calm).await.state,
        State::Stopped(StopReason::Quota),
        "a tenth is kept for emergencies"
    );
    post.opens_to_everybody(crisis("2"), 950).await;
    post.sender.step().await.unwrap();
    post.told(&people, 1);
});

on_both!(lines_limit_for_broadcasts_is_kept, |post: Post| {
    for number in 0..62 {
        post.opens_to_everybody(crisis(&number.to_string()), 1)
            .await;
    }
    assert_eq!(post.sender.step().await.unwrap(), 60);
    assert_eq!(post.sender.step().await.unwrap(), 0);
    post.later(TimeDelta::minutes(1));
    assert_eq!(post.sender.step().await.unwrap(), 1);
    // Others' calls do not wait for that.
    let people = post.people(1).await;
    post.send(notice("others"), &people).await;
    assert_eq!(post.sender.step().await.unwrap(), 1);
    post.work().await;
    let calls = post.broadcasts();
    assert_eq!(calls.len(), 62);
    assert!(calls.iter().all(|call| call.status == 200));
});

on_both!(whom_a_broadcast_reached_nobody_ever_knows, |post: Post| {
    let people = post.people(2).await;
    let all = post.opens_to_everybody(crisis("1"), 2).await;
    let some = post.send(notice("2"), &people).await;
    post.work().await;
    assert!(post.was_to_everybody(all).await && !post.was_to_everybody(some).await);
    let reached = async |dispatch| delivery::reached(&post.db, dispatch).await.unwrap().len();
    assert_eq!((reached(all).await, reached(some).await), (0, 2));
    let then = post.clock.now() + TimeDelta::days(92);
    delivery::forget(&post.db, then, 92).await.unwrap();
    assert!(!post.is_forgotten(all).await && post.is_forgotten(some).await);
    assert_eq!(post.progress(all).await.people, of_people(2));
});

on_both!(the_database_knows_two_kinds_of_envelopes, |db: TestDb| {
    opened_by_anybody(&db).await;
    let opened = async |people| {
        let tx = db.begin().await.unwrap();
        let opened = delivery::open_to_everybody(&tx, tuesday(), crisis("1"), people).await;
        tx.commit().await.unwrap();
        opened
    };
    assert!(matches!(opened(0).await, Err(NotOpened::Nobody)));
    opened(2_000_000).await.unwrap();
    assert!(matches!(opened(1).await, Err(NotOpened::Already { .. })));
    open(&db, tuesday(), notice("2")).await;
    let envelope = |to: &str, people: i32, recipients: &str| {
        format!(
            "INSERT INTO envelope (dispatch_id, lane, retry_key, recipients, people, state)
             SELECT id, lane, id, {recipients}, {people}, 'waiting' FROM dispatch WHERE source_id = '{to}'"
        )
    };
    let [all, one] = match db.engine().await.unwrap().name.starts_with("SQLite") {
        true => ["X''", "X'01'"],
        false => [r"'\x'", r"'\x01'"],
    };
    for (deed, says) in [
        (
            "UPDATE dispatch SET everybody = NOT everybody".to_owned(),
            "does not change",
        ),
        (envelope("1", 1, all), "told by one envelope"),
        (envelope("1", 1, one), "told by one envelope"),
        (envelope("2", 1, all), "told by one envelope"),
        (envelope("2", 501, one), "people"),
        (envelope("1", 0, all), ""),
    ] {
        let refused = db.conn().execute_unprepared(&deed).await.unwrap_err();
        assert!(refused.to_string().contains(says), "{deed}: {refused}");
    }
    let allowed = envelope("2", 500, one);
    db.conn().execute_unprepared(&allowed).await.unwrap();
});

/// The program dies between LINE's taking the call and hearing of it.
async fn killed_at_the_call(url: &str) {
    let line = Simulator::start(Options::default()).unwrap();
    let db = startup::database(&url.to_owned().into(), key_file().as_ref())
        .await
        .unwrap();
    opened_by_anybody(&db).await;
    let audience = people(&db, &line, 3).await;
    line.inject(Fault::next(1, Effect::LostAnswer).on("POST", BROADCAST));
    let now = Utc::now();
    let new = NewDispatch {
        valid_until: now + TimeDelta::days(1),
        ..crisis("1")
    };
    let tx = db.begin().await.unwrap();
    let dispatch = delivery::open_to_everybody(&tx, now, new, 3).await.unwrap();
    tx.commit().await.unwrap();
    let port = free_port();
    let server = Server::start(port, url, &line);
    let called = |calls: &[ApiCall]| calls.iter().any(|call| call.path == BROADCAST);
    line.wait_requests(called).await.unwrap();
    server.kill();
    // The half minute for which it had been lent is over.
    let over = "UPDATE envelope SET leased_until = NULL";
    db.conn().execute_unprepared(over).await.unwrap();
    let server = Server::start(port, url, &line);
    let again = |calls: &[ApiCall]| calls.iter().any(|call| call.status == 409);
    line.wait_requests(again).await.unwrap();
    assert_eq!(server.terminate().code(), Some(0));
    super::post::told(&line, &audience, 1);
    let progress = delivery::progress(&db, Utc::now(), dispatch).await;
    assert_eq!(progress.unwrap().unwrap().people, of_people(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_death_at_the_call_tells_nobody_twice_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.db");
    killed_at_the_call(&format!("sqlite://{}", file.display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_death_at_the_call_tells_nobody_twice_on_postgres() {
    let cluster = tokio::task::spawn_blocking(postgres::start).await.unwrap();
    killed_at_the_call(&cluster.url("postgres")).await;
}
