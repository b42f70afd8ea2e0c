//! On which days it is not as residents of an area are used to, since a new edition of the calendar moved them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "garbage_area", [changed()]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "garbage_area", [changed()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// As JSON, by category; nothing where all is as ever.
fn changed() -> ColumnDef {
    text_null("changed")
}
