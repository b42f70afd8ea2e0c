//! Segments in the database: one condition over `resident_facet`, for counting and for paging.

use chrono::NaiveDate;
use entity::{child, resident_facet, segment};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use super::kept::{Draft, Kept};
use super::model::Span;
use super::selection::{Selection, Term};
use crate::clock::Instant;
use crate::ids::{PersonId, ResidentId, SectionId, SegmentId};

pub(super) async fn count(conn: &impl ConnectionTrait, of: &Selection) -> Result<u64, DbErr> {
    let people: Option<i64> = resident_facet::Entity::find()
        .select_only()
        .column_as(resident_facet::Column::ResidentId.count(), "people")
        .filter(condition(&of.0))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(people
        .and_then(|people| u64::try_from(people).ok())
        .unwrap_or(0))
}

pub(super) async fn page(
    conn: &impl ConnectionTrait,
    of: &Selection,
    after: ResidentId,
    most: u64,
) -> Result<Vec<ResidentId>, DbErr> {
    let ids: Vec<i64> = resident_facet::Entity::find()
        .select_only()
        .column(resident_facet::Column::ResidentId)
        .filter(resident_facet::Column::ResidentId.gt(after.0))
        .filter(condition(&of.0))
        .order_by_asc(resident_facet::Column::ResidentId)
        .limit(most)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(ResidentId).collect())
}

fn condition(term: &Term) -> Condition {
    use resident_facet::Column;
    let one = Condition::all();
    match term {
        // Said in so many words: of nothing, the opposite would be nothing too.
        Term::Everyone => one.add(Expr::cust("1 = 1")),
        Term::Areas(areas) => one.add(Column::AreaId.is_in(areas.iter().copied())),
        Term::Topic(topic) => one.add(Column::Topics.like(holds(topic))),
        Term::Births(months) => months_within(
            [Column::FirstBirth, Column::LastBirth, Column::Births],
            "birth",
            *months,
        ),
        Term::Dues(months) => months_within(
            [Column::FirstDue, Column::LastDue, Column::Dues],
            "due",
            *months,
        ),
        Term::Language(code) => one.add(Column::Language.eq(*code)),
        Term::Met(days) => one
            .add_option(days.from().map(|day| Column::MetOn.gte(day)))
            .add_option(days.to().map(|day| Column::MetOn.lte(day))),
        Term::Reminder(hour) => one.add(Column::Reminder.eq(hour)),
        Term::Not(inner) => condition(inner).not(),
        Term::All(terms) => terms.iter().map(condition).fold(one, Condition::add),
        Term::Any(terms) => {
            let parts = terms.iter().map(condition);
            parts.fold(Condition::any(), Condition::add)
        }
    }
}

/// A pattern for topics among which this one is.
fn holds(topic: &str) -> LikeExpr {
    let mut pattern = String::from("%|");
    for c in topic.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str("|%");
    LikeExpr::new(pattern).escape('\\')
}

/// Whether one of the months of this kind lies in `span`: the first or the last; of those between them, of
/// which few people have any, the rows themselves are asked.
fn months_within(
    [first, last, how_many]: [resident_facet::Column; 3],
    kind: &str,
    span: Span<i32>,
) -> Condition {
    let (from, to) = (span.from().unwrap_or(1), span.to().unwrap_or(i32::MAX));
    let of_resident = Expr::col((child::Entity, child::Column::ResidentId)).eq(Expr::col((
        resident_facet::Entity,
        resident_facet::Column::ResidentId,
    )));
    let mut between = Query::select();
    between
        .expr(Expr::value(1))
        .from(child::Entity)
        .and_where(of_resident)
        .and_where(child::Column::Kind.eq(kind));
    if let Some(day) = span.from().and_then(first_day) {
        between.and_where(child::Column::Month.gte(day));
    }
    if let Some(day) = span.to().and_then(first_day) {
        between.and_where(child::Column::Month.lte(day));
    }
    Condition::any()
        .add(first.between(from, to))
        .add(last.between(from, to))
        .add(
            Condition::all()
                .add(how_many.gt(2))
                .add(first.lt(from))
                .add(last.gt(to))
                .add(Expr::exists(between)),
        )
}

fn first_day(month: i32) -> Option<NaiveDate> {
    let number = u32::try_from(month % 100).ok()?;
    NaiveDate::from_ymd_opt(month / 100, number, 1)
}

pub(super) async fn kept(conn: &impl ConnectionTrait) -> Result<Vec<Kept>, DbErr> {
    let rows = segment::Entity::find()
        .filter(segment::Column::RetiredAt.is_null())
        .order_by_asc(segment::Column::Name)
        .all(conn)
        .await?;
    rows.into_iter().map(kept_in).collect()
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: SegmentId,
) -> Result<Option<Kept>, DbErr> {
    let row = segment::Entity::find_by_id(id.0).one(conn).await?;
    row.map(kept_in).transpose()
}

/// The segment in use that has this name.
pub(super) async fn named(
    conn: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<SegmentId>, DbErr> {
    let row = segment::Entity::find()
        .filter(segment::Column::RetiredAt.is_null())
        .filter(segment::Column::Name.eq(name))
        .one(conn)
        .await?;
    Ok(row.map(|row| SegmentId(row.id)))
}

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    now: Instant,
    by: Option<PersonId>,
    draft: &Draft,
) -> Result<SegmentId, DbErr> {
    let id = SegmentId::new(now);
    let row = segment::ActiveModel {
        id: Set(id.0),
        name: Set(draft.name.clone()),
        expression: Set(draft.segment.to_string()),
        section_id: Set(draft.section.map(|section| section.0)),
        made_by: Set(by.map(|person| person.0)),
        made_at: Set(now),
        retired_at: Set(None),
    };
    segment::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(id)
}

pub(super) async fn rename(
    conn: &impl ConnectionTrait,
    id: SegmentId,
    name: &str,
) -> Result<(), DbErr> {
    let row = segment::ActiveModel {
        id: Set(id.0),
        name: Set(name.to_owned()),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn retire(
    conn: &impl ConnectionTrait,
    id: SegmentId,
    now: Instant,
) -> Result<(), DbErr> {
    let row = segment::ActiveModel {
        id: Set(id.0),
        retired_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

fn kept_in(row: segment::Model) -> Result<Kept, DbErr> {
    let segment = super::parse(&row.expression)
        .map_err(|fault| DbErr::Type(format!("segment {}: {fault}", row.id)))?;
    Ok(Kept {
        id: SegmentId(row.id),
        name: row.name,
        segment,
        section: row.section_id.map(SectionId),
        made_by: row.made_by.map(PersonId),
        made_at: row.made_at,
        retired_at: row.retired_at,
    })
}
