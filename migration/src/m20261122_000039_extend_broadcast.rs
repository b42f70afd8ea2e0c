//! Of what a broadcast is a copy, and who wrote that; test sends; and that somebody asked to lift a hold.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 2] = ["broadcast_author", "broadcast_test"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            let mut table = Table::alter().table(table).to_owned();
            manager
                .alter_table(table.add_column(column).to_owned())
                .await?;
        }
        for table in [author(), test()] {
            manager.create_table(table).await?;
        }
        // How many of a draft were sent today.
        manager
            .create_index(
                Index::create()
                    .name("broadcast_test_by_broadcast")
                    .table("broadcast_test")
                    .col("broadcast_id")
                    .col("at")
                    .to_owned(),
            )
            .await?;
        rule::keep(manager, &of_broadcast()).await?;
        rule::keep(manager, &of_tables()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &of_broadcast()).await?;
        for table in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(*table).to_owned())
                .await?;
        }
        rule::forget(manager, &of_tables()).await?;
        for (table, column) in columns() {
            let mut table = Table::alter().table(table).to_owned();
            manager
                .alter_table(table.drop_column(column.get_column_name()).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn columns() -> [(&'static str, ColumnDef); 2] {
    [
        ("broadcast", uuid_null("copied_from")),
        (
            "delivery_gate",
            timestamp_with_time_zone_null("lift_asked_at"),
        ),
    ]
}

/// Who wrote on what a broadcast was copied from, until then: they do not decide on the copy either.
fn author() -> TableCreateStatement {
    Table::create()
        .table("broadcast_author")
        .col(uuid("broadcast_id"))
        .col(uuid("person_id"))
        .primary_key(Index::create().col("broadcast_id").col("person_id"))
        .foreign_key(&mut of("broadcast_author", "broadcast_id", "broadcast"))
        .foreign_key(&mut of("broadcast_author", "person_id", "person"))
        .to_owned()
}

/// A draft sent to phones of staff.
fn test() -> TableCreateStatement {
    Table::create()
        .table("broadcast_test")
        .col(uuid("id").primary_key())
        .col(uuid("broadcast_id"))
        .col(integer("revision"))
        .col(uuid("by"))
        .col(timestamp_with_time_zone("at"))
        .col(integer("people").check(Expr::cust("people >= 1")))
        // By which LINE may fetch its pictures for a while, although nobody has agreed to them.
        .col(text_uniq("token_hash"))
        .foreign_key(&mut of("broadcast_test", "broadcast_id", "broadcast"))
        .foreign_key(&mut of("broadcast_test", "by", "person"))
        .to_owned()
}

fn of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, "id")
        .to_owned()
}

fn of_broadcast() -> [Rule; 2] {
    [
        Rule {
            name: "broadcast_copies_another",
            table: "broadcast",
            on: &["INSERT"],
            forbidden: "NEW.copied_from IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM broadcast WHERE id = NEW.copied_from)"
                .into(),
            lock: &[],
            says: "a broadcast is copied from one that there is",
        },
        Rule {
            name: "broadcast_stays_a_copy",
            table: "broadcast",
            on: &["UPDATE"],
            forbidden: "NEW.copied_from IS DISTINCT FROM OLD.copied_from".into(),
            lock: &[],
            says: "what a broadcast was copied from does not change",
        },
    ]
}

fn of_tables() -> [Rule; 2] {
    let stays = |name, table| Rule {
        name,
        table,
        on: &["UPDATE", "DELETE"],
        forbidden: "TRUE".into(),
        lock: &[],
        says: "who wrote, and what was tried, is not forgotten",
    };
    [
        stays("broadcast_author_stays", "broadcast_author"),
        stays("broadcast_test_stays", "broadcast_test"),
    ]
}
