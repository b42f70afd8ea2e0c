//! Those who hear of a dispatch by one call: at most 500 people whom it names, or everybody, whom it does not.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "envelope")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub dispatch_id: Uuid,
    pub lane: i16,
    pub retry_key: Uuid,
    pub recipients: Option<Vec<u8>>,
    pub people: i32,
    pub left_out: i32,
    pub state: String,
    pub attempts: i32,
    pub in_doubt: bool,
    pub fence: i64,
    pub leased_until: Option<DateTimeUtc>,
    pub first_attempt_at: Option<DateTimeUtc>,
    pub request_id: Option<String>,
    pub why: Option<String>,
    pub ended_at: Option<DateTimeUtc>,
    pub split_from: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
