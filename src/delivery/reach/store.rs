//! Recipients in the database.

use entity::{dispatch, envelope};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::delivery::recipients;
use crate::ids::DispatchId;

/// Envelopes read at a time.
const CHUNK: u64 = 1000;

pub(super) async fn reached(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
) -> Result<Vec<i64>, DbErr> {
    use envelope::Column;
    let (mut residents, mut after) = (Vec::new(), 0);
    loop {
        let rows: Vec<(i64, Vec<u8>)> = envelope::Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::Recipients)
            .filter(Column::DispatchId.eq(dispatch.0))
            .filter(Column::Id.gt(after))
            .filter(
                Column::State
                    .is_in(["accepted", "unknown", "lent"])
                    .or(Column::State.eq("waiting").and(Column::InDoubt.eq(true))),
            )
            .filter(Column::Recipients.is_not_null())
            .order_by_asc(Column::Id)
            .limit(CHUNK)
            .into_tuple()
            .all(conn)
            .await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (id, bytes) in &rows {
            let ids = recipients::decode(bytes);
            residents.extend(
                ids.ok_or_else(|| DbErr::Type(format!("the recipients of envelope {id}")))?,
            );
        }
    }
    // Parts of a split envelope come after all others.
    residents.sort_unstable();
    Ok(residents)
}

pub(super) async fn was_to_everybody(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
) -> Result<bool, DbErr> {
    let row = dispatch::Entity::find_by_id(dispatch.0).one(conn).await?;
    Ok(row.is_some_and(|row| row.everybody))
}

/// Whether an envelope that reached somebody, or may have, no longer says whom.
pub(super) async fn is_forgotten(
    conn: &impl ConnectionTrait,
    dispatch: DispatchId,
) -> Result<bool, DbErr> {
    use envelope::Column;
    // It never said.
    if was_to_everybody(conn, dispatch).await? {
        return Ok(false);
    }
    let forgotten: Option<i64> = envelope::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DispatchId.eq(dispatch.0))
        .filter(Column::State.is_in(["accepted", "unknown"]))
        .filter(Column::Recipients.is_null())
        .limit(1)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(forgotten.is_some())
}
