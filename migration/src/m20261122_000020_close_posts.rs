//! A post that is no more, and what whoever declines an act of two has to say to whoever asked.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("post", date_null("closed_on")),
            ("countersign", text_null("answer")),
        ] {
            let mut table = Table::alter().table(table).to_owned();
            manager
                .alter_table(table.add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("countersign", "answer"), ("post", "closed_on")] {
            let mut table = Table::alter().table(table).to_owned();
            manager
                .alter_table(table.drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
