//! How staff are reached at night: their telephones, and the devices that notifications go to.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    text, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("telephone")
                    .col(uuid("person_id").primary_key())
                    .col(text("number"))
                    .col(timestamp_with_time_zone("set_at"))
                    // Empty: set by a command.
                    .col(uuid_null("set_by"))
                    .foreign_key(&mut to_person("telephone", "person_id"))
                    .foreign_key(&mut to_person("telephone", "set_by"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("push_subscription")
                    .col(uuid("id").primary_key())
                    .col(uuid("person_id"))
                    // A browser's profile is one person's, whoever else signs in there.
                    .col(text_uniq("endpoint"))
                    .col(text("keys"))
                    .col(text("label"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("failed_at"))
                    .foreign_key(&mut to_person("push_subscription", "person_id"))
                    .to_owned(),
            )
            .await?;
        let index = Index::create()
            .name("push_subscription_by_person_id")
            .table("push_subscription")
            .col("person_id")
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["push_subscription", "telephone"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn to_person(table: &'static str, column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to("person", "id")
        .to_owned()
}
