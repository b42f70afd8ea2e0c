//! Bulletins in the database, as they came.

use std::collections::BTreeSet;

use entity::jma_bulletin::{ActiveModel, Column, Entity};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::{Deserialize, Serialize};

use super::bulletin::Bulletin;
use super::place::Place;
use super::read::read;
use crate::clock::Instant;

/// Most bulletins that are looked at: a week of warnings has fewer.
const MOST: u64 = 500;

/// What was read of a bulletin, and of which place.
#[derive(Serialize, Deserialize)]
struct Said {
    place: Place,
    bulletin: Bulletin,
}

/// Adds a bulletin; false when it is there already, from wherever.
pub(super) async fn add(
    conn: &impl ConnectionTrait,
    now: Instant,
    (place, bulletin): (&Place, &Bulletin),
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
        said: Some(said(place, bulletin)?),
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

/// Bulletins issued since, the newest first, as they were read when they came. One that was read for another place is
/// read anew, once.
pub(super) async fn since(
    conn: &impl ConnectionTrait,
    place: &Place,
    since: Instant,
) -> Result<Vec<Bulletin>, DbErr> {
    let rows: Vec<(String, Option<String>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Said])
        .filter(Column::ReportedAt.gte(since))
        .order_by_desc(Column::ReportedAt)
        .order_by_desc(Column::ReadAt)
        .limit(MOST)
        .into_tuple()
        .all(conn)
        .await?;
    let mut bulletins = Vec::with_capacity(rows.len());
    for (id, said) in rows {
        let said: Option<Said> = said.and_then(|said| serde_json::from_str(&said).ok());
        bulletins.extend(match said.filter(|said| said.place == *place) {
            Some(said) => Some(said.bulletin),
            None => read_anew(conn, place, id).await?,
        });
    }
    Ok(bulletins)
}

async fn read_anew(
    conn: &impl ConnectionTrait,
    place: &Place,
    id: String,
) -> Result<Option<Bulletin>, DbErr> {
    let row = Entity::find_by_id(id.clone()).one(conn).await?;
    let Some(bulletin) = row.and_then(|row| read(row.telegram.as_bytes(), place).ok()) else {
        return Ok(None);
    };
    let row = ActiveModel {
        id: Unchanged(id),
        said: Set(Some(said(place, &bulletin)?)),
        ..Default::default()
    };
    row.update(conn).await?;
    Ok(Some(bulletin))
}

fn said(place: &Place, bulletin: &Bulletin) -> Result<String, DbErr> {
    let said = Said {
        place: place.clone(),
        bulletin: bulletin.clone(),
    };
    serde_json::to_string(&said).map_err(|error| DbErr::Json(error.to_string()))
}

pub(super) async fn forget(conn: &impl ConnectionTrait, before: Instant) -> Result<u64, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::ReadAt.lt(before))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
