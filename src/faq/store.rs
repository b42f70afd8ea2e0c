//! The questions in the database.

use std::collections::HashMap;

use entity::faq_entry;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ModelTrait, NotSet,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::edit::Held;
use super::file::Imported;
use super::model::{Draft, Entry, PARTING};
use crate::ids::FaqId;

pub(super) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Held>, DbErr> {
    let rows = faq_entry::Entity::find()
        .order_by_asc(faq_entry::Column::Position)
        .order_by_asc(faq_entry::Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(held).collect())
}

pub(super) async fn find(conn: &impl ConnectionTrait, id: FaqId) -> Result<Option<Held>, DbErr> {
    let row = faq_entry::Entity::find_by_id(id.0).one(conn).await?;
    Ok(row.map(held))
}

/// Which entry asks exactly this.
pub(super) async fn asks(
    conn: &impl ConnectionTrait,
    question: &str,
) -> Result<Option<FaqId>, DbErr> {
    let row = faq_entry::Entity::find()
        .filter(faq_entry::Column::Question.eq(question))
        .one(conn)
        .await?;
    Ok(row.map(|row| FaqId(row.id)))
}

pub(super) async fn add(conn: &impl ConnectionTrait, draft: Draft) -> Result<FaqId, DbErr> {
    let last: Option<i32> = faq_entry::Entity::find()
        .select_only()
        .column(faq_entry::Column::Position)
        .order_by_desc(faq_entry::Column::Position)
        .into_tuple()
        .one(conn)
        .await?;
    let new = row(FaqId(0), last.map_or(0, |last| last + 1), 0, draft);
    let mut new = faq_entry::ActiveModel::from(new).reset_all();
    new.id = NotSet;
    Ok(FaqId(new.insert(conn).await?.id))
}

pub(super) async fn change(
    conn: &impl ConnectionTrait,
    id: FaqId,
    revision: i64,
    draft: Draft,
) -> Result<(), DbErr> {
    let mut changed = faq_entry::ActiveModel::from(row(id, 0, revision + 1, draft)).reset_all();
    changed.position = NotSet;
    changed.update(conn).await?;
    Ok(())
}

pub(super) async fn remove(conn: &impl ConnectionTrait, id: FaqId) -> Result<(), DbErr> {
    faq_entry::Entity::delete_by_id(id.0).exec(conn).await?;
    Ok(())
}

pub(super) async fn arrange(
    conn: &impl ConnectionTrait,
    order: impl Iterator<Item = FaqId>,
) -> Result<(), DbErr> {
    for (position, id) in (0_i32..).zip(order) {
        faq_entry::Entity::update_many()
            .col_expr(faq_entry::Column::Position, Expr::value(position))
            .filter(faq_entry::Column::Id.eq(id.0))
            .filter(faq_entry::Column::Position.ne(position))
            .exec(conn)
            .await?;
    }
    Ok(())
}

pub(super) async fn replace(
    conn: &impl ConnectionTrait,
    drafts: Vec<Draft>,
) -> Result<Imported, DbErr> {
    let rows = faq_entry::Entity::find().all(conn).await?;
    let mut before: HashMap<String, faq_entry::Model> = rows
        .into_iter()
        .map(|row| (row.question.clone(), row))
        .collect();
    let mut imported = Imported::default();
    for (position, draft) in (0..).zip(drafts) {
        let Some(old) = before.remove(&draft.question) else {
            let mut new =
                faq_entry::ActiveModel::from(row(FaqId(0), position, 0, draft)).reset_all();
            new.id = NotSet;
            new.insert(conn).await?;
            imported.added += 1;
            continue;
        };
        let same = row(FaqId(old.id), position, old.revision, draft);
        if same == old {
            imported.kept += 1;
            continue;
        }
        let new = faq_entry::Model {
            revision: old.revision + 1,
            ..same
        };
        faq_entry::ActiveModel::from(new)
            .reset_all()
            .update(conn)
            .await?;
        imported.changed += 1;
    }
    imported.removed = before.len();
    for row in before.into_values() {
        row.delete(conn).await?;
    }
    Ok(imported)
}

fn row(id: FaqId, position: i32, revision: i64, draft: Draft) -> faq_entry::Model {
    faq_entry::Model {
        id: id.0,
        position,
        question: draft.question,
        answer: draft.answer,
        synonyms: draft.synonyms.join(PARTING),
        link: draft.link,
        category: draft.category,
        revision,
    }
}

fn held(row: faq_entry::Model) -> Held {
    Held {
        revision: row.revision,
        entry: Entry {
            id: FaqId(row.id),
            question: row.question,
            answer: row.answer,
            synonyms: row
                .synonyms
                .split(PARTING)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            link: row.link,
            category: row.category,
        },
    }
}
