//! What time ends, in the database.

use chrono::TimeDelta;
use entity::{dispatch, envelope};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::clock::Instant;

/// Envelopes with a way to go. Written out, so that both engines see that their partial index serves it.
pub(in crate::delivery) const OPEN: &str = "envelope.state IN ('waiting', 'lent')";
/// How long after its first attempt a retry key is still trusted. LINE forgets it after 24 hours, and
/// would take the same call for a new one.
const KEY_LIFE: TimeDelta = TimeDelta::hours(23);
/// Rows of one statement, so that it holds nobody up for long.
const CHUNK: u64 = 1000;

/// LINE may have taken it so long ago that it no longer knows: asking again could send again.
pub(in crate::delivery) fn expired_key(now: Instant) -> Condition {
    use envelope::Column;
    Condition::all()
        .add(Column::FirstAttemptAt.is_not_null())
        .add(Column::FirstAttemptAt.lte(now - KEY_LIFE))
        .add(Column::InDoubt.eq(true).or(Column::State.eq("lent")))
}

/// Ends envelopes whose time is over: late if LINE took none of their calls, otherwise unknown.
pub(super) async fn expire(conn: &impl ConnectionTrait, now: Instant) -> Result<u64, DbErr> {
    use envelope::Column;
    let overdue = dispatch::Entity::find()
        .select_only()
        .column(dispatch::Column::Id)
        .filter(dispatch::Column::State.ne("ended"))
        .filter(dispatch::Column::ValidUntil.lte(now))
        .into_query();
    let doubtful = || Column::InDoubt.eq(true).or(Column::State.eq("lent"));
    let state = Expr::case(doubtful(), "unknown").finally("late");
    let why = Expr::case(
        doubtful(),
        "LINE may have taken it; asking again would be too late",
    )
    .finally("its time was over before LINE took it");
    let updated = envelope::Entity::update_many()
        .col_expr(Column::State, Expr::expr(state))
        .col_expr(Column::Why, Expr::expr(why))
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Expr::cust(OPEN))
        .filter(
            Column::LeasedUntil
                .is_null()
                .or(Column::State.eq("waiting"))
                .or(Column::LeasedUntil.lte(now)),
        )
        .filter(
            Condition::any()
                .add(Expr::col(Column::DispatchId).in_subquery(overdue))
                .add(expired_key(now)),
        )
        .exec(conn)
        .await?;
    Ok(updated.rows_affected)
}

/// Ends dispatches that are cut, or whose time is over, and have no envelope with a way to go.
pub(super) async fn end_dispatches(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<u64, DbErr> {
    use dispatch::Column;
    let open = Query::select()
        .expr(Expr::val(1))
        .from(envelope::Entity)
        .and_where(Expr::cust(OPEN))
        .and_where(
            Expr::col((envelope::Entity, envelope::Column::DispatchId))
                .equals((dispatch::Entity, Column::Id)),
        )
        .to_owned();
    let updated = dispatch::Entity::update_many()
        .col_expr(Column::State, Expr::value("ended"))
        .col_expr(Column::StopReason, Expr::value(None::<String>))
        .col_expr(Column::StoppedAt, Expr::value(None::<Instant>))
        .col_expr(Column::EndedAt, Expr::value(now))
        // What was not cut in time is not cut any more.
        .col_expr(
            Column::CutAt,
            Expr::col(Column::CutAt).if_null(Expr::value(now)),
        )
        .filter(Column::State.ne("ended"))
        .filter(Column::CutAt.is_not_null().or(Column::ValidUntil.lte(now)))
        .filter(Expr::exists(open).not())
        .exec(conn)
        .await?;
    Ok(updated.rows_affected)
}

pub(super) async fn is_anything_open(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    use dispatch::Column;
    let open: Option<Uuid> = dispatch::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::cust("state <> 'ended'"))
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(open.is_some())
}

/// Ends every lease; that LINE may have been called is not forgotten.
pub(super) async fn take_back(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    envelope::Entity::update_many()
        .col_expr(envelope::Column::LeasedUntil, Expr::value(None::<Instant>))
        .filter(envelope::Column::State.eq("lent"))
        .filter(Expr::cust(OPEN))
        .exec(conn)
        .await?;
    dispatch::Entity::update_many()
        .col_expr(
            dispatch::Column::CutLeasedUntil,
            Expr::value(None::<Instant>),
        )
        .filter(Expr::cust("state <> 'ended'"))
        .exec(conn)
        .await?;
    Ok(())
}

/// Forgets whom some envelopes that ended before `before` were for; says how many.
pub(in crate::delivery) async fn forget_some(
    conn: &impl ConnectionTrait,
    before: Instant,
) -> Result<u64, DbErr> {
    use envelope::Column;
    let some: Vec<i64> = envelope::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::EndedAt.lte(before))
        .filter(Column::Recipients.is_not_null())
        .order_by_asc(Column::EndedAt)
        .limit(CHUNK)
        .into_tuple()
        .all(conn)
        .await?;
    let forgotten = envelope::Entity::update_many()
        .col_expr(Column::Recipients, Expr::value(None::<Vec<u8>>))
        .filter(Column::Id.is_in(some))
        .exec(conn)
        .await?;
    Ok(forgotten.rows_affected)
}
