//! A day of the calendar: all that goes out on it, word by word, and to how many people.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::{Days, NaiveDate};

use super::outcome::{self, Outcome};
use super::{PATH, TITLE, end, is_shown, start, words};
use crate::area::{self, Directory};
use crate::clock::{Instant, date_in_japan};
use crate::console::pages::broadcasts::People;
use crate::console::pages::broadcasts::planned::{self, InFull};
use crate::console::pages::reminders::{Agreement, Agreements};
use crate::console::{Desk, Visitor};
use crate::language::Language;
use crate::reminder::Group;
use crate::reminder::ahead::{self, Of};
use crate::resident::Month;
use crate::resident::counts::Told;
use crate::web::{Frame, Page, Refusal, times};

/// A reminder of the day.
struct Reminder {
    title: String,
    about: String,
    agreement: Option<Agreement>,
    /// Each hour, with how many people hear of it then.
    hours: Vec<(String, Told)>,
    /// What is said, by language; Japanese first.
    languages: Vec<(String, &'static str, Vec<Said>)>,
}

/// A message, and where it is read.
struct Said {
    words: String,
    areas: Option<Vec<String>>,
}

#[derive(Template)]
#[template(path = "calendar/day.html")]
pub(in crate::console) struct DayPage {
    frame: Frame,
    /// The days before and after, where the calendar has them.
    earlier: Option<NaiveDate>,
    later: Option<NaiveDate>,
    past: bool,
    broadcasts: Vec<InFull>,
    /// What became of the reminders that came.
    outcomes: Vec<Outcome>,
    garbage: Vec<Reminder>,
    childcare: Vec<Reminder>,
}

impl DayPage {
    fn hour(&self, at: &Instant) -> String {
        times::hour(*at)
    }
}

/// `GET /calendar/{day}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    day: Path<NaiveDate>,
) -> Result<Page<DayPage>, Refusal> {
    let (date, today) = (*day, date_in_japan(visitor.now));
    let last_day = ahead::last_day(today);
    let within = |date: &NaiveDate| is_shown(*date, today, last_day);
    if !within(&date) {
        return Err(Refusal::NotFound);
    }
    let mut broadcasts = Vec::new();
    for planned in planned::between(&visitor, &desk, start(date), end(date)).await? {
        broadcasts.push(planned::in_full(&visitor, &desk, planned).await?);
    }
    let told = match date < today {
        true => Vec::new(),
        false => ahead::on(&desk.db, date).await?,
    };
    let outcomes = match date <= today {
        true => outcome::of_day(&visitor, &desk, date).await?,
        false => Vec::new(),
    };
    let directory = area::directory(&desk.db).await?;
    let month = Month::of(date);
    let frame = visitor
        .frame(times::day(date, today))
        .under(PATH, TITLE)
        .under(
            format!("{PATH}?month={month}"),
            format!("{}月", month.month()),
        );
    let (garbage, childcare): (Vec<_>, Vec<_>) = told
        .into_iter()
        .partition(|told| matches!(told.entry.of, Of::Garbage { .. }));
    let agreements = Agreements::read(&visitor, &desk).await?;
    let reminders = |told: Vec<ahead::InFull>| {
        let told = told.into_iter();
        told.map(|told| {
            let agreement = agreements.of(&frame, &told.entry.notice, date);
            reminder(told, agreement, today, &directory)
        })
        .collect()
    };
    let (garbage, childcare) = (reminders(garbage), reminders(childcare));
    Ok(Page(DayPage {
        frame,
        earlier: date.checked_sub_days(Days::new(1)).filter(within),
        later: date.checked_add_days(Days::new(1)).filter(within),
        past: date < today,
        broadcasts,
        outcomes,
        garbage,
        childcare,
    }))
}

fn reminder(
    told: ahead::InFull,
    agreement: Option<Agreement>,
    today: NaiveDate,
    directory: &Directory,
) -> Reminder {
    let ahead::InFull {
        entry,
        groups,
        people,
    } = told;
    let hours = entry.hours.iter().map(|at| times::hour(*at));
    Reminder {
        title: match &entry.of {
            Of::Garbage {
                when, collection, ..
            } => words::collection(words::garbage(*when), *collection, today),
            Of::Childcare { title, .. } => title.clone(),
        },
        about: match &entry.of {
            Of::Garbage {
                collected, unusual, ..
            } => {
                let mut kinds: Vec<String> = collected
                    .iter()
                    .map(|(label, areas)| format!("{label} {areas}地区"))
                    .collect();
                if *unusual > 0 {
                    kinds.push(format!("ふだんと違う {unusual}地区"));
                }
                kinds.join("、")
            }
            Of::Childcare { .. } => words::about(&entry.of),
        },
        agreement,
        hours: hours.zip(people.into_iter().map(Told::of)).collect(),
        languages: Language::all()
            .map(|language| {
                (
                    language.name(),
                    language.code(),
                    said(language, &groups, directory),
                )
            })
            .filter(|(.., said)| !said.is_empty())
            .collect(),
    }
}

fn said(language: Language, groups: &[Group], directory: &Directory) -> Vec<Said> {
    let name = |area: &crate::ids::AreaId| {
        let known = directory.get(*area);
        known.map_or_else(|| area.to_string(), |area| area.name.clone())
    };
    let read = groups.iter().filter(|group| group.language == language);
    read.map(|group| Said {
        words: group.message.clone(),
        areas: group
            .areas
            .as_ref()
            .map(|areas| areas.iter().map(name).collect()),
    })
    .collect()
}
