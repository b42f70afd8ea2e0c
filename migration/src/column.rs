//! Columns that a later migration adds to a table, and takes away again.

use sea_orm_migration::prelude::*;

/// Adds them. One statement each: SQLite knows no other way.
pub(crate) async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for column in columns {
        let mut table = Table::alter().table(table).to_owned();
        manager
            .alter_table(table.add_column(column).to_owned())
            .await?;
    }
    Ok(())
}

/// Takes them away.
pub(crate) async fn drop(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for column in columns {
        let mut table = Table::alter().table(table).to_owned();
        manager
            .alter_table(table.drop_column(column.get_column_name()).to_owned())
            .await?;
    }
    Ok(())
}
