//! The database's memory of its key: a sealed word that only the right key opens.

use std::path::{Path, PathBuf};

use entity::data_key::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use super::key_file::{self, KeyFileError};
use super::{NoRandomness, Seal};

/// The one row's number.
const ROW: i32 = 1;
const COLUMN: &str = "data_key.known_word";
const WORD: &str = "kairan";

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
