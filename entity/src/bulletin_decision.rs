//! What became of an official bulletin: a draft, or nothing, for a reason.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulletin_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bulletin: String,
    pub source: String,
    pub emergency: Option<Uuid>,
    pub reason: Option<String>,
    pub decided_by: Uuid,
    pub decided_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
