//! One deed on record.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTimeUtc,
    pub actor_kind: String,
    pub actor: Option<Uuid>,
    pub post: Option<String>,
    pub act: String,
    pub object_kind: String,
    pub object_id: String,
    pub detail: String,
    pub address_hint: Option<String>,
    pub prev: String,
    pub digest: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
