//! A version of an emergency's wording.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emergency_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: String,
    pub text: String,
    pub recorded_at: DateTimeUtc,
    pub published_by: Option<Uuid>,
    pub asked_at: Option<DateTimeUtc>,
    pub seconded_by: Option<Uuid>,
    pub published_at: Option<DateTimeUtc>,
    pub retired_at: Option<DateTimeUtc>,
    pub written_by: Option<Uuid>,
    pub declined_by: Option<Uuid>,
    pub declined_at: Option<DateTimeUtc>,
    pub answer: Option<String>,
    pub wanted_by: Option<Uuid>,
    pub wanted_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
