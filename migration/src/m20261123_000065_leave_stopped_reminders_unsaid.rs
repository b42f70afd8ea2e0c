//! What is on its way says what those it is for must still have asked for. And what comes by a rule for children of
//! several months in the same words is said once: the run of the first month says to which month it is for.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, text_null};

use crate::column;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "dispatch", [subscription()]).await?;
        column::add(manager, "reminder_run", [last_month()]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::drop(manager, "dispatch", [subscription()]).await?;
        column::drop(manager, "reminder_run", [last_month()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// garbage/before-19:00, children/birth/2020-04/2021-03/childcare; nothing where nobody had to ask for it.
fn subscription() -> ColumnDef {
    text_null("subscription")
}

/// Its first day; nothing where a run is for one month, or for none.
fn last_month() -> ColumnDef {
    date_null("last_month")
}
