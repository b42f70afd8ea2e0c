//! The chats of staff, where test sends arrive: one a person, and one person a chat.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_uniq, text_uniq, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("own_line")
                    .col(uuid("person_id").primary_key())
                    .col(big_integer_uniq("resident_id"))
                    .col(timestamp_with_time_zone("linked_at"))
                    .foreign_key(&mut of_person("own_line"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("own_line_resident_id")
                            .from("own_line", "resident_id")
                            .to("resident", "id")
                            // Whoever is erased is nobody's chat.
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("own_line_code")
                    .col(uuid("person_id").primary_key())
                    .col(text_uniq("code_hash"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut of_person("own_line_code"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["own_line_code", "own_line"] {
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

fn of_person(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_person_id"))
        .from(table, "person_id")
        .to("person", "id")
        .to_owned()
}
