//! From the last agreement to the last call: how long a broadcast takes and what it costs, at LINE's limit and
//! without one. `benches/broadcast/run.sh` runs it; `benches/README.md` says what came out.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use kairan::broadcast::content::{Manuscript, Timing};
use kairan::delivery::{self, Progress, Rate, State, Tally};
use line_simulator::{Effect, Fault, Options, Simulator};

use super::{Desk, saying};
use crate::delivery::crash::setting;
use crate::delivery::post::{MULTICAST, people, told};
use crate::staff::Hall;
use crate::support::database::TestDb;
use crate::support::postgres;
use crate::support::program::{Server, free_port};
use crate::support::town::SAMPLE;

/// What LINE's answer takes.
const LATENCY: Effect = Effect::LatencyMs(50);
/// Calls a second that nobody is granted: the program's own limit shows.
const UNLIMITED: &str = "10000";

fn line(limited: bool) -> Simulator {
    let line = Simulator::start(Options {
        rate_limits: limited,
        memory: 100_000,
        ..Options::default()
    })
    .unwrap();
    line.inject(Fault::with_probability(1.0, LATENCY).on("POST", MULTICAST));
    line
}

/// Statements the program has given its database.
async fn statements(port: u16) -> f64 {
    let page = reqwest::get(format!("http://127.0.0.1:{port}/metrics"));
    let page = page.await.unwrap().text().await.unwrap();
    let lines = page
        .lines()
        .filter(|line| line.starts_with("kairan_db_statements_total"));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(_, count)| count.parse::<f64>().unwrap())
        .sum()
}

async fn has_ended(db: &TestDb, dispatch: kairan::ids::DispatchId) -> Option<Progress> {
    let progress = delivery::progress(db, Utc::now(), dispatch).await.unwrap();
    progress.filter(|progress| progress.state == State::Ended)
}

/// One broadcast to everybody, by a program that has just been started.
async fn send(desk: &mut Desk, line: &Simulator, audience: &[(i64, String)], limited: bool) {
    let policy = format!("{SAMPLE}/policy.toml");
    let mut environment = vec![("KAIRAN_POLICY", policy.as_str())];
    if !limited {
        environment.push(("LINE_MULTICASTS_PER_SECOND", UNLIMITED));
    }
    let port = free_port();
    let server = Server::with(port, &desk.hall.db.url, line, &environment);
    let at_rest = server.peak_memory();
    desk.hall.now = Utc::now();
    let id = desk.drafts(&at_once()).await;
    desk.vouches(id).await;
    let request = desk.submits(id).await.unwrap();
    let before = statements(port).await;
    desk.agrees(desk.pr_staff, &request).await.unwrap();
    let (agreed, agreed_at) = (Instant::now(), Utc::now());
    let called = line.wait_requests(|calls| calls.iter().any(|call| call.path == MULTICAST));
    called.await.unwrap();
    let first = agreed.elapsed();
    let mut looks = tokio::time::interval(Duration::from_millis(250));
    let dispatch = desk.find(id).await.head.dispatch.unwrap();
    let progress = loop {
        looks.tick().await;
        if let Some(progress) = has_ended(&desk.hall.db, dispatch).await {
            break progress;
        }
    };
    let statements = statements(port).await - before;
    let all = Tally {
        accepted: audience.len() as u64,
        ..Tally::default()
    };
    assert_eq!((progress.people, progress.left_out), (all, 0));
    told(line, audience, 1);
    let calls = line.requests().into_iter();
    let refused = calls
        .filter(|call| call.path == MULTICAST && call.status != 200)
        .count();
    assert_eq!(refused, 0, "LINE was called too fast");
    let envelopes = progress.envelopes.accepted as f64;
    let ended_at = progress.ended_at.unwrap();
    let sending = seconds(ended_at - progress.first_call_at.unwrap());
    let of_limit = match limited {
        true => format!("{:.1} %", 100.0 * envelopes / sending / limit()),
        false => "none".to_owned(),
    };
    println!(
        "| {} | {} | {of_limit} | {:.2} | {:.1} | {:.0} | {at_rest:.0} → {:.0} | {:.2} |",
        desk.hall.db.engine().await.unwrap().name,
        audience.len(),
        first.as_secs_f64(),
        seconds(ended_at - agreed_at),
        envelopes / sending,
        server.peak_memory(),
        statements / envelopes,
    );
    assert_eq!(server.terminate().code(), Some(0));
}

fn limit() -> f64 {
    f64::from(Rate::LINE.0.get())
}

fn seconds(time: TimeDelta) -> f64 {
    time.as_seconds_f64()
}

/// Something that goes out as soon as it is agreed to, whatever day it is.
pub fn at_once() -> Manuscript {
    Manuscript {
        timing: Timing {
            send_at: None,
            valid_until: Some(Utc::now() + TimeDelta::hours(8)),
        },
        ..saying("健診の会場が変わりました。\n問い合わせ: 健康課 0000-00-2222")
    }
}

async fn story(db: TestDb, limited: bool) {
    let count = usize::try_from(setting("KAIRAN_BENCH_PEOPLE", 100_000)).unwrap();
    let line = line(limited);
    let audience = people(&db, &line, count).await;
    let hall = Hall::over(db, Utc::now() - TimeDelta::hours(1)).await;
    send(&mut Desk::over(hall).await, &line, &audience, limited).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn a_broadcast_is_measured_on_sqlite() {
    for limited in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("town.db");
        story(
            TestDb::at(format!("sqlite://{}", file.display())).await,
            limited,
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn a_broadcast_is_measured_on_postgres() {
    for limited in [true, false] {
        let cluster = tokio::task::spawn_blocking(postgres::durable)
            .await
            .unwrap();
        story(TestDb::at(cluster.url("postgres")).await, limited).await;
    }
}
