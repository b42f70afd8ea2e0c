//! Runs of jobs.

use entity::heartbeat;
use entity::job_run::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    Set,
};

use super::LastRun;
use crate::clock::Instant;

/// Takes up a run, or one that somebody took up `broken_off` or earlier and has not ended; false when there is
/// none.
pub(super) async fn take_up(
    conn: &impl ConnectionTrait,
    job: &str,
    due_at: Instant,
    now: Instant,
    broken_off: Instant,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        job: Set(job.to_owned()),
        due_at: Set(due_at),
        started_at: Set(now),
        finished_at: NotSet,
        error: NotSet,
    };
    let inserted = Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::Job, Column::DueAt])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    if inserted == 1 {
        return Ok(true);
    }
    let taken_over = Entity::update_many()
        .col_expr(Column::StartedAt, Expr::value(now))
        .filter(Column::Job.eq(job))
        .filter(Column::DueAt.eq(due_at))
        .filter(Column::FinishedAt.is_null())
        .filter(Column::StartedAt.lte(broken_off))
        .exec(conn)
        .await?;
    Ok(taken_over.rows_affected == 1)
}

pub(super) async fn finish(
    conn: &impl ConnectionTrait,
    job: &str,
    due_at: Instant,
    now: Instant,
    error: Option<String>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::FinishedAt, Expr::value(now))
        .col_expr(Column::Error, Expr::value(error))
        .filter(Column::Job.eq(job))
        .filter(Column::DueAt.eq(due_at))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn last_run(
    conn: &impl ConnectionTrait,
    job: &'static str,
) -> Result<LastRun, DbErr> {
    let row = Entity::find()
        .filter(Column::Job.eq(job))
        .order_by_desc(Column::DueAt)
        .one(conn)
        .await?;
    Ok(LastRun {
        job,
        due_at: row.as_ref().map(|r| r.due_at),
        finished: row.as_ref().is_some_and(|r| r.finished_at.is_some()),
        error: row.and_then(|r| r.error),
    })
}

/// Forgets runs that were due before `before`.
pub(super) async fn forget(conn: &impl ConnectionTrait, before: Instant) -> Result<u64, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::DueAt.lt(before))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}

pub(super) async fn last_look(
    conn: &impl ConnectionTrait,
    watch: &str,
) -> Result<Option<Instant>, DbErr> {
    let row = heartbeat::Entity::find_by_id(watch).one(conn).await?;
    Ok(row.map(|row| row.at))
}

pub(super) async fn looked(
    conn: &impl ConnectionTrait,
    watch: &str,
    now: Instant,
) -> Result<(), DbErr> {
    let row = heartbeat::ActiveModel {
        watch: Set(watch.to_owned()),
        at: Set(now),
    };
    heartbeat::Entity::insert(row)
        .on_conflict(
            OnConflict::column(heartbeat::Column::Watch)
                .update_column(heartbeat::Column::At)
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
