//! How long it takes to verify a long record (R11: a million entries within 60 seconds).
//!
//! `cargo test --profile measured --workspace --test stories staff::measured -- --ignored --nocapture --test-threads 1`;
//! `KAIRAN_AUDIT_ROWS` changes how many entries there are.

use std::time::{Duration, Instant};

use kairan::audit;

use super::audit::chain;
use crate::delivery::crash::setting;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};

const MILLION: usize = 1_000_000;
const PROMISED: Duration = Duration::from_secs(60);
/// Entries written in a transaction.
const AT_ONCE: usize = 10_000;

async fn story(engine: Engine) {
    let rows = usize::try_from(setting("KAIRAN_AUDIT_ROWS", MILLION as u64)).unwrap();
    let db = TestDb::begin(engine).await;
    for written in (0..rows).step_by(AT_ONCE) {
        chain(&db, AT_ONCE.min(rows - written)).await;
    }
    let begun = Instant::now();
    let verified = audit::verify(&db, None).await.unwrap().unwrap();
    let took = begun.elapsed();
    println!(
        "{engine:?}: {rows} rows verified in {:.1} s",
        took.as_secs_f64()
    );
    assert_eq!(usize::try_from(verified.entries).unwrap(), rows);
    assert!(rows < MILLION || took <= PROMISED, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes a million entries first"]
async fn a_long_record_is_verified_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes a million entries first"]
async fn a_long_record_is_verified_on_postgres() {
    story(Engine::Postgres).await;
}
