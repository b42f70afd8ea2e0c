//! What a person made of a reminder of which nobody can know whether it arrived: written once, and gone only with
//! what was said.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, timestamp_with_time_zone, uuid};

use crate::rule::{self, Rule};

const TABLE: &str = "reminder_closing";

fn rules() -> [Rule; 2] {
    [
        Rule {
            name: "reminder_closing_stays",
            table: TABLE,
            on: &["UPDATE"],
            forbidden: "1 = 1".into(),
            lock: &[],
            says: "what was made of an unknown outcome is written once",
        },
        Rule {
            name: "reminder_closing_goes_last",
            table: TABLE,
            on: &["DELETE"],
            forbidden: "EXISTS (SELECT 1 FROM reminder_group WHERE occasion = OLD.occasion)".into(),
            lock: &[],
            says: "what was made of an unknown outcome is kept as long as what was said",
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
                    .table(TABLE)
                    .col(text("occasion").primary_key())
                    // How many people it was unknown of.
                    .col(big_integer("people").check(Expr::cust("people > 0")))
                    .col(text("note").check(Expr::cust("note <> ''")))
                    .col(uuid("by"))
                    .col(timestamp_with_time_zone("at"))
                    .foreign_key(&mut of("occasion", "reminder_run", "occasion"))
                    .foreign_key(&mut of("by", "person", "id"))
                    .to_owned(),
            )
            .await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(TABLE).to_owned())
            .await?;
        rule::forget(manager, &rules()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn of(column: &'static str, table: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{TABLE}_{column}"))
        .from(TABLE, column)
        .to(table, to)
        .to_owned()
}
