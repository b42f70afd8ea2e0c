//! Occasions, groups, and notices as they were handed in, in the database.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use entity::{notice, reminder_closing, reminder_group, reminder_run, resident_facet};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use uuid::Uuid;

use super::model::{Group, Occasion, Run};
use super::notice::{HandedIn, Key};
use crate::approval::Frozen;
use crate::broadcast::Closing;
use crate::clock::Instant;
use crate::ids::{ApprovalId, AreaId, NoticeId, PersonId, ReminderGroupId};
use crate::language::Language;
use crate::resident::{GarbageReminder, Month};

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
    if occasions.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = reminder_run::Entity::find()
        .filter(reminder_run::Column::Occasion.is_in(occasions))
        .filter(reminder_run::Column::Request.is_not_null())
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.occasion).collect())
}

/// Takes up `occasions`, which are said on `run`; false when one of them was taken up before. Groups and outcomes
/// are its own occasion's; the others' rows only keep them from coming again.
pub(super) async fn take_up(
    conn: &impl ConnectionTrait,
    now: Instant,
    run: &Run,
    occasions: &[Occasion],
    request: ApprovalId,
) -> Result<bool, DbErr> {
    use reminder_run::Column;
    let rows = occasions.iter();
    let rows = rows.map(|occasion| row(now, run, occasion, Some(request)));
    // What was missed may come again, on another day.
    let first = OnConflict::column(Column::Occasion)
        .update_columns([
            Column::Day,
            Column::TakenUpAt,
            Column::Request,
            Column::LastMonth,
        ])
        .action_and_where(Expr::col((reminder_run::Entity, Column::Request)).is_null())
        .to_owned();
    let taken = reminder_run::Entity::insert_many(rows)
        .on_conflict(first)
        .exec_without_returning(conn)
        .await?;
    Ok(taken == occasions.len() as u64)
}

/// An occasion of `run`; for which months it was, its own knows.
fn row(
    now: Instant,
    run: &Run,
    occasion: &Occasion,
    request: Option<ApprovalId>,
) -> reminder_run::ActiveModel {
    let last = run.last.filter(|_| *occasion == run.occasion);
    reminder_run::ActiveModel {
        occasion: Set(occasion.to_string()),
        day: Set(run.day),
        taken_up_at: Set(now),
        request: Set(request.map(|request| request.0)),
        last_month: Set(last.map(Month::first_day)),
    }
}

/// Keeps what is said of an occasion to whom.
pub(super) async fn keep(
    conn: &impl ConnectionTrait,
    now: Instant,
    occasion: &Occasion,
    groups: Vec<Group>,
) -> Result<Vec<(ReminderGroupId, Group)>, DbErr> {
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
            occasion: Set(occasion.to_string()),
            language: Set(group.language.code().to_owned()),
            areas: Set(areas),
            topic: Set(group.topic.clone()),
            message: Set(group.message.clone()),
        };
        reminder_group::Entity::insert(row)
            .exec_without_returning(conn)
            .await?;
    }
    Ok(kept)
}

/// Notes that nobody took it up in its time; false when somebody did, or noted that.
pub(super) async fn miss(
    conn: &impl ConnectionTrait,
    now: Instant,
    run: &Run,
) -> Result<bool, DbErr> {
    let row = row(now, run, &run.occasion, None);
    let first = OnConflict::column(reminder_run::Column::Occasion)
        .do_nothing()
        .to_owned();
    let missed = reminder_run::Entity::insert(row)
        .on_conflict(first)
        .exec_without_returning(conn)
        .await?;
    Ok(missed == 1)
}

/// What came, or should have.
pub(super) struct Came {
    pub(super) run: Run,
    /// Nobody took it up in its time.
    pub(super) missed: bool,
    /// What was said, by the ids of its groups.
    pub(super) groups: Vec<String>,
    /// What was made of it, where it went amiss.
    pub(super) closed: Option<Closing>,
}

/// What came on `day`.
pub(super) async fn came_on(
    conn: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<Vec<Came>, DbErr> {
    came(conn, reminder_run::Column::Day.eq(day)).await
}

/// What came since the day `since` and was missed, or is what one of the groups `stopped` was told of; and what one
/// of the groups `amiss` was told of, or was not, whenever it came, if it was not closed.
pub(super) async fn came_amiss(
    conn: &impl ConnectionTrait,
    since: NaiveDate,
    stopped: &[String],
    amiss: &[String],
) -> Result<Vec<Came>, DbErr> {
    use reminder_run::Column;
    let told = |groups: &[String]| {
        let ids = groups.iter().filter_map(|id| Uuid::parse_str(id).ok());
        let occasions = reminder_group::Entity::find()
            .select_only()
            .column(reminder_group::Column::Occasion)
            .filter(reminder_group::Column::Id.is_in(ids))
            .into_query();
        Column::Occasion.in_subquery(occasions)
    };
    let closed = reminder_closing::Entity::find()
        .select_only()
        .column(reminder_closing::Column::Occasion)
        .into_query();
    let of_late = Column::Day.gte(since);
    let missed_or_stopped = of_late.and(Column::Request.is_null().or(told(stopped)));
    let not_closed = told(amiss).and(Column::Occasion.not_in_subquery(closed));
    came(conn, missed_or_stopped.or(not_closed)).await
}

async fn came(conn: &impl ConnectionTrait, runs: SimpleExpr) -> Result<Vec<Came>, DbErr> {
    let rows = reminder_run::Entity::find().filter(runs.clone());
    let rows = rows.all(conn).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let occasions = reminder_run::Entity::find()
        .select_only()
        .column(reminder_run::Column::Occasion)
        .filter(runs)
        .into_query();
    let mut closings: HashMap<String, Closing> = reminder_closing::Entity::find()
        .filter(reminder_closing::Column::Occasion.in_subquery(occasions.clone()))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.occasion.clone(), closing(row)))
        .collect();
    let groups: Vec<(String, Uuid)> = reminder_group::Entity::find()
        .select_only()
        .columns([reminder_group::Column::Occasion, reminder_group::Column::Id])
        .filter(reminder_group::Column::Occasion.in_subquery(occasions))
        .into_tuple()
        .all(conn)
        .await?;
    let mut of: HashMap<String, Vec<String>> = HashMap::new();
    for (occasion, id) in groups {
        of.entry(occasion).or_default().push(id.to_string());
    }
    let mut came = Vec::new();
    for row in rows {
        came.push(Came {
            run: run(&row)?,
            missed: row.request.is_none(),
            groups: of.remove(&row.occasion).unwrap_or_default(),
            closed: closings.remove(&row.occasion),
        });
    }
    came.sort_by_key(|came| came.run.begins);
    Ok(came)
}

fn run(row: &reminder_run::Model) -> Result<Run, DbErr> {
    let odd = |what: String| DbErr::Type(format!("reminder run {}: {what}", row.occasion));
    let occasion: Occasion = row.occasion.parse().map_err(|e| odd(format!("{e}")))?;
    let run = Run::of(occasion, row.last_month.map(Month::of), row.day);
    run.ok_or_else(|| odd("it has no hour".to_owned()))
}

fn closing(row: reminder_closing::Model) -> Closing {
    Closing {
        people: row.people.unsigned_abs(),
        note: row.note,
        by: PersonId(row.by),
        at: row.at,
    }
}

/// Keeps what was made of an occasion; false when somebody else was before.
pub(super) async fn close(
    conn: &impl ConnectionTrait,
    occasion: &Occasion,
    closing: &Closing,
) -> Result<bool, DbErr> {
    let row = reminder_closing::Model {
        occasion: occasion.to_string(),
        people: i64::try_from(closing.people).unwrap_or(i64::MAX),
        note: closing.note.clone(),
        by: closing.by.0,
        at: closing.at,
    };
    let first = OnConflict::column(reminder_closing::Column::Occasion)
        .do_nothing()
        .to_owned();
    let kept = reminder_closing::Entity::insert(row.into_active_model())
        .on_conflict(first)
        .exec_without_returning(conn)
        .await?;
    Ok(kept == 1)
}

/// The ids of an occasion's groups.
pub(super) async fn groups(
    conn: &impl ConnectionTrait,
    occasion: &Occasion,
) -> Result<Vec<String>, DbErr> {
    let ids: Vec<Uuid> = reminder_group::Entity::find()
        .select_only()
        .column(reminder_group::Column::Id)
        .filter(reminder_group::Column::Occasion.eq(occasion.to_string()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(|id| id.to_string()).collect())
}

pub(super) async fn group(
    conn: &impl ConnectionTrait,
    id: ReminderGroupId,
) -> Result<Option<(Run, Group)>, DbErr> {
    let Some(row) = reminder_group::Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    let came = reminder_run::Entity::find_by_id(row.occasion)
        .one(conn)
        .await?;
    let Some(came) = came else {
        return Ok(None);
    };
    let odd = |what: String| DbErr::Type(format!("reminder group {id}: {what}"));
    let area = |text: &str| text.parse().map(AreaId).map_err(|_| odd(text.to_owned()));
    let areas = row.areas.as_deref().map(|areas| {
        let areas = areas.split(PARTING).filter(|area| !area.is_empty());
        areas.map(area).collect::<Result<Vec<_>, _>>()
    });
    let language = Language::parse(&row.language).map_err(|e| odd(e.to_string()))?;
    let group = Group {
        language,
        areas: areas.transpose()?,
        topic: row.topic,
        message: row.message,
    };
    Ok(Some((run(&came)?, group)))
}

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    now: Instant,
    handed_in: &HandedIn,
) -> Result<(), DbErr> {
    let content = serde_json::to_string(&handed_in.content);
    let row = notice::Model {
        id: handed_in.id.0,
        key: handed_in.key.to_string(),
        revision: handed_in.revision,
        content: content.map_err(|e| DbErr::Json(e.to_string()))?,
        handed_in_at: now,
    };
    notice::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await
        .map(drop)
}

/// Everything ever handed in.
pub(super) async fn handed_in(
    conn: &impl ConnectionTrait,
) -> Result<BTreeMap<Uuid, HandedIn>, DbErr> {
    let rows = notice::Entity::find().all(conn).await?;
    let read = rows.into_iter().map(|row| Ok((row.id, read(row)?)));
    read.collect()
}

/// What was handed in under what was frozen of it.
pub(super) async fn find(
    conn: &impl ConnectionTrait,
    frozen: &Frozen,
) -> Result<Option<HandedIn>, DbErr> {
    let found = notice::Entity::find_by_id(frozen.subject.id)
        .one(conn)
        .await?;
    found.map(read).transpose()
}

/// How often it was handed in.
pub(super) async fn newest_revision(
    conn: &impl ConnectionTrait,
    key: &Key,
) -> Result<Option<i32>, DbErr> {
    let newest = notice::Entity::find()
        .filter(notice::Column::Key.eq(key.to_string()))
        .order_by_desc(notice::Column::Revision)
        .one(conn)
        .await?;
    Ok(newest.map(|row| row.revision))
}

fn read(row: notice::Model) -> Result<HandedIn, DbErr> {
    let odd = |what: String| DbErr::Type(format!("notice {}: {what}", row.id));
    Ok(HandedIn {
        id: NoticeId(row.id),
        key: row.key.parse().map_err(|e| odd(format!("{e}")))?,
        revision: row.revision,
        content: serde_json::from_str(&row.content).map_err(|e| odd(e.to_string()))?,
    })
}

pub(super) async fn forget(conn: &impl ConnectionTrait, before: Instant) -> Result<u64, DbErr> {
    let old = Query::select()
        .column(reminder_run::Column::Occasion)
        .from(reminder_run::Entity)
        .and_where(reminder_run::Column::TakenUpAt.lt(before))
        .to_owned();
    let gone = reminder_group::Entity::delete_many()
        .filter(reminder_group::Column::Occasion.in_subquery(old.clone()))
        .exec(conn)
        .await?;
    reminder_closing::Entity::delete_many()
        .filter(reminder_closing::Column::Occasion.in_subquery(old))
        .exec(conn)
        .await?;
    reminder_run::Entity::delete_many()
        .filter(reminder_run::Column::TakenUpAt.lt(before))
        .filter(reminder_run::Column::Occasion.starts_with("garbage/"))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
