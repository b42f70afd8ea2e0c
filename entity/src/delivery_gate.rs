//! The gate every sender passes: its one row paces them, and holds them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_gate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub nonce: Option<Uuid>,
    pub turn: i64,
    pub next_us: i64,
    pub held_since: Option<DateTimeUtc>,
    pub hold_reason: Option<String>,
    pub lift_asked_at: Option<DateTimeUtc>,
    pub restored_at: Option<DateTimeUtc>,
    pub full_us: i64,
    pub paused_us: i64,
    pub told_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
