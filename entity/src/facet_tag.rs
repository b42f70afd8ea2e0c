//! The number of each topic and language among a resident's tags; triggers write it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "facet_tag")]
pub struct Model {
    /// `topic:event`, `language:en`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// A power of two, of none else.
    pub bit: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
