//! Callings and their calls in the database.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::{call, calling, push_key};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use uuid::Uuid;

use super::model::{
    Answer, Call, Calling, End, Ended, Failure, Kind, New, Opened, Side, Spared, Standing,
};
use super::token::Token;
use crate::clock::Instant;
use crate::ids::{CallId, CallingId, PersonId};
use crate::policy::Channel;
use crate::seal::Seal;

/// How a call by hand is written.
const BY_HAND: &str = "hand";
/// What a call that was made came to.
const TAKEN: &str = "taken";
/// The one row of the key.
const KEY: i32 = 1;

pub(super) async fn next_number(conn: &impl ConnectionTrait) -> Result<u32, DbErr> {
    let last = calling::Entity::find()
        .order_by_desc(calling::Column::Number)
        .one(conn)
        .await?;
    Ok(last.map_or(1, |row| row.number.unsigned_abs() + 1))
}

/// By which number a matter is known already.
pub(super) async fn number_of(
    conn: &impl ConnectionTrait,
    matter: Uuid,
) -> Result<Option<u32>, DbErr> {
    let known = calling::Entity::find()
        .filter(calling::Column::Matter.eq(matter))
        .one(conn)
        .await?;
    Ok(known.map(|row| row.number.unsigned_abs()))
}

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    now: Instant,
    id: CallingId,
    new: &New,
    number: u32,
    drill: bool,
) -> Result<(), DbErr> {
    let row = calling::Model {
        id: id.0,
        kind: new.kind.code().to_owned(),
        drill,
        matter: new.matter,
        number: i32::try_from(number).unwrap_or(i32::MAX),
        side: new.side.map(|side| side.code().to_owned()),
        begun_at: now,
        runs_until: new.until,
        ended_at: None,
        ended: None,
        answered_by: None,
        answered_how: None,
    };
    calling::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    if new.calls.is_empty() {
        return Ok(());
    }
    let rows = new.calls.iter().map(|planned| {
        let due_at = now + planned.after;
        let row = call::Model {
            rung: Some(i32::try_from(planned.rung).unwrap_or(i32::MAX)),
            channel: planned.channel.code().to_owned(),
            state: "due".to_owned(),
            ..blank(CallId::new(now), id, planned.person, due_at)
        };
        row.into_active_model()
    });
    call::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

fn blank(id: CallId, calling: CallingId, person: PersonId, at: Instant) -> call::Model {
    call::Model {
        id: id.0,
        calling_id: calling.0,
        rung: None,
        person_id: person.0,
        channel: BY_HAND.to_owned(),
        due_at: at,
        try_at: at,
        state: "made".to_owned(),
        attempts: 0,
        fence: 0,
        leased_until: None,
        made_at: None,
        made_by: None,
        outcome: None,
        token_hash: None,
    }
}

/// Keeps that `by` telephoned `person`.
pub(super) async fn telephoned(
    conn: &impl ConnectionTrait,
    now: Instant,
    id: CallId,
    calling: CallingId,
    (by, person): (PersonId, PersonId),
    reached: bool,
) -> Result<(), DbErr> {
    let mut row = call::Model {
        attempts: 1,
        made_by: Some(by.0),
        made_at: Some(now),
        outcome: Some(TAKEN.to_owned()),
        ..blank(id, calling, person, now)
    };
    if !reached {
        row.state = "failed".to_owned();
        row.made_at = None;
        row.outcome = Some(Failure::NoAnswer.code().to_owned());
    }
    call::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await
        .map(drop)
}

/// What of a calling is still to be made is not needed any more.
pub(super) async fn spare(conn: &impl ConnectionTrait, id: CallingId) -> Result<(), DbErr> {
    let due = Condition::all()
        .add(call::Column::CallingId.eq(id.0))
        .add(call::Column::State.eq("due"));
    spare_those(conn, due, Spared::Ended).await.map(drop)
}

/// Calls that should have been tried before `before` come too late.
pub(super) async fn spare_late(conn: &impl ConnectionTrait, before: Instant) -> Result<u64, DbErr> {
    let late = Condition::all()
        .add(call::Column::TryAt.lt(before))
        .add(call::Column::State.eq("due"));
    spare_those(conn, late, Spared::Late).await
}

async fn spare_those(
    conn: &impl ConnectionTrait,
    those: Condition,
    why: Spared,
) -> Result<u64, DbErr> {
    let spared = call::Entity::update_many()
        .col_expr(call::Column::State, Expr::value("spared"))
        .col_expr(call::Column::Outcome, Expr::value(why.code()))
        .filter(those)
        .exec(conn)
        .await?;
    Ok(spared.rows_affected)
}

pub(super) async fn end(
    conn: &impl ConnectionTrait,
    now: Instant,
    id: CallingId,
    how: Ended,
) -> Result<(), DbErr> {
    use calling::Column;
    let answered = match how {
        Ended::Answered(person, answer) => Some((person.0, answer.code())),
        Ended::Over | Ended::Unanswered => None,
    };
    calling::Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .col_expr(Column::Ended, Expr::value(how.code()))
        .col_expr(Column::AnsweredBy, Expr::value(answered.map(|(by, _)| by)))
        .col_expr(
            Column::AnsweredHow,
            Expr::value(answered.map(|(_, how)| how)),
        )
        .filter(Column::Id.eq(id.0))
        .exec(conn)
        .await
        .map(drop)
}

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

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: CallingId,
) -> Result<Option<Calling>, DbErr> {
    let row = calling::Entity::find_by_id(id.0).all(conn).await?;
    Ok(with_calls(conn, row).await?.pop())
}

pub(super) async fn of_matter(
    conn: &impl ConnectionTrait,
    matter: Uuid,
) -> Result<Vec<Calling>, DbErr> {
    let rows = calling::Entity::find()
        .filter(calling::Column::Matter.eq(matter))
        .order_by_asc(calling::Column::BegunAt)
        .order_by_asc(calling::Column::Id)
        .all(conn)
        .await?;
    with_calls(conn, rows).await
}

/// Those of a kind, oldest first.
pub(super) async fn of_kind(
    conn: &impl ConnectionTrait,
    kind: Kind,
    since: Instant,
) -> Result<Vec<Calling>, DbErr> {
    let rows = calling::Entity::find()
        .filter(calling::Column::Kind.eq(kind.code()))
        .filter(calling::Column::BegunAt.gte(since))
        .order_by_asc(calling::Column::BegunAt)
        .order_by_asc(calling::Column::Id)
        .all(conn)
        .await?;
    with_calls(conn, rows).await
}

/// Whose link this is the digest of.
pub(super) async fn opened(
    conn: &impl ConnectionTrait,
    digest: &str,
) -> Result<Option<Opened>, DbErr> {
    let call = call::Entity::find()
        .filter(call::Column::TokenHash.eq(digest))
        .one(conn)
        .await?;
    let Some(call) = call else { return Ok(None) };
    let calling = find(conn, CallingId(call.calling_id)).await?;
    Ok(calling.map(|calling| Opened {
        calling,
        person: PersonId(call.person_id),
    }))
}

async fn with_calls(
    conn: &impl ConnectionTrait,
    rows: Vec<calling::Model>,
) -> Result<Vec<Calling>, DbErr> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut calls: HashMap<Uuid, Vec<Call>> = HashMap::new();
    for some in ids.chunks(500) {
        let found = call::Entity::find()
            .filter(call::Column::CallingId.is_in(some.iter().copied()))
            .order_by_asc(call::Column::DueAt)
            .order_by_asc(call::Column::Id)
            .all(conn)
            .await?;
        for row in found {
            calls.entry(row.calling_id).or_default().push(one(row)?);
        }
    }
    let rows = rows.into_iter().map(|row| {
        let calls = calls.remove(&row.id).unwrap_or_default();
        whole(row, calls)
    });
    rows.collect()
}

fn whole(row: calling::Model, calls: Vec<Call>) -> Result<Calling, DbErr> {
    let odd = |what: &str| DbErr::Type(format!("calling {}: {what} is unknown", row.id));
    let how = match row.ended.as_deref() {
        None => None,
        Some("over") => Some(Ended::Over),
        Some("unanswered") => Some(Ended::Unanswered),
        Some(_) => {
            let how = row.answered_how.as_deref();
            let how = how.and_then(|code| Answer::ALL.into_iter().find(|how| how.code() == code));
            let answered = row.answered_by.map(PersonId).zip(how);
            let (person, how) = answered.ok_or_else(|| odd("who answered"))?;
            Some(Ended::Answered(person, how))
        }
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == row.kind);
    let side = row
        .side
        .as_deref()
        .map(|code| Side::of_code(code).ok_or_else(|| odd("its side")));
    Ok(Calling {
        id: CallingId(row.id),
        kind: kind.ok_or_else(|| odd("its kind"))?,
        drill: row.drill,
        matter: row.matter,
        number: row.number.unsigned_abs(),
        side: side.transpose()?,
        begun_at: row.begun_at,
        until: row.runs_until,
        ended: row.ended_at.zip(how).map(|(at, how)| End { at, how }),
        calls,
    })
}

fn one(row: call::Model) -> Result<Call, DbErr> {
    let odd = |what: &str| DbErr::Type(format!("call {}: {what} is unknown", row.id));
    let outcome = row.outcome.as_deref().unwrap_or_default();
    let failure = Failure::ALL.into_iter().find(|why| why.code() == outcome);
    let spared = [Spared::Ended, Spared::Late]
        .into_iter()
        .find(|why| why.code() == outcome);
    let state = match row.state.as_str() {
        "due" => Some(Standing::Due),
        "lent" => Some(Standing::Lent),
        "made" => row.made_at.map(Standing::Made),
        "failed" => failure.map(Standing::Failed),
        "spared" => spared.map(Standing::Spared),
        _ => None,
    };
    let channel = match row.channel.as_str() {
        BY_HAND => None,
        code => Some(Channel::of_code(code).ok_or_else(|| odd("its channel"))?),
    };
    Ok(Call {
        id: CallId(row.id),
        rung: row.rung.map(i32::unsigned_abs),
        person: PersonId(row.person_id),
        channel,
        due_at: row.due_at,
        attempts: row.attempts.unsigned_abs(),
        state: state.ok_or_else(|| odd("where it stands"))?,
        by: row.made_by.map(PersonId),
    })
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

/// Calls whose lender has not come back, of callings that have ended: nobody knows whether they were made.
pub(super) async fn give_up_lost(conn: &impl ConnectionTrait, now: Instant) -> Result<(), DbErr> {
    use call::Column;
    let ended = calling::Entity::find()
        .select_only()
        .column(calling::Column::Id)
        .filter(calling::Column::EndedAt.is_not_null())
        .into_query();
    call::Entity::update_many()
        .col_expr(Column::State, Expr::value("failed"))
        .col_expr(Column::LeasedUntil, Expr::value(None::<Instant>))
        .col_expr(Column::Outcome, Expr::value(Failure::Unknown.code()))
        .filter(Column::State.eq("lent"))
        .filter(Column::LeasedUntil.lte(now))
        .filter(Column::CallingId.in_subquery(ended))
        .exec(conn)
        .await
        .map(drop)
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
        .returning_all()
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

/// The sealed key, if it was made.
pub(super) async fn key(conn: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let row = push_key::Entity::find_by_id(KEY).one(conn).await?;
    Ok(row.map(|row| row.private))
}

/// Keeps a key unless there is one.
pub(super) async fn keep_key(
    conn: &impl ConnectionTrait,
    now: Instant,
    sealed: String,
) -> Result<(), DbErr> {
    let row = push_key::ActiveModel {
        id: Set(KEY),
        private: Set(sealed),
        made_at: Set(now),
    };
    push_key::Entity::insert(row)
        .on_conflict(
            OnConflict::column(push_key::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await
        .map(drop)
}
