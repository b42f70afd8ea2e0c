//! Whoever lives in certain areas is found without looking through everybody.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "resident_facet_area";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !weighs_it(manager) {
            return Ok(());
        }
        manager
            .create_index(
                Index::create()
                    .name(NAME)
                    .table("resident_facet")
                    .col("area_id")
                    .col("resident_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !weighs_it(manager) {
            return Ok(());
        }
        manager
            .drop_index(Index::drop().name(NAME).table("resident_facet").to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// PostgreSQL knows how many live where, and takes the index for a few areas only. SQLite would also take it for
/// half a city, where looking through everybody is quicker.
fn weighs_it(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}
