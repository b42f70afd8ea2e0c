//! Segments in the database: one condition over `resident_facet`, for counting and for paging.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{child, facet_tag, resident, resident_facet, resident_topic, segment};
use futures_util::future::try_join_all;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::kept::{Draft, Kept};
use super::model::Span;
use super::selection::{Selection, Term};
use crate::clock::Instant;
use crate::ids::{PersonId, SectionId, SegmentId};
use crate::language::Language;

/// Parts of residents counted side by side where the engine does not divide the work itself.
const PARTS: i64 = 4;

pub(super) async fn count(conn: &impl ConnectionTrait, of: &Selection) -> Result<u64, DbErr> {
    let engine = conn.get_database_backend();
    let condition = Columns::of(conn).await?.condition(&of.0);
    let parts = match engine {
        DbBackend::Sqlite => parts(conn).await?,
        _ => vec![Condition::all()],
    };
    let counts = parts.into_iter().map(|part| {
        resident_facet::Entity::find()
            .select_only()
            .column_as(resident_facet::Column::ResidentId.count(), "people")
            .filter(part)
            .filter(condition.clone())
            .into_tuple::<i64>()
            .one(conn)
    });
    let counts = try_join_all(counts).await?;
    let people: i64 = counts.into_iter().flatten().sum();
    Ok(u64::try_from(people).unwrap_or(0))
}

/// Everybody, in parts of about the same size by number; each resident is in one of them.
async fn parts(conn: &impl ConnectionTrait) -> Result<Vec<Condition>, DbErr> {
    use resident_facet::Column::ResidentId;
    let last: Option<Option<i64>> = resident_facet::Entity::find()
        .select_only()
        .column_as(ResidentId.max(), "last")
        .into_tuple()
        .one(conn)
        .await?;
    let last = last.flatten().unwrap_or(0);
    let end = |part: i64| last / PARTS * part;
    Ok((0..PARTS)
        .map(|part| {
            let upper = (part + 1 < PARTS).then(|| ResidentId.lte(end(part + 1)));
            let lower = (part > 0).then(|| ResidentId.gt(end(part)));
            Condition::all().add_option(lower).add_option(upper)
        })
        .collect())
}

pub(super) async fn page(
    conn: &impl ConnectionTrait,
    of: &Selection,
    after: i64,
    most: usize,
) -> Result<Vec<i64>, DbErr> {
    let columns = Columns::of(conn).await?;
    resident_facet::Entity::find()
        .select_only()
        .column(resident_facet::Column::ResidentId)
        .filter(resident_facet::Column::ResidentId.gt(after))
        .filter(columns.condition(&of.0))
        .order_by_asc(resident_facet::Column::ResidentId)
        .limit(u64::try_from(most).unwrap_or(u64::MAX))
        .into_tuple()
        .all(conn)
        .await
}

/// What terms are looked up in.
struct Columns {
    engine: DbBackend,
    /// Which number a tag has.
    tags: HashMap<String, i64>,
}

/// No tag beyond the one with this number has any (migration 63).
const LAST_TAG: i64 = 1 << 61;

impl Columns {
    async fn of(conn: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let tags = facet_tag::Entity::find().all(conn).await?;
        Ok(Self {
            engine: conn.get_database_backend(),
            tags: tags.into_iter().map(|tag| (tag.name, tag.bit)).collect(),
        })
    }

    fn condition(&self, term: &Term) -> Condition {
        use resident_facet::Column;
        let one = Condition::all();
        match term {
            // Said in so many words: of nothing, the opposite would be nothing too.
            Term::Everyone => one.add(Expr::cust("1 = 1")),
            Term::Areas(areas) => one.add(Column::AreaId.is_in(areas.iter().copied())),
            Term::Topic(topic) => one.add(self.chose(topic)),
            Term::Births(months) => months_within(
                [Column::FirstBirth, Column::LastBirth, Column::Births],
                "birth",
                *months,
                self.engine,
            ),
            Term::Dues(months) => months_within(
                [Column::FirstDue, Column::LastDue, Column::Dues],
                "due",
                *months,
                self.engine,
            ),
            Term::Language(language) => one.add(self.reads(*language)),
            Term::Met(days) => one
                .add_option(days.from().map(|day| Column::MetOn.gte(day)))
                .add_option(days.to().map(|day| Column::MetOn.lte(day))),
            Term::Reminder(hour) => one.add(Column::Reminder.eq(hour)),
            Term::Not(inner) => self.condition(inner).not(),
            Term::All(terms) => terms
                .iter()
                .map(|term| self.condition(term))
                .fold(one, Condition::add),
            Term::Any(terms) => {
                let parts = terms.iter().map(|term| self.condition(term));
                parts.fold(Condition::any(), Condition::add)
            }
        }
    }

    fn chose(&self, topic: &str) -> Expr {
        let mut who = Query::select();
        who.column(resident_topic::Column::ResidentId)
            .from(resident_topic::Entity)
            .and_where(resident_topic::Column::Topic.eq(topic));
        self.tagged(&[format!("topic:{topic}")], who)
    }

    /// Whoever has not chosen, or chose what we no longer know, is spoken to in Japanese.
    fn reads(&self, language: Language) -> Expr {
        if language != Language::japanese() {
            return self.chose_one_of(&[language]);
        }
        let others = Language::all().filter(|other| *other != language);
        self.chose_one_of(&others.collect::<Vec<_>>()).not()
    }

    fn chose_one_of(&self, languages: &[Language]) -> Expr {
        let codes = || languages.iter().map(|language| language.code());
        let tags: Vec<String> = codes().map(|code| format!("language:{code}")).collect();
        let mut who = Query::select();
        who.column(resident::Column::Id)
            .from(resident::Entity)
            .and_where(resident::Column::Language.is_in(codes()));
        self.tagged(&tags, who)
    }

    /// Whether a resident has one of `tags`: by number, unless one may have none, or else among those who said so.
    fn tagged(&self, tags: &[String], who: SelectStatement) -> Expr {
        let known = tags.iter().filter_map(|tag| self.tags.get(tag));
        let is_full = self.tags.values().any(|bit| *bit == LAST_TAG);
        if is_full && known.clone().count() < tags.len() {
            return resident_facet::Column::ResidentId.in_subquery(who);
        }
        // Who has a tag without a number, while there are numbers left? Nobody.
        let column = (resident_facet::Entity, resident_facet::Column::Tags);
        Expr::col(column).bit_and(known.sum::<i64>()).ne(0_i64)
    }
}

/// Whether one of the months of this kind lies in `span`: the first or the last; of those between them, of
/// which few people have any, the rows themselves are asked. Who has none has 0 for both.
fn months_within(
    [first, last, how_many]: [resident_facet::Column; 3],
    kind: &str,
    span: Span<i32>,
    engine: DbBackend,
) -> Condition {
    // Whoever is asked for by an age beyond all ages has a month all the same.
    let from = span.from().map(|from| Ord::max(from, 1));
    let (from, to) = match (from, span.to()) {
        (Some(from), Some(to)) => (from, to),
        // Without an end, the last is within whenever another is; without a beginning, the first.
        (from, None) => return Condition::all().add(last.gte(from.unwrap_or(1))),
        (None, Some(to)) => return Condition::all().add(first.between(1, to)),
    };
    let one = Condition::any()
        .add(first.between(from, to))
        .add(last.between(from, to));
    let mut between = Query::select();
    between
        .column((child::Entity, child::Column::ResidentId))
        .from(child::Entity)
        .and_where(child::Column::Kind.eq(kind));
    if engine == DbBackend::Sqlite {
        // Few are asked for, so looking each up is quicker than gathering all. PostgreSQL, asked so, would no
        // longer divide the work among its workers.
        between.and_where(
            Expr::col((child::Entity, child::Column::ResidentId)).eq(Expr::col((
                resident_facet::Entity,
                resident_facet::Column::ResidentId,
            ))),
        );
    }
    if let Some((from, to)) = first_day(from).zip(first_day(to)) {
        between.and_where(child::Column::Month.between(from, to));
    }
    one.add(
        Condition::all()
            .add(how_many.gt(2))
            .add(first.lt(from))
            .add(last.gt(to))
            .add(resident_facet::Column::ResidentId.in_subquery(between)),
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
