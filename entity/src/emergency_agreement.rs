//! A year's agreement to prepared corrections.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emergency_agreement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub section_id: Uuid,
    pub from_day: Date,
    pub until_day: Date,
    pub digest: String,
    pub concurring_by: Option<Uuid>,
    pub concurring_at: Option<DateTimeUtc>,
    pub concurring_evidence: Option<String>,
    pub sending_by: Option<Uuid>,
    pub sending_at: Option<DateTimeUtc>,
    pub sending_evidence: Option<String>,
    pub ended_by: Option<Uuid>,
    pub ended_at: Option<DateTimeUtc>,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
