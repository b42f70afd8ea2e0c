//! Residents, as far as their menus depend on them.

use std::collections::HashSet;

use entity::{child, resident};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::showing::Viewer;
use crate::language::Language;
use crate::line::UserId;

/// Residents read at once.
const PAGE: u64 = 5_000;

/// Some reachable residents, by id.
pub(super) struct Page {
    pub(super) viewers: Vec<(UserId, Viewer)>,
    /// The last id read; none when there were no more.
    pub(super) last: Option<i64>,
}

/// The next residents whose id is greater than `after`.
pub(super) async fn viewers_after(conn: &impl ConnectionTrait, after: i64) -> Result<Page, DbErr> {
    let rows = resident::Entity::find()
        .filter(resident::Column::Id.gt(after))
        .filter(resident::Column::Reachable.eq(true))
        .order_by_asc(resident::Column::Id)
        .limit(PAGE)
        .all(conn)
        .await?;
    let Some(last) = rows.last().map(|row| row.id) else {
        return Ok(Page {
            viewers: Vec::new(),
            last: None,
        });
    };
    let parents: Vec<i64> = child::Entity::find()
        .filter(child::Column::ResidentId.gt(after))
        .filter(child::Column::ResidentId.lte(last))
        .select_only()
        .column(child::Column::ResidentId)
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    let parents: HashSet<i64> = parents.into_iter().collect();
    let viewers = rows
        .into_iter()
        .filter_map(|row| {
            let viewer = Viewer {
                registered: row.consent_at.is_some() && row.residence != "unanswered",
                parent: parents.contains(&row.id),
                language: row
                    .language
                    .and_then(|code| Language::parse(&code).ok())
                    .unwrap_or_else(Language::japanese),
            };
            Some((UserId::parse(&row.line_user_id).ok()?, viewer))
        })
        .collect();
    Ok(Page {
        viewers,
        last: Some(last),
    })
}
