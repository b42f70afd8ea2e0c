//! Ceremonies under way.

use entity::ceremony::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    Set,
};

use super::super::Token;
use super::{Beginning, Purpose};
use crate::clock::Instant;
use crate::ids::PersonId;

/// A row, its state still sealed.
pub(super) struct Kept {
    pub name: String,
    pub purpose: String,
    pub person: Option<PersonId>,
    pub bound: Option<(String, String)>,
    pub state: String,
    pub evidence: Option<String>,
}

impl From<Model> for Kept {
    fn from(row: Model) -> Self {
        Self {
            name: row.token_hash,
            purpose: row.purpose,
            person: row.person_id.map(PersonId),
            bound: row.act.zip(row.digest),
            state: row.state,
            evidence: row.evidence,
        }
    }
}

pub(super) async fn begin(
    conn: &impl ConnectionTrait,
    now: Instant,
    token: &Token,
    beginning: Beginning<'_>,
    state: String,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        token_hash: Set(token.digest()),
        purpose: Set(beginning.purpose.word().to_owned()),
        person_id: Set(beginning.person.map(|person| person.0)),
        act: Set(beginning.bound.map(|(act, _)| act.to_owned())),
        digest: Set(beginning.bound.map(|(_, digest)| digest.to_owned())),
        state: Set(state),
        made_at: Set(now),
        expires_at: Set(now + beginning.lifetime),
        consumed_at: NotSet,
        evidence: NotSet,
    };
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

fn open_one(now: Instant, token: &Token, purpose: Purpose) -> Condition {
    Condition::all()
        .add(Column::TokenHash.eq(token.digest()))
        .add(Column::Purpose.eq(purpose.word()))
        .add(Column::ConsumedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

pub(super) async fn open(
    conn: &impl ConnectionTrait,
    now: Instant,
    token: &Token,
    purpose: Purpose,
) -> Result<Option<Kept>, DbErr> {
    let row = Entity::find()
        .filter(open_one(now, token, purpose))
        .one(conn)
        .await?;
    Ok(row.map(Kept::from))
}

/// The step-up of that name, if it was answered.
pub(super) async fn answered(
    conn: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<Kept>, DbErr> {
    let row = Entity::find_by_id(name)
        .filter(Column::Purpose.eq(Purpose::StepUp.word()))
        .filter(Column::Evidence.is_not_null())
        .one(conn)
        .await?;
    Ok(row.map(Kept::from))
}

pub(super) async fn consume(
    conn: &impl ConnectionTrait,
    now: Instant,
    token: &Token,
    purpose: Purpose,
) -> Result<bool, DbErr> {
    let consumed = Entity::update_many()
        .col_expr(Column::ConsumedAt, Expr::value(now))
        .filter(open_one(now, token, purpose))
        .exec(conn)
        .await?;
    Ok(consumed.rows_affected == 1)
}

/// Ends everything begun for `person`.
pub(in super::super) async fn end_all(
    conn: &impl ConnectionTrait,
    person: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ConsumedAt, Expr::value(now))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::ConsumedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// Keeps what was signed.
pub(in super::super) async fn keep_evidence(
    conn: &impl ConnectionTrait,
    token: &Token,
    evidence: String,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Evidence, Expr::value(evidence))
        .filter(Column::TokenHash.eq(token.digest()))
        .exec(conn)
        .await?;
    Ok(())
}

/// What was signed in the step-up of this token's digest.
pub(in super::super) async fn evidence(
    conn: &impl ConnectionTrait,
    digest: &str,
) -> Result<Option<String>, DbErr> {
    let row = Entity::find_by_id(digest).one(conn).await?;
    Ok(row.and_then(|row| row.evidence))
}

/// Forgets what is over; evidence stays.
pub(in super::super) async fn forget(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<u64, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::ExpiresAt.lt(now))
        .filter(Column::Evidence.is_null())
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
