//! What segments ask of a resident who can be reached; triggers write it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident_facet")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub resident_id: i64,
    pub area_id: i64,
    /// The sum of the numbers of their topics and language, as `facet_tag` has them.
    pub tags: i64,
    pub met_on: i32,
    pub births: i32,
    pub first_birth: i32,
    pub last_birth: i32,
    pub dues: i32,
    pub first_due: i32,
    pub last_due: i32,
    pub reminder: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
