//! Versions of templates in the database.

use entity::emergency_template::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, Set,
};

use super::publish::{Asked, Declined, Version};
use crate::clock::Instant;
use crate::ids::PersonId;

/// All versions, by code, the oldest first.
pub(super) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Version>, DbErr> {
    let rows = Entity::find()
        .order_by_asc(Column::Code)
        .order_by_asc(Column::RecordedAt)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(version).collect())
}

/// Replicas that start together record the same: the second finds it there.
pub(super) async fn add(conn: &impl ConnectionTrait, version: &Version) -> Result<(), DbErr> {
    let row = Model {
        code: version.code.clone(),
        version: version.version.clone(),
        text: version.text.clone(),
        recorded_at: version.recorded_at,
        published_by: None,
        asked_at: None,
        seconded_by: None,
        published_at: version.published_at,
        retired_at: None,
        written_by: version.written_by.map(|by| by.0),
        declined_by: None,
        declined_at: None,
        answer: None,
        wanted_by: None,
        wanted_at: None,
    };
    let row: ActiveModel = row.into_active_model();
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Lets go of versions that came with the program, never were in force and are not in it any more.
pub(super) async fn forget_waiting(
    conn: &impl ConnectionTrait,
    code: &str,
    but: &str,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Code.eq(code))
        .filter(Column::Version.ne(but))
        .filter(Column::PublishedAt.is_null())
        .filter(Column::WrittenBy.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Keeps who asks that it be published. When it was in force before stays as it is: what was sent once is not forgotten.
pub(super) async fn ask(
    conn: &impl ConnectionTrait,
    version: &Version,
    asked: Asked,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        code: Unchanged(version.code.clone()),
        version: Unchanged(version.version.clone()),
        wanted_by: Set(Some(asked.by.0)),
        wanted_at: Set(Some(asked.at)),
        declined_by: Set(None),
        declined_at: Set(None),
        answer: Set(None),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

/// Nobody has asked for it any more.
pub(super) async fn take_back(conn: &impl ConnectionTrait, version: &Version) -> Result<(), DbErr> {
    let row = ActiveModel {
        code: Unchanged(version.code.clone()),
        version: Unchanged(version.version.clone()),
        wanted_by: Set(None),
        wanted_at: Set(None),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn decline(
    conn: &impl ConnectionTrait,
    version: &Version,
    declined: Declined,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        code: Unchanged(version.code.clone()),
        version: Unchanged(version.version.clone()),
        declined_by: Set(Some(declined.by.0)),
        declined_at: Set(Some(declined.at)),
        answer: Set(Some(declined.answer)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn retire(
    conn: &impl ConnectionTrait,
    code: &str,
    now: Instant,
) -> Result<(), DbErr> {
    let retired = ActiveModel {
        retired_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(retired)
        .filter(Column::Code.eq(code))
        .filter(Column::PublishedAt.is_not_null())
        .filter(Column::RetiredAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn publish(
    conn: &impl ConnectionTrait,
    version: &Version,
    asked: Asked,
    seconded_by: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        code: Unchanged(version.code.clone()),
        version: Unchanged(version.version.clone()),
        published_by: Set(Some(asked.by.0)),
        asked_at: Set(Some(asked.at)),
        seconded_by: Set(Some(seconded_by.0)),
        published_at: Set(Some(now)),
        retired_at: Set(None),
        wanted_by: Set(None),
        wanted_at: Set(None),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

fn version(row: Model) -> Version {
    let declined = row.declined_by.zip(row.declined_at).zip(row.answer);
    let asked = |by: Option<uuid::Uuid>, at: Option<Instant>| {
        by.zip(at).map(|(by, at)| Asked {
            by: PersonId(by),
            at,
        })
    };
    Version {
        code: row.code,
        version: row.version,
        text: row.text,
        recorded_at: row.recorded_at,
        wanted: asked(row.wanted_by, row.wanted_at),
        asked: asked(row.published_by, row.asked_at),
        seconded_by: row.seconded_by.map(PersonId),
        published_at: row.published_at,
        retired_at: row.retired_at,
        written_by: row.written_by.map(PersonId),
        declined: declined.map(|((by, at), answer)| Declined {
            by: PersonId(by),
            at,
            answer,
        }),
    }
}
