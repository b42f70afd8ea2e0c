//! An emergency (緊急配信).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emergency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mode: String,
    pub section_id: Uuid,
    pub state: String,
    pub version: i32,
    pub template: String,
    pub corrects: Option<Uuid>,
    pub created_by: Uuid,
    pub created_at: DateTimeUtc,
    pub moved_at: DateTimeUtc,
    pub issue: Option<String>,
    pub digest: Option<String>,
    pub submitted_by: Option<Uuid>,
    pub submitted_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
    pub concurred_by: Option<Uuid>,
    pub concurred_at: Option<DateTimeUtc>,
    pub concurred_with: Option<Uuid>,
    pub agreement_id: Option<Uuid>,
    pub sent_by: Option<Uuid>,
    pub sent_at: Option<DateTimeUtc>,
    pub people: Option<i64>,
    pub dispatch_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
