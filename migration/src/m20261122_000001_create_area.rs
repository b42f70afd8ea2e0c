//! Areas: where people live, as the collection calendar divides the town.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, boolean, integer, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Area::Table)
                    .col(big_pk_auto(Area::Id))
                    // Empty where the town has no districts: NULLs would not be unique.
                    .col(text(Area::District).default(""))
                    .col(text(Area::Name))
                    .col(text_null(Area::Reading))
                    .col(integer(Area::Position))
                    .col(boolean(Area::Active).default(true))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("area_district_name")
                    .table(Area::Table)
                    .col(Area::District)
                    .col(Area::Name)
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Area::Table).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum Area {
    Table,
    Id,
    District,
    Name,
    Reading,
    Position,
    Active,
}
