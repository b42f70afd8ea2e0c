//! What is collected when: categories, closures, and the calendar that areas share. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::language::Language;

use super::changed::Changed;
use super::schedule::Schedule;
use super::words::names_category;

/// How far ahead a next collection is looked for: a fifth Wednesday in February alone can be 40 years off.
const HORIZON_DAYS: u64 = 366 * 41;
/// The next collection is nearly always this near.
const NEAR_DAYS: u64 = 62;

/// A category of garbage (分別).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Category {
    /// The label as the town writes it; unique.
    pub label: String,
    /// A second line for the label, where the town has one.
    pub sublabel: Option<String>,
    /// How to put it out, as plain text.
    pub description: Option<String>,
    /// The label in other languages, by language code.
    pub names: BTreeMap<String, String>,
}

impl Category {
    /// The label in `language`, or as the town writes it.
    pub fn name(&self, language: Language) -> &str {
        self.names.get(language.code()).unwrap_or(&self.label)
    }
}

/// Days on which nothing is collected, as at the year's end; both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Closure {
    /// The first closed day.
    pub first: NaiveDate,
    /// The last closed day.
    pub last: NaiveDate,
    /// What becomes of the collections in between.
    pub effect: Effect,
}

/// What a closure does to collections. The files do not say; it is the town's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Effect {
    /// They are lost.
    #[default]
    Skip,
    /// From the closed day on, an nth-weekday rule moves 7 days later for the rest of the month;
    /// what leaves the month, or meets a closed day again, is lost. Other rules are lost as well.
    ShiftWeek,
}

impl Closure {
    /// Whether `date` is closed.
    pub fn covers(&self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

/// One collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Collection<'a> {
    /// The day.
    pub date: NaiveDate,
    /// What is collected.
    pub category: &'a Category,
}

/// The collections of an area; many areas share one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// What is collected here and when, in the order of the town's file.
    pub collected: Vec<(Arc<Category>, Schedule)>,
    /// When nothing is collected.
    pub closures: Vec<Closure>,
    /// By category, when this is not what residents are used to, since an edition moved it.
    pub changed: BTreeMap<String, Changed>,
}

impl Calendar {
    /// The collections of `days` days beginning with `from`, by date, then in the file's order.
    pub fn collections(&self, from: NaiveDate, days: u32) -> Vec<Collection<'_>> {
        match days.checked_sub(1) {
            Some(more) => self.between(from, later(from, u64::from(more))),
            None => Vec::new(),
        }
    }

    /// The collections from `from` to `to`, both included, by date, then in the file's order.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Vec<Collection<'_>> {
        let mut found: Vec<Collection<'_>> = Vec::new();
        for (category, schedule) in &self.collected {
            let days = schedule.between(from, to, &self.closures);
            found.extend(days.into_iter().map(|date| Collection { date, category }));
        }
        found.sort_by_key(|collection| collection.date); // stable: the file's order within a day
        found
    }

    /// The first day on or after `from` on which the category with this label is collected.
    pub fn next(&self, label: &str, from: NaiveDate) -> Option<NaiveDate> {
        let (_, schedule) = self.collected.iter().find(|(c, _)| c.label == label)?;
        [NEAR_DAYS, HORIZON_DAYS].into_iter().find_map(|days| {
            let found = schedule.between(from, later(from, days), &self.closures);
            found.first().copied()
        })
    }

    /// When the category with this label is collected here, closures aside.
    pub fn schedule(&self, label: &str) -> Option<&Schedule> {
        let found = self.collected.iter().find(|(c, _)| c.label == label);
        found.map(|(_, schedule)| schedule)
    }

    /// The closure that `date` lies in, if it does.
    pub fn closed_on(&self, date: NaiveDate) -> Option<&Closure> {
        self.closures.iter().find(|closure| closure.covers(date))
    }

    /// What the town remarks on the category with this label here.
    pub fn remarks(&self, label: &str) -> &[String] {
        self.schedule(label)
            .map_or(&[], |schedule| &schedule.remarks)
    }

    /// The categories collected here, in the file's order.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.collected.iter().map(|(category, _)| category.as_ref())
    }

    /// Whether both say the same of every day; texts about categories and what residents were used to aside.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let days = |calendar: &Self| -> Vec<(String, Schedule)> {
            let of = |(category, schedule): &(Arc<Category>, Schedule)| {
                (category.label.clone(), schedule.clone())
            };
            calendar.collected.iter().map(of).collect()
        };
        self.closures == other.closures && days(self) == days(other)
    }

    /// The categories that `words` (「次の資源ごみ」「ペットボトルの日」) speak of; the best fits only.
    pub fn category_from_words(&self, words: &str) -> Vec<&Category> {
        let scored: Vec<(usize, &Category)> = self
            .categories()
            .filter_map(|category| Some((names_category(words, category)?, category)))
            .collect();
        let best = scored.iter().map(|(score, _)| *score).max();
        scored
            .into_iter()
            .filter(|(score, _)| Some(*score) == best)
            .map(|(_, category)| category)
            .collect()
    }
}

/// The date so many days after `date`.
pub(super) fn later(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
