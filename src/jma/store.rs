//! Bulletins in the database, as they came.

use std::collections::BTreeSet;

use entity::jma_bulletin::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::bulletin::Bulletin;
use crate::clock::Instant;

/// Adds a bulletin; false when it is there already, from wherever.
pub(super) async fn add(
    conn: &impl ConnectionTrait,
    now: Instant,
    bulletin: &Bulletin,
    telegram: &str,
    address: Option<&str>,
) -> Result<bool, DbErr> {
    let row = entity::jma_bulletin::Model {
        id: bulletin.id.clone(),
        address: address.map(str::to_owned),
        title: bulletin.title.clone(),
        status: bulletin.status.code().to_owned(),
        info: bulletin.info.code().to_owned(),
        office: bulletin.office.clone(),
        event: bulletin.event.clone(),
        serial: bulletin
            .serial
            .and_then(|serial| i32::try_from(serial).ok()),
        reported_at: bulletin.reported_at,
        read_at: now,
        telegram: telegram.to_owned(),
    };
    let row: ActiveModel = row.into_active_model();
    let added = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    Ok(added == 1)
}

/// Addresses whose telegrams are here.
pub(super) async fn addresses(
    conn: &impl ConnectionTrait,
    among: &[String],
) -> Result<BTreeSet<String>, DbErr> {
    let known: Vec<Option<String>> = Entity::find()
        .select_only()
        .column(Column::Address)
        .filter(Column::Address.is_in(among))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(known.into_iter().flatten().collect())
}

/// Telegrams issued since, the newest first.
pub(super) async fn since(
    conn: &impl ConnectionTrait,
    since: Instant,
) -> Result<Vec<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Telegram)
        .filter(Column::ReportedAt.gte(since))
        .order_by_desc(Column::ReportedAt)
        .order_by_desc(Column::ReadAt)
        .into_tuple()
        .all(conn)
        .await
}

pub(super) async fn forget(conn: &impl ConnectionTrait, before: Instant) -> Result<u64, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::ReadAt.lt(before))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
