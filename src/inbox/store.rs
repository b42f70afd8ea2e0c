//! The stored events: inserted once, claimed by one worker at a time, finished exactly once.
//!
//! A claim lends an event for a while and gives it a new fence number; whoever finishes must still
//! hold that number, so a worker that was thought dead cannot finish what another has taken over.

use chrono::{SecondsFormat, TimeDelta};
use entity::webhook_event::{self as row, Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Statement,
};
use serde::Serialize;

use super::Counts;
use super::arrival::Arrival;
use crate::clock::Instant;
use crate::seal::Seal;

/// Inserts any number of rows, given as one JSON array. Written out as VALUES, each size of batch would be a
/// statement of its own, which the engines read and plan anew: that cost more than storing the rows.
const INSERT_SQLITE: &str = "
    INSERT INTO webhook_event (event_id, line_user_id, kind, occurred_ms, received_at, body, state)
    SELECT value ->> 'event_id', value ->> 'line_user_id', value ->> 'kind', value ->> 'occurred_ms',
           value ->> 'received_at', value ->> 'body', value ->> 'state'
    FROM json_each($1) WHERE true
    ON CONFLICT (event_id) DO NOTHING";
const INSERT_POSTGRES: &str = "
    INSERT INTO webhook_event (event_id, line_user_id, kind, occurred_ms, received_at, body, state)
    SELECT event_id, line_user_id, kind, occurred_ms, received_at, body, state
    FROM json_to_recordset($1::json) AS arrival
         (event_id text, line_user_id text, kind text, occurred_ms bigint, received_at timestamptz, body text, state text)
    ON CONFLICT (event_id) DO NOTHING";
/// What of an event is sealed, and for which column: until it is answered, it says who wrote what.
const LINE_USER_ID: &str = "webhook_event.line_user_id";
const BODY: &str = "webhook_event.body";
const REPLY: &str = "webhook_event.reply";
/// Events somebody still waits for. Written out, not bound: only so do both engines see that their
/// partial indexes serve it.
const OPEN: &str = "state IN ('received', 'replying')";
/// Rows of one DELETE, so that it holds nobody up for long.
const CHUNK: u64 = 1000;
/// How long a claim holds before another worker may take over.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// An event lent to us.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Our number for it.
    pub id: i64,
    /// The number of this claim.
    pub fence: i64,
    /// Which try this is, from 1.
    pub attempts: i32,
    /// LINE's stamp, in milliseconds.
    pub occurred_ms: i64,
    /// When it was stored.
    pub received_at: Instant,
    /// What is left to do for it.
    pub work: Work,
}

/// What is left to do for it. Prints without what anybody said.
#[derive(Clone)]
pub enum Work {
    /// Everything: this is the event as LINE sent it.
    Handle(String),
    /// Its reply was decided and is still to be sent.
    Reply {
        /// Permission to reply.
        token: String,
        /// What to say, as JSON.
        messages: String,
    },
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Handle(_) => "Handle(…)",
            Self::Reply { .. } => "Reply(…)",
        })
    }
}

/// Inserts events not seen before; says how many.
pub(super) async fn insert<'a>(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    arrivals: impl Iterator<Item = &'a Arrival>,
) -> Result<u64, DbErr> {
    let rows = arrivals.map(|arrival| NewRow::of(arrival, seal));
    let rows = rows.collect::<Result<Vec<_>, DbErr>>()?;
    let rows = serde_json::to_string(&rows).map_err(|error| DbErr::Json(error.to_string()))?;
    let backend = conn.get_database_backend();
    let insert = match backend {
        DbBackend::Sqlite => INSERT_SQLITE,
        _ => INSERT_POSTGRES,
    };
    let inserted = conn
        .execute_raw(Statement::from_sql_and_values(
            backend,
            insert,
            [rows.into()],
        ))
        .await?;
    Ok(inserted.rows_affected())
}

/// What is known of an event when it arrives.
#[derive(Serialize)]
struct NewRow<'a> {
    event_id: &'a str,
    line_user_id: Option<String>,
    kind: &'a str,
    occurred_ms: i64,
    received_at: String,
    body: Option<String>,
    state: &'static str,
}

impl<'a> NewRow<'a> {
    fn of(arrival: &'a Arrival, seal: &Seal) -> Result<Self, DbErr> {
        let user = arrival.line_user_id.as_deref();
        let body = arrival.body.as_deref();
        Ok(Self {
            event_id: &arrival.event_id,
            line_user_id: user.map(|user| seal.lookup(LINE_USER_ID, user)),
            kind: &arrival.kind,
            occurred_ms: arrival.occurred_ms,
            // As the driver writes it: SQLite compares times as text.
            received_at: arrival
                .received_at
                .to_rfc3339_opts(SecondsFormat::AutoSi, false),
            body: body.map(|body| sealed(seal, BODY, body)).transpose()?,
            state: if arrival.to_handle {
                "received"
            } else {
                "ignored"
            },
        })
    }
}

fn sealed(seal: &Seal, column: &'static str, text: &str) -> Result<String, DbErr> {
    let sealed = seal.text(column, text);
    sealed.map_err(|error| DbErr::Custom(error.to_string()))
}

/// What cannot be opened is empty: the event is then set aside for its odd body, and holds nobody up.
fn opened(seal: &Seal, column: &'static str, sealed: &str) -> String {
    let opened = seal.open(column, sealed);
    opened
        .inspect_err(|error| tracing::error!(%error, "a stored event cannot be read"))
        .unwrap_or_default()
}

/// Claims up to `limit` events: of each resident only the earliest that is not yet answered, and none
/// while another is in hand, so that one resident's events are answered in order, one after the
/// other, and no resident waits for another.
pub(super) async fn claim(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    limit: u64,
) -> Result<Vec<Claimed>, DbErr> {
    let other = Alias::new("other");
    let theirs = |column: Column| Expr::col((other.clone(), column));
    let earlier = Condition::any()
        .add(theirs(Column::OccurredMs).lt(Expr::col((Entity, Column::OccurredMs))))
        .add(
            theirs(Column::OccurredMs)
                .equals((Entity, Column::OccurredMs))
                .and(theirs(Column::Id).lt(Expr::col((Entity, Column::Id)))),
        );
    // A later event that came first may be in hand already.
    let in_hand = theirs(Column::LeasedUntil)
        .gte(now)
        .and(theirs(Column::Id).ne(Expr::col((Entity, Column::Id))));
    let waits_for_another = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, other.clone())
        .and_where(Expr::cust(format!("other.{OPEN}")))
        .and_where(theirs(Column::LineUserId).equals((Entity, Column::LineUserId)))
        .cond_where(earlier.add(in_hand))
        .to_owned();
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::cust(format!("webhook_event.{OPEN}")))
        .filter(
            Column::LeasedUntil
                .is_null()
                .or(Column::LeasedUntil.lt(now)),
        )
        .filter(Expr::exists(waits_for_another).not())
        .order_by_asc(Column::Id)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    let claim = Query::update()
        .table(Entity)
        .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .value(Column::Fence, Expr::col(Column::Fence).add(1))
        .value(Column::LeasedUntil, now + LEASE)
        .and_where(Expr::col(Column::Id).in_subquery(due))
        .returning(Query::returning().columns(<Column as sea_orm::Iterable>::iter()))
        .to_owned();
    conn.query_all(&claim)
        .await?
        .iter()
        .map(|found| Ok(claimed(seal, row::Model::from_query_result(found, "")?)))
        .collect()
}

fn claimed(seal: &Seal, row: row::Model) -> Claimed {
    let work = match (row.reply_token, row.reply) {
        (Some(token), Some(messages)) => Work::Reply {
            token,
            messages: opened(seal, REPLY, &messages),
        },
        (_, _) => Work::Handle(opened(seal, BODY, &row.body.unwrap_or_default())),
    };
    Claimed {
        id: row.id,
        fence: row.fence,
        attempts: row.attempts,
        occurred_ms: row.occurred_ms,
        received_at: row.received_at,
        work,
    }
}

/// Handled: what it said is forgotten. With a reply, that is what remains to be done.
/// Says whether the event was still ours.
pub(super) async fn handled(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    event: &Claimed,
    reply: Option<(&str, String)>,
) -> Result<bool, DbErr> {
    let (token, messages) = reply.map(|(t, m)| (t.to_owned(), m)).unzip();
    let messages = messages
        .map(|m: String| sealed(seal, REPLY, &m))
        .transpose()?;
    let mut update = Entity::update_many();
    let state = if messages.is_some() {
        "replying"
    } else {
        // Whose it was is forgotten with what it said.
        update = update.col_expr(Column::LineUserId, Expr::value(None::<String>));
        "done"
    };
    let update = update
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Body, Expr::value(None::<String>))
        .col_expr(Column::ReplyToken, Expr::value(token))
        .col_expr(Column::Reply, Expr::value(messages))
        .filter(still_ours(event))
        .filter(Column::State.eq("received"));
    Ok(update.exec(conn).await?.rows_affected == 1)
}

/// Nothing is left to do.
pub(super) async fn done(conn: &impl ConnectionTrait, event: &Claimed) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value("done"))
        .col_expr(Column::LineUserId, Expr::value(None::<String>))
        .col_expr(Column::ReplyToken, Expr::value(None::<String>))
        .col_expr(Column::Reply, Expr::value(None::<String>))
        .filter(still_ours(event))
        .exec(conn)
        .await?;
    Ok(())
}

/// Not now: another try from `at` on.
pub(super) async fn try_again(
    conn: &impl ConnectionTrait,
    event: &Claimed,
    at: Instant,
    error: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(at))
        .col_expr(Column::Error, Expr::value(error))
        .filter(still_ours(event))
        .exec(conn)
        .await?;
    Ok(())
}

/// Given up: set aside with its error, so that those behind it go on.
pub(super) async fn give_up(
    conn: &impl ConnectionTrait,
    event: &Claimed,
    error: &str,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value("set_aside"))
        .col_expr(Column::Error, Expr::value(error))
        .filter(still_ours(event))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends every lease; whoever still holds one has an old fence number from its next claim on.
pub(super) async fn take_back(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(None::<Instant>))
        .filter(Expr::cust(OPEN))
        .exec(conn)
        .await?;
    Ok(())
}

fn still_ours(event: &Claimed) -> Condition {
    Condition::all()
        .add(Column::Id.eq(event.id))
        .add(Column::Fence.eq(event.fence))
}

pub(super) async fn counts(conn: &impl ConnectionTrait) -> Result<Counts, DbErr> {
    let by_state: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "count")
        .group_by(Column::State)
        .into_tuple()
        .all(conn)
        .await?;
    let mut counts = Counts::default();
    for (state, count) in by_state {
        let count = count.unsigned_abs();
        match state.as_str() {
            "received" | "replying" => counts.waiting += count,
            "set_aside" => counts.set_aside += count,
            _ => counts.done += count,
        }
    }
    Ok(counts)
}

/// Forgets some events that came before `before` and are no longer waited for; says how many.
pub(super) async fn forget_some(
    conn: &impl ConnectionTrait,
    before: Instant,
) -> Result<u64, DbErr> {
    let some: Vec<i64> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ReceivedAt.lt(before))
        .filter(Column::State.is_not_in(["received", "replying"]))
        .order_by_asc(Column::Id)
        .limit(CHUNK)
        .into_tuple()
        .all(conn)
        .await?;
    let gone = Entity::delete_many()
        .filter(Column::Id.is_in(some))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
