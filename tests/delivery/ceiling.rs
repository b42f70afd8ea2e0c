//! How near the sender comes to LINE's limit, without ever being told to slow down.
//!
//! `cargo test --release --test stories ceiling -- --ignored --nocapture`; `KAIRAN_CEILING_ENVELOPES` and
//! `KAIRAN_CEILING_PEOPLE` (in each) make it longer and wider.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use kairan::clock::Clock;
use kairan::delivery::{self, NewDispatch, State};
use line_simulator::{Clock as LineClock, Effect, Fault, Options, Simulator};
use tokio_util::sync::CancellationToken;

use super::crash::setting;
use super::post::{MULTICAST, Post, cut_all, people};
use super::{notice, open};
use crate::support::Begin;
use crate::support::database::Engine;

async fn story(engine: Engine) {
    let envelopes = usize::try_from(setting("KAIRAN_CEILING_ENVELOPES", 1_500)).unwrap();
    let wide = usize::try_from(setting("KAIRAN_CEILING_PEOPLE", 20)).unwrap();
    let mut post = Post::begin(engine).await;
    post.line = Simulator::start(Options {
        clock: LineClock::System,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    post.clock = Clock::system();
    post.sender = post.sender_for(&post.line);
    post.line
        .inject(Fault::with_probability(1.0, Effect::LatencyMs(100)).on("POST", MULTICAST));
    let audience = people(&post.db, &post.line, envelopes * wide).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn(post.sender.clone().run(stop.clone()));
    let begun = Instant::now();
    let new = NewDispatch {
        valid_until: Utc::now() + TimeDelta::days(1),
        ..notice("1")
    };
    let dispatch = open(&post.db, Utc::now(), new).await;
    let residents = audience.iter().map(|(id, _)| *id).collect();
    let page = if wide == 500 { delivery::PAGE } else { wide };
    post.sender.wake.notify_one();
    let cutter = tokio::spawn(cut_all(post.db.db.clone(), residents, page));
    let calls = post
        .line
        .wait_requests(|calls| calls.iter().any(|call| call.path == MULTICAST));
    calls.await.unwrap();
    println!("{engine:?}: first call after {:?}", begun.elapsed());
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    while post.progress(dispatch).await.state != State::Ended {
        looks.tick().await;
    }
    let took = begun.elapsed();
    cutter.await.unwrap();
    stop.cancel();
    running.await.unwrap();
    post.told(&audience, 1);
    let calls = post.calls();
    assert!(
        calls.iter().all(|call| call.status == 200),
        "LINE was called too fast"
    );
    let rate = calls.len() as f64 / took.as_secs_f64();
    println!(
        "{engine:?}: {} envelopes of {wide} in {took:?}: {rate:.1} a second",
        calls.len()
    );
    assert!(rate > 180.0, "{rate}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn postgres() {
    story(Engine::Postgres).await;
}
