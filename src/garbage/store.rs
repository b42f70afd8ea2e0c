//! The calendar and the dictionary in the database.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use entity::{
    garbage_area, garbage_calendar, garbage_category, garbage_category_name, garbage_closure,
    garbage_collection, garbage_item,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, IsolationLevel, Iterable, QueryFilter, QueryOrder, TransactionOptions,
    TransactionTrait,
};

use crate::area::{self, Area, Directory};
use crate::db::{Db, DbError, Tx};
use crate::ids::AreaId;

use super::changed::Changed;
use super::dictionary::{Dictionary, Item};
use super::difference::Snapshot;
use super::files::Town;
use super::model::{Calendar, Category, Closure, Effect};
use super::schedule::Schedule;

/// Values one statement may bind: SQLite takes 32,766.
const VALUES_AT_ONCE: usize = 30_000;

/// The categories of an area, by label, as `garbage areas` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCategories {
    /// The area.
    pub area: Area,
    /// What is collected there, in the order of the town's file.
    pub categories: Vec<String>,
}

/// The calendar of an area; an empty one for an area that has none.
///
/// # Errors
/// The database does not answer, or holds what no import wrote.
pub async fn calendar(db: &Db, area: AreaId) -> Result<Calendar, DbError> {
    let conn = at_one_moment(db).await?;
    let Some(row) = garbage_area::Entity::find_by_id(area.0).one(&conn).await? else {
        return Ok(Calendar::default());
    };
    let mut calendars = calendars_where(&conn, Some(row.calendar_id)).await?;
    let calendar = calendars.remove(&row.calendar_id).unwrap_or_default();
    let changed = changed(row.changed.as_deref())?;
    Ok(Calendar {
        changed,
        ..calendar
    })
}

/// Every calendar with the areas that share it, and what residents there are not used to yet.
///
/// # Errors
/// As [`calendar`].
pub async fn calendars(db: &Db) -> Result<Vec<(Vec<AreaId>, Calendar)>, DbError> {
    shared(&at_one_moment(db).await?).await
}

async fn shared(conn: &impl ConnectionTrait) -> Result<Vec<(Vec<AreaId>, Calendar)>, DbError> {
    let calendars = calendars_where(conn, None).await?;
    let mut sharing: BTreeMap<(i64, Option<String>), Vec<AreaId>> = BTreeMap::new();
    let areas = garbage_area::Entity::find().order_by_asc(garbage_area::Column::AreaId);
    for row in areas.all(conn).await? {
        let same = sharing.entry((row.calendar_id, row.changed)).or_default();
        same.push(AreaId(row.area_id));
    }
    let mut found = Vec::new();
    for ((id, text), areas) in sharing {
        if let Some(calendar) = calendars.get(&id).cloned() {
            let changed = changed(text.as_deref())?;
            found.push((
                areas,
                Calendar {
                    changed,
                    ..calendar
                },
            ));
        }
    }
    Ok(found)
}

fn changed(text: Option<&str>) -> Result<BTreeMap<String, Changed>, DbError> {
    let read = text.map(serde_json::from_str).transpose();
    let read = read.map_err(|e| DbError::Json(format!("garbage_area.changed: {e}")))?;
    Ok(read.unwrap_or_default())
}

/// Every area in use and what is collected there, in the town's order.
///
/// # Errors
/// As [`calendar`].
pub async fn areas(db: &Db) -> Result<Vec<AreaCategories>, DbError> {
    let mut labels: HashMap<AreaId, Vec<String>> = HashMap::new();
    for (areas, calendar) in calendars(db).await? {
        let of_calendar: Vec<String> = calendar.categories().map(|c| c.label.clone()).collect();
        labels.extend(areas.into_iter().map(|area| (area, of_calendar.clone())));
    }
    let directory = area::directory(db).await?;
    let with_categories = |area: &Area| AreaCategories {
        area: area.clone(),
        categories: labels.remove(&area.id).unwrap_or_default(),
    };
    Ok(directory.areas().map(with_categories).collect())
}

/// The sorting dictionary.
///
/// # Errors
/// The database does not answer.
pub async fn dictionary(db: &Db) -> Result<Dictionary, DbError> {
    Ok(Dictionary::new(items(db.conn()).await?))
}

async fn items(conn: &impl ConnectionTrait) -> Result<Vec<Item>, DbError> {
    let rows = garbage_item::Entity::find().order_by_asc(garbage_item::Column::Id);
    let item = |row: garbage_item::Model| Item {
        label: row.label,
        name: row.name,
        notice: row.notice,
        furigana: row.furigana,
    };
    Ok(rows.all(conn).await?.into_iter().map(item).collect())
}

/// The categories, in the order of the town's file.
///
/// # Errors
/// The database does not answer.
pub async fn categories(db: &Db) -> Result<Vec<Category>, DbError> {
    let conn = at_one_moment(db).await?;
    let categories = categories_by_id(&conn).await?;
    Ok(categories.into_values().map(Arc::unwrap_or_clone).collect())
}

/// Statements that all see the same import: the next one numbers its rows anew.
async fn at_one_moment(db: &Db) -> Result<DatabaseTransaction, DbError> {
    let options = TransactionOptions {
        // SQLite's transactions see one moment always.
        isolation_level: (!db.is_embedded()).then_some(IsolationLevel::RepeatableRead),
        ..Default::default()
    };
    db.conn().begin_with_options(options).await
}

async fn categories_by_id(
    conn: &impl ConnectionTrait,
) -> Result<BTreeMap<i64, Arc<Category>>, DbError> {
    let mut names: HashMap<i64, BTreeMap<String, String>> = HashMap::new();
    for row in garbage_category_name::Entity::find().all(conn).await? {
        names
            .entry(row.category_id)
            .or_default()
            .insert(row.language, row.name);
    }
    let category = |row: garbage_category::Model| {
        let category = Category {
            label: row.label,
            sublabel: row.sublabel,
            description: row.description,
            names: names.remove(&row.id).unwrap_or_default(),
        };
        (row.id, Arc::new(category))
    };
    let rows = garbage_category::Entity::find().all(conn).await?;
    Ok(rows.into_iter().map(category).collect())
}

async fn calendars_where(
    conn: &impl ConnectionTrait,
    only: Option<i64>,
) -> Result<HashMap<i64, Calendar>, DbError> {
    let categories = categories_by_id(conn).await?;
    let mut closures: HashMap<String, Vec<Closure>> = HashMap::new();
    for row in garbage_closure::Entity::find().all(conn).await? {
        let closure = closure(&row);
        closures.entry(row.centre).or_default().push(closure);
    }
    let (mut rows, mut cells) = (
        garbage_calendar::Entity::find(),
        garbage_collection::Entity::find(),
    );
    if let Some(id) = only {
        rows = rows.filter(garbage_calendar::Column::Id.eq(id));
        cells = cells.filter(garbage_collection::Column::CalendarId.eq(id));
    }
    let calendar = |row: garbage_calendar::Model| {
        let closures = closures.get(&row.centre).cloned().unwrap_or_default();
        let calendar = Calendar {
            closures,
            ..Calendar::default()
        };
        (row.id, calendar)
    };
    let mut calendars: HashMap<i64, Calendar> =
        rows.all(conn).await?.into_iter().map(calendar).collect();
    let cells = cells.order_by_asc(garbage_collection::Column::CategoryId);
    for row in cells.all(conn).await? {
        let mut schedule: Schedule = row
            .schedule
            .parse()
            .map_err(|e| DbError::Type(format!("calendar {}: {e}", row.calendar_id)))?;
        schedule.remarks = row
            .remarks
            .iter()
            .flat_map(|r| r.lines())
            .map(str::to_owned)
            .collect();
        if let Some(calendar) = calendars.get_mut(&row.calendar_id)
            && let Some(category) = categories.get(&row.category_id)
        {
            calendar.collected.push((category.clone(), schedule));
        }
    }
    Ok(calendars)
}

/// Removes the calendar and the dictionary.
pub(super) async fn clear(tx: &Tx) -> Result<(), DbError> {
    let conn = tx.conn();
    garbage_item::Entity::delete_many().exec(conn).await?;
    garbage_closure::Entity::delete_many().exec(conn).await?;
    garbage_collection::Entity::delete_many().exec(conn).await?;
    garbage_area::Entity::delete_many().exec(conn).await?;
    garbage_calendar::Entity::delete_many().exec(conn).await?;
    garbage_category_name::Entity::delete_many()
        .exec(conn)
        .await?;
    garbage_category::Entity::delete_many().exec(conn).await?;
    Ok(())
}

/// Writes the town into empty tables; `ids` are the numbers of its areas, and `moved` is what their residents are
/// not used to, by label. Areas with the same cells and centre share one calendar.
pub(super) async fn write(
    tx: &Tx,
    town: &Town,
    ids: &[AreaId],
    moved: &BTreeMap<String, BTreeMap<String, Changed>>,
) -> Result<(), DbError> {
    let mut names = Vec::new();
    let mut categories = Vec::new();
    for (id, category) in (1_i64..).zip(&town.categories) {
        categories.push(garbage_category::Model {
            id,
            label: category.label.clone(),
            sublabel: category.sublabel.clone(),
            description: category.description.clone(),
        });
        names.extend(
            category
                .names
                .iter()
                .map(|(language, name)| garbage_category_name::Model {
                    category_id: id,
                    language: language.clone(),
                    name: name.clone(),
                }),
        );
    }
    let mut shared = HashMap::new();
    let (mut calendars, mut areas, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    for (area, id) in town.areas.iter().zip(ids) {
        let same: Vec<_> = area
            .entries
            .iter()
            .map(|e| (e.category, &e.schedule))
            .collect();
        let next = calendars.len() as i64 + 1;
        let calendar_id = *shared.entry((&area.centre, same)).or_insert(next);
        let changed = moved.get(&area.label()).map(serde_json::to_string);
        areas.push(garbage_area::Model {
            area_id: id.0,
            calendar_id,
            changed: changed
                .transpose()
                .map_err(|e| DbError::Json(e.to_string()))?,
        });
        if calendar_id < next {
            continue;
        }
        calendars.push(garbage_calendar::Model {
            id: calendar_id,
            centre: area.centre.clone().unwrap_or_default(),
        });
        cells.extend(area.entries.iter().map(|entry| garbage_collection::Model {
            calendar_id,
            category_id: entry.category as i64 + 1,
            schedule: entry.schedule.to_string(),
            remarks: Some(entry.schedule.remarks.join("\n")).filter(|text| !text.is_empty()),
            cell: entry.cell.clone(),
            cell_line: entry.place.0.cast_signed(),
            cell_column: i32::try_from(entry.place.1).unwrap_or(i32::MAX),
        }));
    }
    let of_centre = town.closures.iter().flat_map(|(centre, closures)| {
        closures
            .iter()
            .map(move |closure| (centre.clone().unwrap_or_default(), closure))
    });
    let closures = (1..)
        .zip(of_centre)
        .map(|(id, (centre, closure))| garbage_closure::Model {
            id,
            centre,
            first_day: closure.first,
            last_day: closure.last,
            effect: effect_name(closure.effect).to_owned(),
        });
    let items = (1..)
        .zip(&town.items)
        .map(|(id, item)| garbage_item::Model {
            id,
            label: item.label.clone(),
            name: item.name.clone(),
            notice: item.notice.clone(),
            furigana: item.furigana.clone(),
        });
    insert(tx, categories).await?;
    insert(tx, names).await?;
    insert(tx, calendars).await?;
    insert(tx, areas).await?;
    insert(tx, cells).await?;
    insert(tx, closures.collect()).await?;
    insert(tx, items.collect()).await
}

async fn insert<M, A>(tx: &Tx, rows: Vec<M>) -> Result<(), DbError>
where
    M: IntoActiveModel<A> + Clone,
    A: ActiveModelTrait + Send,
{
    let columns = <<A::Entity as EntityTrait>::Column as Iterable>::iter().count();
    for rows in rows.chunks(VALUES_AT_ONCE / columns) {
        let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
        A::Entity::insert_many(rows)
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}

/// What the database holds now.
pub(super) async fn snapshot(tx: &Tx) -> Result<Snapshot, DbError> {
    snapshot_of(tx.conn(), &area::directory_in(tx).await?).await
}

/// What the database holds at this moment.
pub(super) async fn snapshot_now(db: &Db) -> Result<Snapshot, DbError> {
    let directory = area::directory(db).await?;
    snapshot_of(&at_one_moment(db).await?, &directory).await
}

async fn snapshot_of(
    conn: &impl ConnectionTrait,
    directory: &Directory,
) -> Result<Snapshot, DbError> {
    let mut of_area: HashMap<AreaId, Arc<Calendar>> = HashMap::new();
    for (areas, calendar) in shared(conn).await? {
        let calendar = Arc::new(calendar);
        of_area.extend(areas.into_iter().map(|area| (area, calendar.clone())));
    }
    Ok(Snapshot {
        areas: directory
            .areas()
            .filter_map(|area| Some((area.label(), of_area.get(&area.id)?.clone())))
            .collect(),
        categories: categories_by_id(conn)
            .await?
            .values()
            .map(|c| c.label.clone())
            .collect(),
        items: items(conn)
            .await?
            .into_iter()
            .map(|i| (i.label, i.name, i.notice))
            .collect(),
    })
}

fn closure(row: &garbage_closure::Model) -> Closure {
    Closure {
        first: row.first_day,
        last: row.last_day,
        effect: match row.effect.as_str() {
            "shift-week" => Effect::ShiftWeek,
            _ => Effect::Skip,
        },
    }
}

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Skip => "skip",
        Effect::ShiftWeek => "shift-week",
    }
}
