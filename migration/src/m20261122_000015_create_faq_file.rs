//! Questions that staff edit: how often each was changed, files that wait to be taken over; and how many
//! residents there were when they were last counted.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text, timestamp_with_time_zone, uuid};

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
                    .table(FaqFile::Table)
                    .col(uuid(FaqFile::Id).primary_key())
                    .col(text(FaqFile::Name))
                    // What the file says, as JSON.
                    .col(text(FaqFile::Drafts))
                    // The edition that it was compared with.
                    .col(big_integer(FaqFile::Edition))
                    .col(timestamp_with_time_zone(FaqFile::LaidByAt))
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
        for table in ["resident_count", "faq_file"] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).to_owned())
                .await?;
        }
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
enum FaqFile {
    Table,
    Id,
    Name,
    Drafts,
    Edition,
    LaidByAt,
}

#[derive(DeriveIden)]
enum ResidentCount {
    Table,
    Id,
    CountedAt,
    Counts,
}
