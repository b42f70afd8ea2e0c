//! A resident: what one LINE user told us.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "resident")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub line_user_id: String,
    pub residence: String,
    pub area_id: Option<i64>,
    pub language: Option<String>,
    pub garbage_reminder: Option<String>,
    pub topics_answered: bool,
    pub children_answered: bool,
    pub consent_version: Option<String>,
    pub consent_at: Option<DateTimeUtc>,
    pub reachable: bool,
    pub relation_ms: i64,
    pub unreachable_since: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub revision: i64,
    pub letters: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
