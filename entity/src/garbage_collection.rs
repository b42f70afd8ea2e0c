//! When a category is collected under a calendar.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "garbage_collection")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub calendar_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub category_id: i64,
    pub schedule: String,
    pub remarks: Option<String>,
    pub cell: String,
    pub cell_line: i64,
    pub cell_column: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
