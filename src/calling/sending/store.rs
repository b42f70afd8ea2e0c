//! The key by which push services know this installation, in the database.

use entity::push_key;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use crate::clock::Instant;

/// The one row.
const KEY: i32 = 1;

/// The sealed key, if it was made.
pub(super) async fn key(conn: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let row = push_key::Entity::find_by_id(KEY).one(conn).await?;
    Ok(row.map(|row| row.private))
}

/// Keeps a key unless there is one.
pub(super) async fn keep_key(
    conn: &impl ConnectionTrait,
    now: Instant,
    sealed: String,
) -> Result<(), DbErr> {
    let row = push_key::ActiveModel {
        id: Set(KEY),
        private: Set(sealed),
        made_at: Set(now),
    };
    push_key::Entity::insert(row)
        .on_conflict(
            OnConflict::column(push_key::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await
        .map(drop)
}
