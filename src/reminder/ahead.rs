//! What is planned for days to come, from what is published today: for the calendar, and for whoever agrees.
//! It is no promise: a calendar taken over or a rule changed meanwhile changes it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::childcare::{self, Coming};
use super::garbage::{self, Day};
use super::model::Group;
use super::sending::Published;
use super::store;
use crate::childcare::Rule;
use crate::clock::{Instant, instant_in_japan};
use crate::db::{Db, DbError};
use crate::ids::AreaId;
use crate::language::Language;
use crate::resident::{Child, ChildKind, GarbageReminder, Month, ReminderDay};
use crate::segment::{self, Selection};

/// Months ahead of today that are worth planning: calendars are published by the year.
pub const MONTHS: u32 = 12;

/// What is to be said on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// By which notice (定期お知らせ): `garbage`, or `childcare/` and the rule's code. A standing approval is of it.
    pub notice: String,
    /// The day on which it is said.
    pub day: NaiveDate,
    /// At which hours, in order: those that residents chose, or the one that is everybody's.
    pub hours: Vec<Instant>,
    /// What of.
    pub of: Of,
}

/// What is reminded of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A day's collections.
    Garbage {
        /// Said the evening before, or that morning.
        when: ReminderDay,
        /// The day of the collections.
        collection: NaiveDate,
        /// What is collected, each with in how many areas; what most hear of first.
        collected: Vec<(String, usize)>,
        /// In how many areas something is said.
        areas: usize,
        /// In how many of them it is not as usual on such a day.
        unusual: usize,
    },
    /// A rule of the timetable.
    Childcare {
        /// The rule's title.
        title: String,
        /// Born, or to be born …
        kind: ChildKind,
        /// … from this month …
        first: Month,
        /// … to this one.
        last: Month,
    },
}

/// An entry with its messages, and whom it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFull {
    /// The entry.
    pub entry: Entry,
    /// What is said: each message, for whom.
    pub groups: Vec<Group>,
    /// How many people that are now, for each of its hours.
    pub people: Vec<u64>,
}

/// What plans are made of: what is published, and the hours that residents chose.
struct Plans {
    hours: Vec<GarbageReminder>,
    published: Published,
}

/// What is to be said from `from` to `to`, both days included: by day, garbage first.
///
/// # Errors
/// The database does not answer.
pub async fn between(db: &Db, from: NaiveDate, to: NaiveDate) -> Result<Vec<Entry>, DbError> {
    Ok(Plans::read(db).await?.between(from, to))
}

/// What is to be said on `day`, word by word, and to how many people.
///
/// # Errors
/// The database does not answer.
pub async fn on(db: &Db, day: NaiveDate) -> Result<Vec<InFull>, DbError> {
    let plans = Plans::read(db).await?;
    let mut told = Vec::new();
    for entry in plans.between(day, day) {
        let groups = plans.groups(&entry);
        let mut people = Vec::new();
        for selection in plans.selections(&entry, &groups) {
            people.push(segment::count(db, &selection).await?);
        }
        told.push(InFull {
            entry,
            groups,
            people,
        });
    }
    Ok(told)
}

impl Plans {
    async fn read(db: &Db) -> Result<Self, DbError> {
        let mut hours = store::hours(db.conn()).await?;
        hours.sort_by_key(|hour| match hour {
            GarbageReminder::Never => None,
            GarbageReminder::At(_, time) => Some(*time),
        });
        Ok(Self {
            hours,
            published: Published::read(db).await?,
        })
    }

    fn between(&self, from: NaiveDate, to: NaiveDate) -> Vec<Entry> {
        let mut entries = Vec::new();
        for when in [ReminderDay::Before, ReminderDay::Same] {
            let hours = self.hours_of(when);
            if !hours.is_empty() {
                let days = from.iter_days().take_while(|day| *day <= to);
                entries.extend(days.filter_map(|day| self.garbage(day, when, &hours)));
            }
        }
        entries.extend(self.childcare(from, to));
        // Stable: the evening before, that morning, and rules in the town's order.
        entries.sort_by_key(|entry| entry.day);
        entries
    }

    /// The hours that residents chose.
    fn hours_of(&self, of: ReminderDay) -> Vec<NaiveTime> {
        let chosen = self.hours.iter().filter_map(|hour| match hour {
            GarbageReminder::At(when, time) if *when == of => Some(*time),
            _ => None,
        });
        chosen.collect()
    }

    fn garbage(&self, day: NaiveDate, when: ReminderDay, hours: &[NaiveTime]) -> Option<Entry> {
        let collection = match when {
            ReminderDay::Before => day.succ_opt()?,
            ReminderDay::Same => day,
        };
        let mut collected: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut areas, mut unusual) = (0, 0);
        for (sharing, calendar) in &self.published.calendars {
            let on = Day::of(calendar, collection);
            let differs = !on.moved_here.is_empty() || !on.missing.is_empty();
            if on.collected.is_empty() && !differs {
                continue;
            }
            areas += sharing.len();
            unusual += if differs { sharing.len() } else { 0 };
            for of in on.collected {
                *collected.entry(&of.category.label).or_default() += sharing.len();
            }
        }
        let mut collected: Vec<(String, usize)> = collected
            .into_iter()
            .map(|(label, n)| (label.to_owned(), n))
            .collect();
        collected.sort_by_key(|(_, areas)| std::cmp::Reverse(*areas));
        (areas > 0).then(|| Entry {
            notice: "garbage".to_owned(),
            day,
            hours: hours
                .iter()
                .map(|time| instant_in_japan(day.and_time(*time)))
                .collect(),
            of: Of::Garbage {
                when,
                collection,
                collected,
                areas,
                unusual,
            },
        })
    }

    fn childcare(&self, from: NaiveDate, to: NaiveDate) -> Vec<Entry> {
        let mut rules: Vec<(NaiveDate, &Rule, Vec<Child>)> = Vec::new();
        for Coming {
            rule, child, due, ..
        } in childcare::coming_between(&self.published.timetable, from, to)
        {
            let same = |(day, last, _): &&mut (NaiveDate, &Rule, _)| {
                *day == due.on && std::ptr::eq(*last, rule)
            };
            match rules.last_mut().filter(same) {
                Some((.., children)) => children.push(child),
                None => rules.push((due.on, rule, vec![child])),
            }
        }
        let entries = rules.into_iter().filter_map(|(day, rule, children)| {
            let months = || children.iter().map(|child| child.month);
            Some(Entry {
                notice: format!("childcare/{}", rule.code),
                day,
                hours: vec![childcare::begins(day)],
                of: Of::Childcare {
                    title: rule.title.clone(),
                    kind: children.first()?.kind,
                    first: months().min()?,
                    last: months().max()?,
                },
            })
        });
        entries.collect()
    }

    /// The messages of an entry, each once in a language.
    fn groups(&self, entry: &Entry) -> Vec<Group> {
        let mut groups = match &entry.of {
            Of::Garbage {
                when, collection, ..
            } => garbage::plan(&self.published.calendars, *collection, *when),
            Of::Childcare { .. } => childcare::coming(&self.published.timetable, entry.day)
                .iter()
                .filter(|coming| entry.notice == format!("childcare/{}", coming.rule.code))
                .flat_map(|coming| childcare::plan(&self.published.directory, coming))
                .collect(),
        };
        let mut said: Vec<(Language, String)> = Vec::new();
        groups.retain(|group| {
            let message = (group.language, group.message.clone());
            let first = !said.contains(&message);
            said.push(message);
            first
        });
        groups
    }

    /// Whom an entry reaches at each of its hours.
    fn selections(&self, entry: &Entry, groups: &[Group]) -> Vec<Selection> {
        let areas = groups
            .iter()
            .filter_map(|group| group.areas.as_ref())
            .flatten();
        let mut areas: Vec<AreaId> = areas.copied().collect();
        areas.sort_unstable();
        areas.dedup();
        match &entry.of {
            Of::Garbage { when, .. } => {
                let at = |time| GarbageReminder::At(*when, time);
                let hours = self.hours_of(*when).into_iter();
                let told = hours.map(|time| Selection::everyone().reminded_at(at(time)));
                told.map(|told| told.living_in(&areas)).collect()
            }
            Of::Childcare {
                kind, first, last, ..
            } => {
                let mut told = Selection::everyone().with_children(*kind, *first, *last);
                if let Some(group) = groups.first() {
                    if group.areas.is_some() {
                        told = told.living_in(&areas);
                    }
                    if let Some(topic) = &group.topic {
                        told = told.interested_in(topic);
                    }
                }
                vec![told]
            }
        }
    }
}

/// The last day that is planned ahead, seen from `today`.
pub fn last_day(today: NaiveDate) -> NaiveDate {
    let months = chrono::Months::new(MONTHS + 1);
    Month::of(today).first_day() + months - Days::new(1)
}
