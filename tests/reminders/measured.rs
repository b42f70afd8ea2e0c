//! The evening before a collection in a large city: how full envelopes are, and how near LINE's limit they go out.
//!
//! `cargo test --profile measured --workspace --test stories an_evening_is_measured -- --ignored --nocapture --test-threads 1`;
//! `KAIRAN_BENCH_PEOPLE` changes how many residents there are.

use std::fmt::Write;
use std::time::Duration;

use entity::{dispatch, envelope};
use kairan::audit::Actor;
use kairan::clock::{Clock, instant_in_japan};
use kairan::delivery::Rate;
use kairan::garbage::{self, Strictness};
use kairan::reminder::Key;
use kairan::table::Source;
use line_simulator::{Effect, Fault};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use tokio_util::sync::CancellationToken;

use super::{LAST, Room};
use crate::delivery::crash::setting;
use crate::delivery::post::{MULTICAST, people};
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{Town, policy, tuesday};

const AREAS: usize = 1_000;
/// What an area's week may be. On Wednesdays, three tenths of the city have no collection, and the others seven kinds.
const WEEKS: [[&str; 5]; 10] = [
    ["月 木", "水", "", "", ""],
    ["月 木", "", "水", "", ""],
    ["月 木", "", "", "水2 水4", ""],
    ["月 木", "", "", "", "水4"],
    ["月 木", "水", "水", "", ""],
    ["火 金", "水", "", "水2 水4", ""],
    ["火 水", "", "", "", "土1"],
    ["火 金", "月", "", "", "土1"],
    ["火 金", "", "月", "土2", ""],
    ["火 金", "木", "土", "", "土3"],
];
/// The weeks with a collection on the fourth Wednesday.
const WITH: usize = 7;

fn calendar() -> String {
    let mut days =
        String::from("地名,センター,燃えるごみ,プラスチック,古紙,びん・缶,燃えないごみ\n");
    for area in 0..AREAS {
        writeln!(days, "{area}番町,,{}", WEEKS[area % WEEKS.len()].join(",")).unwrap();
    }
    days
}

async fn story(engine: Engine) {
    let count = usize::try_from(setting("KAIRAN_BENCH_PEOPLE", 1_000_000)).unwrap();
    let db = TestDb::begin(engine).await;
    let days = [Source::new("area_days.csv", calendar())];
    let options = garbage::Options::default();
    let strict = Strictness::Strict;
    let report = garbage::import(&db, tuesday(), Actor::Operator, &days, options, strict);
    assert_eq!(report.await.unwrap().findings, []);
    let room = Room::over(Town::over(db, policy()).await).await;
    let (db, line) = (&room.town.db, &room.town.line);
    let residents = people(db, line, count).await;
    let live = format!(
        "UPDATE resident SET residence = 'area', garbage_reminder = 'before-19:00',
            area_id = (SELECT min(id) FROM area) + (id * 48271) % 2147483647 % {AREAS},
            language = CASE WHEN id % 19 = 7 THEN 'en' WHEN id % 19 = 9 THEN 'ja-Hira' ELSE 'ja' END"
    );
    db.conn().execute_unprepared(&live).await.unwrap();
    // As they are on an evening that does not follow upon so many changes.
    let settled = match engine {
        Engine::Postgres => &["VACUUM ANALYZE", "CHECKPOINT"][..],
        Engine::Sqlite => &["PRAGMA wal_checkpoint(TRUNCATE)"],
    };
    for statement in settled {
        db.conn().execute_unprepared(statement).await.unwrap();
    }
    room.in_force(&Key::Garbage, LAST).await;
    let latency = Fault::with_probability(1.0, Effect::LatencyMs(50));
    line.inject(latency.on("POST", MULTICAST));

    let seven = "2026-11-24T19:00:00".parse().unwrap();
    let clock = Clock::set_to(instant_in_japan(seven));
    let (mut releasing, mut sender) = (
        room.town.product.releasing.clone(),
        room.town.product.sender.clone(),
    );
    releasing.clock = clock.clone();
    sender.clock = clock;
    let stop = CancellationToken::new();
    let at_work = [
        tokio::spawn(releasing.run(stop.clone())),
        tokio::spawn(sender.run(stop.clone())),
    ];
    let mut looks = tokio::time::interval(Duration::from_millis(250));
    loop {
        looks.tick().await;
        let all = dispatch::Entity::find().count(db.conn()).await.unwrap();
        let open = dispatch::Entity::find().filter(dispatch::Column::EndedAt.is_null());
        if all > 0 && open.count(db.conn()).await.unwrap() == 0 {
            break;
        }
    }
    stop.cancel();
    for working in at_work {
        working.await.unwrap();
    }

    // Everybody in an area with a collection was told once, and nobody else.
    let told: std::collections::HashMap<String, usize> = line.inbox_sizes().into_iter().collect();
    let areas = i64::try_from(AREAS).unwrap();
    let mut with = 0;
    for (id, user) in &residents {
        // As many live in one as in another, but for chance.
        let area = usize::try_from(id * 48_271 % 2_147_483_647 % areas).unwrap();
        let expected = usize::from(area % WEEKS.len() < WITH);
        assert_eq!(told[user], expected, "resident {id}");
        with += expected;
    }
    let envelopes = envelope::Entity::find().count(db.conn()).await.unwrap();
    let full = envelope::Entity::find().filter(envelope::Column::People.eq(500));
    let full = full.count(db.conn()).await.unwrap();
    let (begun, ended): (
        Option<kairan::clock::Instant>,
        Option<kairan::clock::Instant>,
    ) = envelope::Entity::find()
        .select_only()
        .column_as(Expr::col(envelope::Column::FirstAttemptAt).min(), "begun")
        .column_as(Expr::col(envelope::Column::EndedAt).max(), "ended")
        .into_tuple()
        .one(db.conn())
        .await
        .unwrap()
        .unwrap();
    let took = (ended.unwrap() - begun.unwrap()).as_seconds_f64();
    println!(
        "| {} | {count} | {with} | {} | {envelopes} | {:.1} % | {took:.1} | {:.1} % |",
        db.engine().await.unwrap().name,
        dispatch::Entity::find().count(db.conn()).await.unwrap(),
        100.0 * full as f64 / envelopes as f64,
        100.0 * envelopes as f64 / took / f64::from(Rate::LINE.0.get()),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn an_evening_is_measured_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it wants the machine to itself"]
async fn an_evening_is_measured_on_postgres() {
    story(Engine::Postgres).await;
}
