//! Wordings of emergencies that staff hand in, and why they were declined; what was decided of official bulletins.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in columns() {
            let mut table = Table::alter().table("emergency_template").to_owned();
            manager
                .alter_table(table.add_column(column).to_owned())
                .await?;
        }
        manager.create_table(decision()).await?;
        rule::keep(manager, &of_template()).await?;
        rule::keep(manager, &of_decision()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &of_template()).await?;
        manager
            .drop_table(Table::drop().table("bulletin_decision").to_owned())
            .await?;
        rule::forget(manager, &of_decision()).await?;
        for column in columns() {
            let mut table = Table::alter().table("emergency_template").to_owned();
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

fn columns() -> [ColumnDef; 4] {
    [
        // Nobody: it came with the program.
        uuid_null("written_by"),
        uuid_null("declined_by"),
        timestamp_with_time_zone_null("declined_at"),
        text_null("answer"),
    ]
}

/// What became of a bulletin: a draft, or nothing, for a reason. Bulletins are forgotten, this is not.
fn decision() -> TableCreateStatement {
    Table::create()
        .table("bulletin_decision")
        .col(
            text("bulletin")
                .primary_key()
                .check(Expr::cust("length(bulletin) = 64")),
        )
        .col(text("source"))
        .col(uuid_null("emergency").unique_key())
        .col(text_null("reason"))
        .col(uuid("decided_by"))
        .col(timestamp_with_time_zone("decided_at"))
        .check(Expr::cust("(emergency is null) <> (reason is null)"))
        .check(Expr::cust(
            "reason is null or length(reason) between 1 and 500",
        ))
        .foreign_key(&mut of("emergency", "emergency"))
        .foreign_key(&mut of("decided_by", "person"))
        .to_owned()
}

fn of(column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("bulletin_decision_{column}"))
        .from("bulletin_decision", column)
        .to(to, "id")
        .to_owned()
}

fn of_template() -> [Rule; 2] {
    [
        Rule {
            name: "emergency_template_has_its_writer",
            table: "emergency_template",
            on: &["UPDATE"],
            forbidden: "NEW.written_by IS DISTINCT FROM OLD.written_by".into(),
            lock: &[],
            says: "who handed a wording in does not change",
        },
        Rule {
            name: "emergency_template_is_declined_by_another",
            table: "emergency_template",
            on: &["UPDATE"],
            forbidden: "NEW.declined_by IS NOT NULL
                 AND (NEW.declined_by = NEW.published_by OR NEW.published_by IS NULL
                      OR NEW.declined_at IS NULL OR NEW.answer IS NULL
                      OR NEW.published_at IS NOT NULL)"
                .into(),
            lock: &[],
            says: "a wording that waits is declined by who did not ask for it, and for a reason",
        },
    ]
}

fn of_decision() -> [Rule; 2] {
    [
        Rule {
            name: "bulletin_decision_stays",
            table: "bulletin_decision",
            on: &["DELETE"],
            forbidden: "OLD.bulletin IS NOT NULL".into(),
            lock: &[],
            says: "what was decided of a bulletin is not forgotten",
        },
        Rule {
            name: "bulletin_decision_is_one_draft",
            table: "bulletin_decision",
            on: &["UPDATE"],
            forbidden: "OLD.emergency IS NOT NULL OR NEW.emergency IS NULL
                 OR NEW.bulletin <> OLD.bulletin OR NEW.source <> OLD.source"
                .into(),
            lock: &[],
            says: "of a bulletin that was passed over a draft may still be made, once",
        },
    ]
}
