//! Childcare rules that call the children born on certain days to a day and a place.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date_null, text_null};

/// All of a session, or nothing.
const WHOLE: &str =
    "(held_on IS NULL) = (held_at IS NULL) AND (held_on IS NULL) = (born_from IS NULL)
    AND (held_on IS NULL) = (born_to IS NULL)
    AND (held_on IS NULL OR (born_from <= born_to AND born_to <= held_on))";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            date_null(ChildcareRule::HeldOn),
            text_null(ChildcareRule::HeldAt),
            date_null(ChildcareRule::BornFrom),
            // The last of them knows all.
            date_null(ChildcareRule::BornTo)
                .check(Expr::cust(WHOLE))
                .take(),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table(ChildcareRule::Table)
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The one that knows the others goes first.
        for column in [
            ChildcareRule::BornTo,
            ChildcareRule::BornFrom,
            ChildcareRule::HeldAt,
            ChildcareRule::HeldOn,
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table(ChildcareRule::Table)
                        .drop_column(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum ChildcareRule {
    Table,
    HeldOn,
    HeldAt,
    BornFrom,
    BornTo,
}
