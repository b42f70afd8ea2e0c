//! Occasions and groups in the database.

use std::collections::HashSet;

use entity::{reminder_group, reminder_run, resident_facet};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};

use super::model::{Group, Occasion, Run};
use crate::clock::Instant;
use crate::ids::{AreaId, ReminderGroupId};
use crate::language::Language;
use crate::resident::GarbageReminder;

const PARTING: char = ',';

/// Every hour at which somebody who can be reached wishes to hear of garbage days.
pub(super) async fn hours(conn: &impl ConnectionTrait) -> Result<Vec<GarbageReminder>, DbErr> {
    let hours: Vec<String> = resident_facet::Entity::find()
        .select_only()
        .column(resident_facet::Column::Reminder)
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    // Nothing, or what a later version no longer knows, is no hour.
    let hours = hours.iter().filter(|hour| !hour.is_empty());
    Ok(hours
        .filter_map(|hour| GarbageReminder::parse(hour).ok())
        .collect())
}

/// Which of these were taken up.
pub(super) async fn taken(
    conn: &impl ConnectionTrait,
    occasions: &[String],
) -> Result<HashSet<String>, DbErr> {
    let rows = reminder_run::Entity::find()
        .filter(reminder_run::Column::Occasion.is_in(occasions))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.occasion).collect())
}

pub(super) async fn take_up(
    conn: &impl ConnectionTrait,
    now: Instant,
    run: &Run,
    groups: Vec<Group>,
) -> Result<Option<Vec<(ReminderGroupId, Group)>>, DbErr> {
    let occasion = run.occasion.to_string();
    let row = reminder_run::ActiveModel {
        occasion: Set(occasion.clone()),
        day: Set(run.day),
        taken_up_at: Set(now),
    };
    let first = OnConflict::column(reminder_run::Column::Occasion)
        .do_nothing()
        .to_owned();
    let taken = reminder_run::Entity::insert(row)
        .on_conflict(first)
        .exec_without_returning(conn)
        .await?;
    if taken == 0 {
        return Ok(None);
    }
    let kept: Vec<(ReminderGroupId, Group)> = groups
        .into_iter()
        .map(|group| (ReminderGroupId::new(now), group))
        .collect();
    for (id, group) in &kept {
        let areas = group.areas.as_ref().map(|areas| {
            let areas: Vec<String> = areas.iter().map(AreaId::to_string).collect();
            areas.join(&PARTING.to_string())
        });
        let row = reminder_group::ActiveModel {
            id: Set(id.0),
            occasion: Set(occasion.clone()),
            language: Set(group.language.code().to_owned()),
            areas: Set(areas),
            topic: Set(group.topic.clone()),
            message: Set(group.message.clone()),
        };
        reminder_group::Entity::insert(row)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(Some(kept))
}

pub(super) async fn group(
    conn: &impl ConnectionTrait,
    id: ReminderGroupId,
) -> Result<Option<(Occasion, Group)>, DbErr> {
    let Some(row) = reminder_group::Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    let odd = |what: String| DbErr::Type(format!("reminder group {id}: {what}"));
    let area = |text: &str| text.parse().map(AreaId).map_err(|_| odd(text.to_owned()));
    let areas = row.areas.as_deref().map(|areas| {
        let areas = areas.split(PARTING).filter(|area| !area.is_empty());
        areas.map(area).collect::<Result<Vec<_>, _>>()
    });
    let occasion = row.occasion.parse().map_err(|e| odd(format!("{e}")))?;
    let language = Language::parse(&row.language).map_err(|e| odd(e.to_string()))?;
    let group = Group {
        language,
        areas: areas.transpose()?,
        topic: row.topic,
        message: row.message,
    };
    Ok(Some((occasion, group)))
}
