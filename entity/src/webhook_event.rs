//! An event LINE told us.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_event")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub event_id: String,
    pub line_user_id: Option<String>,
    pub kind: String,
    pub occurred_ms: i64,
    pub received_at: DateTimeUtc,
    pub body: Option<String>,
    pub state: String,
    pub attempts: i32,
    pub fence: i64,
    pub leased_until: Option<DateTimeUtc>,
    pub reply_token: Option<String>,
    pub reply: Option<String>,
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
