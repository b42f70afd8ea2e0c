//! Whether everybody is to be given their menu anew once a run has made the new ones: until then nobody is, and who
//! follows decisions meanwhile leaves it alone.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::boolean;

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "menu_state", [due()]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "menu_state", [due()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn due() -> ColumnDef {
    boolean("due").default(false).to_owned()
}
