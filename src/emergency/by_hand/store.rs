//! Changes by hand in the database.

use entity::evacuation_change::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, Set,
};

use super::Change;
use crate::clock::Instant;
use crate::emergency::model::Did;
use crate::emergency::store::did;
use crate::emergency::template::Effect;
use crate::ids::{EvacuationChangeId, PersonId};

pub(super) async fn add(conn: &impl ConnectionTrait, change: &Change) -> Result<(), DbErr> {
    let places = serde_json::to_string(&change.places);
    let row = Model {
        id: change.id.0,
        level: change.effect.code().to_owned(),
        places: places.map_err(|error| DbErr::Type(error.to_string()))?,
        reason: change.reason.clone(),
        asked_by: change.asked.by.0,
        asked_at: change.asked.at,
        agreed_by: None,
        agreed_at: None,
        withdrawn_by: None,
        withdrawn_at: None,
    };
    let row: ActiveModel = row.into_active_model();
    Entity::insert(row)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn agree(
    conn: &impl ConnectionTrait,
    id: EvacuationChangeId,
    did: Did,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Unchanged(id.0),
        agreed_by: Set(Some(did.by.0)),
        agreed_at: Set(Some(did.at)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn withdraw(
    conn: &impl ConnectionTrait,
    id: EvacuationChangeId,
    did: Did,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Unchanged(id.0),
        withdrawn_by: Set(Some(did.by.0)),
        withdrawn_at: Set(Some(did.at)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: EvacuationChangeId,
) -> Result<Option<Change>, DbErr> {
    let row = Entity::find_by_id(id.0).one(conn).await?;
    row.map(change).transpose()
}

/// Those asked for since then that nobody has decided, oldest first.
pub(super) async fn open_since(
    conn: &impl ConnectionTrait,
    then: Instant,
) -> Result<Vec<Change>, DbErr> {
    let rows = Entity::find()
        .filter(Column::AgreedAt.is_null())
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::AskedAt.gte(then))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(change).collect()
}

fn change(row: Model) -> Result<Change, DbErr> {
    let id = EvacuationChangeId(row.id);
    let unreadable = |what: &str| DbErr::Type(format!("evacuation change {id}: {what}"));
    Ok(Change {
        id,
        effect: Effect::of_code(&row.level).ok_or_else(|| unreadable(&row.level))?,
        places: serde_json::from_str(&row.places).map_err(|e| unreadable(&e.to_string()))?,
        reason: row.reason,
        asked: Did {
            by: PersonId(row.asked_by),
            at: row.asked_at,
        },
        agreed: did(row.agreed_by, row.agreed_at),
        withdrawn: did(row.withdrawn_by, row.withdrawn_at),
    })
}
