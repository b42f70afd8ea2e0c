//! How many residents there are, for staff: numbers that name nobody.
//!
//! Counting a million takes seconds, so it is done once an hour ([`count`]) and kept; pages read what is
//! kept. Everything but [`Counted::unreachable`] is of those the account can reach.

mod store;
mod told;

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::model::ChildKind;
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::db::{Db, DbError};
use crate::ids::AreaId;
use crate::language::Language;

pub use told::{FEWEST, Told};

/// Weeks, this one among them, of which newcomers are told.
const WEEKS: u64 = 12;

/// What was counted. Its numbers come out only as they may be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    at: Instant,
    tally: Tally,
}

/// Every number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Tally {
    unreachable: u64,
    /// By area.
    areas: Vec<(i64, u64)>,
    outside: u64,
    unanswered: u64,
    /// By code; `None` for those who have not chosen.
    languages: Vec<(Option<String>, u64)>,
    topics: Vec<(String, u64)>,
    /// By kind and month.
    children: Vec<(String, NaiveDate, u64)>,
    /// By the Monday of the week they were met in; `None` for those before the first week told.
    newcomers: Vec<(Option<NaiveDate>, u64)>,
}

/// Where those who can be reached live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Each district, and its areas unless their numbers would give away the district's.
    pub districts: Vec<(Told, Option<Vec<Told>>)>,
    /// In areas that the town no longer has; `None` where nobody does.
    pub gone: Option<Told>,
    /// In another municipality.
    pub outside: Told,
    /// They have not said.
    pub unanswered: Told,
}

/// How old a child is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Not born yet.
    Unborn,
    /// From so many years up to and including so many; without an end when `None`.
    Years(u32, Option<u32>),
}

impl Age {
    /// Youngest first.
    pub const ALL: [Self; 8] = [
        Self::Unborn,
        Self::Years(0, Some(0)),
        Self::Years(1, Some(1)),
        Self::Years(2, Some(2)),
        Self::Years(3, Some(5)),
        Self::Years(6, Some(11)),
        Self::Years(12, Some(14)),
        Self::Years(15, None),
    ];

    fn of(kind: &str, month: NaiveDate, today: NaiveDate) -> Option<Self> {
        if ChildKind::parse(kind).ok()? == ChildKind::Due {
            return Some(Self::Unborn);
        }
        let months = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
        let years = u32::try_from((months(today) - months(month)) / 12).ok()?;
        Self::ALL.into_iter().find(|age| match age {
            Self::Unborn => false,
            Self::Years(from, to) => *from <= years && to.is_none_or(|to| years <= to),
        })
    }
}

/// Counts everybody anew and keeps it; says how many there are.
///
/// # Errors
/// The database does not answer.
pub async fn count(db: &Db, now: Instant) -> Result<u64, DbError> {
    let tally = store::tally(db.conn(), &weeks(now)).await?;
    let counted = Counted { at: now, tally };
    let all = counted.all() + counted.tally.unreachable;
    let tx = db.begin().await?;
    store::keep(tx.conn(), &counted).await?;
    tx.commit().await?;
    Ok(all)
}

/// What was counted last; counts first where nobody has yet.
///
/// # Errors
/// The database does not answer.
pub async fn latest(db: &Db, now: Instant) -> Result<Counted, DbError> {
    if let Some(counted) = store::latest(db.conn()).await? {
        return Ok(counted);
    }
    count(db, now).await?;
    let counted = store::latest(db.conn()).await?;
    Ok(counted.unwrap_or(Counted {
        at: now,
        tally: Tally::default(),
    }))
}

/// The Mondays of the weeks told, each with the moment it begins in Japan; the first is the oldest.
fn weeks(now: Instant) -> Vec<(NaiveDate, Instant)> {
    let today = date_in_japan(now);
    let monday = today - Days::new(today.weekday().num_days_from_monday().into());
    (0..WEEKS)
        .rev()
        .map(|back| monday - Days::new(7 * back))
        .map(|monday| {
            (
                monday,
                instant_in_japan(monday.and_time(chrono::NaiveTime::MIN)),
            )
        })
        .collect()
}

impl Counted {
    /// When.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// Those the account can write to.
    pub fn reachable(&self) -> Told {
        Told::of(self.all())
    }

    /// Those who blocked the account and are not erased yet.
    pub fn unreachable(&self) -> Told {
        Told::of(self.tally.unreachable)
    }

    /// By place of residence, in the town's districts with their areas; a town without districts gives each
    /// area as a district. Give the same districts always: two ways to cut one town can be compared.
    pub fn places(&self, districts: &[Vec<AreaId>]) -> Option<Places> {
        let mut areas: HashMap<i64, u64> = self.tally.areas.iter().copied().collect();
        let districts: Vec<Vec<u64>> = districts
            .iter()
            .map(|areas_of| {
                let count = |area: &AreaId| areas.remove(&area.0).unwrap_or(0);
                areas_of.iter().map(count).collect()
            })
            .collect();
        let gone: u64 = areas.into_values().sum();
        let mut cells: Vec<u64> = districts.iter().map(|areas| areas.iter().sum()).collect();
        cells.extend([self.tally.outside, self.tally.unanswered]);
        if gone > 0 {
            cells.push(gone);
        }
        let told = told::parts(&cells)?;
        let (of_districts, rest) = told.split_at(districts.len());
        let within = of_districts.iter().zip(&districts).map(|(told, areas)| {
            // A number that is not told must not be the sum of some that are.
            let areas = told.number().and_then(|_| told::parts(areas));
            (*told, areas)
        });
        Some(Places {
            districts: within.collect(),
            gone: rest.get(2).copied(),
            outside: rest.first().copied()?,
            unanswered: rest.get(1).copied()?,
        })
    }

    /// By the language they read.
    pub fn languages(&self) -> Option<Vec<(Language, Told)>> {
        let read = |code: &Option<String>| {
            let code = code.as_deref().map(Language::parse);
            code.and_then(Result::ok).unwrap_or_else(Language::japanese)
        };
        let all: Vec<Language> = Language::all().collect();
        let cells: Vec<u64> = all
            .iter()
            .map(|language| {
                let of = self
                    .tally
                    .languages
                    .iter()
                    .filter(|(code, _)| read(code) == *language);
                of.map(|(_, count)| count).sum()
            })
            .collect();
        Some(all.into_iter().zip(told::parts(&cells)?).collect())
    }

    /// How many wish to hear of this topic. One may wish for several, so these are no parts of a whole; but
    /// those who do not wish for it are what is left of all.
    pub fn topic(&self, id: &str) -> Told {
        let of = self.tally.topics.iter().find(|(topic, _)| topic == id);
        let count = of.map_or(0, |(_, count)| *count);
        match Told::of(count) {
            Told::Number(_) if self.all().saturating_sub(count) < FEWEST => Told::Withheld,
            told => told,
        }
    }

    /// How many children they have.
    pub fn children(&self) -> Told {
        Told::of(self.tally.children.iter().map(|(.., count)| count).sum())
    }

    /// Children by age, on the day of the count.
    pub fn ages(&self) -> Option<Vec<(Age, Told)>> {
        let today = date_in_japan(self.at);
        let cells: Vec<u64> = Age::ALL
            .iter()
            .map(|age| {
                let children = &self.tally.children;
                let of = children
                    .iter()
                    .filter(|(kind, month, _)| Age::of(kind, *month, today) == Some(*age));
                of.map(|(.., count)| count).sum()
            })
            .collect();
        Some(Age::ALL.into_iter().zip(told::parts(&cells)?).collect())
    }

    /// By the week they were met in, by its Monday; first, without one, those before.
    pub fn newcomers(&self) -> Option<Vec<(Option<NaiveDate>, Told)>> {
        let weeks = weeks(self.at);
        let weeks = std::iter::once(None).chain(weeks.into_iter().map(|(monday, _)| Some(monday)));
        let weeks: Vec<Option<NaiveDate>> = weeks.collect();
        let cells: Vec<u64> = weeks
            .iter()
            .map(|week| {
                let of = self
                    .tally
                    .newcomers
                    .iter()
                    .find(|(monday, _)| monday == week);
                of.map_or(0, |(_, count)| *count)
            })
            .collect();
        Some(weeks.into_iter().zip(told::parts(&cells)?).collect())
    }

    fn all(&self) -> u64 {
        let tally = &self.tally;
        tally.outside + tally.unanswered + tally.areas.iter().map(|(_, count)| count).sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn a_child_has_the_age_of_its_month() {
        let today = day("2026-11-24");
        for (month, age) in [
            ("2026-11-01", Age::Years(0, Some(0))),
            ("2025-12-01", Age::Years(0, Some(0))),
            ("2025-11-01", Age::Years(1, Some(1))),
            ("2020-12-01", Age::Years(3, Some(5))),
            ("2020-11-01", Age::Years(6, Some(11))),
            ("2001-01-01", Age::Years(15, None)),
        ] {
            assert_eq!(Age::of("birth", day(month), today), Some(age), "{month}");
        }
        assert_eq!(Age::of("due", day("2027-01-01"), today), Some(Age::Unborn));
    }

    #[test]
    fn a_district_that_is_not_told_has_no_areas_to_add_up() {
        let counted = Counted {
            at: Instant::default(),
            tally: Tally {
                areas: vec![(1, 4), (2, 3), (3, 20), (4, 30), (5, 200), (6, 100)],
                outside: 300,
                unanswered: 90,
                ..Tally::default()
            },
        };
        let area = |id: &i64| AreaId(*id);
        let districts: Vec<Vec<AreaId>> = [vec![1, 2], vec![3, 4], vec![5, 6]]
            .iter()
            .map(|ids| ids.iter().map(area).collect())
            .collect();
        let places = counted.places(&districts).map(|p| p.districts);
        let told = Told::Number;
        assert_eq!(
            places,
            Some(vec![
                (Told::Few, None),
                (Told::Withheld, None),
                (told(300), Some(vec![told(200), told(100)])),
            ])
        );
    }

    #[test]
    fn a_topic_that_nearly_everybody_wishes_for_does_not_name_the_others() {
        let counted = |wish| Counted {
            at: Instant::default(),
            tally: Tally {
                unanswered: 100,
                topics: vec![("event".to_owned(), wish)],
                ..Tally::default()
            },
        };
        assert_eq!(counted(40).topic("event"), Told::Number(40));
        assert_eq!(counted(9).topic("event"), Told::Few);
        assert_eq!(counted(95).topic("event"), Told::Withheld);
        assert_eq!(counted(95).topic("garden"), Told::Few);
    }
}
