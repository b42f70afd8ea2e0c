//! Envelopes and the gate in the database.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{SecondsFormat, TimeDelta};
use entity::{delivery_gate, dispatch, envelope};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Content, End, LEASE, Lent};
use crate::clock::Instant;
use crate::db::all_columns;
use crate::delivery::judge::Verdict;
use crate::delivery::model::Lane;
use crate::delivery::recipients;
use crate::delivery::store::{envelope_row, is_ours};
use crate::delivery::sweep::store::{OPEN, expired_key};
use crate::ids::DispatchId;
use crate::line::client::{Notification, RetryKey, Unit};
use crate::line::message::Messages;
use crate::resident::reach::Subscription;
use crate::seal::Seal;

/// Dispatches looked at in one turn: those behind them wait for their turn.
const DISPATCHES: u64 = 200;
/// Any number of outcomes in one statement, given as one JSON array.
const RECORD_SQLITE: &str = "
    UPDATE envelope SET state = r.value ->> 'state', in_doubt = r.value ->> 'in_doubt',
        left_out = CASE WHEN r.value ->> 'state' = 'empty' THEN people ELSE left_out END,
        leased_until = r.value ->> 'leased_until', request_id = r.value ->> 'request_id',
        why = r.value ->> 'why', ended_at = r.value ->> 'ended_at'
    FROM json_each($1) AS r
    WHERE envelope.id = r.value ->> 'id' AND envelope.fence = r.value ->> 'fence' AND envelope.state = 'lent'";
const RECORD_POSTGRES: &str = "
    UPDATE envelope SET state = r.state, in_doubt = r.in_doubt,
        left_out = CASE WHEN r.state = 'empty' THEN people ELSE left_out END,
        leased_until = r.leased_until, request_id = r.request_id, why = r.why, ended_at = r.ended_at
    FROM json_to_recordset($1::json) AS r (id bigint, fence bigint, state text, in_doubt boolean,
        leased_until timestamptz, request_id text, why text, ended_at timestamptz)
    WHERE envelope.id = r.id AND envelope.fence = r.fence AND envelope.state = 'lent'";

/// A dispatch of which envelopes may be lent.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenDispatch {
    pub(super) id: DispatchId,
    pub(super) lane: Lane,
    /// Whether all of its audience is known.
    pub(super) cut: bool,
    /// Whether it is for all friends of the account.
    pub(super) everybody: bool,
}

/// How one lending ended, as [`record`] takes it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    id: i64,
    fence: i64,
    state: &'static str,
    in_doubt: bool,
    leased_until: Option<String>,
    request_id: Option<String>,
    why: Option<String>,
    ended_at: Option<String>,
}

impl Row {
    pub(super) fn of(now: Instant, lent: &Lent, end: &End) -> Self {
        let mut row = Self {
            id: lent.id,
            fence: lent.fence,
            state: "waiting",
            in_doubt: lent.in_doubt,
            leased_until: None,
            request_id: None,
            why: None,
            ended_at: None,
        };
        match end {
            End::NotCalled(why) => {
                row.leased_until = Some(time(now + TimeDelta::seconds(1)));
                row.why = Some(why.clone());
            }
            End::Judged(Verdict::Again {
                after,
                in_doubt,
                why,
                ..
            }) => {
                row.leased_until = Some(time(now + *after));
                row.in_doubt = *in_doubt;
                row.why = Some(why.clone());
            }
            End::Judged(Verdict::Accepted { request_id }) => {
                row.state = "accepted";
                row.in_doubt = false;
                row.request_id = request_id.clone();
            }
            End::Judged(Verdict::Refused { why }) => {
                row.state = "refused";
                row.why = Some(why.clone());
            }
            End::Judged(Verdict::Unknown { why }) => {
                row.state = "unknown";
                row.why = Some(why.clone());
            }
            // Recorded one by one, with their parts.
            End::Judged(Verdict::Split { .. }) | End::Gone(_) => row.state = "split",
            End::Empty => row.state = "empty",
        }
        if row.state != "waiting" {
            row.ended_at = Some(time(now));
        }
        row
    }
}

/// As the driver writes it: SQLite compares times as text.
fn time(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// The foremost dispatches under way. Who stops one waits for us: what we lend was begun before.
pub(super) async fn open_dispatches(
    conn: &impl ConnectionTrait,
    now: Instant,
    only: Option<Lane>,
) -> Result<Vec<OpenDispatch>, DbErr> {
    use dispatch::Column;
    let mut open = dispatch::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Lane, Column::CutAt, Column::Everybody])
        .filter(Column::State.eq("open"))
        .filter(Column::ValidUntil.gt(now));
    if let Some(lane) = only {
        open = open.filter(Column::Lane.eq(lane.number()));
    }
    let rows: Vec<(Uuid, i16, Option<Instant>, bool)> = open
        .order_by_asc(Column::Lane)
        .order_by_asc(Column::Id)
        .limit(DISPATCHES)
        .lock(LockType::Share)
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    let open = rows.map(|(id, lane, cut_at, everybody)| OpenDispatch {
        id: DispatchId(id),
        lane: Lane::of(lane),
        cut: cut_at.is_some(),
        everybody,
    });
    Ok(open.collect())
}

fn ids(open: &[OpenDispatch]) -> impl Iterator<Item = Uuid> + '_ {
    open.iter().map(|dispatch| dispatch.id.0)
}

pub(super) async fn lend(
    conn: &impl ConnectionTrait,
    now: Instant,
    open: &[OpenDispatch],
    limit: usize,
) -> Result<Vec<Lent>, DbErr> {
    use envelope::Column;
    let due = envelope::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::cust(OPEN))
        .filter(Column::DispatchId.is_in(ids(open)))
        .filter(
            Column::LeasedUntil
                .is_null()
                .or(Column::LeasedUntil.lte(now)),
        )
        .filter(expired_key(now).not())
        .order_by_asc(Column::Lane)
        .order_by_asc(Column::Id)
        .limit(limit as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let first = Expr::col(Column::FirstAttemptAt).if_null(now);
    // Whoever had it lent before and has not come back may have called.
    let doubt = Expr::col(Column::InDoubt).or(Expr::col(Column::State).eq("lent"));
    let lend = Query::update()
        .table(envelope::Entity)
        .value(Column::State, "lent")
        .value(Column::InDoubt, doubt)
        .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .value(Column::Fence, Expr::col(Column::Fence).add(1))
        .value(Column::LeasedUntil, now + LEASE)
        .value(Column::FirstAttemptAt, first)
        .and_where(Expr::col(Column::Id).in_subquery(due))
        .returning(all_columns::<Column>())
        .to_owned();
    let mut lent = Vec::new();
    for row in conn.query_all(&lend).await? {
        let row = envelope::Model::from_query_result(&row, "")?;
        let people = row.recipients.as_deref().and_then(recipients::decode);
        let people = people.ok_or_else(|| {
            DbErr::Custom(format!(
                "the recipients of envelope {} cannot be read",
                row.id
            ))
        })?;
        lent.push(Lent {
            id: row.id,
            dispatch: DispatchId(row.dispatch_id),
            lane: Lane::of(row.lane),
            key: RetryKey::from(row.retry_key),
            everybody: people
                .is_empty()
                .then(|| usize::try_from(row.people).unwrap_or_default()),
            people,
            attempts: row.attempts,
            in_doubt: row.in_doubt,
            fence: row.fence,
            wait: TimeDelta::zero(),
        });
    }
    lent.sort_by_key(|envelope| (envelope.lane, envelope.id));
    Ok(lent)
}

pub(super) async fn still_goes(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
) -> Result<bool, DbErr> {
    let held = Query::select()
        .expr(Expr::value(1))
        .from(delivery_gate::Entity)
        .and_where(delivery_gate::Column::HeldSince.is_not_null())
        .to_owned();
    let open = dispatch::Entity::find_by_id(dispatch.0)
        .filter(dispatch::Column::State.eq("open"))
        .filter(Expr::exists(held).not());
    Ok(open.count(conn).await? > 0)
}

/// How many outcomes were still ours to record.
pub(super) async fn record(conn: &impl ConnectionTrait, rows: &[Row]) -> Result<u64, DbErr> {
    if rows.is_empty() {
        return Ok(0);
    }
    let rows = serde_json::to_string(rows).map_err(|error| DbErr::Json(error.to_string()))?;
    let backend = conn.get_database_backend();
    let record = match backend {
        DbBackend::Sqlite => RECORD_SQLITE,
        _ => RECORD_POSTGRES,
    };
    let record = Statement::from_sql_and_values(backend, record, [rows.into()]);
    Ok(conn.execute_raw(record).await?.rows_affected())
}

/// Ends an envelope in favour of its parts, each with a key of its own; false when it is no longer ours.
pub(super) async fn split(
    conn: &impl ConnectionTrait,
    now: Instant,
    lent: &Lent,
    parts: &[&[i64]],
    gone: usize,
    why: &str,
) -> Result<bool, DbErr> {
    use envelope::Column;
    let gone = i32::try_from(gone).unwrap_or(i32::MAX);
    let ended = envelope::Entity::update_many()
        .col_expr(Column::State, Expr::value("split"))
        .col_expr(Column::LeftOut, Expr::col(Column::LeftOut).add(gone))
        .col_expr(Column::LeasedUntil, Expr::value(None::<Instant>))
        .col_expr(Column::Why, Expr::value(why))
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(ours(lent))
        .exec(conn)
        .await?;
    if ended.rows_affected != 1 {
        return Ok(false);
    }
    let parts = parts.iter().filter(|part| !part.is_empty());
    let rows = parts.map(|part| envelope_row((lent.dispatch, lent.lane), part, Some(lent.id)));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    envelope::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(true)
}

/// Whether LINE refused at least `limit` envelopes of a dispatch and accepted none.
pub(super) async fn is_refused_throughout(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
    limit: u64,
) -> Result<bool, DbErr> {
    use envelope::Column;
    let of = |states: [&'static str; 2]| {
        envelope::Entity::find()
            .filter(Column::DispatchId.eq(dispatch.0))
            .filter(Column::State.is_in(states))
    };
    Ok(of(["refused", "split"]).count(conn).await? >= limit
        && of(["accepted", "unknown"]).count(conn).await? == 0)
}

pub(super) async fn narrow(
    conn: &impl ConnectionTrait,
    lent: &Lent,
    people: &[i64],
) -> Result<bool, DbErr> {
    use envelope::Column;
    let bytes = recipients::encode(people)
        .ok_or_else(|| DbErr::Custom("residents of an envelope do not ascend".to_owned()))?;
    let left_out = i32::try_from(lent.people.len() - people.len()).unwrap_or_default();
    let updated = envelope::Entity::update_many()
        .col_expr(Column::Recipients, Expr::value(bytes))
        .col_expr(Column::LeftOut, Expr::value(left_out))
        .filter(ours(lent))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

fn ours(lent: &Lent) -> Condition {
    use envelope::Column;
    Condition::all()
        .add(Column::Id.eq(lent.id))
        .add(Column::Fence.eq(lent.fence))
        .add(Column::State.eq("lent"))
}

pub(super) async fn people_to_send(
    conn: &impl ConnectionTrait,
    open: &[OpenDispatch],
) -> Result<HashMap<DispatchId, u64>, DbErr> {
    use envelope::Column;
    let sums: Vec<(Uuid, i64)> = envelope::Entity::find()
        .select_only()
        .column(Column::DispatchId)
        .column_as(Column::People.sum(), "people")
        .filter(Expr::cust(OPEN))
        // What has been tried is subtracted already.
        .filter(Column::Attempts.eq(0))
        .filter(Column::DispatchId.is_in(ids(open)))
        .group_by(Column::DispatchId)
        .into_tuple()
        .all(conn)
        .await?;
    let sums = sums.into_iter();
    Ok(sums
        .map(|(id, people)| (DispatchId(id), people.unsigned_abs()))
        .collect())
}

/// Nothing for what the product did not open so.
pub(super) async fn contents(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    dispatches: Vec<DispatchId>,
) -> Result<HashMap<DispatchId, Option<Arc<Content>>>, DbErr> {
    use dispatch::Column;
    let rows = dispatch::Entity::find()
        .filter(Column::Id.is_in(dispatches.into_iter().map(|id| id.0)))
        .all(conn)
        .await?;
    let odd = |error: &dyn std::fmt::Display| DbErr::Custom(error.to_string());
    let rows = rows.into_iter().filter_map(|row| {
        let ours =
            is_ours(seal, &row).inspect_err(|error| tracing::error!(%error, dispatch = %row.id));
        Some((ours.ok()?, row))
    });
    let rows = rows.map(|(ours, row)| {
        let id = DispatchId(row.id);
        if !ours {
            return Ok((id, None));
        }
        let content = Content {
            messages: Messages::from_json(&row.messages).map_err(|error| odd(&error))?,
            notification: match row.silent {
                true => Notification::Off,
                false => Notification::On,
            },
            unit: row
                .unit
                .map(Unit::parse)
                .transpose()
                .map_err(|error| odd(&error))?,
            subscription: row
                .subscription
                .map(|text| {
                    let read = Subscription::parse(&text);
                    read.ok_or_else(|| odd(&format!("`{text}` is no subscription")))
                })
                .transpose()?,
        };
        Ok((id, Some(Arc::new(content))))
    });
    rows.collect()
}
