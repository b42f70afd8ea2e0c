//! What residents ask often, and the answers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, integer, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(FaqEntry::Table)
                    .col(big_pk_auto(FaqEntry::Id))
                    .col(integer(FaqEntry::Position))
                    .col(text(FaqEntry::Question).unique_key())
                    .col(text(FaqEntry::Answer))
                    // Parted by `|`, as in the file.
                    .col(text(FaqEntry::Synonyms))
                    .col(text_null(FaqEntry::Link))
                    .col(text_null(FaqEntry::Category))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(FaqEntry::Table).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum FaqEntry {
    Table,
    Id,
    Position,
    Question,
    Answer,
    Synonyms,
    Link,
    Category,
}
