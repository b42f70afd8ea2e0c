//! Invitations, by their tokens' hashes.

use entity::invitation::{ActiveModel, Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    Set,
};
use uuid::Uuid;

use super::super::Token;
use super::{Invited, InvitedTo};
use crate::clock::Instant;
use crate::ids::PersonId;

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    token: &Token,
    invited: Invited,
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(Uuid::new_v4()),
        token_hash: Set(token.digest()),
        person_id: Set(invited.person.0),
        purpose: Set(invited.to.word().to_owned()),
        made_at: Set(now),
        expires_at: Set(invited.expires_at),
        used_at: NotSet,
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// Lets open invitations of a person end now.
pub(in super::super) async fn withdraw(
    conn: &impl ConnectionTrait,
    person: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(now))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(conn)
        .await?;
    Ok(())
}

fn open_one(token: &Token, now: Instant) -> Condition {
    Condition::all()
        .add(Column::TokenHash.eq(token.digest()))
        .add(Column::UsedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

pub(super) async fn open(
    conn: &impl ConnectionTrait,
    token: &Token,
    now: Instant,
) -> Result<Option<Invited>, DbErr> {
    let row = Entity::find()
        .filter(open_one(token, now))
        .one(conn)
        .await?;
    row.map(|row| {
        let unknown = || DbErr::Custom(format!("invitation.purpose: `{}`", row.purpose));
        Ok(Invited {
            person: PersonId(row.person_id),
            to: InvitedTo::of(&row.purpose).ok_or_else(unknown)?,
            expires_at: row.expires_at,
        })
    })
    .transpose()
}

pub(super) async fn use_up(
    conn: &impl ConnectionTrait,
    token: &Token,
    person: PersonId,
    to: &[InvitedTo],
    now: Instant,
) -> Result<bool, DbErr> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(open_one(token, now))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::Purpose.is_in(to.iter().map(|to| to.word())))
        .exec(conn)
        .await?;
    Ok(used.rows_affected == 1)
}
