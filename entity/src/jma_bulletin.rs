//! A bulletin of the Japan Meteorological Agency.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jma_bulletin")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub address: Option<String>,
    pub title: String,
    pub status: String,
    pub info: String,
    pub office: String,
    pub event: String,
    pub serial: Option<i32>,
    pub reported_at: DateTimeUtc,
    pub read_at: DateTimeUtc,
    pub telegram: String,
    pub said: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
