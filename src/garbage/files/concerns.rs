//! What staff should look at although the files can be used: dates that run out, a year's end without a
//! closure, areas without collections, plants nobody names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::garbage::fault::{Areas, Fault};
use crate::garbage::model::later;

use super::sheet::{Sheet, named, on_one_line, one_width};
use super::{Reading, Town, TownArea};

/// Dates that end this soon are about to run out.
const ENDING_DAYS: u32 = 30;
/// An area this long without a collection is most likely a mistake.
const IDLE_DAYS: u32 = 60;
/// Areas named in one warning.
const NAMED: usize = 5;

pub(super) fn look(
    days: &Sheet<'_>,
    center: Option<&Sheet<'_>>,
    today: NaiveDate,
    reading: &mut Reading,
) {
    let town = &reading.town;
    let mut warn: Vec<(u64, Fault)> = Vec::new();
    ending(town, today, &mut warn);
    idle(town, today, &mut warn);
    centres(town, center, today, &mut warn);
    for (line, fault) in warn {
        reading.warnings.push(days.line_finding(line, fault));
    }
    if let Some(center) = center {
        let used: BTreeSet<&Option<String>> = town.areas.iter().map(|area| &area.centre).collect();
        let mut told = BTreeSet::new();
        for row in super::center::rows(center) {
            let centre = named(row, 0).map(|centre| one_width(&centre));
            if !used.contains(&centre) && told.insert(centre.clone()) {
                let centre = on_one_line(&centre.unwrap_or_default());
                let fault = Fault::CentreOfNone { centre };
                reading.warnings.push(center.row_finding(row, fault));
            }
        }
    }
}

/// Lists of dates that end within 30 days, or have ended: one warning a category.
fn ending(town: &Town, today: NaiveDate, warn: &mut Vec<(u64, Fault)>) {
    let soon = later(today, ENDING_DAYS.into());
    for (at, category) in town.categories.iter().enumerate() {
        let mut ending: Vec<(NaiveDate, &TownArea)> = Vec::new();
        for area in &town.areas {
            let entry = area.entries.iter().find(|entry| entry.category == at);
            ending.extend(
                entry
                    .and_then(|e| e.schedule.ends_on())
                    .map(|last| (last, area)),
            );
        }
        ending.retain(|(last, _)| *last < soon);
        if let Some((first, _)) = ending.iter().min_by_key(|(last, _)| *last) {
            let areas: Vec<&TownArea> = ending.iter().map(|(_, area)| *area).collect();
            let fault = Fault::Ending {
                category: on_one_line(&category.label),
                days: ENDING_DAYS,
                first: *first,
                areas: listed(&areas),
            };
            warn.push((areas[0].line, fault));
        }
    }
}

fn idle(town: &Town, today: NaiveDate, warn: &mut Vec<(u64, Fault)>) {
    let nothing = |area: &&TownArea| town.calendar(area).collections(today, IDLE_DAYS).is_empty();
    let idle: Vec<&TownArea> = town.areas.iter().filter(nothing).collect();
    if let Some(first) = idle.first() {
        let fault = Fault::Idle {
            days: IDLE_DAYS,
            from: today,
            areas: listed(&idle),
        };
        warn.push((first.line, fault));
    }
}

/// Centres that `center.csv` does not know, or does not close at the coming year's end.
fn centres(
    town: &Town,
    center: Option<&Sheet<'_>>,
    today: NaiveDate,
    warn: &mut Vec<(u64, Fault)>,
) {
    // Until January 3 the year's end that counts is the one just past.
    let year = if (today.month(), today.day()) <= (1, 3) {
        today.year() - 1
    } else {
        today.year()
    };
    let bound = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(today);
    let (first, last) = (bound(year, 12, 29), bound(year + 1, 1, 3));
    let mut by_centre: BTreeMap<&Option<String>, Vec<&TownArea>> = BTreeMap::new();
    for area in &town.areas {
        by_centre.entry(&area.centre).or_default().push(area);
    }
    for (centre, areas) in by_centre {
        let name = centre.as_deref().map(on_one_line);
        let closures = town.closures.get(centre);
        if let Some(centre) = &name
            && closures.is_none()
            && center.is_some()
        {
            let fault = Fault::UnknownCentre {
                centre: centre.clone(),
                areas: listed(&areas),
            };
            warn.push((areas[0].line, fault));
        }
        let covered = closures.into_iter().flatten();
        if !covered
            .into_iter()
            .any(|c| c.first <= last && c.last >= first)
        {
            let fault = Fault::OpenAtYearsEnd {
                centre: name,
                first,
                last,
                areas: listed(&areas),
            };
            warn.push((areas[0].line, fault));
        }
    }
}

fn listed(areas: &[&TownArea]) -> Areas {
    let names = areas.iter().take(NAMED).map(|area| area.name.clone());
    Areas {
        named: names.collect(),
        more: areas.len().saturating_sub(NAMED),
    }
}
