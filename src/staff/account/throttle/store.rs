//! Tallies of tries, shared by all replicas.

use entity::throttle::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Set,
};

use super::{FORGOTTEN_AFTER, Scope, Tally};
use crate::clock::Instant;

/// Counts a try in `scope` as if it failed; or gives the moment from which one is welcome.
pub(in super::super) async fn count(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    now: Instant,
) -> Result<Result<(), Instant>, DbErr> {
    // The row first, so that there is one to lock.
    let row = ActiveModel {
        scope: Set(scope.key()),
        failures: Set(0),
        not_before: Set(now),
        last_at: Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Scope).do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    let row = Entity::find_by_id(scope.key())
        .lock(LockType::Update)
        .one(conn)
        .await?;
    let tally = row.map_or_else(Tally::default, |row| Tally {
        failures: row.failures,
        not_before: Some(row.not_before),
        last: Some(row.last_at),
    });
    let counted = match tally.count(scope, now) {
        Ok(counted) => counted,
        Err(until) => return Ok(Err(until)),
    };
    Entity::update_many()
        .col_expr(Column::Failures, Expr::value(counted.failures))
        .col_expr(
            Column::NotBefore,
            Expr::value(counted.not_before.unwrap_or(now)),
        )
        .col_expr(Column::LastAt, Expr::value(now))
        .filter(Column::Scope.eq(scope.key()))
        .exec(conn)
        .await?;
    Ok(Ok(()))
}

/// Takes back a counted try that succeeded, with the wait it caused.
pub(in super::super) async fn take_back(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    now: Instant,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Failures, Expr::col(Column::Failures).sub(1))
        .col_expr(Column::NotBefore, Expr::value(now))
        .filter(Column::Scope.eq(scope.key()))
        .filter(Column::Failures.gt(0))
        .exec(conn)
        .await?;
    Ok(())
}

pub(in super::super) async fn forget(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<u64, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::LastAt.lt(now - FORGOTTEN_AFTER))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
