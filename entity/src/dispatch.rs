//! One content on its way to one audience.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispatch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub source: String,
    pub source_id: String,
    pub lane: i16,
    pub messages: String,
    pub silent: bool,
    pub unit: Option<String>,
    pub valid_until: DateTimeUtc,
    pub state: String,
    pub stop_reason: Option<String>,
    pub opened_at: DateTimeUtc,
    pub stopped_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
    pub cut_after: i64,
    pub cut_fence: i64,
    pub cut_leased_until: Option<DateTimeUtc>,
    pub cut_at: Option<DateTimeUtc>,
    pub audience: i64,
    pub everybody: bool,
    pub seal: Option<String>,
    /// What those it is for asked to hear of, and must still.
    pub subscription: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
