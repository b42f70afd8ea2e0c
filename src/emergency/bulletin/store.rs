//! What was decided of bulletins, in the database.

use std::collections::BTreeMap;

use entity::bulletin_decision::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};

use super::{Decision, Outcome};
use crate::emergency::model::Did;
use crate::ids::{EmergencyId, PersonId};
use crate::jma::Known;

/// The decisions on these, by the bulletin's id.
pub(super) async fn of(
    conn: &impl ConnectionTrait,
    bulletins: &[Known],
) -> Result<BTreeMap<String, Decision>, DbErr> {
    let ids = bulletins.iter().map(|known| known.bulletin.id.as_str());
    let rows = Entity::find()
        .filter(Column::Bulletin.is_in(ids))
        .all(conn)
        .await?;
    let decided = rows.into_iter().map(|row| {
        let decision = Decision {
            did: Did {
                by: PersonId(row.decided_by),
                at: row.decided_at,
            },
            outcome: match row.emergency {
                Some(id) => Outcome::Drafted(EmergencyId(id)),
                None => Outcome::PassedOver(row.reason.unwrap_or_default()),
            },
        };
        (row.bulletin, decision)
    });
    Ok(decided.collect())
}

/// Keeps a decision; a draft takes the place of having passed it over.
pub(super) async fn decide(
    conn: &impl ConnectionTrait,
    bulletin: &str,
    source: &str,
    decision: &Decision,
) -> Result<(), DbErr> {
    let (emergency, reason) = match &decision.outcome {
        Outcome::Drafted(id) => (Some(id.0), None),
        Outcome::PassedOver(reason) => (None, Some(reason.clone())),
    };
    let row = ActiveModel {
        bulletin: Set(bulletin.to_owned()),
        source: Set(source.to_owned()),
        emergency: Set(emergency),
        reason: Set(reason),
        decided_by: Set(decision.did.by.0),
        decided_at: Set(decision.did.at),
    };
    let anew = OnConflict::column(Column::Bulletin)
        .update_columns([
            Column::Emergency,
            Column::Reason,
            Column::DecidedBy,
            Column::DecidedAt,
        ])
        .to_owned();
    Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(conn)
        .await
        .map(drop)
}

/// Of which bulletin an emergency was made.
pub(super) async fn source(
    conn: &impl ConnectionTrait,
    of: EmergencyId,
) -> Result<Option<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Source)
        .filter(Column::Emergency.eq(of.0))
        .into_tuple()
        .one(conn)
        .await
}
