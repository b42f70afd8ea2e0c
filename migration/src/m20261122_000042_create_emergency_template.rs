//! The wordings of emergencies, in every version, and who published them; bulletins of the Japan Meteorological Agency.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    integer_null, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    uuid_null,
};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(template()).await?;
        manager.create_table(bulletin()).await?;
        manager
            .create_index(
                Index::create()
                    .name("emergency_template_in_force")
                    .table("emergency_template")
                    .col("code")
                    .unique()
                    .and_where(Expr::cust(
                        "published_at is not null and retired_at is null",
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("jma_bulletin_by_time")
                    .table("jma_bulletin")
                    .col("reported_at")
                    .to_owned(),
            )
            .await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["jma_bulletin", "emergency_template"] {
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

fn template() -> TableCreateStatement {
    Table::create()
        .table("emergency_template")
        .col(text("code"))
        .col(text("version").check(Expr::cust("length(version) = 12")))
        .col(text("text"))
        .col(timestamp_with_time_zone("recorded_at"))
        // Nobody, twice: the first version, which came with the program.
        .col(uuid_null("published_by"))
        .col(timestamp_with_time_zone_null("asked_at"))
        .col(uuid_null("seconded_by"))
        .col(timestamp_with_time_zone_null("published_at"))
        .col(timestamp_with_time_zone_null("retired_at"))
        .check(Expr::cust("(published_by is null) = (asked_at is null)"))
        .check(Expr::cust(
            "seconded_by is null or (published_by is not null and published_by <> seconded_by and published_at is not null)",
        ))
        .check(Expr::cust(
            "published_at is null or (published_by is null) = (seconded_by is null)",
        ))
        .check(Expr::cust("retired_at is null or published_at is not null"))
        .primary_key(Index::create().col("code").col("version"))
        .foreign_key(&mut by("published_by"))
        .foreign_key(&mut by("seconded_by"))
        .to_owned()
}

fn bulletin() -> TableCreateStatement {
    Table::create()
        .table("jma_bulletin")
        .col(
            text("id")
                .primary_key()
                .check(Expr::cust("length(id) = 64")),
        )
        .col(text_null("address").unique_key())
        .col(text("title"))
        .col(text("status").check(Expr::cust("status in ('通常', '訓練', '試験')")))
        .col(text("info").check(Expr::cust("info in ('発表', '訂正', '取消')")))
        .col(text("office"))
        .col(text("event"))
        .col(integer_null("serial"))
        .col(timestamp_with_time_zone("reported_at"))
        .col(timestamp_with_time_zone("read_at"))
        .col(text("telegram"))
        .to_owned()
}

fn rules() -> [Rule; 4] {
    [
        Rule {
            name: "emergency_template_is_frozen",
            table: "emergency_template",
            on: &["UPDATE"],
            forbidden: "NEW.code <> OLD.code OR NEW.version <> OLD.version OR NEW.text <> OLD.text
                 OR NEW.recorded_at <> OLD.recorded_at
                 OR (OLD.published_at IS NOT NULL AND OLD.retired_at IS NULL
                     AND (NEW.published_at IS DISTINCT FROM OLD.published_at
                          OR NEW.published_by IS DISTINCT FROM OLD.published_by
                          OR NEW.asked_at IS DISTINCT FROM OLD.asked_at
                          OR NEW.seconded_by IS DISTINCT FROM OLD.seconded_by))"
                .into(),
            lock: &[],
            says: "a wording does not change, and one in force only retires",
        },
        Rule {
            name: "emergency_template_takes_two",
            table: "emergency_template",
            on: &["UPDATE"],
            forbidden: "OLD.published_at IS NULL AND NEW.published_at IS NOT NULL
                 AND (NEW.seconded_by IS NULL OR OLD.published_by IS NULL
                      OR NEW.published_by IS DISTINCT FROM OLD.published_by)"
                .into(),
            lock: &[],
            says: "a changed wording is published by who asked and who agreed",
        },
        Rule {
            name: "emergency_template_begins",
            table: "emergency_template",
            on: &["INSERT"],
            forbidden: "NEW.published_by IS NOT NULL OR NEW.seconded_by IS NOT NULL OR NEW.retired_at IS NOT NULL
                 OR (NEW.published_at IS NOT NULL
                     AND EXISTS (SELECT 1 FROM emergency_template WHERE code = NEW.code))"
                .into(),
            lock: &[],
            says: "only the first wording is in force as it comes",
        },
        Rule {
            name: "emergency_template_stays",
            table: "emergency_template",
            on: &["DELETE"],
            forbidden: "OLD.published_at IS NOT NULL".into(),
            lock: &[],
            says: "a wording that was in force is not forgotten",
        },
    ]
}

fn by(column: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("emergency_template_{column}"))
        .from("emergency_template", column)
        .to("person", "id")
        .to_owned()
}
