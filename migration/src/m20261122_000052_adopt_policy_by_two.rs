//! A version of the policy that changes how emergencies are agreed to is adopted by two: who asked, and who agreed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{timestamp_with_time_zone_null, uuid_null};

use crate::column;
use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "policy_version", columns()).await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &rules()).await?;
        column::drop(manager, "policy_version", columns()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn columns() -> [ColumnDef; 3] {
    // Nobody: one person adopts it, or nobody has asked.
    [
        uuid_null("asked_by"),
        timestamp_with_time_zone_null("asked_at"),
        uuid_null("seconded_by"),
    ]
}

fn rules() -> [Rule; 1] {
    [Rule {
        name: "policy_version_takes_two",
        table: "policy_version",
        on: &["UPDATE"],
        forbidden: "NEW.seconded_by IS NOT NULL
             AND (OLD.asked_by IS NULL OR NEW.adopted_by IS NULL OR NEW.seconded_by = NEW.adopted_by
                  OR NEW.adopted_by IS DISTINCT FROM OLD.asked_by OR NEW.text <> OLD.text)"
            .into(),
        lock: &[],
        says: "who agrees to a version of the policy is not who asked for it",
    }]
}
