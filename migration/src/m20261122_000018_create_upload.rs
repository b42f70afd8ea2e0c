//! Files handed in and looked at before they are taken over.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{blob, integer, text, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Upload::Table)
                    .col(uuid(Upload::Id).primary_key())
                    .col(text(Upload::Kind))
                    .col(text(Upload::Options))
                    .col(uuid(Upload::PersonId))
                    .col(timestamp_with_time_zone(Upload::At))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(UploadFile::Table)
                    .col(uuid(UploadFile::UploadId))
                    .col(integer(UploadFile::Position))
                    .col(text(UploadFile::Name))
                    .col(blob(UploadFile::Bytes))
                    .primary_key(
                        Index::create()
                            .col(UploadFile::UploadId)
                            .col(UploadFile::Position),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("upload_file_of_upload")
                            .from(UploadFile::Table, UploadFile::UploadId)
                            .to(Upload::Table, Upload::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(UploadFile::Table).to_owned())
            .await?;
        manager
            .drop_table(Table::drop().table(Upload::Table).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum Upload {
    Table,
    Id,
    Kind,
    Options,
    PersonId,
    At,
}

#[derive(DeriveIden)]
enum UploadFile {
    Table,
    UploadId,
    Position,
    Name,
    Bytes,
}
