//! Callings and their calls in the database.

use std::collections::HashMap;

use entity::{call, calling};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::model::{
    Answer, Call, Calling, Cause, End, Ended, Failure, Kind, New, Opened, Side, Spared, Standing,
};
use crate::clock::Instant;
use crate::ids::{CallId, CallingId, PersonId};
use crate::policy::Channel;

/// How a call by hand is written.
const BY_HAND: &str = "hand";
/// What a call that was made came to.
pub(super) const TAKEN: &str = "taken";

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
        cause: new.cause.map(|cause| cause.code().to_owned()),
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
    call::Entity::update_many()
        .col_expr(call::Column::State, Expr::value("spared"))
        .col_expr(call::Column::Outcome, Expr::value(Spared::Ended.code()))
        .filter(call::Column::CallingId.eq(id.0))
        .filter(call::Column::State.eq("due"))
        .exec(conn)
        .await
        .map(drop)
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

/// Those to which a side is called for `cause`, and which nobody has answered.
pub(super) async fn running_for(
    conn: &impl ConnectionTrait,
    cause: Cause,
) -> Result<Vec<CallingId>, DbErr> {
    let rows = calling::Entity::find()
        .filter(calling::Column::Cause.eq(cause.code()))
        .filter(calling::Column::Side.is_not_null())
        .filter(calling::Column::EndedAt.is_null())
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| CallingId(row.id)).collect())
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
    let cause = row.cause.as_deref().map(|code| {
        let mut all = Cause::ALL.into_iter();
        let cause = all.find(|cause| cause.code() == code);
        cause.ok_or_else(|| odd("its cause"))
    });
    let side = row
        .side
        .as_deref()
        .map(|code| Side::of_code(code).ok_or_else(|| odd("its side")));
    Ok(Calling {
        id: CallingId(row.id),
        kind: kind.ok_or_else(|| odd("its kind"))?,
        cause: cause.transpose()?,
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
