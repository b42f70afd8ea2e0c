//! The places in the database.

use entity::shelter;
use sea_orm::{EntityTrait, NotSet, QueryOrder, Set};

use super::model::{Hazard, Hazards, Location, Shelter};
use crate::db::{Db, DbError};

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

pub(super) async fn all(db: &Db) -> Result<Vec<Shelter>, DbError> {
    let rows = shelter::Entity::find()
        .order_by_asc(shelter::Column::Position)
        .all(db.conn())
        .await?;
    Ok(rows.into_iter().map(place).collect())
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
