//! Changes of the record of evacuation orders by hand: one asks, another agrees, and neither is rewritten.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    text, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::rule::{self, Rule};

const TABLE: &str = "evacuation_change";

fn rules() -> [Rule; 2] {
    let says = "what was asked for is frozen, and what was decided stays decided";
    [
        Rule {
            name: "evacuation_change_is_decided_once",
            table: TABLE,
            on: &["UPDATE"],
            forbidden:
                "OLD.agreed_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL OR NEW.id <> OLD.id
                OR NEW.level <> OLD.level OR NEW.places <> OLD.places OR NEW.reason <> OLD.reason
                OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at"
                    .into(),
            lock: &[],
            says,
        },
        Rule {
            name: "evacuation_change_stays",
            table: TABLE,
            on: &["DELETE"],
            forbidden: "1 = 1".into(),
            lock: &[],
            says,
        },
    ]
}

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(TABLE)
            .col(uuid("id").primary_key())
            .col(text("level").check(Expr::cust("level in ('3', '4', '5', 'order', 'lift')")))
            // As JSON: each area's number, and what it was called.
            .col(text("places"))
            .col(text("reason").check(Expr::cust("reason <> ''")))
            .col(uuid("asked_by"))
            .col(timestamp_with_time_zone("asked_at"))
            .col(uuid_null("agreed_by"))
            .col(timestamp_with_time_zone_null("agreed_at"))
            .col(uuid_null("withdrawn_by"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .check(Expr::cust("agreed_by <> asked_by"))
            .check(Expr::cust("(agreed_by is null) = (agreed_at is null)"))
            .check(Expr::cust(
                "(withdrawn_by is null) = (withdrawn_at is null)",
            ))
            .check(Expr::cust("agreed_by is null or withdrawn_by is null"))
            .foreign_key(&mut person("asked_by"))
            .foreign_key(&mut person("agreed_by"))
            .foreign_key(&mut person("withdrawn_by"))
            .to_owned();
        manager.create_table(table).await?;
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

fn person(column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{TABLE}_{column}"))
        .from(TABLE, column)
        .to("person", "id")
        .to_owned()
}
