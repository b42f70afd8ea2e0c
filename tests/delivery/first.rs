//! How long an emergency waits for its first call while a bulk dispatch is sent to 100,000 people and LINE refuses
//! every tenth call of it: from the commit that opens it to the request that LINE gets.
//!
//! `benches/emergency/run.sh`; `KAIRAN_BENCH_PEOPLE` changes how many.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use kairan::clock::Clock;
use kairan::delivery::{self, NewDispatch, State};
use kairan::line::message::{Message, Messages};
use line_simulator::{Clock as LineClock, Effect, Fault, Options, Simulator};
use tokio_util::sync::CancellationToken;

use super::crash::setting;
use super::everybody::{BROADCAST, crisis};
use super::post::{MULTICAST, Post, cut_all, people};
use super::{notice, open};
use crate::support::Begin;
use crate::support::database::Engine;

/// Emergencies opened one after the other, of each kind.
const TIMES: usize = 20;
/// People in an envelope of the bulk dispatch: few, so that it lasts.
const WIDE: usize = 10;

/// How long LINE waits for the first request of an emergency, for the whole town or for an area of 500.
async fn waits(post: &Post, number: usize, area: Option<&[i64]>) -> TimeDelta {
    let words = format!("緊急 第{number}報 {}", area.is_some());
    let new = NewDispatch {
        messages: Messages::from(Message::text(words.clone()).unwrap()),
        valid_until: Utc::now() + TimeDelta::hours(1),
        ..crisis(&words)
    };
    let tx = post.db.begin().await.unwrap();
    let opened = match area {
        Some(people) => delivery::open_for(&tx, Utc::now(), new, people).await,
        None => delivery::open_to_everybody(&tx, Utc::now(), new, 100_000).await,
    };
    tx.commit().await.unwrap();
    opened.unwrap();
    let at = Utc::now();
    post.sender.wake.notify_one();
    let words = words.as_bytes();
    let says = |body: &[u8]| body.windows(words.len()).any(|part| part == words);
    let calls = post
        .line
        .wait_requests(|calls| calls.iter().rev().any(|call| says(&call.body)));
    let calls = calls.await.unwrap();
    calls.iter().find(|call| says(&call.body)).unwrap().at - at
}

async fn story(engine: Engine) {
    let count = usize::try_from(setting("KAIRAN_BENCH_PEOPLE", 100_000)).unwrap();
    let mut post = Post::begin(engine).await;
    post.line = Simulator::start(Options {
        clock: LineClock::System,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    post.clock = Clock::system();
    post.sender = post.sender_for(&post.line);
    for path in [MULTICAST, BROADCAST] {
        let latency = Effect::LatencyMs(50);
        post.line
            .inject(Fault::with_probability(1.0, latency).on("POST", path));
    }
    let storm = Fault::with_probability(0.1, Effect::RateLimited);
    post.line.inject(storm.on("POST", MULTICAST));
    let audience = people(&post.db, &post.line, count).await;
    let residents: Vec<i64> = audience.iter().map(|(id, _)| *id).collect();
    let area = residents[..500.min(residents.len())].to_vec();
    let new = NewDispatch {
        valid_until: Utc::now() + TimeDelta::days(1),
        ..notice("bulk")
    };
    let bulk = open(&post.db, Utc::now(), new).await;
    let cutter = tokio::spawn(cut_all(post.db.db.clone(), residents, WIDE));
    let stop = CancellationToken::new();
    let running = tokio::spawn(post.sender.clone().run(stop.clone()));
    let begun = |calls: &[line_simulator::ApiCall]| calls.len() > 200;
    post.line.wait_requests(begun).await.unwrap();
    let mut pauses = tokio::time::interval(Duration::from_millis(70));
    for (kind, area) in [("whole town", None), ("an area", Some(area.as_slice()))] {
        let mut waited = Vec::new();
        for number in 0..TIMES {
            pauses.tick().await;
            waited.push(waits(&post, number, area).await);
        }
        waited.sort();
        let [half, most] = [waited[TIMES / 2], waited[TIMES - 1]];
        println!(
            "| {} | {count} | {kind} in a storm, first call | {:.2} | {:.2} |",
            post.db.engine().await.unwrap().name,
            half.as_seconds_f64(),
            most.as_seconds_f64(),
        );
        assert!(most < TimeDelta::seconds(2), "{kind}: {most}");
    }
    assert_ne!(
        post.progress(bulk).await.state,
        State::Ended,
        "it ran throughout"
    );
    stop.cancel();
    running.await.unwrap();
    cutter.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn first_call_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn first_call_on_postgres() {
    story(Engine::Postgres).await;
}
