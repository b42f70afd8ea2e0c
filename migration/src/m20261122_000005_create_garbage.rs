//! Garbage: the calendar and the sorting dictionary. An import replaces them whole and numbers its own rows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, date, integer, text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(GarbageCategory::Table)
                    .col(big_integer(GarbageCategory::Id).primary_key())
                    .col(text(GarbageCategory::Label).unique_key())
                    .col(text_null(GarbageCategory::Sublabel))
                    .col(text_null(GarbageCategory::Description))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(GarbageCategoryName::Table)
                    .col(big_integer(GarbageCategoryName::CategoryId))
                    .col(text(GarbageCategoryName::Language))
                    .col(text(GarbageCategoryName::Name))
                    .primary_key(
                        Index::create()
                            .col(GarbageCategoryName::CategoryId)
                            .col(GarbageCategoryName::Language),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("garbage_category_name_of_category")
                            .from(GarbageCategoryName::Table, GarbageCategoryName::CategoryId)
                            .to(GarbageCategory::Table, GarbageCategory::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(GarbageCalendar::Table)
                    .col(big_integer(GarbageCalendar::Id).primary_key())
                    // Empty where the areas name no centre.
                    .col(text(GarbageCalendar::Centre))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(GarbageArea::Table)
                    .col(big_integer(GarbageArea::AreaId).primary_key())
                    .col(big_integer(GarbageArea::CalendarId))
                    .foreign_key(
                        ForeignKey::create()
                            .name("garbage_area_of_area")
                            .from(GarbageArea::Table, GarbageArea::AreaId)
                            .to(Alias::new("area"), Alias::new("id")),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("garbage_area_of_calendar")
                            .from(GarbageArea::Table, GarbageArea::CalendarId)
                            .to(GarbageCalendar::Table, GarbageCalendar::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(GarbageCollection::Table)
                    .col(big_integer(GarbageCollection::CalendarId))
                    .col(big_integer(GarbageCollection::CategoryId))
                    // RFC 5545: RRULE, RDATE, EXDATE.
                    .col(text(GarbageCollection::Schedule))
                    .col(text_null(GarbageCollection::Remarks))
                    // The cell as published, and where it stands in area_days.csv.
                    .col(text(GarbageCollection::Cell))
                    .col(big_integer(GarbageCollection::CellLine))
                    .col(integer(GarbageCollection::CellColumn))
                    .primary_key(
                        Index::create()
                            .col(GarbageCollection::CalendarId)
                            .col(GarbageCollection::CategoryId),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("garbage_collection_of_calendar")
                            .from(GarbageCollection::Table, GarbageCollection::CalendarId)
                            .to(GarbageCalendar::Table, GarbageCalendar::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .name("garbage_collection_of_category")
                            .from(GarbageCollection::Table, GarbageCollection::CategoryId)
                            .to(GarbageCategory::Table, GarbageCategory::Id)
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(GarbageClosure::Table)
                    .col(big_integer(GarbageClosure::Id).primary_key())
                    .col(text(GarbageClosure::Centre))
                    .col(date(GarbageClosure::FirstDay))
                    .col(date(GarbageClosure::LastDay))
                    .col(
                        text(GarbageClosure::Effect)
                            .check(Expr::cust("effect in ('skip', 'shift-week')")),
                    )
                    .check(Expr::cust("first_day <= last_day"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(GarbageItem::Table)
                    .col(big_integer(GarbageItem::Id).primary_key())
                    .col(text(GarbageItem::Label))
                    .col(text(GarbageItem::Name))
                    .col(text_null(GarbageItem::Notice))
                    .col(text_null(GarbageItem::Furigana))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "garbage_item",
            "garbage_closure",
            "garbage_collection",
            "garbage_area",
            "garbage_calendar",
            "garbage_category_name",
            "garbage_category",
        ] {
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
enum GarbageCategory {
    Table,
    Id,
    Label,
    Sublabel,
    Description,
}

#[derive(DeriveIden)]
enum GarbageCategoryName {
    Table,
    CategoryId,
    Language,
    Name,
}

#[derive(DeriveIden)]
enum GarbageCalendar {
    Table,
    Id,
    Centre,
}

#[derive(DeriveIden)]
enum GarbageArea {
    Table,
    AreaId,
    CalendarId,
}

#[derive(DeriveIden)]
enum GarbageCollection {
    Table,
    CalendarId,
    CategoryId,
    Schedule,
    Remarks,
    Cell,
    CellLine,
    CellColumn,
}

#[derive(DeriveIden)]
enum GarbageClosure {
    Table,
    Id,
    Centre,
    FirstDay,
    LastDay,
    Effect,
}

#[derive(DeriveIden)]
enum GarbageItem {
    Table,
    Id,
    Label,
    Name,
    Notice,
    Furigana,
}
