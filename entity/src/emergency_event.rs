//! What happened to an emergency.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emergency_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub emergency_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub act: String,
    pub from_state: Option<String>,
    pub to_state: String,
    pub version: i32,
    pub person_id: Option<Uuid>,
    pub standing_in_for: Option<Uuid>,
    pub at: DateTimeUtc,
    pub digest: Option<String>,
    pub evidence: Option<String>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
