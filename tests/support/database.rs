//! An empty, migrated database for each story: a copy of a template, so that it costs milliseconds.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use kairan::db::Db;
use kairan::startup;
use sea_orm::{ConnectionTrait, Database, DbBackend, FromQueryResult, JsonValue, Statement};
use tokio::sync::Mutex;

use super::{Begin, postgres};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database of its own, open; gone when dropped (PostgreSQL's with the cluster).
pub struct TestDb {
    pub db: Db,
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestDb {
    /// One that lies elsewhere, brought up to date.
    pub async fn at(url: String) -> Self {
        let db = startup::database(&url.clone().into(), key_file().as_ref()).await;
        Self {
            db: db.expect("the database opens"),
            url,
            _folder: None,
        }
    }

    /// The same database once more; it is gone with the first.
    pub fn again(&self) -> Self {
        Self {
            db: self.db.clone(),
            url: self.url.clone(),
            _folder: None,
        }
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Begin for TestDb {
    async fn begin(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = migrated(engine, folder.path()).await;
        let db = Db::connect(&url).await.expect("the database opens");
        let db = db.unsealed(key_file().as_ref()).await;
        Self {
            db: db.expect("the data key"),
            url,
            _folder: Some(folder),
        }
    }
}

/// The file with the key of every story's database, as an operator would keep it; a program that a story starts is told
/// by `KAIRAN_STORY_KEY` where it is.
pub fn key_file() -> &'static str {
    static KEY: OnceLock<(tempfile::TempDir, String)> = OnceLock::new();
    &KEY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("kairan.key").display().to_string();
        (folder, std::env::var("KAIRAN_STORY_KEY").unwrap_or(file))
    })
    .1
}

/// The address of a migrated database that another program is to open; SQLite's lies in `folder`.
pub async fn migrated(engine: Engine, folder: &Path) -> String {
    match engine {
        Engine::Sqlite => {
            let file = folder.join("town.db");
            let copied = tokio::fs::copy(sqlite_template(), &file).await;
            copied.expect("a copy of the template");
            format!("sqlite://{}", file.display())
        }
        Engine::Postgres => postgres_copy().await,
    }
}

/// What stands in a column where `text` was sealed for it, to be looked up.
pub fn sealed(db: &Db, column: &'static str, text: &str) -> String {
    db.seal().expect("the data key").lookup(column, text)
}

/// A database without a schema, for stories about migrations.
pub async fn unmigrated(engine: Engine) -> (Db, Option<tempfile::TempDir>) {
    let (url, folder) = match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            (
                format!("sqlite://{}", folder.path().join("empty.db").display()),
                Some(folder),
            )
        }
        Engine::Postgres => (create_database("template0").await, None),
    };
    (Db::connect(&url).await.expect("the database opens"), folder)
}

fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    &TEMPLATE
        .get_or_init(|| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let file = folder.path().join("template.db");
            migrate(format!("sqlite://{}", file.display()));
            (folder, file)
        })
        .1
}

async fn postgres_copy() -> String {
    static TEMPLATE: OnceLock<()> = OnceLock::new();
    let cluster = tokio::task::spawn_blocking(postgres::cluster)
        .await
        .expect("a cluster");
    tokio::task::spawn_blocking(|| {
        TEMPLATE.get_or_init(|| {
            let made = std::thread::spawn(|| {
                runtime().block_on(admin("CREATE DATABASE kairan_template".into()));
            });
            made.join().expect("the template database");
            migrate(cluster.url("kairan_template"));
        });
    })
    .await
    .expect("the template");
    create_database("kairan_template").await
}

async fn create_database(template: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // PostgreSQL copies one template at a time.
    static TURN: Mutex<()> = Mutex::const_new(());
    let name = format!("story_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let cluster = tokio::task::spawn_blocking(postgres::cluster)
        .await
        .expect("a cluster");
    let _turn = TURN.lock().await;
    admin(format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    cluster.url(&name)
}

async fn admin(statement: String) {
    let admin = Database::connect(postgres::cluster().url("postgres"))
        .await
        .expect("the cluster answers");
    admin
        .execute_unprepared(&statement)
        .await
        .expect("a new database");
    admin.close().await.expect("goodbye");
}

/// Migrates on a thread and runtime of its own, which end with all their connections: PostgreSQL
/// copies only a template that nobody is connected to.
fn migrate(url: String) {
    std::thread::spawn(move || {
        runtime().block_on(async {
            let db = Db::connect(&url).await.expect("the template opens");
            db.migrate_up().await.expect("the template migrates");
            db.conn().clone().close().await.expect("goodbye");
        });
    })
    .join()
    .expect("the template is made");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Every row of every table, as JSON.
pub async fn everything(db: &Db) -> Vec<(String, JsonValue)> {
    let backend = db.conn().get_database_backend();
    let tables = match backend {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        _ => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    };
    let ask = async |statement: String| {
        let statement = Statement::from_string(backend, statement);
        let rows = JsonValue::find_by_statement(statement).all(db.conn());
        rows.await.unwrap()
    };
    let mut rows = Vec::new();
    for table in ask(tables.to_owned()).await {
        let table = table["name"].as_str().unwrap().to_owned();
        for row in ask(format!("SELECT * FROM {table}")).await {
            rows.push((table.clone(), row));
        }
    }
    rows
}
