//! A broadcast (配信).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "broadcast")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub section_id: Option<Uuid>,
    pub organisation_id: Option<Uuid>,
    pub drafter: String,
    pub state: String,
    pub revision: i32,
    pub title: String,
    pub category: String,
    pub corrects: Option<Uuid>,
    pub copied_from: Option<Uuid>,
    pub send_at: Option<DateTimeUtc>,
    pub valid_until: Option<DateTimeUtc>,
    pub issue: Option<String>,
    pub created_by: Uuid,
    pub created_at: DateTimeUtc,
    pub moved_at: DateTimeUtc,
    pub released_at: Option<DateTimeUtc>,
    pub dispatch_id: Option<Uuid>,
    pub template: Option<String>,
    pub template_words: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
