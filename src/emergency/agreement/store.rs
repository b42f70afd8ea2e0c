//! Agreements in the database.

use entity::emergency_agreement::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    Set,
};

use super::{Agreement, Promise};
use crate::clock::Instant;
use crate::emergency::Digest;
use crate::emergency::model::Did;
use crate::emergency::moves::Side;
use crate::emergency::store::did;
use crate::ids::{AgreementId, SectionId};

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    id: AgreementId,
    promise: &Promise,
    digest: &Digest,
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id.0),
        section_id: Set(promise.section.0),
        from_day: Set(promise.from),
        until_day: Set(promise.until),
        digest: Set(digest.to_string()),
        made_at: Set(now),
        ..Default::default()
    };
    Entity::insert(row)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn sign(
    conn: &impl ConnectionTrait,
    id: AgreementId,
    side: Side,
    did: Did,
    evidence: &str,
) -> Result<(), DbErr> {
    let mut row = ActiveModel {
        id: Unchanged(id.0),
        ..Default::default()
    };
    let (by, at, evidence) = (Some(did.by.0), Some(did.at), Some(evidence.to_owned()));
    match side {
        Side::Concurs => {
            row.concurring_by = Set(by);
            row.concurring_at = Set(at);
            row.concurring_evidence = Set(evidence);
        }
        Side::Sends => {
            row.sending_by = Set(by);
            row.sending_at = Set(at);
            row.sending_evidence = Set(evidence);
        }
    }
    row.update(conn).await.map(drop)
}

pub(super) async fn end(
    conn: &impl ConnectionTrait,
    id: AgreementId,
    did: Did,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Unchanged(id.0),
        ended_by: Set(Some(did.by.0)),
        ended_at: Set(Some(did.at)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: AgreementId,
) -> Result<Option<Agreement>, DbErr> {
    let row = Entity::find_by_id(id.0).one(conn).await?;
    Ok(row.map(agreement))
}

/// Under which names what was signed is kept: by the side that agrees, and by the side that sends.
pub(super) async fn evidence(
    conn: &impl ConnectionTrait,
    id: AgreementId,
) -> Result<[Option<String>; 2], DbErr> {
    let row = Entity::find_by_id(id.0).one(conn).await?;
    let names = row.map(|row| [row.concurring_evidence, row.sending_evidence]);
    Ok(names.unwrap_or_default())
}

/// The newest first.
pub(super) async fn of_section(
    conn: &impl ConnectionTrait,
    section: SectionId,
) -> Result<Vec<Agreement>, DbErr> {
    let rows = Entity::find()
        .filter(Column::SectionId.eq(section.0))
        .order_by_desc(Column::MadeAt)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(agreement).collect())
}

fn agreement(row: Model) -> Agreement {
    Agreement {
        id: AgreementId(row.id),
        promise: Promise {
            section: SectionId(row.section_id),
            from: row.from_day,
            until: row.until_day,
        },
        concurring: did(row.concurring_by, row.concurring_at),
        sending: did(row.sending_by, row.sending_at),
        ended: did(row.ended_by, row.ended_at),
    }
}
