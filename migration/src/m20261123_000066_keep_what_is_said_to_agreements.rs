//! What is said to an agreement: together with it or never, and always where the policy wants a recognition or an
//! exception on record.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::column;
use crate::rule::{self, Rule};

const TABLE: &str = "approval_step";

fn rules() -> [Rule; 1] {
    [Rule {
        name: "approval_step_is_taken_in_words",
        table: TABLE,
        on: &["INSERT", "UPDATE"],
        forbidden: "(NEW.decided_by IS NULL AND NEW.note IS NOT NULL)
             OR (NEW.decided_by IS NOT NULL AND COALESCE(NEW.note, '') = ''
                 AND (NEW.grounds LIKE '%category%' OR NEW.grounds LIKE '%out_of_hours%'))"
            .into(),
        lock: &[],
        says: "what is said to an agreement comes with it, and is not missing where it has to be on record",
    }]
}

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, TABLE, [text_null("note")]).await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &rules()).await?;
        column::drop(manager, TABLE, [text_null("note")]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
