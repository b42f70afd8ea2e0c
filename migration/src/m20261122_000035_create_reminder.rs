//! Reminders: each occasion is taken up once, and what is then said to whom is kept until it has been sent.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{date, text, text_null, timestamp_with_time_zone, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(ReminderRun::Table)
                    // garbage/2026-11-25/before-19:00, childcare/checkup-18m/birth/2025-05/0
                    .col(text(ReminderRun::Occasion).primary_key())
                    .col(date(ReminderRun::Day))
                    .col(timestamp_with_time_zone(ReminderRun::TakenUpAt))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(ReminderGroup::Table)
                    .col(uuid(ReminderGroup::Id).primary_key())
                    .col(text(ReminderGroup::Occasion))
                    .col(text(ReminderGroup::Language))
                    // The numbers of areas, parted by commas; everywhere when null.
                    .col(text_null(ReminderGroup::Areas))
                    .col(text_null(ReminderGroup::Topic))
                    .col(text(ReminderGroup::Message))
                    .foreign_key(
                        ForeignKey::create()
                            .name("reminder_group_of_run")
                            .from(ReminderGroup::Table, ReminderGroup::Occasion)
                            .to(ReminderRun::Table, ReminderRun::Occasion)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("reminder_group_occasion")
                    .table(ReminderGroup::Table)
                    .col(ReminderGroup::Occasion)
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["reminder_group", "reminder_run"] {
            manager
                .drop_table(Table::drop().table(Alias::new(table)).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

#[derive(DeriveIden)]
enum ReminderRun {
    Table,
    Occasion,
    Day,
    TakenUpAt,
}

#[derive(DeriveIden)]
enum ReminderGroup {
    Table,
    Id,
    Occasion,
    Language,
    Areas,
    Topic,
    Message,
}
