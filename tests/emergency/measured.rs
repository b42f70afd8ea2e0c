//! A night in a large town: from the tap that sends to LINE's first call and to its last answer, what still begins after
//! a stop, and how long a correction takes. LINE answers after 200 ms.
//!
//! `benches/emergency/run.sh`; `KAIRAN_BENCH_PEOPLE` changes how many live in the area that is warned.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kairan::clock::Clock;
use kairan::delivery::{self, Mark, Rate, Sender};
use kairan::emergency;
use kairan::emergency::moves::Act;
use kairan::ids::EmergencyId;
use kairan::startup;
use line_simulator::{ApiCall, Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::ConnectionTrait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Night, Who, water};
use crate::delivery::crash::setting;
use crate::delivery::everybody::BROADCAST;
use crate::delivery::post::{MULTICAST, people};
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::settings;

/// Emergencies sent to the area, one after the other.
const TIMES: usize = 10;

struct Measured {
    night: Night,
    line: Simulator,
    clock: Clock,
    sender: Sender,
    /// Where the mark of the database lies.
    _folder: tempfile::TempDir,
}

/// What a tap came to, in seconds.
struct Took {
    first: f64,
    all: f64,
}

impl Measured {
    async fn begin(engine: Engine) -> Self {
        let night = Night::begin(engine).await;
        let line = Simulator::start(Options {
            clock: LineClock::SetTo(night.hall.now),
            memory: 100_000,
            ..Options::default()
        })
        .unwrap();
        for path in [MULTICAST, BROADCAST] {
            let latency = Fault::with_probability(1.0, Effect::LatencyMs(200));
            line.inject(latency.on("POST", path));
        }
        let clock = Clock::set_to(night.hall.now);
        let folder = tempfile::tempdir().unwrap();
        let sender = Sender {
            db: night.hall.db.db.clone(),
            line: Arc::new(startup::line(&settings(&line, &night.hall.db.url)).unwrap()),
            clock: clock.clone(),
            wake: Arc::new(Notify::new()),
            mark: Mark::beside(&folder.path().join("kairan.key")),
            rate: Rate::LINE,
        };
        Self {
            night,
            line,
            clock,
            sender,
            _folder: folder,
        }
    }

    /// So many live in the first area, and nobody whom the simulator does not know.
    async fn settle(&self, count: usize) {
        let db = &self.night.hall.db;
        let gone = "DELETE FROM resident";
        db.conn().execute_unprepared(gone).await.unwrap();
        people(db, &self.line, count).await;
        let area = self.night.areas[0].0;
        let moved = format!("UPDATE resident SET residence = 'area', area_id = {area}");
        db.conn().execute_unprepared(&moved).await.unwrap();
    }

    fn calls(&self) -> usize {
        let calls = self.line.requests().into_iter();
        calls.filter(is_send).count()
    }

    async fn done(&mut self, who: Who, id: EmergencyId, act: Act) {
        self.night.hall.now = self.clock.now();
        self.night.done(who, id, act).await;
    }

    /// Both have agreed; now the owning chief taps.
    async fn taps(&mut self, id: EmergencyId) -> (Instant, f64) {
        let before = self.calls();
        let tapped = Instant::now();
        self.done(Who::OwnChief, id, Act::Send).await;
        self.sender.wake.notify_one();
        let called = |calls: &[ApiCall]| calls.iter().filter(|call| is_send(call)).count() > before;
        self.line.wait_requests(called).await.unwrap();
        (tapped, tapped.elapsed().as_secs_f64())
    }

    async fn sends(&mut self, id: EmergencyId) -> Took {
        self.agree(id).await;
        let (tapped, first) = self.taps(id).await;
        let dispatch = self.night.dispatch(id).await;
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        loop {
            looks.tick().await;
            let db = &self.night.hall.db;
            let progress = delivery::progress(db, self.clock.now(), dispatch).await;
            if progress.unwrap().unwrap().state == delivery::State::Ended {
                break;
            }
        }
        let all = tapped.elapsed().as_secs_f64();
        self.night.settles().await;
        Took { first, all }
    }

    async fn agree(&mut self, id: EmergencyId) {
        self.done(Who::OwnChief, id, Act::Submit).await;
        self.done(Who::PrChief, id, Act::Concur).await;
    }
}

/// Cuts what is too large to be cut with the tap, as often as the program looks for it.
async fn cuts(sender: Sender, stop: CancellationToken) {
    let mut looks = tokio::time::interval(Duration::from_millis(500));
    let ring = || sender.wake.notify_one();
    while !stop.is_cancelled() {
        looks.tick().await;
        while emergency::cut_next(&sender.db, &sender.clock, ring)
            .await
            .unwrap()
        {}
    }
}

fn is_send(call: &ApiCall) -> bool {
    [MULTICAST, BROADCAST].contains(&call.path.as_str())
}

async fn story(engine: Engine) {
    let count = usize::try_from(setting("KAIRAN_BENCH_PEOPLE", 100_000)).unwrap();
    let mut measured = Measured::begin(engine).await;
    measured.settle(count).await;
    let stop = CancellationToken::new();
    let running = [
        tokio::spawn(measured.sender.clone().run(stop.clone())),
        tokio::spawn(cuts(measured.sender.clone(), stop.clone())),
    ];
    let name = measured.night.hall.db.engine().await.unwrap().name;

    let mut firsts = Vec::new();
    let mut alls = Vec::new();
    let mut wrong = None;
    for _ in 0..TIMES {
        let id = measured.night.drafted().await;
        let took = measured.sends(id).await;
        firsts.push(took.first);
        alls.push(took.all);
        wrong = Some(id);
    }
    line(&name, count, "an area, first call", &mut firsts);
    line(&name, count, "an area, last answer", &mut alls);

    measured.night.hall.now = measured.clock.now();
    let night = &measured.night;
    let child = night.corrects(Who::Drafter, wrong.unwrap(), "FIX-FALSE");
    let child = child.await.unwrap();
    let took = measured.sends(child).await;
    line(
        &name,
        count,
        "its correction, first call",
        &mut [took.first],
    );
    line(&name, count, "its correction, last answer", &mut [took.all]);

    let mut towns = Vec::new();
    for _ in 0..TIMES {
        let id = measured.night.drafts_as(Who::OwnChief, &water()).await;
        towns.push(measured.sends(id.unwrap()).await.all);
    }
    line(&name, count, "the whole town, last answer", &mut towns);

    // What begins after the stop is committed.
    let id = measured.night.drafted().await;
    measured.agree(id).await;
    measured.taps(id).await;
    let some = measured.calls() + count / 500 / 4;
    let quarter = |calls: &[ApiCall]| calls.iter().filter(|call| is_send(call)).count() >= some;
    measured.line.wait_requests(quarter).await.unwrap();
    measured.done(Who::PrStaff, id, Act::Stop).await;
    let heard = measured.calls();
    let dispatch = measured.night.dispatch(id).await;
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let left = loop {
        looks.tick().await;
        let progress =
            delivery::progress(&measured.night.hall.db, measured.clock.now(), dispatch).await;
        let progress = progress.unwrap().unwrap();
        if progress.envelopes.in_doubt == 0 {
            break progress.envelopes.waiting;
        }
    };
    stop.cancel();
    for running in running {
        running.await.unwrap();
    }
    let in_hand = measured.calls() - heard;
    println!(
        "| {name} | {count} | in hand when it was stopped, {left} left waiting | {in_hand} | |"
    );
}

fn line(engine: &str, people: usize, what: &str, seconds: &mut [f64]) {
    seconds.sort_by(f64::total_cmp);
    let [half, most] = [seconds[seconds.len() / 2], seconds[seconds.len() - 1]];
    println!("| {engine} | {people} | {what} | {half:.2} | {most:.2} |");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn a_night_is_measured_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn a_night_is_measured_on_postgres() {
    story(Engine::Postgres).await;
}
