//! The places in the database, and what was said of them.

use std::collections::HashMap;

use entity::{shelter, shelter_opening};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, NotSet, QueryOrder, Set};

use super::model::{Hazard, Hazards, Location, Shelter};
use super::opening::{Opening, State};
use crate::db::{Db, DbError};
use crate::ids::{PersonId, ShelterId};

/// Rows of one statement: sixteen columns each, under SQLite's limit of values.
const ROWS_AT_ONCE: usize = 500;

pub(super) async fn replace(db: &Db, shelters: &[Shelter]) -> Result<(), DbError> {
    let tx = db.begin().await?;
    shelter::Entity::delete_many().exec(tx.conn()).await?;
    let rows: Vec<shelter::ActiveModel> = (0..).zip(shelters).map(|(at, s)| row(at, s)).collect();
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        shelter::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    tx.commit().await
}

pub(super) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Shelter>, DbErr> {
    let rows = shelter::Entity::find().order_by_asc(shelter::Column::Position);
    let rows = rows.all(conn).await?;
    let openings = shelter_opening::Entity::find().all(conn).await?;
    let openings = openings.into_iter().map(|row| {
        let opening = opening(&row)?;
        Ok(((row.name, row.address), opening))
    });
    let mut openings = openings.collect::<Result<HashMap<_, _>, DbErr>>()?;
    let mut places: Vec<Shelter> = rows.into_iter().map(place).collect();
    for place in &mut places {
        place.opening = openings.remove(&(place.name.clone(), place.address.clone()));
    }
    Ok(places)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: ShelterId,
) -> Result<Option<Shelter>, DbErr> {
    let Some(row) = shelter::Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    let mut place = place(row);
    let key = (place.name.clone(), place.address.clone());
    let said = shelter_opening::Entity::find_by_id(key).one(conn).await?;
    place.opening = said.as_ref().map(opening).transpose()?;
    Ok(Some(place))
}

pub(super) async fn keep_opening(
    conn: &impl ConnectionTrait,
    place: &Shelter,
    opening: &Opening,
) -> Result<(), DbErr> {
    use shelter_opening::Column;
    let row = shelter_opening::ActiveModel {
        name: Set(place.name.clone()),
        address: Set(place.address.clone()),
        state: Set(opening.state.code().to_owned()),
        since: Set(opening.since),
        confirmed_at: Set(opening.confirmed_at),
        note: Set(opening.note.clone()),
        by: Set(opening.by.0),
    };
    let mut again = OnConflict::columns([Column::Name, Column::Address]);
    again.update_columns([
        Column::State,
        Column::Since,
        Column::ConfirmedAt,
        Column::Note,
        Column::By,
    ]);
    shelter_opening::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

fn opening(row: &shelter_opening::Model) -> Result<Opening, DbErr> {
    let state = State::of_code(&row.state);
    Ok(Opening {
        state: state.ok_or_else(|| DbErr::Type(format!("the state {:?}", row.state)))?,
        since: row.since,
        confirmed_at: row.confirmed_at,
        note: row.note.clone(),
        by: PersonId(row.by),
    })
}

fn row(position: i32, place: &Shelter) -> shelter::ActiveModel {
    let safe_from = |hazard| Set(place.hazards.contains(hazard));
    shelter::ActiveModel {
        id: NotSet,
        position: Set(position),
        name: Set(place.name.clone()),
        address: Set(place.address.clone()),
        latitude: Set(place.location.map(Location::latitude)),
        longitude: Set(place.location.map(Location::longitude)),
        flood: safe_from(Hazard::Flood),
        landslide: safe_from(Hazard::Landslide),
        storm_surge: safe_from(Hazard::StormSurge),
        earthquake: safe_from(Hazard::Earthquake),
        tsunami: safe_from(Hazard::Tsunami),
        fire: safe_from(Hazard::Fire),
        inland_flood: safe_from(Hazard::InlandFlood),
        volcano: safe_from(Hazard::Volcano),
        also_to_stay: Set(place.also_to_stay),
        note: Set(place.note.clone()),
    }
}

fn place(row: shelter::Model) -> Shelter {
    let safe_from = |hazard: &Hazard| match hazard {
        Hazard::Flood => row.flood,
        Hazard::Landslide => row.landslide,
        Hazard::StormSurge => row.storm_surge,
        Hazard::Earthquake => row.earthquake,
        Hazard::Tsunami => row.tsunami,
        Hazard::Fire => row.fire,
        Hazard::InlandFlood => row.inland_flood,
        Hazard::Volcano => row.volcano,
    };
    Shelter {
        id: Some(ShelterId(row.id)),
        opening: None,
        hazards: Hazard::ALL
            .into_iter()
            .filter(safe_from)
            .collect::<Hazards>(),
        location: row
            .latitude
            .zip(row.longitude)
            .and_then(|(latitude, longitude)| Location::in_japan(latitude, longitude)),
        name: row.name,
        address: row.address,
        also_to_stay: row.also_to_stay,
        note: row.note,
    }
}
