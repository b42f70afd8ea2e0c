//! The chain in the database.

use entity::audit_entry::{ActiveModel, Column, Entity, Model};
use entity::audit_head;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;

use super::chain::{Head, Link};
use super::model::{Actor, Entry, Page, Query, Recorded, Who};
use crate::clock::Instant;
use crate::ids::PersonId;

/// Entries read at a time.
const CHUNK: u64 = 1000;

const HEAD: i32 = 1;

pub(super) async fn head(conn: &impl ConnectionTrait) -> Result<Head, DbErr> {
    head_row(audit_head::Entity::find_by_id(HEAD).one(conn).await?)
}

/// The head, and nobody else's until this transaction ends. SQLite has one writer anyway.
pub(super) async fn take_head(conn: &impl ConnectionTrait) -> Result<Head, DbErr> {
    let row = audit_head::Entity::find_by_id(HEAD).lock_exclusive();
    head_row(row.one(conn).await?)
}

fn head_row(row: Option<audit_head::Model>) -> Result<Head, DbErr> {
    let missing = || DbErr::RecordNotFound("audit_head has lost its row".into());
    let audit_head::Model { seq, digest, .. } = row.ok_or_else(missing)?;
    Ok(Head { seq, digest })
}

pub(super) async fn append(
    conn: &impl ConnectionTrait,
    last: &Head,
    now: Instant,
    entry: Entry,
) -> Result<(), DbErr> {
    let (actor_kind, actor, post) = match entry.actor {
        Actor::Person(id, post) => ("person", Some(id.0), post),
        Actor::System => ("system", None, None),
        Actor::Operator => ("operator", None, None),
    };
    let detail = serde_json_canonicalizer::to_string(&entry.detail);
    let mut link = Link {
        seq: last.seq + 1,
        at: now,
        actor_kind: actor_kind.to_owned(),
        actor,
        post,
        act: entry.act.to_owned(),
        object_kind: entry.object.0.to_owned(),
        object_id: entry.object.1,
        detail: detail.map_err(|e| DbErr::Json(e.to_string()))?,
        address_hint: entry.address_hint,
        prev: last.digest.clone(),
        digest: String::new(),
    };
    link.digest = link.computed();
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, Expr::value(link.seq))
        .col_expr(audit_head::Column::Digest, Expr::value(&link.digest))
        .filter(audit_head::Column::Id.eq(HEAD))
        .exec(conn)
        .await?;
    Entity::insert(row(link).into_active_model() as ActiveModel)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn links_after(conn: &impl ConnectionTrait, seq: i64) -> Result<Vec<Link>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Seq.gt(seq))
        .order_by_asc(Column::Seq)
        .limit(CHUNK)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(link).collect())
}

pub(super) async fn entries_after(
    conn: &impl ConnectionTrait,
    after: i64,
    to: i64,
    query: &Query,
) -> Result<Vec<Recorded>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Seq.gt(after))
        .filter(Column::Seq.lte(to))
        .filter(wanted(query))
        .order_by_asc(Column::Seq)
        .limit(CHUNK)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(recorded).collect())
}

pub(super) async fn find(conn: &impl ConnectionTrait, seq: i64) -> Result<Option<Recorded>, DbErr> {
    let row = Entity::find_by_id(seq).one(conn).await?;
    Ok(row.map(recorded))
}

pub(super) async fn newest(
    conn: &impl ConnectionTrait,
    act: &str,
    by: Option<PersonId>,
) -> Result<Option<Recorded>, DbErr> {
    let by = by.map(|person| Column::Actor.eq(person.0));
    let row = Entity::find()
        .filter(Column::Act.eq(act))
        .filter(Condition::all().add_option(by))
        .order_by_desc(Column::Seq)
        .one(conn)
        .await?;
    Ok(row.map(recorded))
}

pub(super) async fn search(conn: &impl ConnectionTrait, query: &Query) -> Result<Page, DbErr> {
    let found = Entity::find().filter(wanted(query));
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_desc(Column::Seq)
        .offset(query.page * Query::PAGE)
        .limit(Query::PAGE)
        .all(conn)
        .await?;
    Ok(Page {
        entries: rows.into_iter().map(recorded).collect(),
        total,
    })
}

fn wanted(query: &Query) -> Condition {
    let mut wanted = made(query.from, query.until);
    match query.who {
        Some(Who::Person(id)) => wanted = wanted.add(Column::Actor.eq(id.0)),
        Some(Who::System) => wanted = wanted.add(Column::ActorKind.eq("system")),
        Some(Who::Operator) => wanted = wanted.add(Column::ActorKind.eq("operator")),
        None => {}
    }
    if let Some(act) = &query.act {
        wanted = wanted.add(Expr::col(Column::Act).like(pattern("", act)));
    }
    if let Some(object) = &query.object {
        wanted = wanted.add(Column::ObjectId.eq(object));
    }
    for word in &query.words {
        let mut anywhere = Condition::any();
        for column in [Column::Act, Column::Post, Column::ObjectId, Column::Detail] {
            anywhere = anywhere.add(Expr::col(column).like(pattern("%", word)));
        }
        wanted = wanted.add(anywhere);
    }
    wanted
}

fn made(from: Option<Instant>, until: Option<Instant>) -> Condition {
    Condition::all()
        .add_option(from.map(|from| Column::At.gte(from)))
        .add_option(until.map(|until| Column::At.lt(until)))
}

/// `words` as they stand, with `before` and anything after.
fn pattern(before: &str, words: &str) -> LikeExpr {
    let words = words
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    LikeExpr::new(format!("{before}{words}%")).escape('\\')
}

fn row(link: Link) -> Model {
    Model {
        seq: link.seq,
        at: link.at,
        actor_kind: link.actor_kind,
        actor: link.actor,
        post: link.post,
        act: link.act,
        object_kind: link.object_kind,
        object_id: link.object_id,
        detail: link.detail,
        address_hint: link.address_hint,
        prev: link.prev,
        digest: link.digest,
    }
}

fn link(row: Model) -> Link {
    Link {
        seq: row.seq,
        at: row.at,
        actor_kind: row.actor_kind,
        actor: row.actor,
        post: row.post,
        act: row.act,
        object_kind: row.object_kind,
        object_id: row.object_id,
        detail: row.detail,
        address_hint: row.address_hint,
        prev: row.prev,
        digest: row.digest,
    }
}

fn recorded(row: Model) -> Recorded {
    Recorded {
        seq: row.seq,
        at: row.at,
        actor_kind: row.actor_kind,
        actor: row.actor.map(PersonId),
        post: row.post,
        act: row.act,
        object_kind: row.object_kind,
        object_id: row.object_id,
        // Whoever changed it may have left no JSON; it is shown as it stands.
        detail: serde_json::from_str(&row.detail).unwrap_or(Value::String(row.detail)),
        address_hint: row.address_hint,
        digest: row.digest,
    }
}
