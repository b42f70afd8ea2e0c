//! Dispatches in the database, and the gate in front of all of them.

use chrono::TimeDelta;
use entity::{dispatch, envelope};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait,
    FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{Cut, Lane, NewDispatch, Progress, State, StopReason, Tally};
use super::recipients;
use crate::clock::Instant;
use crate::db::{Tx, all_columns};
use crate::ids::DispatchId;
use crate::line::client::{MAX_RECIPIENTS, Notification, RetryKey, Unit};
use crate::seal::{NotOpened, Seal};
use crate::text::hex;

/// Where the product's seal over what a dispatch carries stands.
const SEAL: &str = "dispatch.seal";
/// How long one cutter may be silent before another goes on.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// False when its source has opened it before. `everybody` says how many all friends of the account are, if
/// it is for them.
pub(super) async fn open(
    tx: &Tx,
    now: Instant,
    id: DispatchId,
    new: &NewDispatch,
    everybody: Option<i32>,
) -> Result<bool, DbErr> {
    let messages = serde_json::to_string(&new.messages);
    let mut row = dispatch::Model {
        id: id.0,
        source: new.source.to_owned(),
        source_id: new.source_id.clone(),
        lane: new.lane.number(),
        messages: messages.map_err(|error| DbErr::Json(error.to_string()))?,
        silent: new.notification == Notification::Off,
        unit: new.unit.as_ref().map(|unit| unit.as_str().to_owned()),
        valid_until: new.valid_until,
        state: "open".to_owned(),
        stop_reason: None,
        opened_at: now,
        stopped_at: None,
        ended_at: None,
        cut_after: 0,
        cut_fence: 0,
        cut_leased_until: None,
        cut_at: everybody.map(|_| now),
        audience: everybody.map_or(0, i64::from),
        everybody: everybody.is_some(),
        seal: None,
        subscription: new.subscription.as_ref().map(ToString::to_string),
    };
    let sealed = tx.seal()?.text(SEAL, &carried(&row));
    row.seal = Some(sealed.map_err(|error| DbErr::Custom(error.to_string()))?);
    let once = OnConflict::columns([dispatch::Column::Source, dispatch::Column::SourceId])
        .do_nothing()
        .to_owned();
    let inserted = dispatch::Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// What is sealed of a dispatch: the digest of all that residents would notice.
fn carried(row: &dispatch::Model) -> String {
    let carried = json!([
        row.id,
        row.source,
        row.source_id,
        row.lane,
        row.messages,
        row.silent,
        row.unit,
        // Databases differ in what is left of a second.
        row.valid_until.timestamp(),
        row.everybody,
    ]);
    hex(&Sha256::digest(carried.to_string()))
}

/// Whether the product opened it so: who only writes to the database has not its key. Fails where we have not the
/// right one either.
pub(super) fn is_ours(seal: &Seal, row: &dispatch::Model) -> Result<bool, NotOpened> {
    match &row.seal {
        Some(sealed) => Ok(seal.open(SEAL, sealed)? == carried(row)),
        None => Ok(false),
    }
}

pub(super) async fn cutting(
    conn: &impl ConnectionTrait,
    now: Instant,
    source: &str,
) -> Result<Option<Cut>, DbErr> {
    use dispatch::Column;
    let free = Column::CutLeasedUntil
        .is_null()
        .or(Column::CutLeasedUntil.lt(now));
    let foremost = dispatch::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Source.eq(source))
        .filter(Column::State.eq("open"))
        .filter(Column::CutAt.is_null())
        .filter(free)
        .order_by_asc(Column::Lane)
        .order_by_asc(Column::Id)
        .limit(1)
        .lock(LockType::Update)
        .into_query();
    let lend = Query::update()
        .table(dispatch::Entity)
        .value(Column::CutFence, Expr::col(Column::CutFence).add(1))
        .value(Column::CutLeasedUntil, now + LEASE)
        .and_where(Expr::col(Column::Id).in_subquery(foremost))
        .returning(all_columns::<Column>())
        .to_owned();
    let Some(row) = conn.query_one(&lend).await? else {
        return Ok(None);
    };
    let row = dispatch::Model::from_query_result(&row, "")?;
    Ok(Some(Cut {
        dispatch: DispatchId(row.id),
        source_id: row.source_id,
        after: row.cut_after,
        lane: Lane::of(row.lane),
        fence: row.cut_fence,
    }))
}

/// Notes how far it is cut; false when it is no longer ours to cut.
pub(super) async fn advance(
    conn: &impl ConnectionTrait,
    now: Instant,
    cut: &Cut,
    after: i64,
    people: usize,
    last: bool,
) -> Result<bool, DbErr> {
    use dispatch::Column;
    let people = i64::try_from(people).unwrap_or(i64::MAX);
    let updated = dispatch::Entity::update_many()
        .col_expr(Column::CutAfter, Expr::value(after))
        .col_expr(Column::CutLeasedUntil, Expr::value(now + LEASE))
        .col_expr(Column::CutAt, Expr::value(last.then_some(now)))
        .col_expr(Column::Audience, Expr::col(Column::Audience).add(people))
        .filter(Column::Id.eq(cut.dispatch.0))
        .filter(Column::State.eq("open"))
        .filter(Column::CutAt.is_null())
        .filter(Column::CutFence.eq(cut.fence))
        .filter(Column::CutAfter.eq(cut.after))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn insert_envelopes(
    conn: &impl ConnectionTrait,
    cut: &Cut,
    people: &[i64],
) -> Result<(), DbErr> {
    let of = (cut.dispatch, cut.lane);
    let rows = people
        .chunks(MAX_RECIPIENTS)
        .map(|people| envelope_row(of, people, None))
        .collect::<Result<Vec<_>, _>>()?;
    envelope::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The one envelope of a dispatch for everybody, who are so many. It names nobody.
pub(super) async fn insert_for_everybody(
    conn: &impl ConnectionTrait,
    of: (DispatchId, Lane),
    people: i32,
) -> Result<(), DbErr> {
    let row = envelope::ActiveModel {
        people: Set(people),
        ..envelope_row(of, &[], None)?
    };
    envelope::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// An envelope with a key of its own, that waits to be sent.
pub(super) fn envelope_row(
    (dispatch, lane): (DispatchId, Lane),
    people: &[i64],
    split_from: Option<i64>,
) -> Result<envelope::ActiveModel, DbErr> {
    let bytes = recipients::encode(people)
        .ok_or_else(|| DbErr::Custom("residents of an envelope do not ascend".to_owned()))?;
    Ok(envelope::ActiveModel {
        id: NotSet,
        dispatch_id: Set(dispatch.0),
        lane: Set(lane.number()),
        retry_key: Set(RetryKey::random().as_uuid()),
        recipients: Set(Some(bytes)),
        people: Set(i32::try_from(people.len()).unwrap_or(i32::MAX)),
        state: Set("waiting".to_owned()),
        split_from: Set(split_from),
        ..Default::default()
    })
}

pub(super) async fn stop(
    conn: &impl ConnectionTrait,
    now: Instant,
    dispatch: DispatchId,
    reason: StopReason,
) -> Result<bool, DbErr> {
    use dispatch::Column;
    let updated = dispatch::Entity::update_many()
        .col_expr(Column::State, Expr::value("stopped"))
        .col_expr(Column::StopReason, Expr::value(reason.as_str()))
        .col_expr(Column::StoppedAt, Expr::value(now))
        .filter(Column::Id.eq(dispatch.0))
        .filter(Column::State.eq("open"))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn resume(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
) -> Result<bool, DbErr> {
    use dispatch::Column;
    let updated = dispatch::Entity::update_many()
        .col_expr(Column::State, Expr::value("open"))
        .col_expr(Column::StopReason, Expr::value(None::<String>))
        .col_expr(Column::StoppedAt, Expr::value(None::<Instant>))
        .filter(Column::Id.eq(dispatch.0))
        .filter(Column::State.eq("stopped"))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    source: &str,
    source_id: &str,
) -> Result<Option<DispatchId>, DbErr> {
    use dispatch::Column;
    let found: Option<Uuid> = dispatch::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(
            Condition::all()
                .add(Column::Source.eq(source))
                .add(Column::SourceId.eq(source_id)),
        )
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found.map(DispatchId))
}

pub(super) async fn count_units(conn: &impl ConnectionTrait, since: Instant) -> Result<u64, DbErr> {
    use dispatch::Column;
    dispatch::Entity::find()
        .filter(Column::Unit.is_not_null())
        .filter(Column::OpenedAt.gte(since))
        .count(conn)
        .await
}

pub(super) async fn units(
    conn: &impl ConnectionTrait,
    source: &str,
    since: Instant,
    until: Instant,
) -> Result<Vec<(String, Unit, Instant)>, DbErr> {
    use dispatch::Column;
    let rows: Vec<(String, String, Instant)> = dispatch::Entity::find()
        .select_only()
        .columns([Column::SourceId, Column::Unit, Column::OpenedAt])
        .filter(Column::Source.eq(source))
        .filter(Column::Unit.is_not_null())
        .filter(Column::OpenedAt.gt(since).and(Column::OpenedAt.lte(until)))
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    rows.map(|(id, unit, at)| {
        let unit = Unit::parse(unit).map_err(|error| DbErr::Type(error.to_string()))?;
        Ok((id, unit, at))
    })
    .collect()
}

/// The envelopes of a dispatch that share a state.
#[derive(FromQueryResult)]
struct Share {
    state: String,
    in_doubt: bool,
    envelopes: i64,
    people: i64,
    left_out: i64,
    last_minute: i64,
    first_attempt_at: Option<Instant>,
    ended_at: Option<Instant>,
}

pub(super) async fn progress(
    conn: &impl ConnectionTrait,
    now: Instant,
    dispatch: DispatchId,
) -> Result<Option<Progress>, DbErr> {
    use envelope::Column;
    let Some(row) = dispatch::Entity::find_by_id(dispatch.0).one(conn).await? else {
        return Ok(None);
    };
    let reached = || Expr::col(Column::People).sub(Expr::col(Column::LeftOut));
    let lately = Expr::case(Column::EndedAt.gt(now - TimeDelta::minutes(1)), reached()).finally(0);
    let shares: Vec<Share> = envelope::Entity::find()
        .select_only()
        .column(Column::State)
        .column(Column::InDoubt)
        .column_as(Column::Id.count(), "envelopes")
        .column_as(reached().sum(), "people")
        .column_as(Column::LeftOut.sum(), "left_out")
        .column_as(Expr::expr(lately).sum(), "last_minute")
        .column_as(Column::FirstAttemptAt.min(), "first_attempt_at")
        .column_as(Column::EndedAt.max(), "ended_at")
        .filter(Column::DispatchId.eq(dispatch.0))
        .group_by(Column::State)
        .group_by(Column::InDoubt)
        .into_model()
        .all(conn)
        .await?;
    let mut progress = Progress {
        state: state(&row),
        audience: row.audience.unsigned_abs(),
        people: Tally::default(),
        envelopes: Tally::default(),
        left_out: 0,
        opened_at: row.opened_at,
        first_call_at: None,
        last_end_at: None,
        ended_at: row.ended_at,
        per_minute: 0,
    };
    for share in shares {
        progress.left_out += share.left_out.unsigned_abs();
        let earliest = [progress.first_call_at, share.first_attempt_at];
        progress.first_call_at = earliest.into_iter().flatten().min();
        progress.last_end_at = Ord::max(progress.last_end_at, share.ended_at);
        if share.state == "accepted" {
            progress.per_minute += share.last_minute.unsigned_abs();
        }
        let sums = [
            (&mut progress.people, share.people),
            (&mut progress.envelopes, share.envelopes),
        ];
        for (tally, count) in sums {
            if let Some(sum) = sum_of(tally, &share.state, share.in_doubt) {
                *sum += count.unsigned_abs();
            }
        }
    }
    Ok(Some(progress))
}

pub(super) fn state(row: &dispatch::Model) -> State {
    match row.stop_reason.as_deref() {
        Some(reason) => State::Stopped(StopReason::of(reason)),
        None if row.ended_at.is_some() => State::Ended,
        None if row.cut_at.is_none() => State::Cutting,
        None => State::Sending,
    }
}

/// Where envelopes of a state are counted; nowhere if their parts are, or nobody was left in them.
pub(super) fn sum_of<'a>(tally: &'a mut Tally, state: &str, in_doubt: bool) -> Option<&'a mut u64> {
    Some(match state {
        "waiting" if !in_doubt => &mut tally.waiting,
        "waiting" | "lent" => &mut tally.in_doubt,
        "accepted" => &mut tally.accepted,
        "refused" => &mut tally.refused,
        "unknown" => &mut tally.unknown,
        "late" => &mut tally.late,
        _ => return None,
    })
}
