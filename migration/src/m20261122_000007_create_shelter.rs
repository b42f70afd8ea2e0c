//! Where to flee to, and from which hazard each place is safe.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, boolean, double_null, integer, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Shelter::Table)
                    .col(big_pk_auto(Shelter::Id))
                    .col(integer(Shelter::Position))
                    .col(text(Shelter::Name))
                    .col(text(Shelter::Address))
                    // Both or neither: some towns do not publish them.
                    .col(double_null(Shelter::Latitude))
                    .col(double_null(Shelter::Longitude))
                    .col(boolean(Shelter::Flood))
                    .col(boolean(Shelter::Landslide))
                    .col(boolean(Shelter::StormSurge))
                    .col(boolean(Shelter::Earthquake))
                    .col(boolean(Shelter::Tsunami))
                    .col(boolean(Shelter::Fire))
                    .col(boolean(Shelter::InlandFlood))
                    .col(boolean(Shelter::Volcano))
                    .col(boolean(Shelter::AlsoToStay))
                    .col(text_null(Shelter::Note))
                    .check(
                        Expr::col(Shelter::Latitude)
                            .is_null()
                            .eq(Expr::col(Shelter::Longitude).is_null()),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Shelter::Table).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum Shelter {
    Table,
    Id,
    Position,
    Name,
    Address,
    Latitude,
    Longitude,
    Flood,
    Landslide,
    StormSurge,
    Earthquake,
    Tsunami,
    Fire,
    InlandFlood,
    Volcano,
    AlsoToStay,
    Note,
}
