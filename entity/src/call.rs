//! One call of a calling: one person, one channel.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub calling_id: Uuid,
    pub rung: Option<i32>,
    pub person_id: Uuid,
    pub channel: String,
    pub due_at: DateTimeUtc,
    pub try_at: DateTimeUtc,
    pub state: String,
    pub attempts: i32,
    pub fence: i32,
    pub leased_until: Option<DateTimeUtc>,
    pub made_at: Option<DateTimeUtc>,
    pub made_by: Option<Uuid>,
    pub outcome: Option<String>,
    pub token_hash: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
