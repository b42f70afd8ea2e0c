//! Versions in the database.

use entity::policy_version::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, Set,
};

use super::read::Fault;
use super::rulebook::{Adoption, Asking, Document, Error, Version};
use crate::clock::Instant;
use crate::ids::PersonId;

pub(super) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Version>, Error> {
    let rows = Entity::find().all(conn).await?;
    rows.into_iter().map(version).collect()
}

pub(super) async fn count_adopted(conn: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::AdoptedAt.is_not_null())
        .count(conn)
        .await
}

/// Replicas that start together record the same text: the second finds it there.
pub(super) async fn insert(
    conn: &impl ConnectionTrait,
    document: &Document,
    now: Instant,
    adoption: Option<Adoption>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        adopted_by: Set(adoption.and_then(|a| a.by).map(|by| by.0)),
        adopted_at: Set(adoption.map(|a| a.at)),
        ..row(document, now)
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Version).do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn replace_waiting(
    conn: &impl ConnectionTrait,
    document: &Document,
    now: Instant,
) -> Result<(), DbErr> {
    row(document, now).update(conn).await?;
    Ok(())
}

pub(super) async fn adopt(
    conn: &impl ConnectionTrait,
    version: &str,
    digest: &str,
    (by, seconded_by): (PersonId, Option<PersonId>),
    now: Instant,
) -> Result<bool, DbErr> {
    let adoption = ActiveModel {
        adopted_by: Set(Some(by.0)),
        adopted_at: Set(Some(now)),
        seconded_by: Set(seconded_by.map(|by| by.0)),
        ..Default::default()
    };
    note(conn, version, digest, adoption).await
}

/// Keeps who asks that it be adopted.
pub(super) async fn ask(
    conn: &impl ConnectionTrait,
    version: &str,
    digest: &str,
    asking: Asking,
) -> Result<bool, DbErr> {
    let asked = ActiveModel {
        asked_by: Set(Some(asking.by.0)),
        asked_at: Set(Some(asking.at)),
        ..Default::default()
    };
    note(conn, version, digest, asked).await
}

/// Notes something on the version that waits with exactly this text; false if none does.
async fn note(
    conn: &impl ConnectionTrait,
    version: &str,
    digest: &str,
    what: ActiveModel,
) -> Result<bool, DbErr> {
    let updated = Entity::update_many()
        .set(what)
        .filter(Column::Version.eq(version))
        .filter(Column::Digest.eq(digest))
        .filter(Column::AdoptedAt.is_null())
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn asking(
    conn: &impl ConnectionTrait,
    version: &str,
    digest: &str,
) -> Result<Option<Asking>, DbErr> {
    let row = Entity::find_by_id(version)
        .filter(Column::Digest.eq(digest))
        .filter(Column::AdoptedAt.is_null())
        .one(conn)
        .await?;
    Ok(row.and_then(|row| asked(row.asked_by, row.asked_at)))
}

fn asked(by: Option<uuid::Uuid>, at: Option<Instant>) -> Option<Asking> {
    by.zip(at).map(|(by, at)| Asking {
        by: PersonId(by),
        at,
    })
}

fn row(document: &Document, now: Instant) -> ActiveModel {
    let head = &document.profile.profile;
    ActiveModel {
        version: Set(head.version.clone()),
        effective_from: Set(head.effective_from),
        text: Set(document.text.clone()),
        digest: Set(document.digest()),
        recorded_at: Set(now),
        // Nobody has asked for these words.
        asked_by: Set(None),
        asked_at: Set(None),
        ..Default::default()
    }
}

fn version(row: Model) -> Result<Version, Error> {
    let document = Document::parse(row.text).map_err(|faults| Error::Unreadable {
        version: row.version,
        fault: faults.into_iter().next().unwrap_or(Fault {
            line: 1,
            reason: String::new(),
        }),
    })?;
    Ok(Version {
        document,
        digest: row.digest,
        recorded_at: row.recorded_at,
        asking: asked(row.asked_by, row.asked_at),
        adoption: row.adopted_at.map(|at| Adoption {
            by: row.adopted_by.map(PersonId),
            at,
        }),
    })
}
