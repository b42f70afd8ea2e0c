//! A program stands still amid its calls, longer than its lease, and wakes when others have done its work.

use chrono::{TimeDelta, Utc};
use entity::envelope::{Column, Entity, Model};
use kairan::db::Db;
use kairan::delivery::{self, NewDispatch};
use line_simulator::{Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::notice;
use super::post::{MULTICAST, books_agree, cut_all, people, told};
use super::recovery::{ended, lent};
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::program::{Server, free_port};

/// People in an envelope: few, so that much is in hand at once.
const WIDE: usize = 5;
const PEOPLE: usize = 1_000;

async fn opens(db: &Db, id: &str, audience: &[(i64, String)]) {
    let new = NewDispatch {
        valid_until: Utc::now() + TimeDelta::days(1),
        ..notice(id)
    };
    let tx = db.begin().await.unwrap();
    delivery::open(&tx, Utc::now(), new).await.unwrap();
    tx.commit().await.unwrap();
    let residents = audience.iter().map(|(id, _)| *id).collect();
    cut_all(db.clone(), residents, WIDE).await;
}

async fn rows(db: &Db, of: &[i64]) -> Vec<Model> {
    let rows = Entity::find().filter(Column::Id.is_in(of.iter().copied()));
    rows.order_by_asc(Column::Id).all(db.conn()).await.unwrap()
}

/// Outcomes that this program wanted to record of envelopes no longer its own.
async fn too_late(port: u16) -> u64 {
    let metrics = format!("http://127.0.0.1:{port}/metrics");
    let metrics = reqwest::get(metrics).await.unwrap().text().await.unwrap();
    let calls = "kairan_delivery_calls_total{outcome=\"not_ours\"} ";
    let count = metrics.lines().find_map(|line| line.strip_prefix(calls));
    count.map_or(0, |count| count.parse().unwrap())
}

/// The lease is half a minute of real time, and so is this.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_wakes_after_its_lease_tells_nobody_twice_and_writes_nothing() {
    let db = TestDb::begin(Engine::Postgres).await;
    let line = Simulator::start(Options {
        clock: LineClock::System,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    line.inject(Fault::with_probability(1.0, Effect::LatencyMs(500)).on("POST", MULTICAST));
    let audience = people(&db, &line, PEOPLE).await;
    let port = free_port();
    let sleeper = Server::start(port, &db.url, &line);
    opens(&db, "first", &audience).await;
    line.wait_requests(|calls| calls.iter().filter(|call| call.path == MULTICAST).count() > 20)
        .await
        .unwrap();
    sleeper.freeze();
    let in_hand = lent(&db).await;
    assert!(in_hand.len() > 1, "nothing was in hand");
    // Nor does it help to stand still amid a turn, with the gate in hand: the database takes that away.
    let turn = db.db.begin().await.unwrap();
    let gate = "SELECT 1 FROM delivery_gate FOR UPDATE";
    turn.conn().execute_unprepared(gate).await.unwrap();

    // LINE answers somebody who does not hear it; whoever takes over asks again with the same keys.
    let other = Server::start(free_port(), &db.url, &line);
    let all: Vec<i64> = {
        let all = Entity::find().all(db.conn()).await.unwrap();
        all.into_iter().map(|envelope| envelope.id).collect()
    };
    ended(&db, &all).await;
    let settled = rows(&db, &in_hand).await;
    assert!(settled.iter().all(|row| row.fence > 1), "{settled:?}");
    assert_eq!(other.terminate().code(), Some(0));

    assert!(turn.commit().await.is_err(), "nobody waited for it");

    // Awake, it brings what it heard, and goes on with what is new.
    sleeper.wake();
    opens(&db, "second", &audience).await;
    let new = Entity::find().filter(Column::Id.gt(*all.iter().max().unwrap()));
    let new = new.all(db.conn()).await.unwrap();
    let new: Vec<i64> = new.into_iter().map(|envelope| envelope.id).collect();
    assert_eq!(new.len(), PEOPLE / WIDE);
    ended(&db, &new).await;
    assert_eq!(too_late(port).await, in_hand.len() as u64);
    assert_eq!(sleeper.terminate().code(), Some(0));
    assert_eq!(rows(&db, &in_hand).await, settled);
    told(&line, &audience, 2);
    let calls = line.requests().into_iter();
    let calls = calls.filter(|call| call.path == MULTICAST).collect();
    let envelopes = Entity::find().all(db.conn()).await.unwrap();
    books_agree(calls, &envelopes);
}
