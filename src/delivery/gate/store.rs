//! The gate's row.

use entity::delivery_gate::{Column, Entity};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::Gate;
use crate::clock::Instant;
use crate::delivery::model::{Hold, HoldReason};
use crate::delivery::pace::{Broadcasts, Pace, Rate};

const ROW: i32 = 1;

pub(super) async fn take(conn: &impl ConnectionTrait, rate: Rate) -> Result<Gate, DbErr> {
    let row = Entity::find_by_id(ROW).lock(LockType::Update).one(conn);
    let row = row.await?.ok_or_else(missing)?;
    let nonce = match row.nonce {
        Some(nonce) => nonce,
        None => name(conn).await?,
    };
    Ok(Gate {
        nonce,
        turn: row.turn,
        pace: Pace {
            next_us: row.next_us,
            paused_us: row.paused_us,
            rate,
        },
        broadcasts: Broadcasts {
            full_us: row.full_us,
        },
        held: row.held_since.is_some(),
    })
}

/// A database's first sender names it.
async fn name(conn: &impl ConnectionTrait) -> Result<Uuid, DbErr> {
    let nonce = Uuid::new_v4();
    Entity::update_many()
        .col_expr(Column::Nonce, Expr::value(nonce))
        .exec(conn)
        .await?;
    Ok(nonce)
}

pub(super) async fn keep(conn: &impl ConnectionTrait, gate: &Gate) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Turn, Expr::value(gate.turn))
        .col_expr(Column::NextUs, Expr::value(gate.pace.next_us))
        .col_expr(Column::PausedUs, Expr::value(gate.pace.paused_us))
        .col_expr(Column::FullUs, Expr::value(gate.broadcasts.full_us))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn hold(
    conn: &impl ConnectionTrait,
    now: Instant,
    reason: HoldReason,
) -> Result<(), DbErr> {
    if reason == HoldReason::Restored {
        Entity::update_many()
            .col_expr(Column::RestoredAt, Expr::value(Some(now)))
            .exec(conn)
            .await?;
    }
    set_hold(conn, Some((now, reason))).await
}

/// When a restored database was last found.
pub(in crate::delivery) async fn restored_at(
    conn: &impl ConnectionTrait,
) -> Result<Option<Instant>, DbErr> {
    let row = Entity::find_by_id(ROW).one(conn).await?;
    Ok(row.ok_or_else(missing)?.restored_at)
}

pub(in crate::delivery) async fn lift(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    set_hold(conn, None).await
}

pub(in crate::delivery) async fn ask_to_lift(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LiftAskedAt, Expr::value(Some(now)))
        .exec(conn)
        .await
        .map(drop)
}

/// Notes that people are told of the hold; false if they were, or nothing is held.
pub(in crate::delivery) async fn take_up(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<bool, DbErr> {
    let told = Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(Some(now)))
        .filter(Column::HeldSince.is_not_null())
        .filter(Column::ToldAt.is_null())
        .exec(conn)
        .await?;
    Ok(told.rows_affected == 1)
}

async fn set_hold(
    conn: &impl ConnectionTrait,
    hold: Option<(Instant, HoldReason)>,
) -> Result<(), DbErr> {
    let (since, reason) = hold.unzip();
    Entity::update_many()
        .col_expr(Column::HeldSince, Expr::value(since))
        // Nobody was asked about this one yet, nor told of it.
        .col_expr(Column::LiftAskedAt, Expr::value(None::<Instant>))
        .col_expr(Column::ToldAt, Expr::value(None::<Instant>))
        .col_expr(
            Column::HoldReason,
            Expr::value(reason.map(HoldReason::as_str)),
        )
        .exec(conn)
        .await?;
    Ok(())
}

pub(in crate::delivery) async fn held(conn: &impl ConnectionTrait) -> Result<Option<Hold>, DbErr> {
    let row = Entity::find_by_id(ROW).one(conn).await?;
    let row = row.ok_or_else(missing)?;
    let held = row.held_since.zip(row.hold_reason);
    Ok(held.map(|(since, reason)| Hold {
        since,
        reason: HoldReason::of(&reason),
        lift_asked_at: row.lift_asked_at,
        told_at: row.told_at,
    }))
}

fn missing() -> DbErr {
    DbErr::RecordNotFound("the gate".into())
}
