//! Secrets to change, in the database.

use entity::secrets_task::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::model::{Secret, SecretsTask};
use crate::clock::Instant;
use crate::ids::{PersonId, SecretsTaskId};

pub(super) async fn open(
    conn: &impl ConnectionTrait,
    id: SecretsTaskId,
    secret: Secret,
    person: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    let row = Model {
        id: id.0,
        opened_at: now,
        reason: "person_left".to_owned(),
        person_id: Some(person.0),
        item: secret.code().to_owned(),
        done_at: None,
        done_by: None,
    };
    let row: ActiveModel = row.into_active_model();
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub(super) async fn open_tasks(conn: &impl ConnectionTrait) -> Result<Vec<SecretsTask>, DbErr> {
    let rows = Entity::find()
        .filter(Column::DoneAt.is_null())
        .order_by_asc(Column::OpenedAt)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(task).collect()
}

/// The latest that were done, newest first.
pub(super) async fn done_tasks(
    conn: &impl ConnectionTrait,
    most: u64,
) -> Result<Vec<SecretsTask>, DbErr> {
    let rows = Entity::find()
        .filter(Column::DoneAt.is_not_null())
        .order_by_desc(Column::DoneAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(conn)
        .await?;
    rows.into_iter().map(task).collect()
}

/// Whether there was such an open task. Nobody finishes one that is about themselves.
pub(super) async fn finish(
    conn: &impl ConnectionTrait,
    id: SecretsTaskId,
    by: Option<PersonId>,
    now: Instant,
) -> Result<bool, DbErr> {
    let mut open = Entity::update_many()
        .set(ActiveModel {
            done_at: Set(Some(now)),
            done_by: Set(by.map(|id| id.0)),
            ..Default::default()
        })
        .filter(Column::Id.eq(id.0))
        .filter(Column::DoneAt.is_null());
    if let Some(PersonId(by)) = by {
        open = open.filter(Column::PersonId.ne(by));
    }
    Ok(open.exec(conn).await?.rows_affected == 1)
}

fn task(row: Model) -> Result<SecretsTask, DbErr> {
    let unreadable = || DbErr::Type(format!("secrets_task: unknown item `{}`", row.item));
    Ok(SecretsTask {
        id: SecretsTaskId(row.id),
        secret: Secret::of_code(&row.item).ok_or_else(unreadable)?,
        person: row.person_id.map(PersonId),
        opened_at: row.opened_at,
        done_at: row.done_at,
        done_by: row.done_by.map(PersonId),
    })
}
