//! The database: one schema, two engines, chosen by the address.
//!
//! SQLite allows one writer. Its own waiting is neither fair nor quick, so writers of one process
//! stand in line for a mutex instead; PostgreSQL needs none.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::{IntoColumnRef, Query, ReturningClause};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnAcquireErr, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, Iterable, RuntimeErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::clock::Instant;
use crate::mode::{self, Mode};
use crate::seal::{self, NotUnsealed, Seal};

/// All columns of a table, each by its name, for a statement that gives back what it changed. With `*`, whoever keeps its
/// plan is refused from the moment a newer release adds a column.
pub fn all_columns<C: Iterable + IntoColumnRef>() -> ReturningClause {
    Query::returning().columns(C::iter())
}

/// What can go wrong between us and the database. Its text may hold data: log it, never show it.
pub type DbError = sea_orm::DbErr;

/// How long a connection, or SQLite's other writer, is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// The same where somebody waits for a page, who must be told soon that there is none.
const PATIENCE_OF_PAGES: Duration = Duration::from_secs(2);
/// Says of a commit, in place of what went wrong, that nobody knows what came of it.
const UNDECIDED: &str = "the connection was lost while committing";

/// How the database let somebody down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It did not do what it was asked; the transaction never happened.
    NotDone,
    /// The connection was lost while committing: the transaction happened, or it did not.
    Undecided,
}

/// Whether it was the database that failed, however deep in `error` that lies.
pub fn failure(error: &(dyn std::error::Error + 'static)) -> Option<Failure> {
    // Wrapped transparently, `DbErr` itself is no part of the chain, but its cause is.
    let mut chain = std::iter::successors(Some(error), |error| error.source());
    chain.find_map(|error| match error.downcast_ref() {
        Some(RuntimeErr::Internal(what)) if what == UNDECIDED => Some(Failure::Undecided),
        Some(_) => Some(Failure::NotDone),
        None => error.is::<ConnAcquireErr>().then_some(Failure::NotDone),
    })
}

/// Whether the database could not be spoken to at all, so that another statement will fare no better.
pub fn is_unreachable(error: &DbError) -> bool {
    matches!(error, DbError::Conn(_) | DbError::ConnectionAcquire(_))
}

/// PostgreSQL's advisory lock that lets one replica migrate at a time.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(2026112201)";

/// An open database. Clones share it.
#[derive(Debug, Clone)]
pub struct Db {
    conn: DatabaseConnection,
    writers: Option<Arc<Writers>>,
    seal: Option<Seal>,
    /// How long it may take to begin a transaction, where that is bounded.
    patience: Option<Duration>,
}

/// Where writers of SQLite stand in line: all but the first in `queue`; that one, and those who may go
/// ahead, for their `turn`.
#[derive(Debug, Default)]
struct Writers {
    queue: Mutex<()>,
    turn: Arc<Mutex<()>>,
}

/// A writing transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    seal: Option<Seal>,
    // Declared after `inner`: the next writer starts only when this one has let go.
    _turn: Option<OwnedMutexGuard<()>>,
}

/// One migration and whether this database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The migration's name, `mYYYYMMDD_NNNNNN_verb_noun`.
    pub name: String,
    /// Whether it has been applied here.
    pub applied: bool,
}

/// The engine behind an open database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// Its name and version.
    pub name: String,
    /// The database's size.
    pub bytes: u64,
    /// Where it lies, if it is a file of this machine.
    pub file: Option<PathBuf>,
}

impl Db {
    /// Opens `url` (`sqlite://…` or `postgres://…`); a missing SQLite file is made.
    ///
    /// # Errors
    /// The address is malformed, or nobody answers there.
    pub async fn connect(url: &str) -> Result<Self, DbError> {
        let conn = pool(url, PATIENCE).await?;
        let sqlite = conn.get_database_backend() == DbBackend::Sqlite;
        Ok(Self {
            conn,
            writers: sqlite.then(Arc::default),
            seal: None,
            patience: None,
        })
    }

    /// The same database with the key to the personal data in it, which lies in the file at `key`.
    ///
    /// # Errors
    /// The file cannot be used, or its key is not the one this database was sealed with.
    pub async fn unsealed(self, key: &Path) -> Result<Self, NotUnsealed> {
        let seal = seal::unseal(key, &self.conn).await?;
        Ok(Self {
            seal: Some(seal),
            ..self
        })
    }

    /// What seals and opens personal data.
    ///
    /// # Errors
    /// The database was opened without its key.
    pub fn seal(&self) -> Result<&Seal, DbError> {
        unlocked(self.seal.as_ref())
    }

    /// Seals anew, while a data key is rotated, everything that is sealed, so that the older key can go. Says
    /// how many values changed.
    ///
    /// # Errors
    /// The database does not answer; what was sealed anew stays so.
    pub async fn seal_anew(&self) -> Result<u64, DbError> {
        if !self.seal()?.is_rotating() {
            return Ok(0);
        }
        let mut changed = 0;
        for column in seal::COLUMNS {
            let mut after = String::new();
            loop {
                let tx = self.begin().await?;
                let page = seal::seal_anew(tx.conn(), tx.seal()?, column, &after).await?;
                tx.commit().await?;
                let Some(page) = page else { break };
                changed += page.changed;
                after = page.last;
            }
        }
        tracing::info!(
            changed,
            "everything is sealed by the first data key; the others can go"
        );
        Ok(changed)
    }

    /// The same database over connections of its own, so that whatever fills the others leaves these free.
    /// SQLite's writers stay in one line: there it is the same `Db`.
    ///
    /// # Errors
    /// Nobody answers at `url`.
    pub async fn apart(&self, url: &str) -> Result<Self, DbError> {
        match self.is_embedded() {
            true => Ok(self.clone()),
            false => Ok(Self {
                seal: self.seal.clone(),
                ..Self::connect(url).await?
            }),
        }
    }

    /// The same database over connections of its own for what people look at: within about two seconds it
    /// answers or fails. SQLite's writers stay in the one line they all stand in.
    ///
    /// # Errors
    /// Nobody answers at `url`.
    pub async fn for_pages(&self, url: &str) -> Result<Self, DbError> {
        Ok(Self {
            conn: pool(url, PATIENCE_OF_PAGES).await?,
            patience: Some(PATIENCE_OF_PAGES),
            ..self.clone()
        })
    }

    /// The connection pool, for reading and for single statements.
    pub fn conn(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Whether this is the embedded engine, of which one process is the only user.
    pub fn is_embedded(&self) -> bool {
        self.conn.get_database_backend() == DbBackend::Sqlite
    }

    /// Begins a writing transaction.
    ///
    /// # Errors
    /// No connection could be had in time.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        self.in_time(async {
            let _first_in_line = match &self.writers {
                Some(writers) => Some(writers.queue.lock().await),
                None => None,
            };
            self.take_turn().await
        })
        .await
    }

    /// Begins a writing transaction that somebody outside waits for: on SQLite it waits for at most two
    /// others, however many stand in line in [`Db::begin`].
    ///
    /// # Errors
    /// No connection could be had in time.
    pub async fn begin_first(&self) -> Result<Tx, DbError> {
        self.in_time(self.take_turn()).await
    }

    async fn in_time(
        &self,
        begin: impl Future<Output = Result<Tx, DbError>>,
    ) -> Result<Tx, DbError> {
        let Some(patience) = self.patience else {
            return begin.await;
        };
        let begun = tokio::time::timeout(patience, begin).await;
        begun.unwrap_or(Err(DbError::ConnectionAcquire(ConnAcquireErr::Timeout)))
    }

    async fn take_turn(&self) -> Result<Tx, DbError> {
        let turn = match &self.writers {
            Some(writers) => Some(writers.turn.clone().lock_owned().await),
            None => None,
        };
        // IMMEDIATE: a read that turns into a write would fail at once under SQLite.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(Tx {
            inner: self.conn.begin_with_options(options).await?,
            seal: self.seal.clone(),
            _turn: turn,
        })
    }

    /// Brings the schema up to date; replicas that start together take turns.
    ///
    /// # Errors
    /// A migration failed; those before it stay.
    pub async fn migrate_up(&self) -> Result<(), DbError> {
        let turn = self.take_migration_turn().await?;
        Migrator::up(&self.conn, None).await?;
        turn.commit().await
    }

    /// Takes back the newest `steps` migrations, and what they held.
    ///
    /// # Errors
    /// A migration could not be undone.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), DbError> {
        let turn = self.take_migration_turn().await?;
        Migrator::down(&self.conn, Some(steps)).await?;
        turn.commit().await
    }

    /// Every migration this program knows, oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn migration_status(&self) -> Result<Vec<MigrationStatus>, DbError> {
        let pending: Vec<String> = Migrator::get_pending_migrations(&self.conn)
            .await?
            .iter()
            .map(|m| m.name().to_owned())
            .collect();
        Ok(Migrator::migrations()
            .iter()
            .map(|m| MigrationStatus {
                name: m.name().to_owned(),
                applied: !pending.contains(&m.name().to_owned()),
            })
            .collect())
    }

    /// Settles what this installation is for, if no start has before; gives what it is for.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn settle_mode(&self, now: Instant, mode: Mode) -> Result<Mode, DbError> {
        mode::settle(&self.conn, now, mode).await
    }

    /// Asks the database for nothing, to see whether it answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.conn.ping().await
    }

    /// Which engine this is, and what it holds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn engine(&self) -> Result<Engine, DbError> {
        let asked = match self.is_embedded() {
            true => {
                "SELECT 'SQLite ' || sqlite_version() AS name, p.page_count * s.page_size AS bytes,
                    (SELECT file FROM pragma_database_list WHERE name = 'main') AS file
                 FROM pragma_page_count AS p, pragma_page_size AS s"
            }
            false => {
                "SELECT 'PostgreSQL ' || current_setting('server_version') AS name,
                    pg_database_size(current_database()) AS bytes, NULL::text AS file"
            }
        };
        let asked = Statement::from_string(self.conn.get_database_backend(), asked);
        let row = self.conn.query_one_raw(asked).await?;
        let row = row.ok_or_else(|| DbError::RecordNotFound("the engine".into()))?;
        let file: Option<String> = row.try_get("", "file")?;
        Ok(Engine {
            name: row.try_get("", "name")?,
            bytes: row.try_get::<i64>("", "bytes")?.unsigned_abs(),
            file: file.map(PathBuf::from),
        })
    }

    async fn take_migration_turn(&self) -> Result<DatabaseTransaction, DbError> {
        let turn = self.conn.begin().await?;
        if !self.is_embedded() {
            turn.execute_unprepared(MIGRATION_LOCK).await?;
        }
        Ok(turn)
    }
}

impl Tx {
    /// The transaction's connection.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// What seals and opens personal data.
    ///
    /// # Errors
    /// The database was opened without its key.
    pub fn seal(&self) -> Result<&Seal, DbError> {
        unlocked(self.seal.as_ref())
    }

    /// What this installation is for.
    ///
    /// # Errors
    /// No start has settled it, or the database does not answer.
    pub async fn mode(&self) -> Result<Mode, DbError> {
        mode::of(&self.inner).await
    }

    /// Makes it so, durably.
    ///
    /// # Errors
    /// The database could not promise it. Nothing of the transaction holds then, unless the connection was lost
    /// meanwhile: [`failure`] tells.
    pub async fn commit(self) -> Result<(), DbError> {
        self.inner.commit().await.map_err(of_commit)
    }
}

/// Connections to `url`, for whoever waits so long.
async fn pool(url: &str, patience: Duration) -> Result<DatabaseConnection, DbError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(8)
        .acquire_timeout(patience)
        .sqlx_logging(false);
    if url.starts_with("sqlite:") {
        // FULL: a webhook answered 200 must survive a power cut, not only a crash.
        options.map_sqlx_sqlite_opts(move |o| {
            o.create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(patience)
                .foreign_keys(true)
        });
    } else {
        options.map_sqlx_postgres_opts(|o| {
            o.options([
                // Compiling a query pays off when it runs for seconds; none of ours does.
                ("jit", "off"),
                // Whoever stands still amid a transaction (a machine that is moved, a process that is stopped) must not
                // keep the locks of it until it wakes.
                ("idle_in_transaction_session_timeout", "30s"),
            ])
        });
    }
    let mut conn = Database::connect(options).await?;
    conn.set_metric_callback(|statement| {
        let outcome = if statement.failed { "failed" } else { "done" };
        metrics::counter!("kairan_db_statements_total", "outcome" => outcome).increment(1);
    });
    Ok(conn)
}

/// Tells a commit that was refused from one that nobody knows the outcome of.
fn of_commit(error: DbError) -> DbError {
    match &error {
        DbError::Exec(RuntimeErr::SqlxError(cause))
        | DbError::Query(RuntimeErr::SqlxError(cause))
            if cause.as_database_error().is_none() =>
        {
            tracing::error!(%error, "a commit was not answered");
            DbError::Conn(RuntimeErr::Internal(UNDECIDED.to_owned()))
        }
        _ => error,
    }
}

fn unlocked(seal: Option<&Seal>) -> Result<&Seal, DbError> {
    seal.ok_or_else(|| DbError::Custom("the database was opened without its data key".to_owned()))
}
