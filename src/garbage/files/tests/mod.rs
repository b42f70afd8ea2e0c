//! Every trouble seen in real files, on small sets of our own.

#![allow(clippy::unwrap_used)]

use super::*;

mod area_days;
mod beside;

use chrono::Weekday::{Mon, Thu, Tue, Wed};

use crate::garbage::recurrence::{MonthSet, Recurrence};

fn today() -> NaiveDate {
    day("2026-11-22")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Reads files given by name and content.
fn set<const N: usize>(files: [(&str, &str); N]) -> Reading {
    set_with(files, Options::default())
}

fn set_with<const N: usize>(files: [(&str, &str); N], options: Options) -> Reading {
    let sources = files.map(|(name, text)| Source::new(name, text));
    read(&sources, options, today())
}

fn lines(findings: &[Found]) -> Vec<String> {
    findings.iter().map(Found::to_string).collect()
}

/// The findings' places: `area_days.csv:2:3`.
fn places(findings: &[Found]) -> Vec<String> {
    let place = |f: &Found| {
        let column = f.column.map(|c| format!(":{c}")).unwrap_or_default();
        format!("{}:{}{column}", f.file, f.line)
    };
    findings.iter().map(place).collect()
}

/// Labels and schedules of the area called `name`.
fn area(reading: &Reading, name: &str) -> Vec<(String, Schedule)> {
    let area = reading
        .town
        .areas
        .iter()
        .find(|area| area.name == name)
        .unwrap();
    let calendar = reading.town.calendar(area);
    let plain =
        |(category, schedule): (Arc<Category>, Schedule)| (category.label.clone(), schedule);
    calendar.collected.into_iter().map(plain).collect()
}

fn labels(reading: &Reading) -> Vec<String> {
    reading.town.areas.iter().map(label).collect()
}

fn label(area: &TownArea) -> String {
    match &area.district {
        Some(district) => format!("{district}/{}", area.name),
        None => area.name.clone(),
    }
}

fn weekly<const N: usize>(weekdays: [chrono::Weekday; N]) -> Schedule {
    Schedule {
        rules: weekdays
            .map(|w| Recurrence::Weekly(w, MonthSet::ALL))
            .into(),
        ..Schedule::default()
    }
}

fn dated<const N: usize>(dates: [&str; N]) -> Schedule {
    Schedule {
        added: dates.map(day).into(),
        ..Schedule::default()
    }
}

fn reading_of(header: &str, rows: &str) -> Reading {
    set([("area_days.csv", &format!("{header}{rows}"))])
}
