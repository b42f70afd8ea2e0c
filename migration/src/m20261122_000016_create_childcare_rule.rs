//! The childcare timetable: rules that count days from a birth, a due date or a school year. A rule that
//! changes has a row for each version, told apart by the days from and to which it holds.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{boolean, date_null, integer, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ChildcareRule::Table)
                    .col(uuid(ChildcareRule::Id).primary_key())
                    .col(integer(ChildcareRule::Position))
                    .col(text(ChildcareRule::Code))
                    .col(text(ChildcareRule::Stage))
                    .col(text(ChildcareRule::Title))
                    .col(text(ChildcareRule::Anchor).check(Expr::cust(
                        "anchor IN ('due_date', 'birth_date', 'april_entry', 'school_entry')",
                    )))
                    // ISO 8601 durations, such as -P32W, P50D, P3M.
                    .col(text(ChildcareRule::NotifyAt))
                    .col(text_null(ChildcareRule::WindowStart))
                    .col(text_null(ChildcareRule::WindowEnd))
                    .col(text(ChildcareRule::Level).check(Expr::cust(
                        "level IN ('statutory', 'recommended', 'optional')",
                    )))
                    .col(boolean(ChildcareRule::DefaultOn))
                    .col(text_null(ChildcareRule::Topic))
                    .col(text(ChildcareRule::Text))
                    .col(text_null(ChildcareRule::Link))
                    // Labels parted by `|`, as in the file; everywhere when empty.
                    .col(text(ChildcareRule::Areas))
                    .col(text_null(ChildcareRule::Note))
                    .col(date_null(ChildcareRule::EffectiveFrom))
                    .col(date_null(ChildcareRule::EffectiveTo))
                    .check(Expr::cust("effective_from <= effective_to"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("childcare_rule_version")
                    .table(ChildcareRule::Table)
                    .col(ChildcareRule::Code)
                    .col(ChildcareRule::EffectiveFrom)
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(ChildcareRule::Table).to_owned())
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum ChildcareRule {
    Table,
    Id,
    Position,
    Code,
    Stage,
    Title,
    Anchor,
    NotifyAt,
    WindowStart,
    WindowEnd,
    Level,
    DefaultOn,
    Topic,
    Text,
    Link,
    Areas,
    Note,
    EffectiveFrom,
    EffectiveTo,
}
