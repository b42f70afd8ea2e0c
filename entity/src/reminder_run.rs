//! An occasion for reminders that was taken up, or missed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub occasion: String,
    pub day: Date,
    pub taken_up_at: DateTimeUtc,
    pub request: Option<Uuid>,
    /// The last month of those whose children it is for; the occasion's when none.
    pub last_month: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
