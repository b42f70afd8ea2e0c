//! Sessions, by their keys' hashes.

use entity::session::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::super::Token;
use super::{Method, Session};
use crate::clock::Instant;
use crate::ids::PersonId;

fn parsed(row: Model) -> Result<Session, DbErr> {
    let method = Method::of(&row.method)
        .ok_or_else(|| DbErr::Custom(format!("session.method: `{}`", row.method)))?;
    Ok(Session {
        id: row.id,
        person: PersonId(row.person_id),
        opened_at: row.opened_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        device: row.device,
        method,
    })
}

pub(super) async fn open(
    conn: &impl ConnectionTrait,
    key: &Token,
    session: Session,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        key_hash: Set(key.digest()),
        id: Set(session.id),
        person_id: Set(session.person.0),
        opened_at: Set(session.opened_at),
        last_seen_at: Set(session.last_seen_at),
        expires_at: Set(session.expires_at),
        device: Set(session.device),
        method: Set(session.method.word().to_owned()),
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    key: &Token,
) -> Result<Option<Session>, DbErr> {
    let row = Entity::find_by_id(key.digest()).one(conn).await?;
    row.map(parsed).transpose()
}

pub(super) async fn of(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Session>, DbErr> {
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .order_by_desc(Column::LastSeenAt)
        .all(conn)
        .await?;
    rows.into_iter().map(parsed).collect()
}

pub(super) async fn seen(conn: &impl ConnectionTrait, id: Uuid, now: Instant) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LastSeenAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn end(
    conn: &impl ConnectionTrait,
    person: PersonId,
    id: Uuid,
) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

pub(in super::super) async fn end_all(
    conn: &impl ConnectionTrait,
    person: PersonId,
    keep: Option<Uuid>,
) -> Result<(), DbErr> {
    let mut ended = Entity::delete_many().filter(Column::PersonId.eq(person.0));
    if let Some(keep) = keep {
        ended = ended.filter(Column::Id.ne(keep));
    }
    ended.exec(conn).await?;
    Ok(())
}

pub(in super::super) async fn forget(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<u64, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::ExpiresAt.lt(now))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
