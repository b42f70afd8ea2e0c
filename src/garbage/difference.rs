//! What a new calendar changes for residents. Pure, so that it can be shown before anything is done.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::changed::{self, Changed, days};
use super::files::Town;
use super::model::Calendar;
use super::schedule::Schedule;

/// A calendar as a whole.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// Calendars by the labels of the areas.
    pub(super) areas: BTreeMap<String, Arc<Calendar>>,
    pub(super) categories: BTreeSet<String>,
    pub(super) items: BTreeSet<(String, String, Option<String>)>,
}

/// Two calendars, side by side.
#[derive(Debug, Default)]
pub struct Difference {
    /// Labels of areas that are new.
    pub areas_added: Vec<String>,
    /// Labels of areas that are not listed any more.
    pub areas_gone: Vec<String>,
    /// Categories that are new.
    pub categories_added: Vec<String>,
    /// Categories that are gone.
    pub categories_gone: Vec<String>,
    /// Lines of the dictionary that are new, and gone; one that changed is both.
    pub items: (usize, usize),
    /// What moves, for most areas first.
    pub shifts: Vec<Shift>,
    /// In how many areas reminders will tell that it is not as ever.
    pub areas_told: usize,
    before: Snapshot,
    after: Snapshot,
}

/// A category whose days change, in all areas for which they change alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The category.
    pub category: String,
    /// Labels of the areas.
    pub areas: Vec<String>,
    /// When it is collected so far, if it is.
    pub before: Option<Schedule>,
    /// When it will be, if it will.
    pub after: Option<Schedule>,
    /// Days ahead on which it is not collected any more.
    pub days_gone: Vec<NaiveDate>,
    /// Days ahead on which it is collected from now on.
    pub days_new: Vec<NaiveDate>,
}

impl Snapshot {
    /// What files say.
    pub(super) fn of(town: &Town) -> Self {
        let areas = town.areas.iter();
        Self {
            areas: areas
                .map(|area| (area.label(), Arc::new(town.calendar(area))))
                .collect(),
            categories: town.categories.iter().map(|c| c.label.clone()).collect(),
            items: town
                .items
                .iter()
                .map(|item| (item.label.clone(), item.name.clone(), item.notice.clone()))
                .collect(),
        }
    }

    /// What residents of areas that both have are not used to once `self` comes after `before`, by the labels of
    /// the areas and by category.
    pub(super) fn changed_since(
        &self,
        before: &Self,
        today: NaiveDate,
    ) -> BTreeMap<String, BTreeMap<String, Changed>> {
        let changed = self.areas.iter().filter_map(|(label, new)| {
            let changed = changed::since(before.areas.get(label)?, new, today);
            (!changed.is_empty()).then(|| (label.clone(), changed))
        });
        changed.collect()
    }
}

impl Difference {
    /// Compares the days from `today` on.
    pub(super) fn between(before: Snapshot, after: Snapshot, today: NaiveDate) -> Self {
        let names = |snapshot: &Snapshot| snapshot.areas.keys().cloned().collect::<BTreeSet<_>>();
        let (old, new) = (names(&before), names(&after));
        Self {
            areas_added: missing_from(&old, &new),
            areas_gone: missing_from(&new, &old),
            categories_added: missing_from(&before.categories, &after.categories),
            categories_gone: missing_from(&after.categories, &before.categories),
            items: (
                missing_from(&before.items, &after.items).len(),
                missing_from(&after.items, &before.items).len(),
            ),
            shifts: shifts(&before, &after, today),
            areas_told: after.changed_since(&before, today).len(),
            before,
            after,
        }
    }

    /// Nothing that anybody could notice.
    pub fn is_empty(&self) -> bool {
        self.areas_added.is_empty()
            && self.areas_gone.is_empty()
            && self.categories_added.is_empty()
            && self.categories_gone.is_empty()
            && self.items == (0, 0)
            && self.shifts.is_empty()
    }

    /// How many areas have a day that changes.
    pub fn areas_shifted(&self) -> usize {
        let areas = self.shifts.iter().flat_map(|shift| &shift.areas);
        areas.collect::<BTreeSet<_>>().len()
    }

    /// Areas in all, once it is taken over.
    pub fn areas(&self) -> usize {
        self.after.areas.len()
    }

    /// The calendar of an area so far and from now on, if it has both.
    pub fn of_area(&self, label: &str) -> Option<(&Calendar, &Calendar)> {
        Some((self.before.areas.get(label)?, self.after.areas.get(label)?))
    }
}

/// What `all` has and `some` has not.
pub(super) fn missing_from<T: Ord + Clone>(some: &BTreeSet<T>, all: &BTreeSet<T>) -> Vec<T> {
    all.difference(some).cloned().collect()
}

fn shifts(before: &Snapshot, after: &Snapshot, today: NaiveDate) -> Vec<Shift> {
    let mut alike: HashMap<(String, Vec<NaiveDate>, Vec<NaiveDate>), Shift> = HashMap::new();
    for (label, new) in &after.areas {
        let Some(old) = before.areas.get(label).filter(|old| !old.agrees_with(new)) else {
            continue;
        };
        let categories: BTreeSet<&str> = old
            .categories()
            .chain(new.categories())
            .map(|category| category.label.as_str())
            .collect();
        for category in categories {
            let (was, will) = (days(old, category, today), days(new, category, today));
            if was == will {
                continue;
            }
            let key = (
                category.to_owned(),
                missing_from(&will, &was),
                missing_from(&was, &will),
            );
            let shift = alike.entry(key.clone()).or_insert_with(|| Shift {
                category: key.0,
                areas: Vec::new(),
                before: old.schedule(category).cloned(),
                after: new.schedule(category).cloned(),
                days_gone: key.1,
                days_new: key.2,
            });
            shift.areas.push(label.clone());
        }
    }
    let mut shifts: Vec<Shift> = alike.into_values().collect();
    shifts.sort_by(|a, b| {
        let most_first = b.areas.len().cmp(&a.areas.len());
        most_first
            .then_with(|| a.category.cmp(&b.category))
            .then_with(|| a.areas.cmp(&b.areas))
    });
    shifts
}
