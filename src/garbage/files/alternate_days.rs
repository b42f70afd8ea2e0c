//! `alternate_days.csv`: single collections that are cancelled or held on another day, earlier or later.
//! Columns: `[地区,]地名,label,収集日,代替日`; a blank 地名 means every area, a blank 代替日 cancelled.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::garbage::cell::read_date;
use crate::garbage::fault::{Expected, Fault};
use crate::garbage::model::Closure;
use crate::table::Row;

use super::sheet::{Sheet, named, on_one_line, plain};
use super::{Entry, Found, Reading, Town};

const ALL_AREAS: [&str; 8] = ["", "*", "all", "全地区", "全域", "全市", "すべて", "全て"];

/// One row, understood.
struct Change {
    areas: Vec<usize>,
    category: usize,
    date: NaiveDate,
    instead: Option<NaiveDate>,
}

/// The areas by name, for files may hold ten changes an area.
struct Index {
    districts: Vec<Option<String>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Index {
    fn of(town: &Town) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, area) in town.areas.iter().enumerate() {
            by_name.entry(plain(&area.name)).or_default().push(at);
        }
        let districts = town
            .areas
            .iter()
            .map(|area| area.district.as_deref().map(plain));
        Self {
            districts: districts.collect(),
            by_name,
        }
    }

    fn areas(&self, district: &str, name: &str) -> Vec<usize> {
        let (district, name) = (plain(district), plain(name));
        let named = match ALL_AREAS.contains(&name.as_str()) {
            true => (0..self.districts.len()).collect(),
            false => self.by_name.get(&name).cloned().unwrap_or_default(),
        };
        let here =
            |at: &usize| district.is_empty() || self.districts[*at].as_ref() == Some(&district);
        named.into_iter().filter(here).collect()
    }
}

/// Changes the schedules of the areas read so far.
pub(super) fn read(sheet: &Sheet<'_>, reading: &mut Reading) {
    let is_date = |cell: &str| cell.starts_with(|c: char| c.is_numeric());
    let rows = sheet.below_header(|row| !row.cells().iter().any(|cell| is_date(cell)));
    let Some(date_column) = rows
        .iter()
        .find_map(|row| row.cells().iter().position(|cell| is_date(cell)))
    else {
        return;
    };
    let index = Index::of(&reading.town);
    let mut said: HashMap<(usize, usize, NaiveDate), Option<NaiveDate>> = HashMap::new();
    let mut cancelled: HashMap<(usize, usize), BTreeSet<NaiveDate>> = HashMap::new();
    let mut added: HashMap<(usize, usize), BTreeSet<NaiveDate>> = HashMap::new();
    let mut warned = HashSet::new();
    for row in rows {
        let change = match change(sheet, row, date_column, &reading.town, &index) {
            Ok(change) => change,
            Err(finding) => {
                reading.findings.push(finding);
                continue;
            }
        };
        for area in change.areas {
            let place = (area, change.category);
            match said.insert((area, change.category, change.date), change.instead) {
                Some(before) if before == change.instead => {
                    if warned.insert(row.line) {
                        let again = sheet.row_finding(row, Fault::ChangeAgain);
                        reading.warnings.push(again);
                    }
                }
                Some(before) => {
                    if let Some(date) = before {
                        added.entry(place).or_default().remove(&date);
                    }
                    let found = row.cell(date_column + 1);
                    let expected = Expected::AsFurtherUp { instead: before };
                    reading
                        .findings
                        .push(sheet.finding(row, date_column + 1, found, expected));
                }
                None => {
                    cancelled.entry(place).or_default().insert(change.date);
                    added.entry(place).or_default().extend(change.instead);
                }
            }
        }
    }
    for ((area, category), cancelled) in cancelled {
        let entries = &mut reading.town.areas[area].entries;
        let Some(entry) = entries.iter_mut().find(|e| e.category == category) else {
            continue;
        };
        let schedule = &mut entry.schedule;
        schedule.added.retain(|date| !cancelled.contains(date));
        // A day that one collection leaves and another takes is a collection day.
        schedule
            .added
            .extend(added.remove(&(area, category)).unwrap_or_default());
        let added = &schedule.added;
        schedule.cancelled = cancelled
            .into_iter()
            .filter(|date| !added.contains(date))
            .collect();
    }
}

fn change(
    sheet: &Sheet<'_>,
    row: &Row,
    date_column: usize,
    town: &Town,
    index: &Index,
) -> Result<Change, Found> {
    let Some(label_column) = date_column.checked_sub(1) else {
        return Err(sheet.finding(row, 0, row.cell(0), Expected::ChangeColumns));
    };
    let label = row.cell(label_column);
    let category = town
        .category(label)
        .ok_or_else(|| sheet.finding(row, label_column, label, Expected::Category))?;
    let date = |column: usize| {
        let text: String = row.cell(column).nfkc().collect();
        read_date(&text).map_err(|no| sheet.finding(row, column, &text, Expected::Date(no)))
    };
    let day = date(date_column)?;
    let instead = match named(row, date_column + 1) {
        Some(_) => Some(date(date_column + 1)?),
        None => None,
    };
    let entry_of = |area: usize| -> Option<&Entry> {
        town.areas[area]
            .entries
            .iter()
            .find(|entry| entry.category == category)
    };
    let name = label_column
        .checked_sub(1)
        .map_or("", |column| row.cell(column));
    let district = label_column
        .checked_sub(2)
        .map_or("", |column| row.cell(column));
    let areas = index.areas(district, name);
    if areas.is_empty() {
        let expected = Expected::AreaOrNothing;
        let column = label_column.saturating_sub(1);
        return Err(sheet.finding(row, column, &format!("{district} {name}"), expected));
    }
    let affected: Vec<usize> = areas
        .into_iter()
        .filter(|area| entry_of(*area).is_some_and(|entry| entry.schedule.names(day)))
        .collect();
    if affected.is_empty() {
        let category = on_one_line(label);
        let expected = Expected::CollectionDay { category };
        return Err(sheet.finding(row, date_column, row.cell(date_column), expected));
    }
    if let Some(instead) = instead {
        let closed = affected.iter().find_map(|area| {
            let closures = town.closures.get(&town.areas[*area].centre)?;
            closures.iter().find(|closure| closure.covers(instead))
        });
        if let Some(&Closure { first, last, .. }) = closed {
            let expected = Expected::OpenDay { first, last };
            let found = row.cell(date_column + 1);
            return Err(sheet.finding(row, date_column + 1, found, expected));
        }
    }
    Ok(Change {
        areas: affected,
        category,
        date: day,
        instead,
    })
}
