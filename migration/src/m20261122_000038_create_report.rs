//! What is told of broadcasts that went out: what residents did with it, as far as LINE says; and where nobody
//! can know whether it arrived, what a person made of that.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, date, text, timestamp_with_time_zone, uuid,
};

use crate::rule::{self, Rule};

fn rules() -> [Rule; 1] {
    [Rule {
        name: "broadcast_closing_stays",
        table: "broadcast_closing",
        on: &["UPDATE", "DELETE"],
        forbidden: "1 = 1".into(),
        lock: &[],
        says: "what was made of an unknown outcome is written once",
    }]
}

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("broadcast_closing")
                    .col(uuid("broadcast_id").primary_key())
                    // How many people it was unknown of.
                    .col(big_integer("people").check(Expr::cust("people > 0")))
                    .col(text("note").check(Expr::cust("note <> ''")))
                    .col(uuid("by"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut of("broadcast_closing", "broadcast_id", "broadcast"))
                    .foreign_key(&mut of("broadcast_closing", "by", "person"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("broadcast_response")
                    .col(uuid("broadcast_id").primary_key())
                    // None of few people: LINE does not tell.
                    .col(big_integer_null("opened").check(Expr::cust("opened >= 0")))
                    .col(big_integer_null("clicked").check(Expr::cust("clicked >= 0")))
                    .col(text("links"))
                    .col(date("until"))
                    .col(timestamp_with_time_zone("fetched_at"))
                    .foreign_key(&mut of("broadcast_response", "broadcast_id", "broadcast"))
                    .to_owned(),
            )
            .await?;
        // They are few, and looked for among all.
        let unknown =
            "CREATE INDEX envelope_unknown ON envelope (dispatch_id) WHERE state = 'unknown'";
        manager.get_connection().execute_unprepared(unknown).await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared("DROP INDEX envelope_unknown")
            .await?;
        for table in ["broadcast_response", "broadcast_closing"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}
