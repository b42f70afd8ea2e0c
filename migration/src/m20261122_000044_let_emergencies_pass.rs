//! LINE's refusals of other calls keep no emergency waiting: until when others pause is kept apart from when the
//! next call may go out.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut gate = Table::alter().table("delivery_gate").to_owned();
        manager
            .alter_table(gate.add_column(paused()).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut gate = Table::alter().table("delivery_gate").to_owned();
        manager
            .alter_table(gate.drop_column("paused_us").to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Until when calls other than an emergency's wait, in microseconds since 1970.
fn paused() -> ColumnDef {
    big_integer("paused_us").default(0).take()
}
