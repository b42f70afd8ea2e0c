//! The calendar: what goes out on which day, broadcasts and reminders, a year ahead.

pub(in crate::console) mod closing;
pub(in crate::console) mod day;
pub(in crate::console) mod outcome;
mod words;

use actix_web::web::{Data, Query};
use askama::Template;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use serde::Deserialize;

use super::broadcasts::planned::{self, Planned};
use super::month::{neighbours, weekday, weeks};
use super::reminders::Agreements;
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::console::{Desk, Visitor};
use crate::policy::holiday;
use crate::reminder::ahead::{self, Entry, Of};
use crate::resident::Month;
use crate::web::{Frame, Page, Refusal, times};

pub(in crate::console) use outcome::alarms;

const PATH: &str = "/calendar";
const TITLE: &str = "配信カレンダー";
/// Broadcasts named in a day's place, and rules of the childcare timetable; the day's page has all.
const NAMED: usize = 3;
/// Years back for which broadcasts are looked at.
const YEARS_BACK: i32 = 10;

/// Which month is looked at: `2026-11`; this one when empty, odd, or too far away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct AskedMonth {
    month: String,
}

/// A day in its place.
#[derive(Clone)]
struct Place {
    date: NaiveDate,
    weekday: &'static str,
    holiday: Option<&'static str>,
    today: bool,
    broadcasts: Vec<Planned>,
    garbage: Vec<Line>,
    childcare: Vec<Line>,
    /// How many more there are than are named.
    more: usize,
}

/// Something that is said without anybody writing it that day.
#[derive(Clone)]
struct Line {
    hour: String,
    says: String,
    about: String,
    /// Why it would not go out, as approvals stand.
    missing: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "calendar/month.html")]
pub(in crate::console) struct MonthPage {
    frame: Frame,
    title: String,
    /// The months before and after, where there is something to see.
    earlier: Option<Month>,
    later: Option<Month>,
    weeks: Vec<Vec<Option<Place>>>,
    /// Reminders are planned up to this day.
    last: Option<NaiveDate>,
    empty: bool,
}

/// `GET /calendar`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<AskedMonth>,
) -> Result<Page<MonthPage>, Refusal> {
    let today = date_in_japan(visitor.now);
    let last_day = ahead::last_day(today);
    let within = |month: &Month| is_shown(month.first_day(), today, last_day);
    let month = Month::parse(&asked.month).ok().filter(within);
    let month = month.unwrap_or_else(|| Month::of(today));
    let (first, last) = days_of(month);
    let broadcasts = planned::between(&visitor, &desk, start(first), end(last)).await?;
    // What has been reminded of is no plan any more.
    let from = first.max(today);
    let entries = match from <= last {
        true => ahead::between(&desk.db, from, last).await?,
        false => Vec::new(),
    };
    let agreements = Agreements::read(&visitor, &desk).await?;
    let [before, after] = neighbours(month);
    Ok(Page(MonthPage {
        frame: visitor.frame(TITLE),
        title: format!("{}年{}月", month.year(), month.month()),
        earlier: Some(before).filter(within),
        later: Some(after).filter(within),
        empty: broadcasts.is_empty() && entries.is_empty(),
        weeks: weeks(month, |date| {
            place(date, today, &broadcasts, &entries, &agreements)
        }),
        last: Some(last_day).filter(|last_day| Month::of(*last_day) == month),
    }))
}

/// Whether a day lies in the years that the calendar has.
fn is_shown(day: NaiveDate, today: NaiveDate, last_day: NaiveDate) -> bool {
    (today.year() - YEARS_BACK) <= day.year() && day <= last_day
}

fn days_of(month: Month) -> (NaiveDate, NaiveDate) {
    let first = month.first_day();
    (first, first + Months::new(1) - Days::new(1))
}

/// The first moment of a day by Japan's clock, and the first after it.
fn start(day: NaiveDate) -> Instant {
    instant_in_japan(day.and_time(NaiveTime::MIN))
}

fn end(day: NaiveDate) -> Instant {
    start(day + Days::new(1))
}

fn place(
    date: NaiveDate,
    today: NaiveDate,
    broadcasts: &[Planned],
    entries: &[Entry],
    agreements: &Agreements,
) -> Place {
    let line = |entry: &Entry| line(entry, agreements);
    let mut of_day = broadcasts
        .iter()
        .filter(|planned| date_in_japan(planned.at) == date);
    let named: Vec<Planned> = of_day.by_ref().take(NAMED).cloned().collect();
    let entries = entries.iter().filter(|entry| entry.day == date);
    let is_garbage = |entry: &&Entry| matches!(entry.of, Of::Garbage { .. });
    let mut rules = entries.clone().filter(|entry| !is_garbage(entry)).map(line);
    let childcare: Vec<Line> = rules.by_ref().take(NAMED).collect();
    Place {
        date,
        weekday: weekday(date),
        holiday: holiday(date),
        today: date == today,
        garbage: entries.filter(is_garbage).map(line).collect(),
        more: of_day.count() + rules.count(),
        broadcasts: named,
        childcare,
    }
}

fn line(entry: &Entry, agreements: &Agreements) -> Line {
    let hour = |at: &Instant| times::hour(*at);
    let hours = match entry.hours.as_slice() {
        [first, .., last] => format!("{}〜{}", hour(first), hour(last)),
        hours => hours.first().map(hour).unwrap_or_default(),
    };
    Line {
        hour: hours,
        says: words::in_short(&entry.of),
        about: words::about(&entry.of),
        missing: agreements.missing(&entry.notice, entry.day),
    }
}

impl Place {
    /// How its place is drawn.
    fn classes(&self) -> String {
        let mut classes = Vec::new();
        match (self.weekday, self.holiday) {
            ("日", _) | (_, Some(_)) => classes.push("sunday"),
            ("土", _) => classes.push("saturday"),
            _ => {}
        }
        if self.today {
            classes.push("today");
        }
        let nothing = self.broadcasts.is_empty() && self.garbage.is_empty();
        if nothing && self.childcare.is_empty() && self.holiday.is_none() {
            classes.push("idle");
        }
        classes.join(" ")
    }

    fn hour(&self, at: &Instant) -> String {
        times::hour(*at)
    }
}
