//! A cell that menus have, or had: the only ones whose taps are counted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "menu_cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub menu: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub cell: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
