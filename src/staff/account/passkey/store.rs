//! Passkeys of persons.

use entity::passkey::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::PasskeyRow;
use crate::clock::Instant;
use crate::ids::PersonId;

/// A row, its credential still sealed.
pub(in super::super) struct Stored {
    pub row: PasskeyRow,
    pub person: PersonId,
    pub credential: String,
    pub credential_id: String,
}

impl From<Model> for Stored {
    fn from(row: Model) -> Self {
        Self {
            row: PasskeyRow {
                id: row.id,
                label: row.label,
                enrolled_at: row.enrolled_at,
                last_used_at: row.last_used_at,
                usable_for_emergency_from: row.usable_for_emergency_from,
            },
            person: PersonId(row.person_id),
            credential: row.credential,
            credential_id: row.credential_id,
        }
    }
}

/// Adds it; false when this very key is there already.
pub(super) async fn add(conn: &impl ConnectionTrait, new: Stored) -> Result<bool, DbErr> {
    let row = ActiveModel {
        id: Set(new.row.id),
        person_id: Set(new.person.0),
        credential: Set(new.credential),
        credential_id: Set(new.credential_id),
        label: Set(new.row.label),
        enrolled_at: Set(new.row.enrolled_at),
        last_used_at: NotSet,
        usable_for_emergency_from: Set(new.row.usable_for_emergency_from),
        revoked_at: NotSet,
    };
    let added = Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::CredentialId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(added == 1)
}

pub(in super::super) async fn active(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Stored>, DbErr> {
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RevokedAt.is_null())
        .order_by_desc(Column::EnrolledAt)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Stored::from).collect())
}

/// Whether there ever was one, also since revoked.
pub(in super::super) async fn ever(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, DbErr> {
    let any = Entity::find().filter(Column::PersonId.eq(person.0));
    Ok(any.count(conn).await? > 0)
}

/// The key with this id, also since revoked.
pub(super) async fn ever_by_credential(
    conn: &impl ConnectionTrait,
    credential_id: &str,
) -> Result<Option<Stored>, DbErr> {
    let row = Entity::find()
        .filter(Column::CredentialId.eq(credential_id))
        .one(conn)
        .await?;
    Ok(row.map(Stored::from))
}

/// The active key with this id, locked until the transaction ends, so that counters are compared in turn.
pub(super) async fn by_credential(
    conn: &impl ConnectionTrait,
    credential_id: &str,
) -> Result<Option<Stored>, DbErr> {
    let row = Entity::find()
        .filter(Column::CredentialId.eq(credential_id))
        .filter(Column::RevokedAt.is_null())
        .lock(LockType::Update)
        .one(conn)
        .await?;
    Ok(row.map(Stored::from))
}

pub(super) async fn signed(
    conn: &impl ConnectionTrait,
    id: Uuid,
    credential: String,
    now: Instant,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Credential, Expr::value(credential))
        .col_expr(Column::LastUsedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn revoke(
    conn: &impl ConnectionTrait,
    person: PersonId,
    id: Uuid,
    now: Instant,
) -> Result<bool, DbErr> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    Ok(revoked.rows_affected == 1)
}

/// Whether one of theirs was revoked after `since`.
pub(in super::super) async fn was_revoked(
    conn: &impl ConnectionTrait,
    person: PersonId,
    since: Instant,
) -> Result<bool, DbErr> {
    let revoked = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RevokedAt.gt(since));
    Ok(revoked.count(conn).await? > 0)
}

pub(in super::super) async fn revoke_all(
    conn: &impl ConnectionTrait,
    person: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn rename(
    conn: &impl ConnectionTrait,
    person: PersonId,
    id: Uuid,
    label: String,
) -> Result<bool, DbErr> {
    let renamed = Entity::update_many()
        .col_expr(Column::Label, Expr::value(label))
        .filter(Column::Id.eq(id))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RevokedAt.is_null())
        .exec(conn)
        .await?;
    Ok(renamed.rows_affected == 1)
}

pub(super) async fn settle(
    conn: &impl ConnectionTrait,
    person: PersonId,
    id: Uuid,
    now: Instant,
) -> Result<bool, DbErr> {
    let settled = Entity::update_many()
        .col_expr(Column::UsableForEmergencyFrom, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::UsableForEmergencyFrom.gt(now))
        .exec(conn)
        .await?;
    Ok(settled.rows_affected == 1)
}

/// Everybody with a key that may confirm an emergency at `now`.
pub(in super::super) async fn usable_for_emergency(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<Vec<PersonId>, DbErr> {
    let persons: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .distinct()
        .filter(Column::RevokedAt.is_null())
        .filter(Column::UsableForEmergencyFrom.lte(now))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(persons.into_iter().map(PersonId).collect())
}

/// Whether the key is this person's, and not revoked.
pub(in super::super) async fn is_active(
    conn: &impl ConnectionTrait,
    person: PersonId,
    id: Uuid,
) -> Result<bool, DbErr> {
    let row = Entity::find_by_id(id).one(conn).await?;
    Ok(row.is_some_and(|row| row.person_id == person.0 && row.revoked_at.is_none()))
}
