//! The questions in the database.

use std::collections::HashMap;

use entity::faq_entry;
use sea_orm::{ActiveModelTrait, EntityTrait, ModelTrait, NotSet, QueryOrder};

use super::Imported;
use super::model::{Draft, Entry};
use crate::db::{Db, DbError};
use crate::edition::{self, Published};
use crate::ids::FaqId;

const PARTING: &str = "|";

pub(super) async fn replace(db: &Db, drafts: Vec<Draft>) -> Result<Imported, DbError> {
    let tx = db.begin().await?;
    let rows = faq_entry::Entity::find().all(tx.conn()).await?;
    let mut before: HashMap<String, faq_entry::Model> = rows
        .into_iter()
        .map(|row| (row.question.clone(), row))
        .collect();
    let mut imported = Imported::default();
    for (position, draft) in (0..).zip(drafts) {
        let old = before.remove(&draft.question);
        let new = faq_entry::Model {
            id: old.as_ref().map_or(0, |row| row.id),
            position,
            question: draft.question,
            answer: draft.answer,
            synonyms: draft.synonyms.join(PARTING),
            link: draft.link,
            category: draft.category,
        };
        match old {
            Some(old) if old == new => imported.kept += 1,
            Some(_) => {
                faq_entry::ActiveModel::from(new)
                    .reset_all()
                    .update(tx.conn())
                    .await?;
                imported.changed += 1;
            }
            None => {
                let mut row = faq_entry::ActiveModel::from(new).reset_all();
                row.id = NotSet;
                row.insert(tx.conn()).await?;
                imported.added += 1;
            }
        }
    }
    imported.removed = before.len();
    for row in before.into_values() {
        row.delete(tx.conn()).await?;
    }
    edition::renew(&tx, Published::Faq).await?;
    tx.commit().await?;
    Ok(imported)
}

pub(super) async fn all(db: &Db) -> Result<Vec<Entry>, DbError> {
    let rows = faq_entry::Entity::find()
        .order_by_asc(faq_entry::Column::Position)
        .all(db.conn())
        .await?;
    Ok(rows.into_iter().map(entry).collect())
}

fn entry(row: faq_entry::Model) -> Entry {
    Entry {
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
    }
}
