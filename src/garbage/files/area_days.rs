//! `area_days.csv`: one row an area, one column a category.

use std::collections::HashMap;
use std::sync::Arc;

use crate::garbage::cell::{Ambiguous, Cell};
use crate::garbage::fault::{Expected, Fault};
use crate::garbage::model::Category;
use crate::garbage::schedule::Schedule;
use crate::garbage::words::reading_in_brackets;

use crate::table::Row;

use super::layout::Layout;
use super::sheet::{Sheet, named, on_one_line, one_width, plain};
use super::{Entry, Reading, TownArea};

/// Fills in the categories and areas; closures must be known already.
pub(super) fn read(
    sheet: &Sheet<'_>,
    ambiguous: Option<Ambiguous>,
    remarks: &HashMap<String, String>,
    districts: Option<&HashMap<String, String>>,
    reading: &mut Reading,
) {
    let Some(layout) = Layout::of(sheet, reading) else {
        return;
    };
    for (_, label) in &layout.days {
        if reading.town.category(label).is_none() {
            reading.town.categories.push(Arc::new(Category {
                label: label.clone(),
                ..Category::default()
            }));
        }
    }
    let mut known: HashMap<(Option<String>, String), usize> = HashMap::new();
    for row in &sheet.rows[1..] {
        if !layout.fits(row) {
            let fault = Fault::Cells {
                cells: row.cells().len(),
                area: on_one_line(row.cell(layout.name)),
            };
            reading.findings.push(sheet.row_finding(row, fault));
            continue;
        }
        let Some(mut area) = area(sheet, &layout, districts, row, reading) else {
            continue;
        };
        for (column, label) in &layout.days {
            let Some(category) = reading.town.category(label) else {
                continue;
            };
            let entry = entry(sheet, row, (*column, category), ambiguous, remarks, reading);
            match (
                entry,
                area.entries.iter_mut().find(|e| e.category == category),
            ) {
                (Some(more), Some(known)) => known.add(more),
                (Some(entry), None) => area.entries.push(entry),
                (None, _) => {}
            }
        }
        forbid_dates_on_closed_days(sheet, row, &mut area, reading);
        match known.get(&(area.district.clone(), area.name.clone())) {
            Some(first) => compare(sheet, row, *first, &area, reading),
            None => {
                let key = (area.district.clone(), area.name.clone());
                known.insert(key, reading.town.areas.len());
                reading.town.areas.push(area);
            }
        }
    }
}

fn area(
    sheet: &Sheet<'_>,
    layout: &Layout,
    districts: Option<&HashMap<String, String>>,
    row: &Row,
    reading: &mut Reading,
) -> Option<TownArea> {
    let Some(name) = named(row, layout.name).filter(|name| !name.contains('\n')) else {
        let found = row.cell(layout.name);
        let expected = Expected::AreaName;
        reading
            .findings
            .push(sheet.finding(row, layout.name, found, expected));
        return None;
    };
    let mut district: Vec<String> = layout
        .districts
        .iter()
        .filter_map(|column| named(row, *column))
        .collect();
    if let Some(column) = layout.master
        && let Some(number) = named(row, column)
    {
        match districts.map(|known| known.get(&plain(&number))) {
            Some(Some(name)) => district.insert(0, name.clone()),
            Some(None) => {
                let expected = Expected::DistrictNumber;
                reading
                    .findings
                    .push(sheet.finding(row, column, &number, expected));
                return None;
            }
            None => district.insert(0, number),
        }
    }
    Some(TownArea {
        district: (!district.is_empty()).then(|| district.join(" ")),
        reading: layout
            .reading
            .and_then(|column| named(row, column))
            .or_else(|| reading_in_brackets(&name)),
        name,
        centre: layout
            .centre
            .and_then(|column| named(row, column))
            .map(|centre| one_width(&centre)),
        line: row.line,
        entries: Vec::new(),
    })
}

fn entry(
    sheet: &Sheet<'_>,
    row: &Row,
    (column, category): (usize, usize),
    ambiguous: Option<Ambiguous>,
    remarks: &HashMap<String, String>,
    reading: &mut Reading,
) -> Option<Entry> {
    let text = row.cell(column);
    if text.is_empty() {
        return None;
    }
    let (cell, faults) = Cell::read(text, ambiguous);
    for fault in faults {
        reading
            .findings
            .push(sheet.finding(row, column, &fault.token, fault.expected));
    }
    if cell.joined_weekdays {
        let expected = Expected::SpacesBetweenWeekdays;
        reading
            .warnings
            .push(sheet.finding(row, column, text, expected));
    }
    let mut schedule = Schedule {
        rules: cell.rules,
        added: cell.dates,
        ..Schedule::default()
    };
    for id in cell.remarks {
        match remarks.get(&id) {
            Some(remark) => schedule.remarks.push(remark.clone()),
            None => {
                let expected = Expected::Remark;
                reading
                    .findings
                    .push(sheet.finding(row, column, &format!("*{id}"), expected));
            }
        }
    }
    Some(Entry {
        category,
        cell: text.to_owned(),
        place: (row.line, column + 1),
        schedule,
    })
}

impl Entry {
    /// Adds the days of another column that bears the same label.
    fn add(&mut self, more: Self) {
        self.cell = format!("{}; {}", self.cell, more.cell);
        self.schedule.rules.extend(more.schedule.rules);
        self.schedule.added.extend(more.schedule.added);
        self.schedule.remarks.extend(more.schedule.remarks);
    }
}

/// A date named one by one on a day the plant is closed: one of the two files is wrong.
fn forbid_dates_on_closed_days(
    sheet: &Sheet<'_>,
    row: &Row,
    area: &mut TownArea,
    reading: &mut Reading,
) {
    let Some(closures) = reading.town.closures.get(&area.centre) else {
        return;
    };
    for entry in &mut area.entries {
        entry.schedule.added.retain(|date| {
            let Some(closure) = closures.iter().find(|closure| closure.covers(*date)) else {
                return true;
            };
            let expected = Expected::NoneWhileClosed {
                first: closure.first,
                last: closure.last,
                centre: area.centre.as_deref().map(on_one_line),
            };
            let found = date.format("%Y%m%d").to_string();
            reading
                .findings
                .push(sheet.finding(row, entry.place.1 - 1, &found, expected));
            false
        });
    }
}

/// A second row for an area says nothing new, or contradicts: what they disagree on is left out.
fn compare(sheet: &Sheet<'_>, row: &Row, first: usize, second: &TownArea, reading: &mut Reading) {
    let categories = reading.town.categories.len();
    let first = &mut reading.town.areas[first];
    let mut same = true;
    if first.centre != second.centre {
        same = false;
        let centre = |area: &TownArea| on_one_line(area.centre.as_deref().unwrap_or_default());
        let fault = Fault::TwoCentres {
            found: centre(second),
            first: centre(first),
            line: first.line,
        };
        reading.findings.push(sheet.row_finding(row, fault));
    }
    for category in 0..categories {
        let of = |area: &TownArea| {
            area.entries
                .iter()
                .find(|e| e.category == category)
                .cloned()
        };
        let (a, b) = (of(first), of(second));
        if a.as_ref().map(|e| &e.schedule) == b.as_ref().map(|e| &e.schedule) {
            continue;
        }
        same = false;
        let place = b.as_ref().or(a.as_ref()).map_or(1, |entry| entry.place.1);
        let cell = |entry: Option<Entry>| entry.map(|entry| entry.cell).unwrap_or_default();
        let expected = Expected::AsInLine {
            cell: on_one_line(&cell(a)),
            line: first.line,
        };
        reading
            .findings
            .push(sheet.finding(row, place - 1, &cell(b), expected));
        first.entries.retain(|entry| entry.category != category);
    }
    if same {
        let fault = Fault::AreaAgain {
            area: second.name.clone(),
            line: first.line,
        };
        reading.warnings.push(sheet.row_finding(row, fault));
    }
}
