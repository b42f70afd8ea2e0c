//! How long a head-count takes over a million residents:
//! `cargo test --profile measured --workspace --test stories a_million_residents_are_selected -- --ignored --nocapture --test-threads 1`.

use std::time::{Duration, Instant};

use kairan::area::Directory;
use kairan::clock::date_in_japan;
use kairan::policy::Profile;
use kairan::segment::{self, Selection};
use sea_orm::ConnectionTrait;

use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{policy, tuesday};

const PEOPLE: u64 = 1_000_000;
const AREAS: u64 = 1_000;
const GOAL: Duration = Duration::from_millis(150);

/// From one leaf to everything at once.
const SEGMENTS: [&str; 10] = [
    "everyone",
    "not language:en",
    "district:D3",
    "topic:event",
    "not topic:event",
    "child:0..36",
    "not child:0..36",
    "registered:2026-04-01..",
    "district:D3 and (topic:safety or child:0..36) and not language:en",
    "(topic:event or topic:safety or child:0..36 or due:2027-01..) and not (district:D3 or language:en)",
];

/// A city: 5 % of it blocked the account; a third to half chose a topic; a third has children.
async fn city(db: &TestDb, engine: Engine) {
    let numbers = match engine {
        Engine::Sqlite => {
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n) AS n"
        }
        Engine::Postgres => "generate_series(1::bigint, 1000000) AS n(i)",
    };
    let (hex, day, month) = match engine {
        Engine::Sqlite => (
            "printf('%096x', i)",
            "strftime('%Y-%m-%dT%H:%M:%f000+00:00', '2026-11-20', '-' || (i % 700) || ' days')",
            "date('2026-11-01', (-i % 200) || ' months')",
        ),
        Engine::Postgres => (
            "lpad(to_hex(i), 96, '0')",
            "timestamptz '2026-11-20' - (i % 700) * interval '1 day'",
            "date '2026-11-01' - (i % 200)::int * interval '1 month'",
        ),
    };
    let of_ids = |month: &str| month.replace("i %", "id %").replace("-i ", "-id ");
    for statement in [
        format!(
            "INSERT INTO area (district, name, position)
             SELECT 'D' || (i / 20), 'A' || i, i FROM {numbers} WHERE i <= {AREAS}"
        ),
        format!(
            "INSERT INTO resident (line_user_id, residence, area_id, language, topics_answered, children_answered,
                reachable, relation_ms, unreachable_since, created_at, updated_at)
             SELECT {hex}, 'area', (i * 7919) % {AREAS} + 1,
                CASE WHEN i % 30 = 0 THEN 'en' WHEN i % 7 = 0 THEN NULL ELSE 'ja' END, true, true,
                i % 20 <> 0, 0, CASE WHEN i % 20 = 0 THEN {day} END, {day}, {day} FROM {numbers}"
        ),
        "INSERT INTO resident_topic SELECT 'event', id FROM resident WHERE id % 3 = 0".to_owned(),
        "INSERT INTO resident_topic SELECT 'safety', id FROM resident WHERE id % 2 = 0".to_owned(),
        format!(
            "INSERT INTO child (resident_id, kind, month)
             SELECT id, 'birth', {} FROM resident WHERE id % 4 = 0",
            of_ids(month)
        ),
        "INSERT INTO child (resident_id, kind, month) SELECT id, 'birth', '2019-05-01' FROM resident
         WHERE id % 8 = 0 ON CONFLICT DO NOTHING"
            .to_owned(),
        "INSERT INTO child (resident_id, kind, month) SELECT id, 'birth', '2012-05-01' FROM resident
         WHERE id % 16 = 0 ON CONFLICT DO NOTHING"
            .to_owned(),
        "INSERT INTO child (resident_id, kind, month) SELECT id, 'due', '2027-02-01' FROM resident
         WHERE id % 60 = 0"
            .to_owned(),
        "ANALYZE".to_owned(),
    ] {
        let begun = Instant::now();
        db.conn().execute_unprepared(&statement).await.unwrap();
        let words: String = statement.chars().take(40).collect();
        println!("{:>7} ms  {words}", begun.elapsed().as_millis());
    }
    if engine == Engine::Postgres {
        // As autovacuum would have by then.
        db.conn()
            .execute_unprepared("VACUUM ANALYZE resident_facet")
            .await
            .unwrap();
    }
}

fn selection(directory: &Directory, profile: &Profile, text: &str) -> Selection {
    let segment = segment::parse(text).unwrap();
    segment::select(directory, profile, date_in_japan(tuesday()), &segment).unwrap()
}

async fn measured(engine: Engine) {
    let db = TestDb::begin(engine).await;
    city(&db, engine).await;
    let directory = kairan::area::directory(&db).await.unwrap();
    let profile = policy().profile;
    let mut slowest = Duration::ZERO;
    println!("{engine:?}: middle of five");
    for text in SEGMENTS {
        let selection = selection(&directory, &profile, text);
        let mut times = Vec::new();
        let mut people = 0;
        for _ in 0..5 {
            let begun = Instant::now();
            people = segment::count(&db, &selection).await.unwrap();
            times.push(begun.elapsed());
        }
        times.sort();
        println!("{:>7} ms  {people:>7}  {text}", times[2].as_millis());
        slowest = slowest.max(times[2]);
    }
    let everyone = selection(&directory, &profile, "not language:en");
    let (begun, mut after, mut pages, mut read) = (Instant::now(), 0, 0, 0);
    loop {
        let page = segment::page(&db, &everyone, after, 5000).await.unwrap();
        pages += 1;
        read += page.len() as u64;
        match page.last() {
            Some(last) if page.len() == 5000 => after = *last,
            _ => break,
        }
    }
    println!(
        "{:>7} ms  {read} residents in {pages} pages",
        begun.elapsed().as_millis()
    );
    assert!(read > PEOPLE * 9 / 10);
    assert!(slowest <= GOAL, "{slowest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn a_million_residents_are_selected_on_sqlite() {
    measured(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn a_million_residents_are_selected_on_postgres() {
    measured(Engine::Postgres).await;
}
