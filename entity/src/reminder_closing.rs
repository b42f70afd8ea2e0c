//! What somebody made of a reminder of which nobody can know whether all of it arrived.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder_closing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub occasion: String,
    pub people: i64,
    pub note: String,
    pub by: Uuid,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
