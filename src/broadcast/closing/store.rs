//! What was made of what did not arrive, in the database.

use entity::broadcast_closing::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::Closing;
use crate::broadcast::model::Head;
use crate::broadcast::moves::State;
use crate::broadcast::store::head;
use crate::ids::{BroadcastId, PersonId};

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    closing: &Closing,
) -> Result<(), DbErr> {
    let row = Model {
        broadcast_id: id.0,
        people: i64::try_from(closing.people).unwrap_or(i64::MAX),
        note: closing.note.clone(),
        by: closing.by.0,
        at: closing.at,
    };
    Entity::insert(row.into_active_model() as ActiveModel)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
) -> Result<Option<Closing>, DbErr> {
    let found = Entity::find_by_id(id.0).one(conn).await?;
    Ok(found.map(|row| Closing {
        people: row.people.unsigned_abs(),
        note: row.note,
        by: PersonId(row.by),
        at: row.at,
    }))
}

pub(super) async fn unclosed(
    conn: &impl ConnectionTrait,
    amiss: &[BroadcastId],
) -> Result<Vec<Head>, DbErr> {
    use entity::broadcast;
    let closed = Entity::find()
        .select_only()
        .column(Column::BroadcastId)
        .into_query();
    let rows = broadcast::Entity::find()
        .filter(broadcast::Column::Id.is_in(amiss.iter().map(|id| id.0)))
        .filter(broadcast::Column::Id.not_in_subquery(closed))
        .filter(broadcast::Column::State.eq(State::Done.code()))
        .order_by_asc(broadcast::Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}
