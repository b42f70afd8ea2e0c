//! Rules that send by themselves: what was handed in of them for a standing approval, and under which
//! approval an occasion was taken up.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, text, timestamp_with_time_zone, uuid};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("notice")
                    .col(uuid("id").primary_key())
                    // garbage, childcare/checkup-18m
                    .col(text("key"))
                    .col(integer("revision").check(Expr::cust("revision >= 1")))
                    // As JSON.
                    .col(text("content"))
                    .col(timestamp_with_time_zone("handed_in_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("notice_by_key")
                    .table("notice")
                    .col("key")
                    .col("revision")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("reminder_run")
                    // Its approval; not a reference, so that runs can be erased and approvals stay.
                    .add_column(ColumnDef::new("request").uuid())
                    .to_owned(),
            )
            .await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("notice").to_owned())
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("reminder_run")
                    .drop_column("request")
                    .to_owned(),
            )
            .await?;
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn rules() -> [Rule; 1] {
    [Rule {
        name: "notice_stays_as_handed_in",
        table: "notice",
        on: &["UPDATE", "DELETE"],
        forbidden: "1 = 1".to_owned(),
        lock: &[],
        says: "what was handed in for a decision stays as it was",
    }]
}
