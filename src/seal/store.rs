//! What the database holds sealed, and its memory of its key: a sealed word that only the right key opens.

use std::path::{Path, PathBuf};

use entity::data_key::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use super::key_file::{self, KeyFileError};
use super::{NoRandomness, NotAnew, Seal};

/// The one row's number.
const ROW: i32 = 1;
const COLUMN: &str = "data_key.known_word";
const WORD: &str = "kairan";

/// Every sealed column, `table.column`. The known word comes last: until everything else is sealed anew, the
/// start asks for the older key.
pub const COLUMNS: [&str; 15] = [
    "resident.line_user_id",
    "webhook_event.line_user_id",
    "webhook_event.body",
    "webhook_event.reply",
    "person.name",
    "person.mail",
    "telephone.number",
    "push_subscription.endpoint",
    "push_subscription.keys",
    "account.totp",
    "passkey.credential",
    "ceremony.state",
    "push_key.private",
    "dispatch.seal",
    COLUMN,
];

/// Values of one transaction, so that it holds nobody up for long.
const AT_ONCE: u64 = 1000;

/// Some values of a column, sealed anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The last that was looked at.
    pub last: String,
    /// How many an older key had sealed.
    pub changed: u64,
}

/// Why there is no seal.
#[derive(Debug, thiserror::Error)]
pub enum NotUnsealed {
    /// The key file cannot be used.
    #[error("{0}")]
    KeyFile(#[from] KeyFileError),
    /// What the database holds was sealed, and its key is not here.
    #[error("{}: not there, but this database was sealed with a key; put that file back from where it was backed up (a new key would open nothing)", .0.display())]
    Missing(PathBuf),
    /// The file holds another database's key.
    #[error("{}: not the key of this database; put the right file back, or point to the right database", .0.display())]
    Wrong(PathBuf),
    /// No key can be made.
    #[error("a data key cannot be made: {0}")]
    NoRandomness(#[from] NoRandomness),
    /// The database does not answer.
    #[error("the database does not tell which key it knows: {0}")]
    Db(#[from] DbErr),
}

/// The seal of this database, by the keys in the file at `path`. The file is made at the first start: when
/// neither it nor anything sealed is there.
///
/// # Errors
/// The file cannot be used, or its key is not the one this database was sealed with.
pub async fn unseal(path: &Path, conn: &impl ConnectionTrait) -> Result<Seal, NotUnsealed> {
    // The word first: where there is one, the file was there before it.
    let word = known_word(conn).await?;
    let seal = match (key_file::read(path)?, word) {
        (Some(seal), Some(word)) => return checked(seal, &word, path),
        (None, Some(_)) => return Err(NotUnsealed::Missing(path.to_owned())),
        (Some(seal), None) => seal,
        (None, None) => key_file::make(path)?,
    };
    let row = ActiveModel {
        id: Set(ROW),
        known_word: Set(seal.text(COLUMN, WORD)?),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    // A replica that started with us may have been first, with a key of its own.
    let word = known_word(conn).await?.unwrap_or_default();
    checked(seal, &word, path)
}

/// Seals the next values of `column` after `after` by the newest key. What no key opens stays, and is logged.
///
/// # Errors
/// The database does not answer, or the system has no randomness.
pub async fn seal_anew(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    column: &'static str,
    after: &str,
) -> Result<Option<Page>, DbErr> {
    let (table, name) = column.split_once('.').unwrap_or_default();
    let (table, name) = (Alias::new(table), Alias::new(name));
    // Found again by itself: no two keys, and no two nonces, make the same.
    let some = Query::select()
        .distinct()
        .column(name.clone())
        .from(table.clone())
        .and_where(Expr::col(name.clone()).gt(after))
        .order_by(name.clone(), Order::Asc)
        .limit(AT_ONCE)
        .to_owned();
    let mut page = None;
    for row in conn.query_all(&some).await? {
        let old: String = row.try_get_by_index(0)?;
        let page = page.get_or_insert(Page {
            last: String::new(),
            changed: 0,
        });
        match seal.anew(column, &old) {
            Ok(None) => {}
            Ok(Some(new)) => {
                let update = Query::update()
                    .table(table.clone())
                    .value(name.clone(), new)
                    .and_where(Expr::col(name.clone()).eq(&old))
                    .to_owned();
                page.changed += conn.execute(&update).await?.rows_affected();
            }
            Err(NotAnew::NotOpened(error)) => tracing::error!(%error, "left as it is"),
            Err(error) => return Err(DbErr::Custom(error.to_string())),
        }
        page.last = old;
    }
    Ok(page)
}

async fn known_word(conn: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let row = Entity::find_by_id(ROW).one(conn).await?;
    Ok(row.map(|row| row.known_word))
}

fn checked(seal: Seal, word: &str, path: &Path) -> Result<Seal, NotUnsealed> {
    match seal.open(COLUMN, word) {
        Ok(word) if word == WORD => Ok(seal),
        _ => Err(NotUnsealed::Wrong(path.to_owned())),
    }
}
