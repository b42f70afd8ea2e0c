//! Requests in the database.

use entity::countersign::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::model::{Countersign, Outcome, digest, payload};
use crate::clock::Instant;
use crate::ids::{CountersignId, PersonId};

pub(super) async fn add(conn: &impl ConnectionTrait, asked: &Countersign) -> Result<(), DbErr> {
    let row = Model {
        id: asked.id.0,
        kind: asked.ask.code().to_owned(),
        payload: payload(&asked.ask),
        digest: asked.digest.clone(),
        asked_by: asked.asked_by.0,
        asked_at: asked.asked_at,
        reason: asked.reason.clone(),
        expires_at: asked.expires_at,
        decided_by: None,
        decided_at: None,
        outcome: None,
        answer: None,
    };
    let row: ActiveModel = row.into_active_model();
    Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: CountersignId,
) -> Result<Option<Countersign>, DbErr> {
    let row = Entity::find_by_id(id.0).one(conn).await?;
    row.map(countersign).transpose()
}

/// Undecided requests, oldest first, also those whose hour is over.
pub(super) async fn open(conn: &impl ConnectionTrait) -> Result<Vec<Countersign>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Outcome.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(countersign).collect()
}

/// The latest that wait no more, newest first.
pub(super) async fn decided(
    conn: &impl ConnectionTrait,
    most: u64,
) -> Result<Vec<Countersign>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Outcome.is_not_null())
        .order_by_desc(Column::DecidedAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(conn)
        .await?;
    rows.into_iter().map(countersign).collect()
}

pub(super) async fn decide(
    conn: &impl ConnectionTrait,
    id: CountersignId,
    by: Option<PersonId>,
    outcome: Outcome,
    answer: Option<&str>,
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Unchanged(id.0),
        decided_by: Set(by.map(|id| id.0)),
        decided_at: Set(Some(now)),
        outcome: Set(Some(outcome.code().to_owned())),
        answer: Set(answer.map(str::to_owned)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

fn countersign(row: Model) -> Result<Countersign, DbErr> {
    let id = CountersignId(row.id);
    let unreadable = |what: &str| DbErr::Type(format!("countersign {id}: {what}"));
    if digest(&row.payload) != row.digest {
        return Err(unreadable("its payload is not the one that was digested"));
    }
    let outcome = row
        .outcome
        .map(|code| Outcome::of_code(&code).ok_or_else(|| unreadable("its outcome is unknown")));
    Ok(Countersign {
        id,
        ask: serde_json::from_str(&row.payload).map_err(|e| unreadable(&e.to_string()))?,
        digest: row.digest,
        asked_by: PersonId(row.asked_by),
        asked_at: row.asked_at,
        reason: row.reason,
        expires_at: row.expires_at,
        decided_by: row.decided_by.map(PersonId),
        decided_at: row.decided_at,
        outcome: outcome.transpose()?,
        answer: row.answer,
    })
}
