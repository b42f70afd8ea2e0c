//! What was read of a bulletin stays with it: nobody who opens a page waits for XML to be read.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "jma_bulletin", [said()]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "jma_bulletin", [said()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The bulletin as it was read, and for which municipality, as JSON; nothing if it is still to be read.
fn said() -> ColumnDef {
    text_null("said")
}
