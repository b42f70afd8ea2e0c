//! Whether people were told of the hold that is on: once, however many replicas look.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "delivery_gate", [told()]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "delivery_gate", [told()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn told() -> ColumnDef {
    timestamp_with_time_zone_null("told_at")
}
