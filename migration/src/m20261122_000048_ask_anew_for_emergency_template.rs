//! Who asks that a wording be published stands apart from who had published it: a wording that was in force once keeps
//! its dates while it is asked for anew, and cannot be forgotten if that is declined.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{timestamp_with_time_zone_null, uuid_null};

use crate::column;
use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "emergency_template", columns()).await?;
        rule::lift(manager, &before()).await?;
        let conn = manager.get_connection();
        conn.execute_unprepared(
            "UPDATE emergency_template SET wanted_by = published_by, wanted_at = asked_at,
                 published_by = NULL, asked_at = NULL WHERE published_at IS NULL",
        )
        .await?;
        rule::keep(manager, &after()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &after()).await?;
        let conn = manager.get_connection();
        conn.execute_unprepared(
            "UPDATE emergency_template SET published_by = wanted_by, asked_at = wanted_at WHERE published_at IS NULL",
        )
        .await?;
        rule::keep(manager, &before()).await?;
        column::drop(manager, "emergency_template", columns()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn columns() -> [ColumnDef; 2] {
    // Nobody: nobody asks for it now.
    [
        uuid_null("wanted_by"),
        timestamp_with_time_zone_null("wanted_at"),
    ]
}

fn before() -> [Rule; 2] {
    [
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

fn after() -> [Rule; 2] {
    [
        Rule {
            name: "emergency_template_takes_two",
            table: "emergency_template",
            on: &["UPDATE"],
            // Whatever says who published it and when changes only as it is published, by who asked and who agreed.
            forbidden: "(NEW.published_at IS DISTINCT FROM OLD.published_at
                      OR NEW.published_by IS DISTINCT FROM OLD.published_by
                      OR NEW.asked_at IS DISTINCT FROM OLD.asked_at
                      OR NEW.seconded_by IS DISTINCT FROM OLD.seconded_by
                      OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at))
                 AND (NEW.published_at IS NULL OR NEW.retired_at IS NOT NULL OR NEW.seconded_by IS NULL
                      OR OLD.wanted_by IS NULL OR OLD.wanted_at IS NULL OR OLD.declined_by IS NOT NULL
                      OR NEW.published_by IS DISTINCT FROM OLD.wanted_by
                      OR NEW.asked_at IS DISTINCT FROM OLD.wanted_at)"
                .into(),
            lock: &[],
            says: "a changed wording is published by who asked and who agreed, and its dates stay until then",
        },
        Rule {
            name: "emergency_template_is_declined_by_another",
            table: "emergency_template",
            on: &["UPDATE"],
            forbidden: "NEW.declined_by IS NOT NULL
                 AND (NEW.wanted_by IS NULL OR NEW.declined_by = NEW.wanted_by
                      OR NEW.declined_at IS NULL OR NEW.answer IS NULL
                      OR (NEW.published_at IS NOT NULL AND NEW.retired_at IS NULL))"
                .into(),
            lock: &[],
            says: "a wording that waits is declined by who did not ask for it, and for a reason",
        },
    ]
}
