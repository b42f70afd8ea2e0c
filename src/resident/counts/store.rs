//! Residents, counted by the database.

use chrono::NaiveDate;
use entity::{child, resident, resident_count, resident_topic};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, Set,
};

use super::{Counted, Tally};
use crate::clock::Instant;

/// The one row.
const ROW: i32 = 1;

pub(super) async fn tally(
    conn: &impl ConnectionTrait,
    weeks: &[(NaiveDate, Instant)],
) -> Result<Tally, DbErr> {
    let mut tally = Tally::default();
    // One pass over everybody: by place and language together there are a few thousand rows.
    type Place = (bool, String, Option<i64>, Option<String>, i64);
    let places: Vec<Place> = resident::Entity::find()
        .select_only()
        .column(resident::Column::Reachable)
        .column(resident::Column::Residence)
        .column(resident::Column::AreaId)
        .column(resident::Column::Language)
        .column_as(resident::Column::Id.count(), "people")
        .group_by(resident::Column::Reachable)
        .group_by(resident::Column::Residence)
        .group_by(resident::Column::AreaId)
        .group_by(resident::Column::Language)
        .into_tuple()
        .all(conn)
        .await?;
    for (reachable, residence, area, language, people) in places {
        let people = u64::try_from(people).unwrap_or(0);
        if !reachable {
            tally.unreachable += people;
            continue;
        }
        match (residence.as_str(), area) {
            (_, Some(area)) => add(&mut tally.areas, area, people),
            ("outside", None) => tally.outside += people,
            (_, None) => tally.unanswered += people,
        }
        add(&mut tally.languages, language, people);
    }

    let week = weeks.iter().zip(0..).fold(
        // Without a week: before the first.
        CaseStatement::new().case(
            resident::Column::CreatedAt.lt(weeks.first().map(|(_, begins)| *begins)),
            Expr::value(-1),
        ),
        |case, ((_, _), at)| match weeks.get(at + 1) {
            Some((_, ends)) => case.case(
                resident::Column::CreatedAt.lt(*ends),
                Expr::value(i32::try_from(at).unwrap_or(0)),
            ),
            None => case.finally(Expr::value(i32::try_from(at).unwrap_or(0))),
        },
    );
    let newcomers: Vec<(i32, i64)> = resident::Entity::find()
        .select_only()
        .column_as(Expr::Case(Box::new(week)), "week")
        .column_as(resident::Column::Id.count(), "people")
        .filter(resident::Column::Reachable.eq(true))
        .group_by(Expr::col("week"))
        .into_tuple()
        .all(conn)
        .await?;
    for (week, people) in newcomers {
        let monday = usize::try_from(week).ok().and_then(|at| weeks.get(at));
        let monday = monday.map(|(monday, _)| *monday);
        add(
            &mut tally.newcomers,
            monday,
            u64::try_from(people).unwrap_or(0),
        );
    }

    // Those of everybody without those of the few who cannot be reached: nobody is looked up one by one.
    tally.topics = without(
        topics(conn, Condition::all()).await?,
        &topics(conn, unreachable(resident_topic::Column::ResidentId)).await?,
    );
    let children = without(
        children(conn, Condition::all()).await?,
        &children(conn, unreachable(child::Column::ResidentId)).await?,
    );
    tally.children = children
        .into_iter()
        .map(|((kind, month), count)| (kind, month, count))
        .collect();
    Ok(tally)
}

async fn topics(
    conn: &impl ConnectionTrait,
    whose: Condition,
) -> Result<Vec<(String, u64)>, DbErr> {
    let rows: Vec<(String, i64)> = resident_topic::Entity::find()
        .select_only()
        .column(resident_topic::Column::Topic)
        .column_as(
            Expr::col(resident_topic::Column::ResidentId).count(),
            "people",
        )
        .filter(whose)
        .group_by(resident_topic::Column::Topic)
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(topic, count)| (topic, u64::try_from(count).unwrap_or(0)))
        .collect())
}

type Born = (String, NaiveDate);

async fn children(
    conn: &impl ConnectionTrait,
    whose: Condition,
) -> Result<Vec<(Born, u64)>, DbErr> {
    let rows: Vec<(String, NaiveDate, i64)> = child::Entity::find()
        .select_only()
        .column(child::Column::Kind)
        .column(child::Column::Month)
        .column_as(child::Column::Id.count(), "children")
        .filter(whose)
        .group_by(child::Column::Kind)
        .group_by(child::Column::Month)
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(kind, month, count)| ((kind, month), u64::try_from(count).unwrap_or(0)))
        .collect())
}

/// Rows of residents who cannot be reached; there is an index of them.
fn unreachable(resident: impl ColumnTrait) -> Condition {
    let them = resident::Entity::find()
        .select_only()
        .column(resident::Column::Id)
        .filter(resident::Column::UnreachableSince.is_not_null())
        .into_query();
    Condition::all().add(resident.in_subquery(them))
}

fn without<T: PartialEq>(all: Vec<(T, u64)>, some: &[(T, u64)]) -> Vec<(T, u64)> {
    let of = |key: &T| {
        some.iter()
            .find(|(of, _)| of == key)
            .map_or(0, |(_, count)| *count)
    };
    all.into_iter()
        .map(|(key, count)| {
            let others = of(&key);
            (key, count.saturating_sub(others))
        })
        .collect()
}

pub(super) async fn keep(conn: &impl ConnectionTrait, counted: &Counted) -> Result<(), DbErr> {
    let row = resident_count::ActiveModel {
        id: Set(ROW),
        counted_at: Set(counted.at),
        counts: Set(serde_json::to_string(&counted.tally).map_err(|e| DbErr::Json(e.to_string()))?),
    };
    resident_count::Entity::insert(row)
        .on_conflict(
            OnConflict::column(resident_count::Column::Id)
                .update_columns([
                    resident_count::Column::CountedAt,
                    resident_count::Column::Counts,
                ])
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn latest(conn: &impl ConnectionTrait) -> Result<Option<Counted>, DbErr> {
    let row = resident_count::Entity::find_by_id(ROW).one(conn).await?;
    // What an earlier version counted and this one cannot read was never counted.
    Ok(row.and_then(|row| {
        Some(Counted {
            at: row.counted_at,
            tally: serde_json::from_str(&row.counts).ok()?,
        })
    }))
}

fn add<T: PartialEq>(to: &mut Vec<(T, u64)>, key: T, people: u64) {
    match to.iter_mut().find(|(of, _)| *of == key) {
        Some((_, count)) => *count += people,
        None => to.push((key, people)),
    }
}
