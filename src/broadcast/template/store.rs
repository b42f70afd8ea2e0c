//! Templates in the database.

use entity::broadcast_template::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, Set,
};

use super::Template;
use crate::approval::House;
use crate::broadcast::store::{from_json, house, json, parts};
use crate::clock::Instant;
use crate::ids::{PersonId, TemplateId};

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    now: Instant,
    by: PersonId,
    template: &Template,
) -> Result<(), DbErr> {
    let (section_id, organisation_id) = parts(template.house);
    let row = Model {
        id: template.id.0,
        section_id,
        organisation_id,
        name: template.name.clone(),
        manuscript: json(&template.manuscript)?,
        made_by: by.0,
        made_at: now,
        retired_at: None,
    };
    Entity::insert(row.into_active_model() as ActiveModel)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn rename(
    conn: &impl ConnectionTrait,
    id: TemplateId,
    name: &str,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Unchanged(id.0),
        name: Set(name.to_owned()),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn retire(
    conn: &impl ConnectionTrait,
    id: TemplateId,
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Unchanged(id.0),
        retired_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: TemplateId,
) -> Result<Option<Template>, DbErr> {
    let row = Entity::find_by_id(id.0)
        .filter(Column::RetiredAt.is_null())
        .one(conn)
        .await?;
    row.map(template).transpose()
}

pub(super) async fn of(conn: &impl ConnectionTrait, of: House) -> Result<Vec<Template>, DbErr> {
    let of_house = match of {
        House::Section(id) => Column::SectionId.eq(id.0),
        House::Organisation(id) => Column::OrganisationId.eq(id.0),
    };
    let rows = Entity::find()
        .filter(of_house)
        .filter(Column::RetiredAt.is_null())
        .order_by_asc(Column::Name)
        .all(conn)
        .await?;
    rows.into_iter().map(template).collect()
}

fn template(row: Model) -> Result<Template, DbErr> {
    let nobodys = || DbErr::Type(format!("template {} is nobody's", row.id));
    Ok(Template {
        id: TemplateId(row.id),
        house: house(row.section_id, row.organisation_id).ok_or_else(nobodys)?,
        name: row.name,
        manuscript: from_json(&row.manuscript)?,
    })
}
