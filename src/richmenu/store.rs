//! Residents, as far as their menus depend on them; the state of the menus, their taps, and scarce calls.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::NaiveDate;
use entity::{child, menu_call, menu_cell, menu_state, menu_tap, resident};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set, UpdateMany,
};

use super::showing::Viewer;
use super::state::State;
use super::tap::{Tap, Tapped};
use crate::clock::Instant;
use crate::db::Db;
use crate::language::Language;
use crate::line::UserId;
use crate::resident::{self as residents, Letters};

/// The one row of `menu_state`.
const ONLY: i64 = 1;

/// Residents read at once.
const PAGE: u64 = 5_000;

/// Some reachable residents, by id.
pub(super) struct Page {
    pub(super) viewers: Vec<(UserId, Viewer)>,
    /// The last id read; none when there were no more.
    pub(super) last: Option<i64>,
}

/// The next residents whose id is greater than `after`.
pub(super) async fn viewers_after(db: &Db, after: i64) -> Result<Page, DbErr> {
    let conn = db.conn();
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
        .map(|row| {
            let viewer = Viewer {
                registered: row.consent_at.is_some() && row.residence != "unanswered",
                parent: parents.contains(&row.id),
                language: row
                    .language
                    .and_then(|code| Language::parse(&code).ok())
                    .unwrap_or_else(Language::japanese),
                letters: row
                    .letters
                    .and_then(|letters| Letters::parse(&letters).ok())
                    .unwrap_or_default(),
            };
            Ok((residents::user_behind(db, &row.line_user_id)?, viewer))
        })
        .collect::<Result<_, DbErr>>()?;
    Ok(Page {
        viewers,
        last: Some(last),
    })
}

/// How many reachable residents come after `after`.
pub(super) async fn viewers_left(conn: &impl ConnectionTrait, after: i64) -> Result<u64, DbErr> {
    resident::Entity::find()
        .filter(resident::Column::Id.gt(after))
        .filter(resident::Column::Reachable.eq(true))
        .count(conn)
        .await
}

pub(super) async fn state(conn: &impl ConnectionTrait) -> Result<State, DbErr> {
    let row = menu_state::Entity::find_by_id(ONLY).one(conn).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("menu_state".to_owned()))?;
    Ok(State {
        disaster: row.disaster,
        revision: row.revision,
        reached: row.reached,
        is_due: row.due,
    })
}

/// Writes down which menu is to be in front, unless it is and everybody's menu is on the way already. One statement:
/// whoever decides the contrary at the same time comes before or after it, never in between.
pub(super) async fn set_disaster(conn: &impl ConnectionTrait, disaster: bool) -> Result<(), DbErr> {
    use menu_state::Column;
    let under_way = Column::Disaster
        .eq(disaster)
        .and(Column::Reached.is_not_null());
    renewed()
        .col_expr(Column::Disaster, Expr::value(disaster))
        .col_expr(Column::Reached, Expr::value(Some(0_i64)))
        .filter(under_way.not())
        .exec(conn)
        .await
        .map(drop)
}

/// Writes down that everybody is to be given their menu, beginning with the first.
pub(super) async fn begin(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    use menu_state::Column;
    renewed()
        .col_expr(Column::Reached, Expr::value(Some(0_i64)))
        .col_expr(Column::Due, Expr::value(false))
        .exec(conn)
        .await
        .map(drop)
}

/// Writes down that this is to be done once the new menus are there.
pub(super) async fn put_off(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    menu_state::Entity::update_many()
        .col_expr(menu_state::Column::Due, Expr::value(true))
        .exec(conn)
        .await
        .map(drop)
}

/// Writes down that LINE has other menus than before.
pub(super) async fn renew(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    renewed().exec(conn).await.map(drop)
}

/// The revision tells everybody that there is news.
fn renewed() -> UpdateMany<menu_state::Entity> {
    menu_state::Entity::update_many().col_expr(
        menu_state::Column::Revision,
        Expr::col(menu_state::Column::Revision).add(1),
    )
}

/// Notes how far residents' menus have followed, unless something newer has begun.
pub(super) async fn reach(
    conn: &impl ConnectionTrait,
    revision: i64,
    reached: Option<i64>,
) -> Result<bool, DbErr> {
    let updated = menu_state::Entity::update_many()
        .col_expr(menu_state::Column::Reached, Expr::value(reached))
        .filter(menu_state::Column::Revision.eq(revision))
        .exec(conn)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub(super) async fn add_call(
    conn: &impl ConnectionTrait,
    kind: &str,
    at: Instant,
) -> Result<(), DbErr> {
    let row = menu_call::ActiveModel {
        id: NotSet,
        kind: Set(kind.to_owned()),
        at: Set(at),
    };
    menu_call::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn calls_since(
    conn: &impl ConnectionTrait,
    since: Instant,
) -> Result<Vec<(String, Instant)>, DbErr> {
    let rows = menu_call::Entity::find()
        .filter(menu_call::Column::At.gt(since))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.at)).collect())
}

pub(super) async fn forget_calls(conn: &impl ConnectionTrait, until: Instant) -> Result<(), DbErr> {
    menu_call::Entity::delete_many()
        .filter(menu_call::Column::At.lte(until))
        .exec(conn)
        .await?;
    Ok(())
}

/// From now on taps on these cells are counted.
pub(super) async fn know_cells(
    conn: &impl ConnectionTrait,
    cells: BTreeSet<(String, String)>,
) -> Result<(), DbErr> {
    let rows = cells
        .into_iter()
        .map(|(menu, cell)| menu_cell::ActiveModel {
            menu: Set(menu),
            cell: Set(cell),
        });
    menu_cell::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([menu_cell::Column::Menu, menu_cell::Column::Cell])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn count_tap(
    conn: &impl ConnectionTrait,
    day: NaiveDate,
    tap: Tap<'_>,
) -> Result<(), DbErr> {
    let key = (tap.menu.to_owned(), tap.cell.to_owned());
    if menu_cell::Entity::find_by_id(key)
        .one(conn)
        .await?
        .is_none()
    {
        return Ok(());
    }
    let row = menu_tap::ActiveModel {
        day: Set(day),
        menu: Set(tap.menu.to_owned()),
        cell: Set(tap.cell.to_owned()),
        times: Set(1),
    };
    menu_tap::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([
                menu_tap::Column::Day,
                menu_tap::Column::Menu,
                menu_tap::Column::Cell,
            ])
            .value(menu_tap::Column::Times, Expr::cust("menu_tap.times + 1"))
            .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn taps(
    conn: &impl ConnectionTrait,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Tapped>, DbErr> {
    let rows = menu_tap::Entity::find()
        .filter(menu_tap::Column::Day.between(from, to))
        .all(conn)
        .await?;
    let mut sums = BTreeMap::<(String, String), i64>::new();
    for row in rows {
        *sums.entry((row.menu, row.cell)).or_default() += row.times;
    }
    let mut taps: Vec<Tapped> = sums
        .into_iter()
        .map(|((menu, cell), times)| Tapped { menu, cell, times })
        .collect();
    taps.sort_by_key(|tapped| std::cmp::Reverse(tapped.times));
    Ok(taps)
}

pub(super) async fn forget_taps(
    conn: &impl ConnectionTrait,
    before: NaiveDate,
) -> Result<u64, DbErr> {
    let gone = menu_tap::Entity::delete_many()
        .filter(menu_tap::Column::Day.lt(before))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected)
}
