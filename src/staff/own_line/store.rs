//! Staff's own chats in the database.

use entity::{own_line, own_line_code};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::clock::Instant;
use crate::ids::{PersonId, ResidentId};

pub(super) async fn invite(
    conn: &impl ConnectionTrait,
    person: PersonId,
    digest: &str,
    expires_at: Instant,
) -> Result<(), DbErr> {
    let row = own_line_code::Model {
        person_id: person.0,
        code_hash: digest.to_owned(),
        expires_at,
    };
    own_line_code::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(own_line_code::Column::PersonId)
                .update_columns([
                    own_line_code::Column::CodeHash,
                    own_line_code::Column::ExpiresAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whose unexpired code this is.
pub(super) async fn invited(
    conn: &impl ConnectionTrait,
    digest: &str,
    now: Instant,
) -> Result<Option<PersonId>, DbErr> {
    let row = own_line_code::Entity::find()
        .filter(own_line_code::Column::CodeHash.eq(digest))
        .filter(own_line_code::Column::ExpiresAt.gt(now))
        .one(conn)
        .await?;
    Ok(row.map(|row| PersonId(row.person_id)))
}

/// The code is used up; a chat is one person's, and a person has one.
pub(super) async fn link(
    conn: &impl ConnectionTrait,
    person: PersonId,
    resident: ResidentId,
    now: Instant,
) -> Result<(), DbErr> {
    unlink(conn, person).await?;
    own_line::Entity::delete_many()
        .filter(own_line::Column::ResidentId.eq(resident.0))
        .exec(conn)
        .await?;
    let row = own_line::Model {
        person_id: person.0,
        resident_id: resident.0,
        linked_at: now,
    };
    own_line::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn of(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<ResidentId>, DbErr> {
    let row = own_line::Entity::find_by_id(person.0).one(conn).await?;
    Ok(row.map(|row| ResidentId(row.resident_id)))
}

/// Everybody's, by person.
pub(super) async fn linked(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(PersonId, ResidentId)>, DbErr> {
    let rows = own_line::Entity::find()
        .order_by_asc(own_line::Column::PersonId)
        .all(conn)
        .await?;
    let pair = |row: own_line::Model| (PersonId(row.person_id), ResidentId(row.resident_id));
    Ok(rows.into_iter().map(pair).collect())
}

/// Whether there was a chat, or a code.
pub(super) async fn unlink(conn: &impl ConnectionTrait, person: PersonId) -> Result<bool, DbErr> {
    let codes = own_line_code::Entity::delete_by_id(person.0)
        .exec(conn)
        .await?;
    let chats = own_line::Entity::delete_by_id(person.0).exec(conn).await?;
    Ok(codes.rows_affected + chats.rows_affected > 0)
}
