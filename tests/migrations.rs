//! The schema goes up, down and up again, on both engines, and replicas take turns.

use crate::support::database::{Engine, unmigrated};

async fn up_down_up(engine: Engine) {
    let (db, _folder) = unmigrated(engine).await;
    db.migrate_up().await.unwrap();
    let known = db.migration_status().await.unwrap();
    assert!(known.iter().all(|m| m.applied), "{known:?}");
    db.migrate_down(known.len() as u32).await.unwrap();
    assert!(
        db.migration_status()
            .await
            .unwrap()
            .iter()
            .all(|m| !m.applied)
    );
    db.migrate_up().await.unwrap();
    assert_eq!(db.migration_status().await.unwrap(), known);
}

#[tokio::test]
async fn up_down_up_on_sqlite() {
    up_down_up(Engine::Sqlite).await;
}

#[tokio::test]
async fn up_down_up_on_postgres() {
    up_down_up(Engine::Postgres).await;
}

#[tokio::test]
async fn three_replicas_that_start_together_migrate_once() {
    let (db, _folder) = unmigrated(Engine::Postgres).await;
    let (a, b, c) = tokio::join!(db.migrate_up(), db.migrate_up(), db.migrate_up());
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
}
