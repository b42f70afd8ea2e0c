//! What LINE told of broadcasts, in the database.

use std::collections::HashMap;

use entity::broadcast_response::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QuerySelect};
use uuid::Uuid;

use super::Response;
use crate::broadcast::store::{from_json, json};
use crate::clock::Instant;
use crate::ids::BroadcastId;
use crate::line::client::Statistics;

/// When LINE was last asked, of each.
pub(super) async fn fetched_at(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<BroadcastId, Instant>, DbErr> {
    let rows: Vec<(Uuid, Instant)> = Entity::find()
        .select_only()
        .columns([Column::BroadcastId, Column::FetchedAt])
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|(id, at)| (BroadcastId(id), at)).collect())
}

/// Keeps the newest numbers in the place of those before.
pub(super) async fn keep(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    response: &Response,
) -> Result<(), DbErr> {
    let number = |number: Option<u64>| number.and_then(|number| i64::try_from(number).ok());
    let row = Model {
        broadcast_id: id.0,
        opened: number(response.statistics.opened),
        clicked: number(response.statistics.clicked),
        links: json(&response.statistics.links)?,
        until: response.until,
        fetched_at: response.fetched_at,
    };
    let newest = OnConflict::column(Column::BroadcastId)
        .update_columns([
            Column::Opened,
            Column::Clicked,
            Column::Links,
            Column::Until,
            Column::FetchedAt,
        ])
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(newest)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
) -> Result<Option<Response>, DbErr> {
    let Some(row) = Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    Ok(Some(Response {
        statistics: Statistics {
            opened: row.opened.map(i64::unsigned_abs),
            clicked: row.clicked.map(i64::unsigned_abs),
            links: from_json(&row.links)?,
        },
        until: row.until,
        fetched_at: row.fetched_at,
    }))
}
