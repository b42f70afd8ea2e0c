//! Which calendar an area has, and on which days that is not what residents are used to.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "garbage_area")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub area_id: i64,
    pub calendar_id: i64,
    pub changed: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
