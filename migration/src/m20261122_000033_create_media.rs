//! Pictures: their bytes, once for each digest, and what shows that they may be used.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    blob, boolean, date_null, integer, text, text_null, timestamp_with_time_zone, uuid, uuid_null,
};

use crate::rule::{self, Rule};

fn rules() -> [Rule; 2] {
    [
        Rule {
            name: "picture_stays",
            table: "picture",
            on: &["UPDATE"],
            forbidden: "1 = 1".into(),
            lock: &[],
            says: "the bytes of a picture never change",
        },
        Rule {
            name: "media_picture_stays",
            table: "media",
            on: &["UPDATE"],
            forbidden: "NEW.digest <> OLD.digest OR NEW.id <> OLD.id".into(),
            lock: &[],
            says: "a picture never becomes another one",
        },
    ]
}

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Picture::Table)
                    // Lower-case hexadecimal SHA-256.
                    .col(text(Picture::Digest).primary_key())
                    .col(text(Picture::Format).check(Expr::cust("format IN ('jpeg', 'png')")))
                    .col(integer(Picture::Width))
                    .col(integer(Picture::Height))
                    .col(blob(Picture::Bytes))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(Media::Table)
                    .col(uuid(Media::Id).primary_key())
                    .col(text(Media::Digest))
                    .col(text(Media::Name))
                    .col(text_null(Media::Relation))
                    .col(text_null(Media::Holder))
                    .col(text_null(Media::Evidence))
                    .col(uuid_null(Media::Checker))
                    .col(date_null(Media::CheckedOn))
                    .col(date_null(Media::ExpiresOn))
                    .col(boolean(Media::Open))
                    .col(timestamp_with_time_zone(Media::KeptAt))
                    .foreign_key(
                        ForeignKey::create()
                            .name("media_picture")
                            .from(Media::Table, Media::Digest)
                            .to(Picture::Table, Picture::Digest),
                    )
                    .to_owned(),
            )
            .await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Media::Table).to_owned())
            .await?;
        manager
            .drop_table(Table::drop().table(Picture::Table).to_owned())
            .await?;
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum Picture {
    Table,
    Digest,
    Format,
    Width,
    Height,
    Bytes,
}

#[derive(DeriveIden)]
enum Media {
    Table,
    Id,
    Digest,
    Name,
    Relation,
    Holder,
    Evidence,
    Checker,
    CheckedOn,
    ExpiresOn,
    Open,
    KeptAt,
}
