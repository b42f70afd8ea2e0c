//! Envelopes looked at afterwards.

use std::collections::HashMap;

use entity::{dispatch, envelope};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use uuid::Uuid;

use super::{Arrival, Envelope, Fate, Summary, Which};
use crate::clock::Instant;
use crate::delivery::model::Tally;
use crate::delivery::store::{state, sum_of};
use crate::ids::DispatchId;

/// Dispatches looked at in one statement.
const CHUNK: usize = 500;
/// Envelopes that ended amiss. Written out, so that both engines see that their partial index serves it.
const AMISS: &str = "envelope.state IN ('refused', 'unknown', 'late')";
/// Of fewer than one in so many whom LINE refuses nobody is told: there is always somebody whom it no longer knows.
const A_FEW: u64 = 100;

/// What a report reads of an envelope: all but its key and whom it is for.
#[derive(FromQueryResult)]
struct Row {
    id: i64,
    people: i32,
    left_out: i32,
    state: String,
    in_doubt: bool,
    attempts: i32,
    first_attempt_at: Option<Instant>,
    request_id: Option<String>,
    why: Option<String>,
    ended_at: Option<Instant>,
    split_from: Option<i64>,
}

fn of(dispatch: DispatchId, which: Which) -> Condition {
    use envelope::Column;
    let all = Condition::all().add(Column::DispatchId.eq(dispatch.0));
    match which {
        Which::All => all,
        Which::Amiss => all.add(Column::State.ne("accepted")),
    }
}

pub(super) async fn count(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
    which: Which,
) -> Result<u64, DbErr> {
    let found = envelope::Entity::find().filter(of(dispatch, which));
    found.count(conn).await
}

pub(super) async fn envelopes(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
    which: Which,
    before: u64,
    most: u64,
) -> Result<Vec<Envelope>, DbErr> {
    use envelope::Column;
    let rows: Vec<Row> = envelope::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::People,
            Column::LeftOut,
            Column::State,
            Column::InDoubt,
            Column::Attempts,
            Column::FirstAttemptAt,
            Column::RequestId,
            Column::Why,
            Column::EndedAt,
            Column::SplitFrom,
        ])
        .filter(of(dispatch, which))
        .order_by_asc(Column::Id)
        .offset(before)
        .limit(most)
        .into_model()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Envelope::from).collect())
}

impl From<Row> for Envelope {
    fn from(row: Row) -> Self {
        let left_out = row.left_out.unsigned_abs();
        Self {
            number: row.id,
            people: row.people.unsigned_abs().saturating_sub(left_out).into(),
            left_out: left_out.into(),
            fate: fate(&row.state, row.in_doubt),
            attempts: row.attempts.unsigned_abs(),
            first_call_at: row.first_attempt_at,
            ended_at: row.ended_at,
            request_id: row.request_id,
            why: row.why,
            split_from: row.split_from,
        }
    }
}

fn fate(state: &str, in_doubt: bool) -> Fate {
    match state {
        "accepted" => Fate::Accepted,
        "refused" => Fate::Refused,
        "unknown" => Fate::Unknown,
        "late" => Fate::Late,
        "empty" => Fate::Empty,
        "split" => Fate::Split,
        "waiting" if !in_doubt => Fate::Waiting,
        _ => Fate::InDoubt,
    }
}

/// When the envelopes that people were told by, or were not, ended: each with how, and how many they were.
pub(super) async fn ends(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
) -> Result<Vec<(Instant, Fate, u64)>, DbErr> {
    use envelope::Column;
    let rows: Vec<(Instant, String, i32, i32)> = envelope::Entity::find()
        .select_only()
        .columns([
            Column::EndedAt,
            Column::State,
            Column::People,
            Column::LeftOut,
        ])
        .filter(Column::DispatchId.eq(dispatch.0))
        .filter(Column::State.is_in(["accepted", "refused", "unknown", "late"]))
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(at, state, people, left_out)| {
            let people = people.saturating_sub(left_out).unsigned_abs();
            (at, fate(&state, false), people.into())
        })
        .collect())
}

pub(super) async fn amiss(
    conn: &impl ConnectionTrait,
    source: &str,
    since: Instant,
) -> Result<HashMap<String, Tally>, DbErr> {
    use envelope::Column;
    let reached = Expr::col(Column::People).sub(Expr::col(Column::LeftOut));
    let shares: Vec<(Uuid, String, i64)> = envelope::Entity::find()
        .select_only()
        .columns([Column::DispatchId, Column::State])
        .column_as(reached.sum(), "people")
        .filter(Expr::cust(AMISS))
        .filter(Column::EndedAt.gte(since))
        .group_by(Column::DispatchId)
        .group_by(Column::State)
        .into_tuple()
        .all(conn)
        .await?;
    let sums = summed(shares);
    let ids: Vec<Uuid> = sums.keys().copied().collect();
    let mut amiss = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        use dispatch::Column;
        // By their own ids, whosever they are: what a source has opened over the years is far more.
        let rows: Vec<(Uuid, String, String, i64)> = dispatch::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::Source,
                Column::SourceId,
                Column::Audience,
            ])
            .filter(Column::Id.is_in(ids.iter().copied()))
            .filter(Column::EndedAt.is_not_null())
            .into_tuple()
            .all(conn)
            .await?;
        for (id, of, source_id, audience) in rows {
            let people = sums.get(&id).copied().unwrap_or_default();
            let many_refused = people.refused * A_FEW >= audience.unsigned_abs();
            if of == source && (many_refused || people.unknown + people.late > 0) {
                amiss.insert(source_id, people);
            }
        }
    }
    Ok(amiss)
}

/// How each of these arrived; they have ended.
pub(super) async fn arrivals(
    conn: &impl ConnectionTrait,
    ended: &[DispatchId],
) -> Result<HashMap<DispatchId, Arrival>, DbErr> {
    use envelope::Column;
    let mut arrivals = HashMap::new();
    for ids in ended.chunks(CHUNK) {
        // Counts envelopes, not people: an index has them.
        let shares: Vec<(Uuid, String, i64)> = envelope::Entity::find()
            .select_only()
            .columns([Column::DispatchId, Column::State])
            .column_as(Expr::cust("COUNT(*)"), "envelopes")
            .filter(Column::DispatchId.is_in(ids.iter().map(|id| id.0)))
            .group_by(Column::DispatchId)
            .group_by(Column::State)
            .into_tuple()
            .all(conn)
            .await?;
        let sums = summed(shares);
        arrivals.extend(ids.iter().map(|id| {
            let sums = sums.get(&id.0).copied().unwrap_or_default();
            (*id, Arrival::of(&sums))
        }));
    }
    Ok(arrivals)
}

/// What has ended, summed up for each dispatch.
fn summed(shares: Vec<(Uuid, String, i64)>) -> HashMap<Uuid, Tally> {
    let mut sums: HashMap<Uuid, Tally> = HashMap::new();
    for (dispatch, state, share) in shares {
        if let Some(sum) = sum_of(sums.entry(dispatch).or_default(), &state, false) {
            *sum += share.unsigned_abs();
        }
    }
    sums
}

pub(super) async fn stopped(
    conn: &impl ConnectionTrait,
    source: &str,
) -> Result<Vec<String>, DbErr> {
    dispatch::Entity::find()
        .select_only()
        .column(dispatch::Column::SourceId)
        .filter(dispatch::Column::Source.eq(source))
        .filter(dispatch::Column::State.eq("stopped"))
        .into_tuple()
        .all(conn)
        .await
}

pub(super) async fn summaries(
    conn: &impl ConnectionTrait,
    source: &str,
    ids: &[String],
) -> Result<HashMap<String, Summary>, DbErr> {
    let mut found = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = dispatch::Entity::find()
            .filter(dispatch::Column::Source.eq(source))
            .filter(dispatch::Column::SourceId.is_in(ids))
            .all(conn)
            .await?;
        let mut people = people(conn, &rows).await?;
        found.extend(rows.into_iter().map(|row| {
            let summary = Summary {
                dispatch: DispatchId(row.id),
                state: state(&row),
                people: people.remove(&row.id).unwrap_or_default(),
            };
            (row.source_id, summary)
        }));
    }
    Ok(found)
}

/// Who of these dispatches fares how.
async fn people(
    conn: &impl ConnectionTrait,
    rows: &[dispatch::Model],
) -> Result<HashMap<Uuid, Tally>, DbErr> {
    use envelope::Column;
    let reached = Expr::col(Column::People).sub(Expr::col(Column::LeftOut));
    let shares: Vec<(Uuid, String, bool, i64)> = envelope::Entity::find()
        .select_only()
        .columns([Column::DispatchId, Column::State, Column::InDoubt])
        .column_as(reached.sum(), "people")
        .filter(Column::DispatchId.is_in(rows.iter().map(|row| row.id)))
        .group_by(Column::DispatchId)
        .group_by(Column::State)
        .group_by(Column::InDoubt)
        .into_tuple()
        .all(conn)
        .await?;
    let mut sums: HashMap<Uuid, Tally> = HashMap::new();
    for (dispatch, state, in_doubt, people) in shares {
        if let Some(sum) = sum_of(sums.entry(dispatch).or_default(), &state, in_doubt) {
            *sum += people.unsigned_abs();
        }
    }
    Ok(sums)
}
