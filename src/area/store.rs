//! Areas in the database.

use std::collections::HashMap;

use entity::area::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Set, SqlErr, TransactionTrait,
};

use crate::db::{Db, DbError, Tx};
use crate::ids::AreaId;

use super::directory::{Area, Directory};

/// Rows written by one statement: well under SQLite's 32,766 values.
const ROWS_AT_ONCE: usize = 1000;

/// An area as a list published by the town has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The district, where the town has districts.
    pub district: Option<String>,
    /// The name.
    pub name: String,
    /// How it is read, in kana.
    pub reading: Option<String>,
}

/// What publishing a list did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synced {
    /// The number of each listed area, in the list's order.
    pub ids: Vec<AreaId>,
    /// Labels of areas that are new, or in use again.
    pub added: Vec<String>,
    /// Labels of areas that are gone.
    pub removed: Vec<String>,
    /// Labels of areas that are no longer listed, but stay because somebody still refers to them.
    pub retired: Vec<String>,
}

/// Every area in use.
///
/// # Errors
/// The database does not answer.
pub async fn directory(db: &Db) -> Result<Directory, DbError> {
    in_use(db.conn()).await
}

/// Every area in use, as the transaction sees it.
///
/// # Errors
/// The database does not answer.
pub async fn directory_in(tx: &Tx) -> Result<Directory, DbError> {
    in_use(tx.conn()).await
}

async fn in_use(conn: &impl ConnectionTrait) -> Result<Directory, DbError> {
    let rows = Entity::find()
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Position)
        .all(conn)
        .await?;
    Ok(Directory::new(rows.into_iter().map(area).collect()))
}

/// Makes `listed`, in which no area stands twice, the areas in use. An area keeps its number as long
/// as it keeps its district and name; one that is no longer listed goes, unless somebody refers to it.
///
/// # Errors
/// The database does not answer.
pub async fn publish(tx: &Tx, listed: &[Listed]) -> Result<Synced, DbError> {
    let mut known: HashMap<(String, String), Model> = all(tx).await?;
    let mut synced = Synced::default();
    let mut new = Vec::new();
    for (position, listed) in (0_i32..).zip(listed) {
        let (district, name) = key(listed);
        match known.remove(&(district.clone(), name.clone())) {
            None => {
                synced.added.push(label(&district, &name));
                new.push(ActiveModel {
                    district: Set(district),
                    name: Set(name),
                    reading: Set(listed.reading.clone()),
                    position: Set(position),
                    active: Set(true),
                    ..Default::default()
                });
            }
            Some(row) => {
                if !row.active {
                    synced.added.push(label(&district, &name));
                }
                let same = row.active && row.position == position && row.reading == listed.reading;
                if !same {
                    let mut row = row.into_active_model();
                    row.reading = Set(listed.reading.clone());
                    row.position = Set(position);
                    row.active = Set(true);
                    row.update(tx.conn()).await?;
                }
            }
        }
    }
    for rows in new.chunks(ROWS_AT_ONCE) {
        Entity::insert_many(rows.to_vec())
            .exec_without_returning(tx.conn())
            .await?;
    }
    let mut gone: Vec<Model> = known.into_values().collect();
    gone.sort_by_key(|row| row.position);
    for row in gone {
        let (label, was_active) = (label(&row.district, &row.name), row.active);
        match remove(tx, row).await? {
            true => synced.removed.push(label),
            false if was_active => synced.retired.push(label),
            false => {}
        }
    }
    let now = all(tx).await?;
    for listed in listed {
        let row = &now.get(&key(listed)).ok_or_else(|| {
            DbError::RecordNotFound(format!("area {:?}, just written", listed.name))
        })?;
        synced.ids.push(AreaId(row.id));
    }
    Ok(synced)
}

/// Deletes an area; puts it out of use when the database says that somebody refers to it.
async fn remove(tx: &Tx, row: Model) -> Result<bool, DbError> {
    let attempt = tx.conn().begin().await?;
    match Entity::delete_by_id(row.id).exec(&attempt).await {
        Ok(_) => {
            attempt.commit().await?;
            Ok(true)
        }
        Err(e) if matches!(e.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => {
            attempt.rollback().await?;
            let mut row = row.into_active_model();
            row.active = Set(false);
            row.update(tx.conn()).await?;
            Ok(false)
        }
        Err(e) => Err(e),
    }
}

async fn all(tx: &Tx) -> Result<HashMap<(String, String), Model>, DbError> {
    let rows = Entity::find().all(tx.conn()).await?;
    let keyed = rows
        .into_iter()
        .map(|row| ((row.district.clone(), row.name.clone()), row));
    Ok(keyed.collect())
}

fn key(listed: &Listed) -> (String, String) {
    (
        listed.district.clone().unwrap_or_default(),
        listed.name.clone(),
    )
}

fn label(district: &str, name: &str) -> String {
    match district {
        "" => name.to_owned(),
        _ => format!("{district}/{name}"),
    }
}

fn area(row: Model) -> Area {
    Area {
        id: AreaId(row.id),
        district: Some(row.district).filter(|district| !district.is_empty()),
        name: row.name,
        reading: row.reading,
    }
}
