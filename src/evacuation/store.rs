//! Orders in the database. Those without an end are in force.

use std::collections::HashSet;

use entity::evacuation_order::{ActiveModel, Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::model::{InForce, Level, Order};
use crate::clock::Instant;
use crate::ids::AreaId;

/// Rows of one statement: well under SQLite's 32,766 values.
const ROWS_AT_ONCE: usize = 1000;

fn open(areas: &[AreaId]) -> Condition {
    Condition::all()
        .add(Column::EndedAt.is_null())
        .add(Column::AreaId.is_in(areas.iter().map(|area| area.0)))
}

async fn end_those(
    conn: &impl ConnectionTrait,
    now: Instant,
    which: Condition,
    source: Uuid,
) -> Result<u64, DbErr> {
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .col_expr(Column::EndedBy, Expr::value(source))
        .filter(which)
        .exec(conn)
        .await?;
    Ok(ended.rows_affected)
}

/// Ends every order in force for these areas; says how many.
pub(super) async fn end(
    conn: &impl ConnectionTrait,
    now: Instant,
    areas: &[AreaId],
    source: Uuid,
) -> Result<u64, DbErr> {
    end_those(conn, now, open(areas), source).await
}

/// Ends the orders whose place `level` takes.
pub(super) async fn end_others(
    conn: &impl ConnectionTrait,
    now: Instant,
    areas: &[AreaId],
    level: Level,
    source: Uuid,
) -> Result<(), DbErr> {
    let others = level.alike().iter().filter(|other| **other != level);
    let others = open(areas).add(Column::Level.is_in(others.map(|other| other.code())));
    end_those(conn, now, others, source).await.map(drop)
}

/// Begins an order wherever it is not in force already.
pub(super) async fn begin(
    conn: &impl ConnectionTrait,
    now: Instant,
    areas: &[AreaId],
    level: Level,
    source: Uuid,
) -> Result<(), DbErr> {
    let already: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::AreaId)
        .filter(open(areas).add(Column::Level.eq(level.code())))
        .into_tuple()
        .all(conn)
        .await?;
    let mut known: HashSet<i64> = already.into_iter().collect();
    let rows = areas.iter().filter(|area| known.insert(area.0));
    let rows: Vec<ActiveModel> = rows
        .map(|area| ActiveModel {
            id: NotSet,
            area_id: Set(area.0),
            level: Set(level.code().to_owned()),
            issued_at: Set(now),
            issued_by: Set(source),
            ended_at: Set(None),
            ended_by: Set(None),
        })
        .collect();
    add(conn, rows).await
}

/// Ends what `wrong` issued and is in force still.
pub(super) async fn end_issued_by(
    conn: &impl ConnectionTrait,
    now: Instant,
    wrong: Uuid,
    source: Uuid,
) -> Result<(), DbErr> {
    let its = Condition::all()
        .add(Column::EndedAt.is_null())
        .add(Column::IssuedBy.eq(wrong));
    end_those(conn, now, its, source).await.map(drop)
}

/// Begins anew, as they were, the orders that `wrong` ended, wherever none of their kind is in force.
pub(super) async fn begin_ended_by(conn: &impl ConnectionTrait, wrong: Uuid) -> Result<(), DbErr> {
    let ended = Entity::find()
        .filter(Column::EndedBy.eq(wrong))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let areas: Vec<AreaId> = ended.iter().map(|row| AreaId(row.area_id)).collect();
    let mut taken: HashSet<(i64, String)> = Entity::find()
        .filter(open(&areas))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.area_id, row.level))
        .collect();
    let again = ended.into_iter().filter_map(|row| {
        let level = Level::of_code(&row.level)?;
        let alike = |other: &Level| (row.area_id, other.code().to_owned());
        if level
            .alike()
            .iter()
            .map(alike)
            .any(|one| taken.contains(&one))
        {
            return None;
        }
        taken.insert(alike(&level));
        Some(ActiveModel {
            id: NotSet,
            area_id: Set(row.area_id),
            level: Set(row.level),
            issued_at: Set(row.issued_at),
            issued_by: Set(row.issued_by),
            ended_at: Set(None),
            ended_by: Set(None),
        })
    });
    add(conn, again.collect()).await
}

async fn add(conn: &impl ConnectionTrait, rows: Vec<ActiveModel>) -> Result<(), DbErr> {
    for rows in rows.chunks(ROWS_AT_ONCE) {
        Entity::insert_many(rows.to_vec())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

pub(super) async fn is_any_in_force(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let any = Entity::find()
        .filter(Column::EndedAt.is_null())
        .limit(1)
        .one(conn)
        .await?;
    Ok(any.is_some())
}

pub(super) async fn in_force(conn: &impl ConnectionTrait) -> Result<InForce, DbErr> {
    let rows = Entity::find()
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    let orders = rows.into_iter().map(|row| {
        let level = Level::of_code(&row.level);
        Ok(Order {
            area: AreaId(row.area_id),
            level: level.ok_or_else(|| DbErr::Type(format!("the level {:?}", row.level)))?,
            since: row.issued_at,
            source: row.issued_by,
        })
    });
    Ok(InForce::new(orders.collect::<Result<Vec<_>, DbErr>>()?))
}
