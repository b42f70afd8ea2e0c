//! What LINE cannot be asked about menus: how often each cell was tapped, whether a disaster is on and
//! how far everybody's menu has followed, and the calls of the last hour, of which LINE counts a few.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, boolean, date, text, timestamp_with_time_zone,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(MenuCell::Table)
                    .col(text(MenuCell::Menu))
                    .col(text(MenuCell::Cell))
                    .primary_key(Index::create().col(MenuCell::Menu).col(MenuCell::Cell))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(MenuTap::Table)
                    .col(date(MenuTap::Day))
                    .col(text(MenuTap::Menu))
                    .col(text(MenuTap::Cell))
                    .col(big_integer(MenuTap::Times))
                    .primary_key(
                        Index::create()
                            .col(MenuTap::Day)
                            .col(MenuTap::Menu)
                            .col(MenuTap::Cell),
                    )
                    // A forged tap must not fill the table.
                    .foreign_key(
                        ForeignKey::create()
                            .name("menu_tap_of_cell")
                            .from(MenuTap::Table, (MenuTap::Menu, MenuTap::Cell))
                            .to(MenuCell::Table, (MenuCell::Menu, MenuCell::Cell)),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(MenuState::Table)
                    .col(
                        big_integer(MenuState::Id)
                            .primary_key()
                            .check(Expr::cust("id = 1")),
                    )
                    .col(boolean(MenuState::Disaster))
                    .col(big_integer(MenuState::Revision))
                    .col(big_integer_null(MenuState::Reached))
                    .to_owned(),
            )
            .await?;
        let calm = Query::insert()
            .into_table(MenuState::Table)
            .columns([MenuState::Id, MenuState::Disaster, MenuState::Revision])
            .values_panic([1.into(), false.into(), 0.into()])
            .to_owned();
        manager.execute(calm).await?;
        manager
            .create_table(
                Table::create()
                    .table(MenuCall::Table)
                    .col(big_pk_auto(MenuCall::Id))
                    .col(text(MenuCall::Kind))
                    .col(timestamp_with_time_zone(MenuCall::At))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["menu_call", "menu_state", "menu_tap", "menu_cell"] {
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
enum MenuCell {
    Table,
    Menu,
    Cell,
}

#[derive(DeriveIden)]
enum MenuTap {
    Table,
    Day,
    Menu,
    Cell,
    Times,
}

#[derive(DeriveIden)]
enum MenuState {
    Table,
    Id,
    Disaster,
    Revision,
    Reached,
}

#[derive(DeriveIden)]
enum MenuCall {
    Table,
    Id,
    Kind,
    At,
}
