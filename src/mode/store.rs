//! The installation's row.

use chrono::{DateTime, Utc};
use entity::installation::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use super::Mode;

const ROW: i32 = 1;

/// Settles the mode of a database that has none yet; gives the one that holds.
pub(crate) async fn settle(
    conn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    mode: Mode,
) -> Result<Mode, DbErr> {
    let row = ActiveModel {
        id: Set(ROW),
        mode: Set(mode.code().to_owned()),
        since: Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(conn)
        .await?;
    of(conn).await
}

/// The mode that was settled.
pub(crate) async fn of(conn: &impl ConnectionTrait) -> Result<Mode, DbErr> {
    let row = Entity::find_by_id(ROW).one(conn).await?;
    let missing = || DbErr::RecordNotFound("no start has said yet what this is for".into());
    let row = row.ok_or_else(missing)?;
    Mode::of_code(&row.mode).ok_or_else(|| DbErr::Type(format!("the mode `{}`", row.mode)))
}
