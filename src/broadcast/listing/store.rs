//! Broadcasts looked for in the database.

use std::collections::HashMap;
use std::ops::Range;

use entity::broadcast::{Column, Entity};
use entity::{broadcast_picture, broadcast_revision};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query as SeaQuery};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::Query;
use crate::approval::House;
use crate::broadcast::content::Manuscript;
use crate::broadcast::model::Head;
use crate::broadcast::moves::State;
use crate::broadcast::store::{from_json, head};
use crate::clock::Instant;
use crate::ids::{BroadcastId, MediaId};

pub(super) async fn was_released(
    conn: &impl ConnectionTrait,
    code: &str,
    when: &Range<Instant>,
) -> Result<bool, DbErr> {
    let released = Entity::find()
        .filter(Column::Template.eq(code))
        .filter(Column::ReleasedAt.gte(when.start))
        .filter(Column::ReleasedAt.lt(when.end));
    Ok(released.count(conn).await? > 0)
}

pub(in crate::broadcast) async fn list(
    conn: &impl ConnectionTrait,
    query: &Query,
) -> Result<Vec<Head>, DbErr> {
    let mut wanted = Condition::all();
    if !query.states.is_empty() {
        let states = query.states.iter().map(|state| state.code());
        wanted = wanted.add(Column::State.is_in(states));
    }
    if let Some(house) = query.house {
        wanted = wanted.add(of_house(house));
    }
    if let Some(category) = &query.category {
        wanted = wanted.add(Column::Category.eq(category));
    }
    for word in &query.words {
        wanted = wanted.add(Expr::col(Column::Title).like(holding(word)));
    }
    if let Some(before) = query.before {
        wanted = wanted.add(Column::Id.lt(before.0));
    }
    let rows = Entity::find()
        .filter(wanted)
        .order_by_desc(Column::Id)
        .limit(Query::PAGE)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// Those that are to go out, or went out, from `from` until before `until`, in that order.
pub(in crate::broadcast) async fn between(
    conn: &impl ConnectionTrait,
    from: Instant,
    until: Instant,
) -> Result<Vec<Head>, DbErr> {
    let within = |column: Column| column.gte(from).and(column.lt(until));
    let ahead = within(Column::SendAt).and(Column::ReleasedAt.is_null());
    let rows = Entity::find()
        .filter(Column::State.ne(State::Withdrawn.code()))
        .filter(within(Column::ReleasedAt).or(ahead))
        .all(conn)
        .await?;
    let mut heads: Vec<Head> = rows.into_iter().map(head).collect::<Result<_, _>>()?;
    heads.sort_by_key(|head| (head.released_at.or(head.send_at), head.id));
    Ok(heads)
}

/// Those that went out before `before`, or at any time, the newest first.
pub(in crate::broadcast) async fn sent(
    conn: &impl ConnectionTrait,
    before: Option<Instant>,
    most: u64,
) -> Result<Vec<Head>, DbErr> {
    let mut wanted = Condition::all().add(Column::ReleasedAt.is_not_null());
    if let Some(before) = before {
        wanted = wanted.add(Column::ReleasedAt.lt(before));
    }
    let rows = Entity::find()
        .filter(wanted)
        .order_by_desc(Column::ReleasedAt)
        .limit(most)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// The one with this id, if it went out.
pub(super) async fn sent_one(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
) -> Result<Option<Head>, DbErr> {
    let row = Entity::find_by_id(id.0)
        .filter(Column::ReleasedAt.is_not_null())
        .one(conn)
        .await?;
    row.map(head).transpose()
}

/// What each of these says in its newest revision.
pub(super) async fn words(
    conn: &impl ConnectionTrait,
    ids: &[BroadcastId],
) -> Result<HashMap<BroadcastId, Manuscript>, DbErr> {
    use broadcast_revision::{Column as Of, Entity as Revision};
    let newest = SeaQuery::select()
        .column(Column::Revision)
        .from(Entity)
        .and_where(Expr::col((Entity, Column::Id)).equals((Revision, Of::BroadcastId)))
        .to_owned();
    let rows: Vec<(Uuid, String)> = Revision::find()
        .select_only()
        .columns([Of::BroadcastId, Of::Manuscript])
        .filter(Of::BroadcastId.is_in(ids.iter().map(|id| id.0)))
        .filter(Of::Revision.in_subquery(newest))
        .into_tuple()
        .all(conn)
        .await?;
    let words = rows
        .into_iter()
        .map(|(id, text)| Ok((BroadcastId(id), from_json(&text)?)));
    words.collect()
}

/// When each of these went out, if it did.
pub(super) async fn released(
    conn: &impl ConnectionTrait,
    ids: &[BroadcastId],
) -> Result<Vec<(BroadcastId, Instant)>, DbErr> {
    let rows: Vec<(Uuid, Instant)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::ReleasedAt])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::ReleasedAt.is_not_null())
        .into_tuple()
        .all(conn)
        .await?;
    let rows = rows.into_iter();
    Ok(rows.map(|(id, at)| (BroadcastId(id), at)).collect())
}

/// Those that correct any of these, oldest first.
pub(super) async fn corrections_of(
    conn: &impl ConnectionTrait,
    wrong: &[BroadcastId],
) -> Result<Vec<Head>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Corrects.is_in(wrong.iter().map(|id| id.0)))
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// Approved ones whose hour has come, the most urgent first.
pub(in crate::broadcast) async fn due(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<Vec<Head>, DbErr> {
    let rows = Entity::find()
        .filter(Column::State.eq(State::Approved.code()))
        .filter(Column::SendAt.is_null().or(Column::SendAt.lte(now)))
        .order_by_asc(Column::ValidUntil)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// Those on their way, stopped or not.
pub(in crate::broadcast) async fn on_their_way(
    conn: &impl ConnectionTrait,
) -> Result<Vec<Head>, DbErr> {
    let rows = Entity::find()
        .filter(Column::State.is_in([State::Sending.code(), State::Stopped.code()]))
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// Those that wait although it is too late for them.
pub(in crate::broadcast) async fn overdue(
    conn: &impl ConnectionTrait,
    now: Instant,
) -> Result<Vec<Head>, DbErr> {
    let waiting = [State::Submitted.code(), State::Approved.code()];
    let rows = Entity::find()
        .filter(Column::State.is_in(waiting))
        .filter(Column::ValidUntil.lte(now))
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// Those that were ended since `since`, because it was too late for them; the newest first.
pub(super) async fn lapsed(
    conn: &impl ConnectionTrait,
    since: Instant,
) -> Result<Vec<Head>, DbErr> {
    let rows = Entity::find()
        .filter(Column::State.eq(State::Late.code()))
        .filter(Column::MovedAt.gte(since))
        .order_by_desc(Column::MovedAt)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// Whether a broadcast that went out, or is about to, shows this picture.
pub(in crate::broadcast) async fn shows(
    conn: &impl ConnectionTrait,
    media: MediaId,
) -> Result<bool, DbErr> {
    let public = [State::Approved, State::Sending, State::Stopped, State::Done];
    let using = broadcast_picture::Entity::find()
        .select_only()
        .column(broadcast_picture::Column::BroadcastId)
        .filter(broadcast_picture::Column::MediaId.eq(media.0))
        .into_query();
    let found = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.in_subquery(using))
        .filter(Column::State.is_in(public.map(State::code)))
        .into_tuple::<Uuid>()
        .one(conn)
        .await?;
    Ok(found.is_some())
}

/// Those that correct this one, oldest first.
pub(in crate::broadcast) async fn corrections(
    conn: &impl ConnectionTrait,
    wrong: BroadcastId,
) -> Result<Vec<Head>, DbErr> {
    corrections_of(conn, &[wrong]).await
}

fn of_house(house: House) -> Condition {
    let condition = match house {
        House::Section(id) => Column::SectionId.eq(id.0),
        House::Organisation(id) => Column::OrganisationId.eq(id.0),
    };
    Condition::all().add(condition)
}

/// `words` as they stand, with anything around them.
fn holding(words: &str) -> LikeExpr {
    let words = words
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    LikeExpr::new(format!("%{words}%")).escape('\\')
}
