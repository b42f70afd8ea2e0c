//! A new release is put in place amid a dispatch: one program after the other is told to end and started again, and
//! the database changes in between.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use entity::envelope::Entity;
use kairan::delivery::{self, NewDispatch, State};
use line_simulator::{Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::time::timeout;

use super::notice;
use super::post::{MULTICAST, books_agree, cut_all, people, told};
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::program::{Server, free_port, run};

const PEOPLE: usize = 2_000;
/// People in an envelope: few, so that the send outlasts both restarts.
const WIDE: usize = 4;
/// Longest wait for what comes next: a lease runs out in less.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_amid_a_dispatch_loses_nothing() {
    let db = TestDb::begin(Engine::Postgres).await;
    let line = Simulator::start(Options {
        clock: LineClock::System,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    line.inject(Fault::with_probability(1.0, Effect::LatencyMs(300)).on("POST", MULTICAST));
    let audience = people(&db, &line, PEOPLE).await;
    let new = NewDispatch {
        valid_until: Utc::now() + TimeDelta::days(1),
        ..notice("1")
    };
    let tx = db.begin().await.unwrap();
    let dispatch = delivery::open(&tx, Utc::now(), new).await.unwrap();
    tx.commit().await.unwrap();
    let residents = audience.iter().map(|(id, _)| *id).collect();
    cut_all(db.db.clone(), residents, WIDE).await;

    let slow = [("LINE_MULTICASTS_PER_SECOND", "10")];
    let start = || Server::with(free_port(), &db.url, &line, &slow);
    let calls = || {
        line.requests()
            .into_iter()
            .filter(|call| call.path == MULTICAST)
    };
    let called = async |more: usize| {
        let enough = line.requests().len() + more;
        let mut looks = tokio::time::interval(Duration::from_millis(100));
        let coming = async {
            while line.requests().len() <= enough {
                looks.tick().await;
            }
        };
        timeout(PATIENCE, coming)
            .await
            .expect("nothing is sent any more");
    };
    let state = async || {
        let progress = delivery::progress(&db, Utc::now(), dispatch).await;
        progress.unwrap().unwrap().state
    };
    let ends = |server: Server| {
        assert_eq!(server.terminate().code(), Some(0));
    };
    let (first, second) = (start(), start());
    called(30).await;
    ends(first);
    // What the next release adds, the one that still runs does not know; and whoever comes first migrates.
    for change in [
        "ALTER TABLE envelope ADD COLUMN of_the_next_release TEXT",
        "ALTER TABLE dispatch ADD COLUMN of_the_next_release INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX of_the_next_release ON envelope (of_the_next_release)",
    ] {
        db.conn().execute_unprepared(change).await.unwrap();
    }
    let migrated = run(&[("DATABASE_URL", db.url.as_str())], &["migrate", "up"]);
    assert_eq!((migrated.code, migrated.err.as_str()), (0, ""));
    called(30).await;
    let first = start();
    ends(second);
    called(30).await;
    let second = start();
    assert_eq!(
        state().await,
        State::Sending,
        "the restarts came amid the dispatch"
    );
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    let ended = async {
        while state().await != State::Ended {
            looks.tick().await;
        }
    };
    timeout(PATIENCE, ended).await.expect("it does not end");
    ends(first);
    ends(second);
    told(&line, &audience, 1);
    // Told to end, each finished its calls: what had to be asked for again, LINE knew.
    assert!(calls().all(|call| matches!(call.status, 200 | 409)));
    let envelopes = Entity::find().all(db.conn()).await.unwrap();
    books_agree(calls().collect(), &envelopes);
}
