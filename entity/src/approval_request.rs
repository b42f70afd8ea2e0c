//! A request for approval (決裁).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub revision: i32,
    pub digest: String,
    pub section_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub policy_version: String,
    pub submitted_by: Uuid,
    pub submitted_at: DateTimeUtc,
    pub until: Option<Date>,
    pub outcome: Option<String>,
    pub ended_by: Option<Uuid>,
    pub ended_at: Option<DateTimeUtc>,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
