//! How soon it goes on: what a killed program had in hand, and everything when all of them were killed.
//!
//! `benches/emergency/run.sh`; `KAIRAN_BENCH_PEOPLE` changes how many are told.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use entity::envelope::{Column, Entity};
use kairan::db::Db;
use kairan::delivery::{self, NewDispatch};
use kairan::startup;
use line_simulator::{ApiCall, Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::crash::setting;
use super::notice;
use super::post::{MULTICAST, cut_all, people, told};
use crate::support::database::key_file;
use crate::support::postgres;
use crate::support::program::{Server, free_port};

/// People in an envelope: few, so that it lasts.
const WIDE: usize = 5;

/// Envelopes a program has in hand.
pub async fn lent(db: &Db) -> Vec<i64> {
    let lent = Entity::find().filter(Column::State.eq("lent"));
    let lent = lent.all(db.conn()).await.unwrap();
    lent.into_iter().map(|envelope| envelope.id).collect()
}

/// Waits until none of these is in anybody's hand, or waits.
pub async fn ended(db: &Db, envelopes: &[i64]) {
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    loop {
        looks.tick().await;
        let open = Entity::find()
            .filter(Column::Id.is_in(envelopes.iter().copied()))
            .filter(Column::EndedAt.is_null());
        if open.count(db.conn()).await.unwrap() == 0 {
            return;
        }
    }
}

/// How often LINE was called, once the calls of the dead have been answered, too.
pub async fn quiet(line: &Simulator) -> usize {
    let mut looks = tokio::time::interval(Duration::from_secs(1));
    let mut before = usize::MAX;
    loop {
        looks.tick().await;
        let now = line.requests().len();
        if now == before {
            return now;
        }
        before = now;
    }
}

async fn story(url: String, replicas: usize) {
    let count = usize::try_from(setting("KAIRAN_BENCH_PEOPLE", 100_000)).unwrap();
    let line = Simulator::start(Options {
        clock: LineClock::System,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    // Slow enough that every program has several in hand, and the whole takes a while.
    line.inject(Fault::with_probability(1.0, Effect::LatencyMs(500)).on("POST", MULTICAST));
    let db = startup::database(&url.clone().into(), key_file().as_ref())
        .await
        .unwrap();
    let audience = people(&db, &line, count).await;
    let new = NewDispatch {
        valid_until: Utc::now() + TimeDelta::days(1),
        ..notice("recovery")
    };
    let tx = db.begin().await.unwrap();
    delivery::open(&tx, Utc::now(), new).await.unwrap();
    tx.commit().await.unwrap();
    let residents = audience.iter().map(|(id, _)| *id).collect();
    cut_all(db.clone(), residents, WIDE).await;
    let name = db.engine().await.unwrap().name;

    let begin = || {
        let begun = Instant::now();
        let server = Server::start(free_port(), &url, &line);
        (begun, server)
    };
    let mut at_work: Vec<Server> = (0..replicas).map(|_| begin().1).collect();
    line.wait_requests(|calls| calls.len() > 100).await.unwrap();

    // All are killed at once; one is started again.
    for server in at_work.drain(..) {
        server.kill();
    }
    let mut in_hand = lent(&db).await;
    assert_ne!(in_hand.len(), 0, "nobody had anything in hand");
    let killed = Instant::now();
    let before = quiet(&line).await;
    let (begun, server) = begin();
    line.wait_requests(|calls| calls.len() > before)
        .await
        .unwrap();
    let first = begun.elapsed().as_secs_f64();
    at_work.push(server);
    ended(&db, &in_hand).await;
    let taken = killed.elapsed().as_secs_f64();
    println!("| {name} | {count} | all killed: next call after the start | {first:.1} | |");
    println!(
        "| {name} | {count} | all killed: {} in hand ended after the death | {taken:.1} | |",
        in_hand.len()
    );

    // One of two is killed: the one that has long been at work.
    if replicas > 1 {
        let second = begin().1;
        let now = line.requests().len();
        let called = |calls: &[ApiCall]| calls.len() > now + 100;
        line.wait_requests(called).await.unwrap();
        at_work.remove(0).kill();
        let killed = Instant::now();
        in_hand = lent(&db).await;
        ended(&db, &in_hand).await;
        let taken = killed.elapsed().as_secs_f64();
        println!(
            "| {name} | {count} | one of {replicas} killed: {} in hand ended after the death | {taken:.1} | |",
            in_hand.len()
        );
        at_work.push(second);
    }
    let all: Vec<i64> = {
        let all = Entity::find().all(db.conn()).await.unwrap();
        all.into_iter().map(|envelope| envelope.id).collect()
    };
    for some in all.chunks(10_000) {
        ended(&db, some).await;
    }
    told(&line, &audience, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn it_goes_on_soon_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.db");
    story(format!("sqlite://{}", file.display()), 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn it_goes_on_soon_on_postgres() {
    let cluster = tokio::task::spawn_blocking(postgres::durable);
    let cluster = cluster.await.unwrap();
    story(cluster.url("postgres"), 2).await;
}
