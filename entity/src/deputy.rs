//! A person stands in for a chief (代理).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deputy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub post_id: Uuid,
    pub person_id: Uuid,
    pub rank: i32,
    pub from_on: Date,
    pub to_on: Option<Date>,
    pub ended_at: Option<DateTimeUtc>,
    pub scope: String,
    pub granted_at: DateTimeUtc,
    pub approved_by: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
