//! Test sends in the database.

use entity::broadcast_test::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::TestSend;
use crate::broadcast::content::Manuscript;
use crate::broadcast::store;
use crate::clock::Instant;
use crate::ids::{BroadcastId, PersonId, TestSendId};

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    of: BroadcastId,
    sent: &TestSend,
    token_hash: &str,
) -> Result<(), DbErr> {
    let row = Model {
        id: sent.id.0,
        broadcast_id: of.0,
        revision: sent.revision,
        by: sent.by.0,
        at: sent.at,
        people: i32::try_from(sent.people).unwrap_or(i32::MAX),
        token_hash: token_hash.to_owned(),
    };
    Entity::insert(row.into_active_model() as ActiveModel)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn count_since(
    conn: &impl ConnectionTrait,
    of: BroadcastId,
    since: Instant,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::BroadcastId.eq(of.0))
        .filter(Column::At.gte(since))
        .count(conn)
        .await
}

pub(super) async fn newest(
    conn: &impl ConnectionTrait,
    of: BroadcastId,
    most: u64,
) -> Result<Vec<TestSend>, DbErr> {
    let rows = Entity::find()
        .filter(Column::BroadcastId.eq(of.0))
        .order_by_desc(Column::Id)
        .limit(most)
        .all(conn)
        .await?;
    let sent = |row: Model| TestSend {
        id: TestSendId(row.id),
        revision: row.revision,
        by: PersonId(row.by),
        at: row.at,
        people: row.people.unsigned_abs(),
    };
    Ok(rows.into_iter().map(sent).collect())
}

/// What the test send with this token said, if it was sent after `since`.
pub(super) async fn manuscript(
    conn: &impl ConnectionTrait,
    token_hash: &str,
    since: Instant,
) -> Result<Option<Manuscript>, DbErr> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::At.gt(since))
        .one(conn)
        .await?;
    match row {
        Some(row) => {
            let of = BroadcastId(row.broadcast_id);
            store::manuscript(conn, of, row.revision).await.map(Some)
        }
        None => Ok(None),
    }
}
