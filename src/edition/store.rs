//! Edition numbers.

use entity::edition::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

/// The number in force; 0 before anything was published.
pub(super) async fn current(conn: &impl ConnectionTrait, name: &str) -> Result<i64, DbErr> {
    let row = Entity::find_by_id(name).one(conn).await?;
    Ok(row.map_or(0, |row| row.number))
}

pub(super) async fn renew(conn: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    let first = ActiveModel {
        name: Set(name.to_owned()),
        number: Set(1),
    };
    Entity::insert(first)
        .on_conflict(
            OnConflict::column(Column::Name)
                .value(Column::Number, Expr::cust("edition.number + 1"))
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}
