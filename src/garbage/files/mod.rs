//! The files a town publishes, in the form of 5374.jp and as cities really write them.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `area_days.csv` | an area a row, a category a column; see [`cell`](super::cell) |
//! | `area_master.csv` | districts by number, where `area_days.csv` begins with マスター |
//! | `center.csv` | when a plant is closed |
//! | `alternate_days.csv` | single days cancelled or moved |
//! | `remarks.csv` | remarks that cells point to |
//! | `description.csv`, `category_names.csv` | the categories in words, and in other languages |
//! | `target.csv` | the sorting dictionary |
//! | `area_readings.csv` | how areas are read, in kana |
//!
//! What cannot be used is a finding, and is left out; the rest stands. What is usable but doubtful is
//! a warning. Nothing is guessed and nothing is dropped in silence:
//!
//! - Two rows for one area: what both say stands, what they dispute is left out.
//! - Two columns of one name: a day of either is a day of that category.
//! - A closure holds for the areas that name its centre, and one without a name for those that name
//!   none. A centre that `center.csv` does not know closes nothing; staff are told.
//! - A date named one by one on a closed day, or a change of a day that is none, is a finding: one of
//!   the two files is wrong, and nobody but the town knows which.
//! - A row with a cell too few or too many is left out whole: its days stand under wrong headings.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::table::{Finding, Source};

use super::cell::Ambiguous;
use super::dictionary::Item;
use super::fault::Fault;
use super::model::{Calendar, Category, Closure, Effect};
use super::schedule::Schedule;

mod alternate_days;
mod area_days;
mod catalogue;
mod center;
mod concerns;
mod layout;
mod sheet;

use sheet::{Sheet, plain};

/// What the files leave open and the town has to say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What becomes of collections on closed days.
    pub closures: Effect,
    /// How to read cells with two readings; without a choice they are findings.
    pub ambiguous: Option<Ambiguous>,
}

/// What the files say.
#[derive(Debug, Clone, Default)]
pub struct Town {
    /// The categories, in the order of the columns.
    pub categories: Vec<Arc<Category>>,
    /// The areas, in the order of the rows.
    pub areas: Vec<TownArea>,
    /// The closures of each centre, by its name; those of no name for areas that name no centre.
    pub closures: BTreeMap<Option<String>, Vec<Closure>>,
    /// The sorting dictionary.
    pub items: Vec<Item>,
}

/// An area and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TownArea {
    /// The district, where the town has districts.
    pub district: Option<String>,
    /// The name; unique in the district.
    pub name: String,
    /// How it is read, in kana.
    pub reading: Option<String>,
    /// The plant that collects here.
    pub centre: Option<String>,
    /// Where its row begins.
    pub line: u64,
    /// What is collected.
    pub entries: Vec<Entry>,
}

/// One cell, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The category's place in [`Town::categories`].
    pub category: usize,
    /// The cell as published.
    pub cell: String,
    /// Where it stands: line and column, both counted from 1.
    pub place: (u64, usize),
    /// When it is collected.
    pub schedule: Schedule,
}

/// What was found at a place in the files.
pub type Found = Finding<Fault>;

/// The files, read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What could be used.
    pub town: Town,
    /// What could not, in the order of files and lines.
    pub findings: Vec<Found>,
    /// What could, but look at it.
    pub warnings: Vec<Found>,
}

impl TownArea {
    /// As the area will be called: by its district, where there are districts, and its name.
    pub fn label(&self) -> String {
        match &self.district {
            Some(district) => format!("{district}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Town {
    /// The calendar of an area.
    pub fn calendar(&self, area: &TownArea) -> Calendar {
        let collected = |entry: &Entry| {
            let category = self.categories[entry.category].clone();
            (category, entry.schedule.clone())
        };
        Calendar {
            collected: area.entries.iter().map(collected).collect(),
            closures: self.closures.get(&area.centre).cloned().unwrap_or_default(),
            ..Calendar::default()
        }
    }

    fn category(&self, label: &str) -> Option<usize> {
        let label = plain(label);
        self.categories
            .iter()
            .position(|c| plain(&c.label) == label)
    }
}

/// Reads a town's files. `today` decides which dates are about to end.
pub fn read(sources: &[Source], options: Options, today: NaiveDate) -> Reading {
    let mut reading = Reading::default();
    let mut sheets: BTreeMap<&str, Sheet<'_>> = BTreeMap::new();
    for source in sources {
        let Some(kind) = kind(&source.name) else {
            reading.warnings.push(source.fault(1, None, Fault::NotRead));
            continue;
        };
        match Sheet::read(source) {
            Ok(_) if sheets.contains_key(kind) => {
                reading
                    .findings
                    .push(source.fault(1, None, Fault::TwoFiles));
            }
            Ok(sheet) => {
                sheets.insert(kind, sheet);
            }
            Err(finding) => reading.findings.push(finding),
        }
    }
    let sheet = |kind: &str| sheets.get(kind);
    let remarks = sheet("remarks")
        .map(|s| catalogue::remarks(s, &mut reading))
        .unwrap_or_default();
    let districts = sheet("area_master").map(catalogue::districts);
    if let Some(center) = sheet("center") {
        center::read(center, options.closures, &mut reading);
    }
    if let Some(days) = sheet("area_days") {
        let districts = districts.as_ref();
        area_days::read(days, options.ambiguous, &remarks, districts, &mut reading);
    }
    if reading.town.areas.is_empty() && reading.findings.is_empty() {
        let nowhere = Source::new("area_days.csv", "");
        reading
            .findings
            .push(nowhere.fault(1, None, Fault::NoAreas));
    }
    if let Some(alternate) = sheet("alternate_days") {
        alternate_days::read(alternate, &mut reading);
    }
    for (kind, read) in [
        (
            "description",
            catalogue::descriptions as fn(&Sheet<'_>, &mut Reading),
        ),
        ("category_names", catalogue::names),
        ("target", catalogue::items),
        ("area_readings", catalogue::readings),
    ] {
        if let Some(sheet) = sheet(kind) {
            read(sheet, &mut reading);
        }
    }
    if let Some(days) = sheet("area_days") {
        concerns::look(days, sheet("center"), today, &mut reading);
    }
    reading.findings.sort();
    reading.warnings.sort();
    reading
}

/// What a file of this name holds, if it is one of ours.
fn kind(name: &str) -> Option<&'static str> {
    let file = name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(name)
        .to_lowercase();
    let stem = file.strip_suffix(".csv")?;
    Some(match stem {
        "area_days" => "area_days",
        "area_master" => "area_master",
        "area_readings" => "area_readings",
        "category_names" => "category_names",
        "center" | "centre" => "center",
        "description" => "description",
        "remarks" => "remarks",
        "target" => "target",
        _ if stem.contains("alternate") || stem.contains("exception") => "alternate_days",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
