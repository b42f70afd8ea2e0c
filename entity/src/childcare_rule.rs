//! A version of a rule of the childcare timetable.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "childcare_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub position: i32,
    pub code: String,
    pub stage: String,
    pub title: String,
    pub anchor: String,
    pub notify_at: String,
    pub window_start: Option<String>,
    pub window_end: Option<String>,
    pub level: String,
    pub default_on: bool,
    pub topic: Option<String>,
    pub text: String,
    pub link: Option<String>,
    pub areas: String,
    pub note: Option<String>,
    pub effective_from: Option<Date>,
    pub effective_to: Option<Date>,
    pub held_on: Option<Date>,
    pub held_at: Option<String>,
    pub born_from: Option<Date>,
    pub born_to: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
