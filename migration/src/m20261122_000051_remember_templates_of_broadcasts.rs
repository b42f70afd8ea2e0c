//! With which template of emergencies a draft began, and its words then: whoever decides is told whether they changed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "broadcast", COLUMNS.map(text_null)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "broadcast", COLUMNS.map(text_null)).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The template's code, and the digest of its words as it put them; nothing, if it began with none.
const COLUMNS: [&str; 2] = ["template", "template_words"];
