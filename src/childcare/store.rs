//! The timetable in the database.

use entity::childcare_rule::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::anchor::Anchor;
use super::model::{Level, Rule};
use super::offset::Offset;
use super::session::Session;
use super::timetable::Timetable;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::ids::RuleId;

const PARTING: &str = "|";
/// Rows written by one statement: well under SQLite's 32,766 values.
const ROWS_AT_ONCE: usize = 500;

/// Every rule in every version.
///
/// # Errors
/// The database does not answer, or holds what nothing of ours wrote.
pub async fn timetable(db: &Db) -> Result<Timetable, DbError> {
    Ok(Timetable::new(rules(db.conn()).await?))
}

pub(super) async fn rules(conn: &impl ConnectionTrait) -> Result<Vec<Rule>, DbErr> {
    let rows = Entity::find()
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(rule).collect()
}

/// Replaces every rule.
pub(super) async fn replace(
    conn: &impl ConnectionTrait,
    now: Instant,
    rules: &[Rule],
) -> Result<(), DbErr> {
    Entity::delete_many().exec(conn).await?;
    let rows: Vec<ActiveModel> = (0..)
        .zip(rules)
        .map(|(position, rule)| row(now, position, rule))
        .collect();
    insert(conn, rows).await
}

/// Replaces the versions of one rule; a new one stands at the end.
pub(super) async fn put(
    conn: &impl ConnectionTrait,
    now: Instant,
    code: &str,
    versions: &[Rule],
) -> Result<(), DbErr> {
    let places = Entity::find()
        .select_only()
        .column_as(Column::Position.max(), "place");
    let own: Option<Option<i32>> = places
        .clone()
        .filter(Column::Code.eq(code))
        .into_tuple()
        .one(conn)
        .await?;
    let last: Option<Option<i32>> = places.into_tuple().one(conn).await?;
    let next = last.flatten().map_or(0, |last| last + 1);
    let place = own.flatten().unwrap_or(next);
    Entity::delete_many()
        .filter(Column::Code.eq(code))
        .exec(conn)
        .await?;
    insert(
        conn,
        versions.iter().map(|rule| row(now, place, rule)).collect(),
    )
    .await
}

async fn insert(conn: &impl ConnectionTrait, rows: Vec<ActiveModel>) -> Result<(), DbErr> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        Entity::insert_many(rows.to_vec())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

fn row(now: Instant, position: i32, rule: &Rule) -> ActiveModel {
    Model {
        id: RuleId::new(now).0,
        position,
        code: rule.code.clone(),
        stage: rule.stage.clone(),
        title: rule.title.clone(),
        anchor: rule.anchor.as_str().to_owned(),
        notify_at: rule.notify_at.to_string(),
        window_start: rule.window_start.map(|offset| offset.to_string()),
        window_end: rule.window_end.map(|offset| offset.to_string()),
        level: rule.level.as_str().to_owned(),
        default_on: rule.default_on,
        topic: rule.topic.clone(),
        text: rule.text.clone(),
        link: rule.link.clone(),
        areas: rule.areas.join(PARTING),
        note: rule.note.clone(),
        effective_from: rule.effective_from,
        effective_to: rule.effective_to,
        held_on: rule.session.as_ref().map(|session| session.held_on),
        held_at: rule.session.as_ref().map(|session| session.held_at.clone()),
        born_from: rule.session.as_ref().map(|session| session.born_from),
        born_to: rule.session.as_ref().map(|session| session.born_to),
    }
    .into_active_model()
}

fn rule(row: Model) -> Result<Rule, DbErr> {
    let odd = |what: &str| DbErr::Type(format!("childcare rule {}: {what}", row.code));
    let offset = |text: &str| text.parse::<Offset>().map_err(|e| odd(&e.to_string()));
    Ok(Rule {
        anchor: Anchor::parse(&row.anchor).ok_or_else(|| odd(&row.anchor))?,
        notify_at: offset(&row.notify_at)?,
        window_start: row.window_start.as_deref().map(offset).transpose()?,
        window_end: row.window_end.as_deref().map(offset).transpose()?,
        session: session(&row),
        level: Level::parse(&row.level).ok_or_else(|| odd(&row.level))?,
        areas: row
            .areas
            .split(PARTING)
            .filter(|area| !area.is_empty())
            .map(str::to_owned)
            .collect(),
        code: row.code,
        stage: row.stage,
        title: row.title,
        default_on: row.default_on,
        topic: row.topic,
        text: row.text,
        link: row.link,
        note: row.note,
        effective_from: row.effective_from,
        effective_to: row.effective_to,
    })
}

fn session(row: &Model) -> Option<Session> {
    Some(Session {
        held_on: row.held_on?,
        held_at: row.held_at.clone()?,
        born_from: row.born_from?,
        born_to: row.born_to?,
    })
}
