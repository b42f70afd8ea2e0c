//! An evacuation place (指定緊急避難場所).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shelter")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub position: i32,
    pub name: String,
    pub address: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub flood: bool,
    pub landslide: bool,
    pub storm_surge: bool,
    pub earthquake: bool,
    pub tsunami: bool,
    pub fire: bool,
    pub inland_flood: bool,
    pub volcano: bool,
    pub also_to_stay: bool,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
