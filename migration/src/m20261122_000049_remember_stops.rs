//! When an account was last locked or reset: what it had confirmed before stays void after it is unlocked.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "account", [stopped()]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "account", [stopped()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// When it was last locked or reset; nothing if it never was.
fn stopped() -> ColumnDef {
    timestamp_with_time_zone_null("stopped_at")
}
