//! Questions that staff edit: how often each was changed; and how many residents there were when they were
//! last counted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text, timestamp_with_time_zone};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(FaqEntry::Table)
                    // Who changes an entry on an older one must read again.
                    .add_column(big_integer(FaqEntry::Revision).default(0))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(ResidentCount::Table)
                    .col(
                        integer(ResidentCount::Id)
                            .primary_key()
                            .check(Expr::cust("id = 1")),
                    )
                    .col(timestamp_with_time_zone(ResidentCount::CountedAt))
                    // Every number, as JSON.
                    .col(text(ResidentCount::Counts))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(ResidentCount::Table).to_owned())
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(FaqEntry::Table)
                    .drop_column(FaqEntry::Revision)
                    .to_owned(),
            )
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum FaqEntry {
    Table,
    Revision,
}

#[derive(DeriveIden)]
enum ResidentCount {
    Table,
    Id,
    CountedAt,
    Counts,
}
