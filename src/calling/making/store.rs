//! Calls that are lent, and what became of them, in the database.

use chrono::TimeDelta;
use entity::{call, calling};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use crate::calling::model::{Failure, Spared, Standing};
use crate::calling::store::TAKEN;
use crate::calling::token::Token;
use crate::clock::Instant;
use crate::db::all_columns;
use crate::ids::{CallId, CallingId, PersonId};
use crate::policy::Channel;
use crate::seal::Seal;

/// Those whose time has passed.
pub(super) async fn past(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<Vec<CallingId>, DbErr> {
    let rows = calling::Entity::find()
        .filter(calling::Column::EndedAt.is_null())
        .filter(calling::Column::RunsUntil.lte(now))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| CallingId(row.id)).collect())
}

/// A call that is being made.
#[derive(Debug, Clone)]
pub(super) struct Lent {
    pub id: CallId,
    pub calling: CallingId,
    pub person: PersonId,
    pub channel: Channel,
    pub attempts: u32,
    pub fence: i32,
}

/// Whether there is anything to do: cheap, and asked each second.
pub(super) async fn is_anything_due(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<bool, DbErr> {
    let call = call::Entity::find()
        .filter(claimable(now))
        .one(conn)
        .await?;
    if call.is_some() {
        return Ok(true);
    }
    Ok(!past(conn, now).await?.is_empty())
}

fn claimable(now: Instant) -> Condition {
    use call::Column;
    let due = Condition::all()
        .add(Column::State.eq("due"))
        .add(Column::TryAt.lte(now));
    let lost = Condition::all()
        .add(Column::State.eq("lent"))
        .add(Column::LeasedUntil.lte(now));
    Condition::any().add(due).add(lost)
}

/// Calls whose lender has not come back, of callings that have ended or for so long that nobody is to be woken any
/// more: nobody knows whether they were made.
pub(super) async fn give_up_lost(
    conn: &impl ConnectionTrait,
    now: Instant,
    late: Instant,
) -> Result<(), DbErr> {
    use call::Column;
    let ended = calling::Entity::find()
        .select_only()
        .column(calling::Column::Id)
        .filter(calling::Column::EndedAt.is_not_null())
        .into_query();
    let in_vain = Condition::any()
        .add(Column::CallingId.in_subquery(ended))
        .add(Column::LeasedUntil.lt(late));
    let lost = Condition::all()
        .add(Column::State.eq("lent"))
        .add(Column::LeasedUntil.lte(now))
        .add(in_vain);
    call::Entity::update_many()
        .col_expr(Column::State, Expr::value("failed"))
        .col_expr(Column::LeasedUntil, Expr::value(None::<Instant>))
        .col_expr(Column::Outcome, Expr::value(Failure::Unknown.code()))
        .filter(Column::Id.in_subquery(free(lost)))
        .exec(conn)
        .await
        .map(drop)
}

/// Calls that should have been tried before `late` come too late; says how many.
pub(super) async fn spare_late(conn: &impl ConnectionTrait, late: Instant) -> Result<u64, DbErr> {
    use call::Column;
    let due = Condition::all()
        .add(Column::State.eq("due"))
        .add(Column::TryAt.lt(late));
    let spared = call::Entity::update_many()
        .col_expr(Column::State, Expr::value("spared"))
        .col_expr(Column::Outcome, Expr::value(Spared::Late.code()))
        .filter(Column::Id.in_subquery(free(due)))
        .exec(conn)
        .await?;
    Ok(spared.rows_affected)
}

/// Those at which nobody else is: who waited for them could wait in a ring.
fn free(those: Condition) -> SelectStatement {
    call::Entity::find()
        .select_only()
        .column(call::Column::Id)
        .filter(those)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query()
}

/// Lends what is due, the earliest first, each to one replica, and keeps the digest of its link.
pub(super) async fn lend(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    lease: TimeDelta,
    most: u64,
) -> Result<Vec<Lent>, DbErr> {
    use call::Column;
    let running = calling::Entity::find()
        .select_only()
        .column(calling::Column::Id)
        .filter(calling::Column::EndedAt.is_null())
        .into_query();
    let due = call::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(claimable(now))
        .filter(Column::CallingId.in_subquery(running))
        .order_by_asc(Column::TryAt)
        .order_by_asc(Column::Id)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let lend = Query::update()
        .table(call::Entity)
        .value(Column::State, "lent")
        .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .value(Column::Fence, Expr::col(Column::Fence).add(1))
        .value(Column::LeasedUntil, now + lease)
        .and_where(Expr::col(Column::Id).in_subquery(due))
        .returning(all_columns::<Column>())
        .to_owned();
    let mut lent = Vec::new();
    for row in conn.query_all(&lend).await? {
        let row = call::Model::from_query_result(&row, "")?;
        let id = CallId(row.id);
        let digest = Token::of(seal, id).digest();
        if row.token_hash.as_ref() != Some(&digest) {
            call::Entity::update_many()
                .col_expr(Column::TokenHash, Expr::value(digest))
                .filter(Column::Id.eq(row.id))
                .exec(conn)
                .await?;
        }
        let odd = || DbErr::Type(format!("call {id}: its channel is unknown"));
        lent.push(Lent {
            id,
            calling: CallingId(row.calling_id),
            person: PersonId(row.person_id),
            channel: Channel::of_code(&row.channel).ok_or_else(odd)?,
            attempts: row.attempts.unsigned_abs(),
            fence: row.fence,
        });
    }
    lent.sort_by_key(|call| call.id);
    Ok(lent)
}

/// Keeps what became of a call; false when it is not ours any more.
pub(super) async fn record(
    conn: &impl ConnectionTrait,
    lent: &Lent,
    to: Standing,
    try_at: Option<Instant>,
) -> Result<bool, DbErr> {
    use call::Column;
    let (state, made_at, outcome) = match to {
        Standing::Due | Standing::Lent => ("due", None, None),
        Standing::Made(at) => ("made", Some(at), Some(TAKEN)),
        Standing::Failed(why) => ("failed", None, Some(why.code())),
        Standing::Spared(why) => ("spared", None, Some(why.code())),
    };
    let mut update = call::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::LeasedUntil, Expr::value(None::<Instant>))
        .col_expr(Column::MadeAt, Expr::value(made_at))
        .col_expr(Column::Outcome, Expr::value(outcome));
    if let Some(try_at) = try_at {
        update = update.col_expr(Column::TryAt, Expr::value(try_at));
    }
    let recorded = update
        .filter(Column::Id.eq(lent.id.0))
        .filter(Column::Fence.eq(lent.fence))
        .filter(Column::State.eq("lent"))
        .exec(conn)
        .await?;
    Ok(recorded.rows_affected == 1)
}

/// Has the turn of a rung come now.
pub(super) async fn hasten(
    conn: &impl ConnectionTrait,
    now: Instant,
    id: CallingId,
    rung: u32,
) -> Result<(), DbErr> {
    use call::Column;
    call::Entity::update_many()
        .col_expr(Column::TryAt, Expr::value(now))
        .filter(Column::CallingId.eq(id.0))
        .filter(Column::Rung.eq(i32::try_from(rung).unwrap_or(i32::MAX)))
        .filter(Column::State.eq("due"))
        .filter(Column::TryAt.gt(now))
        .exec(conn)
        .await
        .map(drop)
}
