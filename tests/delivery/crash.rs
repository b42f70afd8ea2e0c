//! Real programs die while they send, LINE fails at every tenth call in each of four ways, and the
//! database dies with them: everybody still hears once, and once more of the crisis that comes in between.
//!
//! `KAIRAN_CRASH_PEOPLE`, `KAIRAN_CRASH_KILLS` and `KAIRAN_CRASH_SEED` make it larger, longer or the same again.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use entity::envelope;
use kairan::db::Db;
use kairan::delivery::{self, NewDispatch, State, Tally};
use kairan::ids::DispatchId;
use kairan::startup;
use line_simulator::{Effect, Fault, Options, Simulator};
use sea_orm::EntityTrait;

use super::everybody::{BROADCAST, crisis};
use super::post::{MULTICAST, books_agree, people, told};
use super::{notice, opened_by_anybody};
use crate::support::database::key_file;
use crate::support::postgres;
use crate::support::program::{Server, free_port};

/// Longest time for the whole send.
const PATIENCE: Duration = Duration::from_secs(600);
/// People cut at a time: less than fill an envelope, so that a small audience makes many.
const PAGE: usize = 50;

pub fn setting(name: &str, otherwise: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(otherwise, |value| value.parse().unwrap())
}

/// A few numbers that look like chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

/// Cuts while the program sends, and does not mind a database that comes and goes.
pub async fn cut_all(db: Db, residents: Vec<i64>, page: usize) {
    while let Ok(lent) = delivery::cutting(&db, Utc::now(), "test").await {
        let Some(mut lent) = lent else { return };
        loop {
            let rest = residents.iter().copied().filter(|id| *id > lent.after);
            let some: Vec<i64> = rest.take(page).collect();
            let last = some.len() < page;
            let cut = async {
                let tx = db.begin().await?;
                let cut = delivery::cut(&tx, Utc::now(), &lent, &some, last).await?;
                tx.commit().await?;
                Ok::<_, delivery::NotCut>(cut)
            };
            match cut.await {
                Ok(cut) => lent = cut,
                Err(error) => panic!("cutting: {error}"),
            }
            if last {
                break;
            }
        }
    }
}

pub async fn open(db: &Db) -> DispatchId {
    let now = Utc::now();
    let new = NewDispatch {
        valid_until: now + TimeDelta::days(1),
        ..notice("crash")
    };
    let tx = db.begin().await.unwrap();
    let dispatch = delivery::open(&tx, now, new).await.unwrap();
    tx.commit().await.unwrap();
    dispatch
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

/// Envelopes that somebody had in hand.
async fn lent(db: &Db) -> usize {
    let all = envelope::Entity::find().all(db.conn()).await.unwrap();
    all.iter()
        .filter(|envelope| envelope.state == "lent")
        .count()
}

async fn has_ended(db: &Db, dispatch: DispatchId) -> bool {
    // A database that is starting again does not answer.
    let progress = delivery::progress(db, Utc::now(), dispatch).await;
    progress.is_ok_and(|progress| progress.unwrap().state == State::Ended)
}

async fn story(url: String, cluster: Option<postgres::Cluster>) {
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
    for effect in [
        Effect::Reset,
        Effect::LostAnswer,
        Effect::RateLimited,
        Effect::ServerError,
    ] {
        for path in [MULTICAST, BROADCAST] {
            line.inject(Fault::with_probability(0.1, effect).on("POST", path));
        }
    }
    line.inject(Fault::with_probability(0.5, Effect::LatencyMs(100)).on("POST", MULTICAST));
    let db = startup::database(&url.clone().into(), key_file().as_ref())
        .await
        .unwrap();
    opened_by_anybody(&db).await;
    let audience = people(&db, &line, usize::try_from(count).unwrap()).await;
    let dispatch = open(&db).await;
    let page = PAGE.max(audience.len() / 1_000);
    let residents = audience.iter().map(|(id, _)| *id).collect();
    let cutter = tokio::spawn(cut_all(db.clone(), residents, page));
    let port = free_port();
    let begun = Instant::now();
    let mut server = Server::start(port, &url, &line);
    let mut interrupted = 0;
    let mut crisis = None;
    for kill in 0..kills {
        if kill == 1 {
            crisis = Some(open_to_everybody(&db, count).await);
        }
        let enough = line.requests().len() as u64
            + 1
            + chance.below(2 * audience.len() as u64 / page as u64 / (kills + 1));
        while line
            .wait_requests(|calls| calls.len() as u64 >= enough)
            .await
            .is_err()
        {
            assert!(begun.elapsed() < PATIENCE, "nothing goes on");
        }
        server.kill();
        interrupted += lent(&db).await;
        server = Server::start(port, &url, &line);
        // In the second half, five times in all if there are enough deaths.
        let cluster_too =
            kill >= kills / 2 && (kill - kills / 2).is_multiple_of((kills / 10).max(1));
        if let (Some(cluster), true) = (&cluster, cluster_too) {
            cutter_is_done(&cutter).await;
            cluster.restart();
        }
    }
    assert!(interrupted > 0, "no death came in between");
    cutter.await.unwrap();
    let mut looks = tokio::time::interval(Duration::from_millis(200));
    let dispatches = [Some(dispatch), crisis];
    for dispatch in dispatches.into_iter().flatten() {
        while !has_ended(&db, dispatch).await {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            looks.tick().await;
        }
    }
    assert_eq!(server.terminate().code(), Some(0));
    let calls = line
        .requests()
        .into_iter()
        .filter(|call| [MULTICAST, BROADCAST].contains(&call.path.as_str()));
    let envelopes = envelope::Entity::find().all(db.conn()).await.unwrap();
    told(&line, &audience, dispatches.iter().flatten().count());
    books_agree(calls.collect(), &envelopes);
    let accepted = Tally {
        accepted: count,
        ..Tally::default()
    };
    for dispatch in dispatches.into_iter().flatten() {
        let progress = delivery::progress(&db, Utc::now(), dispatch).await;
        let progress = progress.unwrap().unwrap();
        assert_eq!((progress.people, progress.left_out), (accepted, 0));
    }
}

/// The harness' own cutter does not have to live through what the program must.
async fn cutter_is_done(cutter: &tokio::task::JoinHandle<()>) {
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    while !cutter.is_finished() {
        looks.tick().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_once_however_often_the_program_dies_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("town.db");
    story(format!("sqlite://{}", file.display()), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_once_however_often_program_and_database_die_on_postgres() {
    let cluster = tokio::task::spawn_blocking(postgres::start).await.unwrap();
    let url = cluster.url("postgres");
    story(url, Some(cluster)).await;
}
