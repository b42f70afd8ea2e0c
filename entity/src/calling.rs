//! People are woken for a matter (呼出).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calling")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub drill: bool,
    pub matter: Uuid,
    pub number: i32,
    pub side: Option<String>,
    pub begun_at: DateTimeUtc,
    pub runs_until: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ended: Option<String>,
    pub answered_by: Option<Uuid>,
    pub answered_how: Option<String>,
    pub cause: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
