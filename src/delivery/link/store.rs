//! The link's row.

use entity::line_link::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Set};

use super::{Link, Said};
use crate::clock::Instant;
use crate::line::client::Quota;

const ROW: i32 = 1;
/// No ID has a space.
const BETWEEN: &str = " ";

pub(super) async fn said(
    conn: &impl ConnectionTrait,
    now: Instant,
    said: &Said,
) -> Result<(), DbErr> {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = Model {
        id: ROW,
        asked_at: now,
        fault: None,
        said_at: Some(said.at),
        name: Some(said.name.clone()),
        ids: Some(said.ids.join(BETWEEN)),
        quota: match said.quota {
            Quota::Unlimited => None,
            Quota::Limited(all) => Some(whole(all)),
        },
        used: Some(whole(said.used)),
    };
    let all = [
        Column::AskedAt,
        Column::Fault,
        Column::SaidAt,
        Column::Name,
        Column::Ids,
        Column::Quota,
        Column::Used,
    ];
    keep(conn, row.into_active_model(), &all).await
}

/// Keeps why LINE did not answer, beside what it last said.
pub(super) async fn failed(
    conn: &impl ConnectionTrait,
    now: Instant,
    fault: &str,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(ROW),
        asked_at: Set(now),
        fault: Set(Some(fault.to_owned())),
        said_at: NotSet,
        name: NotSet,
        ids: NotSet,
        quota: NotSet,
        used: NotSet,
    };
    keep(conn, row, &[Column::AskedAt, Column::Fault]).await
}

async fn keep(
    conn: &impl ConnectionTrait,
    row: ActiveModel,
    columns: &[Column],
) -> Result<(), DbErr> {
    let kept = OnConflict::column(Column::Id)
        .update_columns(columns.iter().copied())
        .to_owned();
    Entity::insert(row)
        .on_conflict(kept)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn last(conn: &impl ConnectionTrait) -> Result<Option<Link>, DbErr> {
    let row = Entity::find_by_id(ROW).one(conn).await?;
    Ok(row.map(|row| Link {
        asked_at: row.asked_at,
        fault: row.fault,
        said: row.said_at.zip(row.name).map(|(at, name)| {
            let ids = row.ids.unwrap_or_default();
            let ids = ids.split(BETWEEN).filter(|id| !id.is_empty());
            Said {
                at,
                name,
                ids: ids.map(str::to_owned).collect(),
                quota: match row.quota {
                    None => Quota::Unlimited,
                    Some(all) => Quota::Limited(all.unsigned_abs()),
                },
                used: row.used.unwrap_or_default().unsigned_abs(),
            }
        }),
    }))
}
