//! Residents in the database.

use std::collections::BTreeSet;

use entity::{child, resident, resident_topic};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    PaginatorTrait, QueryFilter, QuerySelect, Set,
};

use super::import::Row;
use super::model::{
    Child, ChildKind, Consent, GarbageReminder, Letters, Month, Residence, Resident,
};
use crate::clock::Instant;
use crate::ids::{AreaId, ResidentId};
use crate::language::Language;
use crate::line::UserId;
use crate::seal::Seal;

/// What a LINE user id is sealed for: who reads the database cannot tell who anybody is.
const LINE_USER_ID: &str = "resident.line_user_id";

fn sealed(seal: &Seal, user: &UserId) -> String {
    seal.lookup(LINE_USER_ID, user.as_str())
}

pub(super) fn opened(seal: &Seal, sealed: &str) -> Result<UserId, DbErr> {
    let user = seal.open(LINE_USER_ID, sealed);
    let user = user.map_err(|error| DbErr::Custom(error.to_string()))?;
    UserId::parse(&user).map_err(|error| DbErr::Custom(error.to_string()))
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    user: &UserId,
) -> Result<Option<Resident>, DbErr> {
    let Some(row) = resident::Entity::find()
        .filter(resident::Column::LineUserId.eq(sealed(seal, user)))
        .one(conn)
        .await?
    else {
        return Ok(None);
    };
    let topics = match row.topics_answered {
        true => Some(topics_of(conn, row.id).await?),
        false => None,
    };
    let children = match row.children_answered {
        true => Some(children_of(conn, row.id).await?),
        false => None,
    };
    Ok(Some(Resident {
        id: ResidentId(row.id),
        line_user_id: user.clone(),
        residence: match (row.residence.as_str(), row.area_id) {
            ("outside", _) => Residence::Outside,
            (_, Some(area)) => Residence::Area(AreaId(area)),
            _ => Residence::Unanswered,
        },
        // A language or an hour that a later version no longer knows counts as not chosen.
        language: row.language.and_then(|code| Language::parse(&code).ok()),
        reminder: row
            .garbage_reminder
            .and_then(|hour| GarbageReminder::parse(&hour).ok()),
        topics,
        children,
        letters: row
            .letters
            .and_then(|letters| Letters::parse(&letters).ok()),
        consent: row
            .consent_version
            .zip(row.consent_at)
            .map(|(version, at)| Consent { version, at }),
        reachable: row.reachable,
        revision: row.revision,
    }))
}

async fn topics_of(conn: &impl ConnectionTrait, id: i64) -> Result<BTreeSet<String>, DbErr> {
    let topics: Vec<String> = resident_topic::Entity::find()
        .filter(resident_topic::Column::ResidentId.eq(id))
        .select_only()
        .column(resident_topic::Column::Topic)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(topics.into_iter().collect())
}

async fn children_of(conn: &impl ConnectionTrait, id: i64) -> Result<BTreeSet<Child>, DbErr> {
    let rows = child::Entity::find()
        .filter(child::Column::ResidentId.eq(id))
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let kind = ChildKind::parse(&row.kind).ok()?;
            Some(Child {
                month: Month::of(row.month),
                kind,
            })
        })
        .collect())
}

/// Records a follow or unfollow of a known resident unless a later one is already recorded; of two in
/// one millisecond the one that came last holds.
pub(super) async fn set_relation(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    user: &UserId,
    at_ms: i64,
    reachable: bool,
) -> Result<(), DbErr> {
    let since = (!reachable).then_some(now);
    resident::Entity::update_many()
        .col_expr(resident::Column::Reachable, Expr::value(reachable))
        .col_expr(resident::Column::UnreachableSince, Expr::value(since))
        .col_expr(resident::Column::RelationMs, Expr::value(at_ms))
        .col_expr(resident::Column::UpdatedAt, Expr::value(now))
        .col_expr(
            resident::Column::Revision,
            Expr::col(resident::Column::Revision).add(1),
        )
        .filter(resident::Column::LineUserId.eq(sealed(seal, user)))
        .filter(resident::Column::RelationMs.lte(at_ms))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn save(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    before: Option<&Resident>,
    mut after: Resident,
    at_ms: i64,
) -> Result<Resident, DbErr> {
    let columns = columns_of(&after, now);
    match before {
        Some(before) if *before == after => return Ok(after),
        Some(before) => {
            let row = resident::ActiveModel {
                revision: Set(before.revision + 1),
                ..columns
            };
            let updated = resident::Entity::update_many()
                .set(row)
                .filter(resident::Column::Id.eq(before.id.0))
                .filter(resident::Column::Revision.eq(before.revision))
                .exec(conn)
                .await?;
            if updated.rows_affected == 0 {
                return Err(DbErr::RecordNotUpdated);
            }
            after.revision = before.revision + 1;
        }
        None => {
            let row = resident::ActiveModel {
                id: NotSet,
                line_user_id: Set(sealed(seal, &after.line_user_id)),
                reachable: Set(after.reachable),
                unreachable_since: Set((!after.reachable).then_some(now)),
                relation_ms: Set(at_ms),
                created_at: Set(now),
                ..columns
            };
            after.id = ResidentId(row.insert(conn).await?.id);
        }
    }
    if before.and_then(|b| b.topics.as_ref()) != after.topics.as_ref() {
        replace_topics(
            conn,
            &[(after.id.0, after.topics.clone().unwrap_or_default())],
        )
        .await?;
    }
    if before.and_then(|b| b.children.as_ref()) != after.children.as_ref() {
        replace_children(
            conn,
            &[(after.id.0, after.children.clone().unwrap_or_default())],
        )
        .await?;
    }
    Ok(after)
}

/// What the resident themselves decide; the relation to LINE is not among it.
fn columns_of(resident: &Resident, now: Instant) -> resident::ActiveModel {
    let (residence, area_id) = residence_columns(resident.residence);
    resident::ActiveModel {
        residence: Set(residence.to_owned()),
        area_id: Set(area_id),
        language: Set(resident.language.map(|l| l.code().to_owned())),
        garbage_reminder: Set(resident.reminder.map(|r| r.to_string())),
        topics_answered: Set(resident.topics.is_some()),
        children_answered: Set(resident.children.is_some()),
        letters: Set(resident.letters.map(|l| l.as_str().to_owned())),
        consent_version: Set(resident.consent.as_ref().map(|c| c.version.clone())),
        consent_at: Set(resident.consent.as_ref().map(|c| c.at)),
        updated_at: Set(now),
        ..Default::default()
    }
}

fn residence_columns(residence: Residence) -> (&'static str, Option<i64>) {
    match residence {
        Residence::Unanswered => ("unanswered", None),
        Residence::Area(area) => ("area", Some(area.0)),
        Residence::Outside => ("outside", None),
    }
}

async fn replace_topics(
    conn: &impl ConnectionTrait,
    of: &[(i64, BTreeSet<String>)],
) -> Result<(), DbErr> {
    resident_topic::Entity::delete_many()
        .filter(resident_topic::Column::ResidentId.is_in(of.iter().map(|(id, _)| *id)))
        .exec(conn)
        .await?;
    let rows = of.iter().flat_map(|(id, topics)| {
        topics.iter().map(|topic| resident_topic::ActiveModel {
            topic: Set(topic.clone()),
            resident_id: Set(*id),
        })
    });
    resident_topic::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

async fn replace_children(
    conn: &impl ConnectionTrait,
    of: &[(i64, BTreeSet<Child>)],
) -> Result<(), DbErr> {
    child::Entity::delete_many()
        .filter(child::Column::ResidentId.is_in(of.iter().map(|(id, _)| *id)))
        .exec(conn)
        .await?;
    let rows = of.iter().flat_map(|(id, children)| {
        children.iter().map(|c| child::ActiveModel {
            id: NotSet,
            resident_id: Set(*id),
            kind: Set(c.kind.as_str().to_owned()),
            month: Set(c.month.first_day()),
        })
    });
    child::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn meet(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    users: &[UserId],
) -> Result<u64, DbErr> {
    if users.is_empty() {
        return Ok(0);
    }
    let strangers = users.iter().map(|user| resident::ActiveModel {
        line_user_id: Set(sealed(seal, user)),
        reachable: Set(true),
        // Any follow or unfollow LINE tells of is newer than this list.
        relation_ms: Set(0),
        created_at: Set(now),
        ..columns_of(&Resident::stranger(user.clone()), now)
    });
    resident::Entity::insert_many(strangers)
        .on_conflict(
            OnConflict::column(resident::Column::LineUserId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await
}

pub(super) async fn erase(conn: &impl ConnectionTrait, id: ResidentId) -> Result<(), DbErr> {
    resident::Entity::delete_by_id(id.0).exec(conn).await?;
    Ok(())
}

pub(super) async fn erase_unreachable_since(
    conn: &impl ConnectionTrait,
    latest: Instant,
) -> Result<u64, DbErr> {
    let gone = resident::Entity::delete_many()
        .filter(resident::Column::UnreachableSince.lte(latest))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}

/// Adds or updates the rows of one chunk, each of another person; what a row leaves open stays as it
/// was. Says how many were already known.
pub(super) async fn upsert(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    rows: &[Row],
) -> Result<u64, DbErr> {
    let users: Vec<String> = rows.iter().map(|r| sealed(seal, &r.user)).collect();
    let known = resident::Entity::find()
        .filter(resident::Column::LineUserId.is_in(&users))
        .count(conn)
        .await?;
    resident::Entity::insert_many(
        rows.iter()
            .zip(&users)
            .map(|(row, user)| new_row(row, user, now)),
    )
    .on_conflict(
        OnConflict::column(resident::Column::LineUserId)
            .values([
                (
                    resident::Column::Residence,
                    kept("residence", "excluded.residence <> 'unanswered'"),
                ),
                (
                    resident::Column::AreaId,
                    kept("area_id", "excluded.residence <> 'unanswered'"),
                ),
                (
                    resident::Column::Language,
                    kept("language", "excluded.language is not null"),
                ),
                (
                    resident::Column::GarbageReminder,
                    kept("garbage_reminder", "excluded.garbage_reminder is not null"),
                ),
                (
                    resident::Column::TopicsAnswered,
                    kept("topics_answered", "excluded.topics_answered"),
                ),
                (
                    resident::Column::ChildrenAnswered,
                    kept("children_answered", "excluded.children_answered"),
                ),
                (resident::Column::UpdatedAt, Expr::value(now)),
                (
                    resident::Column::Revision,
                    Expr::cust("resident.revision + 1"),
                ),
            ])
            .to_owned(),
    )
    .exec_without_returning(conn)
    .await?;
    let ids: Vec<(i64, String)> = resident::Entity::find()
        .filter(resident::Column::LineUserId.is_in(&users))
        .select_only()
        .columns([resident::Column::Id, resident::Column::LineUserId])
        .into_tuple()
        .all(conn)
        .await?;
    let id_of: std::collections::HashMap<&str, i64> =
        ids.iter().map(|(id, user)| (user.as_str(), *id)).collect();
    let given = || {
        let ids = users.iter().map(|user| id_of.get(user.as_str()).copied());
        rows.iter().zip(ids)
    };
    let topics: Vec<_> = given()
        .filter_map(|(row, id)| Some((id?, row.topics.clone()?)))
        .collect();
    let children: Vec<_> = given()
        .filter_map(|(row, id)| Some((id?, row.children.clone()?)))
        .collect();
    if !topics.is_empty() {
        replace_topics(conn, &topics).await?;
    }
    if !children.is_empty() {
        replace_children(conn, &children).await?;
    }
    Ok(known)
}

/// The new value where `given` holds, else what was there.
fn kept(column: &str, given: &str) -> Expr {
    Expr::cust(format!(
        "CASE WHEN {given} THEN excluded.{column} ELSE resident.{column} END"
    ))
}

fn new_row(row: &Row, user: &str, now: Instant) -> resident::ActiveModel {
    let (residence, area_id) = residence_columns(row.residence);
    let row = resident::Model {
        id: 0,
        line_user_id: user.to_owned(),
        residence: residence.to_owned(),
        area_id,
        language: row.language.map(|l| l.code().to_owned()),
        garbage_reminder: row.reminder.map(|r| r.to_string()),
        topics_answered: row.topics.is_some(),
        children_answered: row.children.is_some(),
        consent_version: None,
        consent_at: None,
        reachable: true,
        relation_ms: now.timestamp_millis(),
        unreachable_since: None,
        created_at: now,
        updated_at: now,
        revision: 0,
        letters: None,
    };
    resident::ActiveModel {
        id: NotSet,
        ..row.into()
    }
}
