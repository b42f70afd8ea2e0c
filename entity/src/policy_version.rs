//! A version of the operating policy.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: String,
    pub effective_from: Date,
    pub text: String,
    pub digest: String,
    pub recorded_at: DateTimeUtc,
    pub adopted_by: Option<Uuid>,
    pub adopted_at: Option<DateTimeUtc>,
    pub asked_by: Option<Uuid>,
    pub asked_at: Option<DateTimeUtc>,
    pub seconded_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
