//! What segments ask of a resident who can be reached; triggers write it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident_facet")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub resident_id: i64,
    pub area_id: i64,
    pub language: String,
    pub reminder: String,
    pub topics: String,
    pub births: i32,
    pub first_birth: i32,
    pub last_birth: i32,
    pub dues: i32,
    pub first_due: i32,
    pub last_due: i32,
    pub met_on: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
