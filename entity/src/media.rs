//! A picture with its rights (画像と権利).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub digest: String,
    pub name: String,
    pub relation: Option<String>,
    pub holder: Option<String>,
    pub evidence: Option<String>,
    pub checker: Option<Uuid>,
    pub checked_on: Option<Date>,
    pub expires_on: Option<Date>,
    pub open: bool,
    pub kept_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
