//! A month of collections as a page of a calendar.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::console::pages::month::{neighbours, weekday, weeks};
use crate::garbage::Calendar;
use crate::policy::holiday;
use crate::resident::Month;

/// Colours there are for categories.
const COLOURS: usize = 8;

/// A month, as it hangs on the wall: weeks that begin on Sunday.
#[derive(Debug, Clone)]
pub(super) struct MonthPage {
    /// 「2026年11月」
    pub(super) title: String,
    /// The month before and the one after, as addresses have them.
    pub(super) neighbours: [String; 2],
    /// Seven places each; none where another month's days would be.
    pub(super) weeks: Vec<Vec<Option<Day>>>,
}

/// A day of it.
#[derive(Debug, Clone)]
pub(super) struct Day {
    date: NaiveDate,
    pub(super) number: u32,
    pub(super) weekday: &'static str,
    /// Its holiday's name.
    pub(super) holiday: Option<&'static str>,
    /// The plant is closed.
    pub(super) closed: bool,
    pub(super) today: bool,
    /// What is collected, with the number of its colour.
    pub(super) collected: Vec<(String, usize)>,
    /// Something else than on the page it is compared with.
    pub(super) differs: bool,
}

impl MonthPage {
    /// `month` by `calendar`, seen from `today`.
    pub(super) fn of(calendar: &Calendar, month: Month, today: NaiveDate) -> Self {
        let first = month.first_day();
        let last = first + Months::new(1) - Days::new(1);
        let labels: Vec<&str> = calendar.categories().map(|c| c.label.as_str()).collect();
        let collections = calendar.between(first, last);
        let day = |date: NaiveDate| Day {
            date,
            number: date.day(),
            weekday: weekday(date),
            holiday: holiday(date),
            closed: calendar.closed_on(date).is_some(),
            today: date == today,
            collected: collections
                .iter()
                .filter(|collection| collection.date == date)
                .map(|collection| {
                    let label = &collection.category.label;
                    let place = labels.iter().position(|known| known == label);
                    (label.clone(), place.unwrap_or_default() % COLOURS)
                })
                .collect(),
            differs: false,
        };
        Self {
            title: format!("{}年{}月", month.year(), month.month()),
            neighbours: neighbours(month).map(|month| month.to_string()),
            weeks: weeks(month, day),
        }
    }

    /// Marks the days from `today` on on which `self` and `other`, the same month, are not alike.
    pub(super) fn compare(&mut self, other: &mut Self, today: NaiveDate) {
        let own = self.weeks.iter_mut().flatten().flatten();
        for (mine, theirs) in own.zip(other.weeks.iter_mut().flatten().flatten()) {
            let alike = mine.labels().eq(theirs.labels());
            mine.differs = !alike && mine.date >= today;
            theirs.differs = mine.differs;
        }
    }
}

impl Day {
    fn labels(&self) -> impl Iterator<Item = &str> {
        self.collected.iter().map(|(label, _)| label.as_str())
    }

    /// How its place is drawn.
    pub(super) fn classes(&self) -> String {
        let weekday = match self.weekday {
            "日" => "sunday",
            "土" => "saturday",
            _ => "",
        };
        [
            weekday,
            if self.holiday.is_some() { "sunday" } else { "" },
            if self.today { "today" } else { "" },
            if self.differs { "differs" } else { "" },
            if self.is_idle() { "idle" } else { "" },
        ]
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
    }

    /// Nothing is to be said of it.
    pub(super) fn is_idle(&self) -> bool {
        self.collected.is_empty() && self.holiday.is_none() && !self.closed && !self.differs
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_on_its_weekday_and_fills_its_weeks() {
        let today = "2026-11-24".parse().unwrap();
        let page = MonthPage::of(&Calendar::default(), Month::of(today), today);
        assert_eq!(page.title, "2026年11月");
        assert_eq!(page.neighbours, ["2026-10", "2026-12"]);
        assert_eq!(page.weeks.len(), 5);
        assert!(page.weeks.iter().all(|week| week.len() == 7));
        // 1 November 2026 is a Sunday.
        assert_eq!(page.weeks[0][0].as_ref().map(|day| day.number), Some(1));
        let day = page.weeks[3][1].as_ref().unwrap();
        assert_eq!(
            (day.number, day.holiday, day.weekday),
            (23, Some("勤労感謝の日"), "月")
        );
        assert!(page.weeks[3][2].as_ref().unwrap().today);
        assert!(page.weeks[4][2].is_none());
    }
}
