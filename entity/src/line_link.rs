//! What was last found out of the link to LINE: one row.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "line_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub asked_at: DateTimeUtc,
    pub fault: Option<String>,
    pub said_at: Option<DateTimeUtc>,
    pub name: Option<String>,
    pub ids: Option<String>,
    pub quota: Option<i64>,
    pub used: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
