//! Unfinished registrations, and words that found no answer.

use chrono::NaiveDate;
use entity::{conversation, resident, unanswered_word};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set,
};

use super::UnansweredWord;
use super::state::State;
use crate::clock::Instant;
use crate::ids::ResidentId;
use crate::line::UserId;

/// Where the resident stands, unless that was before `since`.
pub(super) async fn state(
    conn: &impl ConnectionTrait,
    id: ResidentId,
    since: Instant,
) -> Result<State, DbErr> {
    let row = conversation::Entity::find_by_id(id.0)
        .filter(conversation::Column::UpdatedAt.gte(since))
        .one(conn)
        .await?;
    // A state that a later version no longer knows is no state.
    Ok(row
        .and_then(|r| serde_json::from_str(&r.state).ok())
        .unwrap_or_default())
}

pub(super) async fn set_state(
    conn: &impl ConnectionTrait,
    now: Instant,
    id: ResidentId,
    state: State,
) -> Result<(), DbErr> {
    if state == State::Idle {
        conversation::Entity::delete_by_id(id.0).exec(conn).await?;
        return Ok(());
    }
    let json = serde_json::to_string(&state).map_err(|e| DbErr::Json(e.to_string()))?;
    let row = conversation::ActiveModel {
        resident_id: Set(id.0),
        state: Set(json),
        updated_at: Set(now),
    };
    conversation::Entity::insert(row)
        .on_conflict(
            OnConflict::column(conversation::Column::ResidentId)
                .update_columns([conversation::Column::State, conversation::Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn forget_state_of(
    conn: &impl ConnectionTrait,
    user: &UserId,
) -> Result<(), DbErr> {
    let known = resident::Entity::find()
        .select_only()
        .column(resident::Column::Id)
        .filter(resident::Column::LineUserId.eq(user.as_str()))
        .into_query();
    conversation::Entity::delete_many()
        .filter(conversation::Column::ResidentId.in_subquery(known))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn forget_states(
    conn: &impl ConnectionTrait,
    before: Instant,
) -> Result<u64, DbErr> {
    let gone = conversation::Entity::delete_many()
        .filter(conversation::Column::UpdatedAt.lt(before))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}

pub(super) async fn count_unanswered(
    conn: &impl ConnectionTrait,
    word: &str,
    today: NaiveDate,
) -> Result<(), DbErr> {
    let row = unanswered_word::ActiveModel {
        word: Set(word.to_owned()),
        times: Set(1),
        last_on: Set(today),
    };
    unanswered_word::Entity::insert(row)
        .on_conflict(
            OnConflict::column(unanswered_word::Column::Word)
                .value(
                    unanswered_word::Column::Times,
                    Expr::cust("unanswered_word.times + 1"),
                )
                .update_column(unanswered_word::Column::LastOn)
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn forget_words(
    conn: &impl ConnectionTrait,
    before: NaiveDate,
) -> Result<u64, DbErr> {
    let gone = unanswered_word::Entity::delete_many()
        .filter(unanswered_word::Column::LastOn.lt(before))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}

/// Forgets a word; says how often it was asked.
pub(super) async fn dismiss(conn: &impl ConnectionTrait, word: &str) -> Result<Option<i64>, DbErr> {
    let row = unanswered_word::Entity::find_by_id(word).one(conn).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    unanswered_word::Entity::delete_by_id(word)
        .exec(conn)
        .await?;
    Ok(Some(row.times))
}

pub(super) async fn unanswered(
    conn: &impl ConnectionTrait,
    most: u64,
) -> Result<Vec<UnansweredWord>, DbErr> {
    let rows = unanswered_word::Entity::find()
        .order_by_desc(unanswered_word::Column::Times)
        .order_by_asc(unanswered_word::Column::Word)
        .limit(most)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| UnansweredWord {
            word: r.word,
            times: r.times,
            last_on: r.last_on,
        })
        .collect())
}
