//! Events that were set aside, in the database.

use entity::webhook_event::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::SetAside;
use crate::clock::Instant;

/// Written out, not bound: only so do both engines see that their partial index serves it.
const SET_ASIDE: &str = "state = 'set_aside'";

pub(super) async fn set_aside(conn: &impl ConnectionTrait) -> Result<Vec<SetAside>, DbErr> {
    let rows = Entity::find()
        .filter(Expr::cust(SET_ASIDE))
        .order_by_asc(Column::Id)
        .limit(100)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| SetAside {
            event_id: r.event_id,
            kind: r.kind,
            error: r.error.unwrap_or_default(),
            received_at: r.received_at,
            attempts: r.attempts,
        })
        .collect())
}

pub(super) async fn count_set_aside(conn: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Expr::cust(SET_ASIDE))
        .count(conn)
        .await
}

/// A reply that was decided is still to be sent; anything else is to be handled from the beginning.
pub(super) async fn retry(conn: &impl ConnectionTrait, event_id: &str) -> Result<bool, DbErr> {
    let again = Expr::cust("CASE WHEN reply IS NULL THEN 'received' ELSE 'replying' END");
    let updated = Entity::update_many()
        .col_expr(Column::State, again)
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::LeasedUntil, Expr::value(None::<Instant>))
        .col_expr(Column::Error, Expr::value(None::<String>))
        .filter(Column::EventId.eq(event_id))
        .filter(Expr::cust(SET_ASIDE))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn dismiss(conn: &impl ConnectionTrait, event_id: &str) -> Result<bool, DbErr> {
    let nothing = || Expr::value(None::<String>);
    let updated = Entity::update_many()
        .col_expr(Column::State, Expr::value("done"))
        .col_expr(Column::LineUserId, nothing())
        .col_expr(Column::Body, nothing())
        .col_expr(Column::ReplyToken, nothing())
        .col_expr(Column::Reply, nothing())
        .filter(Column::EventId.eq(event_id))
        .filter(Expr::cust(SET_ASIDE))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}
