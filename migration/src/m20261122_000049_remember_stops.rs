//! When an account was last locked or reset: what it had confirmed before stays void after it is unlocked.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter().table("account").to_owned();
        manager
            .alter_table(table.add_column(stopped()).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter().table("account").to_owned();
        manager
            .alter_table(table.drop_column("stopped_at").to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// When it was last locked or reset; nothing if it never was.
fn stopped() -> ColumnDef {
    timestamp_with_time_zone_null("stopped_at")
}
