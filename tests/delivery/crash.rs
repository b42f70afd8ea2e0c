//! Real programs die while they release, cut and send, LINE fails at every tenth call in each of seven ways, and the
//! database dies with them: everybody still hears each broadcast once, and once more of the crisis that comes in
//! between. On PostgreSQL two programs share the work, and one dies at a time.
//!
//! `KAIRAN_CRASH_PEOPLE`, `KAIRAN_CRASH_KILLS` and `KAIRAN_CRASH_SEED` make it larger, longer or the same again.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use entity::envelope;
use kairan::approval::Request;
use kairan::audit;
use kairan::broadcast::{self, Broadcast};
use kairan::db::Db;
use kairan::delivery::{self, NewDispatch, State, Tally};
use kairan::ids::{BroadcastId, DispatchId};
use line_simulator::{Effect, Fault, Options, Simulator};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};

use super::everybody::{BROADCAST, crisis};
use super::network::FAILURES;
use super::opened_by_anybody;
use super::post::{MULTICAST, books_agree, people, told};
use crate::broadcast::Desk;
use crate::broadcast::measured::at_once;
use crate::staff::Hall;
use crate::support::database::TestDb;
use crate::support::postgres;
use crate::support::program::{Server, free_port};
use crate::support::town::SAMPLE;

/// Longest time for the whole send.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often one looks how far a broadcast is: cutting takes moments.
const LOOK: Duration = Duration::from_millis(3);
/// Most broadcasts to everybody: an envelope is for 500, so one of them makes few of a small audience.
const BROADCASTS: u64 = 5;

pub fn setting(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(otherwise, |value| value.parse().unwrap())
}

/// A few numbers that look like chance (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

async fn open_to_everybody(db: &Db, people: u64) -> DispatchId {
    let now = Utc::now();
    let new = NewDispatch {
        valid_until: now + TimeDelta::days(1),
        ..crisis("crisis")
    };
    let tx = db.begin().await.unwrap();
    let dispatch = delivery::open_to_everybody(&tx, now, new, people).await;
    tx.commit().await.unwrap();
    dispatch.unwrap()
}

/// Handed in, and waiting for a yes.
async fn waiting(desk: &mut Desk, count: u64) -> Vec<(BroadcastId, Request)> {
    let mut waiting = Vec::new();
    for _ in 0..count {
        desk.hall.now = Utc::now();
        let id = desk.drafts(&at_once()).await;
        desk.vouches(id).await;
        waiting.push((id, desk.submits(id).await.unwrap()));
    }
    waiting
}

/// Waits until it is released and so many of its people are cut.
async fn is_cut(db: &Db, id: BroadcastId, people: u64) -> DispatchId {
    let mut looks = tokio::time::interval(LOOK);
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < PATIENCE, "it is not cut");
        looks.tick().await;
        let found = broadcast::find(db, id).await.unwrap();
        let Some(Broadcast { head, .. }) = found else {
            panic!("it is gone")
        };
        let Some(dispatch) = head.dispatch else {
            continue;
        };
        let progress = delivery::progress(db, Utc::now(), dispatch).await.unwrap();
        if progress.unwrap().audience >= people {
            return dispatch;
        }
    }
}

/// Envelopes that somebody had in hand.
async fn lent(db: &Db) -> usize {
    let all = envelope::Entity::find().all(db.conn()).await.unwrap();
    all.iter()
        .filter(|envelope| envelope.state == "lent")
        .count()
}

async fn state(db: &Db, dispatch: DispatchId) -> Option<State> {
    // A database that is starting again does not answer.
    let progress = delivery::progress(db, Utc::now(), dispatch).await;
    progress.ok().map(|progress| progress.unwrap().state)
}

/// Waits until all of these have ended.
async fn have_ended(db: &Db, dispatches: &[DispatchId]) {
    let mut looks = tokio::time::interval(Duration::from_millis(200));
    for dispatch in dispatches {
        while state(db, *dispatch).await != Some(State::Ended) {
            looks.tick().await;
        }
    }
}

/// The database dies, and comes back.
async fn restart(cluster: &postgres::Cluster, db: &Db) {
    let since = async || {
        let started = "SELECT pg_postmaster_start_time()::text";
        let started = Statement::from_string(DbBackend::Postgres, started);
        let row = db.conn().query_one_raw(started).await.ok()??;
        row.try_get_by_index::<String>(0).ok()
    };
    let before = since().await;
    cluster.restart();
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    while since().await.is_none_or(|now| Some(now) == before) {
        looks.tick().await;
    }
}

/// What is released is on record: once, with what it opened; and the record is whole.
async fn record_agrees(db: &Db, released: &[(BroadcastId, DispatchId)]) {
    audit::verify(db, None).await.unwrap().unwrap();
    for (id, dispatch) in released {
        let query = audit::Query {
            act: Some("broadcast.released".to_owned()),
            object: Some(id.to_string()),
            ..audit::Query::default()
        };
        let entries = audit::search(db, &query).await.unwrap().entries;
        let opened: Vec<_> = entries
            .iter()
            .map(|entry| &entry.detail["dispatch"])
            .collect();
        assert_eq!(opened, [&serde_json::json!(dispatch)]);
        assert_eq!(entries[0].actor_kind, "system");
    }
}

async fn story(url: String, cluster: Option<postgres::Cluster>, replicas: usize) {
    let seed = setting("KAIRAN_CRASH_SEED", u64::from(std::process::id()));
    let kills = setting("KAIRAN_CRASH_KILLS", 4);
    let count = setting("KAIRAN_CRASH_PEOPLE", 10_000);
    println!("KAIRAN_CRASH_SEED={seed} KAIRAN_CRASH_KILLS={kills} KAIRAN_CRASH_PEOPLE={count}");
    let mut chance = Chance(seed);
    let line = Simulator::start(Options {
        seed,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    for effect in FAILURES {
        for path in [MULTICAST, BROADCAST] {
            line.inject(Fault::with_probability(0.1, effect).on("POST", path));
        }
    }
    line.inject(Fault::with_probability(0.5, Effect::LatencyMs(100)).on("POST", MULTICAST));
    let db = TestDb::at(url.clone()).await;
    opened_by_anybody(&db).await;
    let audience = people(&db, &line, usize::try_from(count).unwrap()).await;
    let hall = Hall::over(db.again(), Utc::now() - TimeDelta::hours(1)).await;
    let mut desk = Desk::over(hall).await;
    let policy = format!("{SAMPLE}/policy.toml");
    let environment = [("KAIRAN_POLICY", policy.as_str())];
    let start = |port| Server::with(port, &url, &line, &environment);
    let ports: Vec<u16> = (0..replicas).map(|_| free_port()).collect();
    let mut servers: Vec<Server> = ports.iter().map(|port| start(*port)).collect();
    let broadcasts = kills.clamp(1, BROADCASTS);
    let mut waiting = waiting(&mut desk, broadcasts).await.into_iter().peekable();
    let begun = Instant::now();
    let (mut released, mut dispatches) = (Vec::new(), Vec::new());
    let (mut interrupted, mut half_cut) = (0, 0);
    // Of a broadcast's envelopes, so many at most are called between one death and the next.
    let few = (broadcasts * count / 500 / kills.max(1) / 2).max(1);
    for kill in 0..kills {
        let anew = kill.is_multiple_of((kills / broadcasts).max(1));
        let dies_early = match waiting.next_if(|_| anew) {
            Some((id, request)) => {
                desk.hall.now = Utc::now();
                desk.agrees(desk.pr_staff, &request).await.unwrap();
                // Right after it is released, after its first page, or only when it is called.
                let cut = [0, 1, 0][usize::try_from(kill % 3).unwrap()];
                let dispatch = is_cut(&db, id, cut).await;
                released.push((id, dispatch));
                dispatches.push(dispatch);
                (kill % 3 < 2).then_some(dispatch)
            }
            None => None,
        };
        if kill == 1 {
            dispatches.push(open_to_everybody(&db, count).await);
        }
        // In the second half, five times in all if there are enough deaths; some of them amid cutting.
        let cluster_too =
            kill >= kills / 2 && (kill - kills / 2).is_multiple_of((kills / 10).max(1));
        if let (Some(cluster), true) = (&cluster, cluster_too) {
            restart(cluster, &db).await;
        }
        if dies_early.is_none() {
            let enough = line.requests().len() as u64 + 1 + chance.below(few);
            tokio::select! {
                called = line.wait_requests(|calls| calls.len() as u64 >= enough) => drop(called),
                () = have_ended(&db, &dispatches) => {}
            }
        }
        let dying = usize::try_from(kill).unwrap() % replicas;
        servers.remove(dying).kill();
        if let Some(dispatch) = dies_early {
            half_cut += usize::from(state(&db, dispatch).await == Some(State::Cutting));
        }
        interrupted += lent(&db).await;
        servers.insert(dying, start(ports[dying]));
    }
    assert!(interrupted > 0, "no death came in between");
    assert!(half_cut > 0, "nobody died before all was cut");
    assert!(waiting.next().is_none(), "all were agreed to");
    let ended = tokio::time::timeout(PATIENCE, have_ended(&db, &dispatches));
    ended.await.expect("it ends");
    println!(
        "{broadcasts} broadcasts of {} envelopes, {half_cut} deaths before all was cut, {interrupted} envelopes in hand at deaths, {:.0?}",
        count.div_ceil(500),
        begun.elapsed()
    );
    for server in servers {
        assert_eq!(server.terminate().code(), Some(0));
    }
    let calls = line
        .requests()
        .into_iter()
        .filter(|call| [MULTICAST, BROADCAST].contains(&call.path.as_str()));
    let envelopes = envelope::Entity::find().all(db.conn()).await.unwrap();
    told(&line, &audience, dispatches.len());
    books_agree(calls.collect(), &envelopes);
    record_agrees(&db, &released).await;
    let accepted = Tally {
        accepted: count,
        ..Tally::default()
    };
    for dispatch in dispatches {
        let progress = delivery::progress(&db, Utc::now(), dispatch).await;
        let progress = progress.unwrap().unwrap();
        assert_eq!((progress.people, progress.left_out), (accepted, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_once_however_often_the_program_dies_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.db");
    story(format!("sqlite://{}", file.display()), None, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_once_however_often_program_and_database_die_on_postgres() {
    let cluster = tokio::task::spawn_blocking(postgres::start).await.unwrap();
    let url = cluster.url("postgres");
    story(url, Some(cluster), 2).await;
}
