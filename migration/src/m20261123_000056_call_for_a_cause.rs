//! What a calling is for besides a request: an emergency that got into trouble or was stopped, a hold of all
//! delivery, a report that is overdue. It never becomes another one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

use crate::column;
use crate::rule::{self, Rule};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        column::add(manager, "calling", [cause()]).await?;
        rule::keep(manager, &rules()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rule::lift(manager, &rules()).await?;
        column::drop(manager, "calling", [cause()]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Nothing, for a request to agree or to send, and for other news.
fn cause() -> ColumnDef {
    text_null("cause")
        .check(Expr::cust(
            "cause in ('attention', 'stopped', 'hold', 'overdue')",
        ))
        .to_owned()
}

fn rules() -> [Rule; 1] {
    [Rule {
        name: "calling_keeps_its_cause",
        table: "calling",
        on: &["UPDATE"],
        forbidden: "NEW.cause IS DISTINCT FROM OLD.cause".to_owned(),
        lock: &[],
        says: "a calling never becomes one for another cause",
    }]
}
