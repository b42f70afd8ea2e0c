//! Reports in the database.

use entity::{emergency, emergency_report};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QuerySelect, Set,
};
use uuid::Uuid;

use crate::clock::Instant;
use crate::emergency::model::{Filing, Head};
use crate::emergency::store::{did, heads};
use crate::ids::EmergencyId;

/// Those whose report was due and is not confirmed.
pub(super) async fn overdue(conn: &impl ConnectionTrait, now: Instant) -> Result<Vec<Head>, DbErr> {
    let late: Vec<Uuid> = emergency_report::Entity::find()
        .select_only()
        .column(emergency_report::Column::EmergencyId)
        .filter(emergency_report::Column::ConfirmedAt.is_null())
        .filter(emergency_report::Column::DueAt.lt(now))
        .into_tuple()
        .all(conn)
        .await?;
    heads(
        conn,
        Condition::all().add(emergency::Column::Id.is_in(late)),
        u64::MAX >> 1,
    )
    .await
}

pub(in crate::emergency) async fn add(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
    due_at: Instant,
) -> Result<(), DbErr> {
    let row = emergency_report::ActiveModel {
        emergency_id: Set(id.0),
        due_at: Set(due_at),
        ..Default::default()
    };
    emergency_report::Entity::insert(row)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn keep(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
    report: &Filing,
) -> Result<(), DbErr> {
    let row = emergency_report::ActiveModel {
        emergency_id: Unchanged(id.0),
        words: Set(report.words.clone()),
        filed_by: Set(report.filed.map(|did| did.by.0)),
        filed_at: Set(report.filed.map(|did| did.at)),
        confirmed_by: Set(report.confirmed.map(|did| did.by.0)),
        confirmed_at: Set(report.confirmed.map(|did| did.at)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(in crate::emergency) async fn find(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
) -> Result<Option<Filing>, DbErr> {
    let row = emergency_report::Entity::find_by_id(id.0).one(conn).await?;
    Ok(row.map(|row| Filing {
        due_at: row.due_at,
        words: row.words,
        filed: did(row.filed_by, row.filed_at),
        confirmed: did(row.confirmed_by, row.confirmed_at),
    }))
}
