//! The garbage calendar: what is collected where and when, area by area.

mod faults;
mod month;
pub(in crate::console) mod taking;
mod words;

use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::area::{self, Area, Directory};
use crate::audit;
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::garbage::{self, Calendar};
use crate::ids::AreaId;
use crate::resident::Month;
use crate::web::{Choice, Frame, Page, Refusal};

use month::MonthPage;

/// What is looked for in the list of areas.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    district: String,
    q: String,
}

/// Which month is looked at: `2026-11`; this one when empty or odd.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct AskedMonth {
    month: String,
}

/// Areas of a district.
#[derive(Debug)]
struct Group {
    district: String,
    areas: Vec<Area>,
}

#[derive(Template)]
#[template(path = "garbage/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    asked: Asked,
    districts: Vec<Choice>,
    all: usize,
    groups: Vec<Group>,
    last_import: Option<audit::Recorded>,
}

/// `GET /garbage`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let asked = asked.into_inner();
    let directory = area::directory(&desk.db).await?;
    let districts = directory.districts();
    let groups = grouped(&directory, &asked);
    let query = audit::Query {
        act: Some("garbage.imported".to_owned()),
        ..audit::Query::default()
    };
    Ok(Page(List {
        frame: visitor.frame("ごみの収集日"),
        districts: districts
            .iter()
            .map(|name| Choice::new(*name, *name))
            .collect(),
        all: directory.areas().count(),
        groups,
        asked,
        last_import: audit::search(&desk.db, &query)
            .await?
            .entries
            .into_iter()
            .next(),
    }))
}

/// The areas asked for, by district, in the town's order; those searched for, the best fit first.
fn grouped(directory: &Directory, asked: &Asked) -> Vec<Group> {
    let areas: Vec<&Area> = match asked.q.trim() {
        "" => directory.areas().collect(),
        words => directory.search(words),
    };
    let mut groups: Vec<Group> = Vec::new();
    for area in areas {
        let district = area.district.clone().unwrap_or_default();
        if !asked.district.is_empty() && asked.district != district {
            continue;
        }
        match groups.iter_mut().find(|group| group.district == district) {
            Some(group) => group.areas.push(area.clone()),
            None => groups.push(Group {
                district,
                areas: vec![area.clone()],
            }),
        }
    }
    groups
}

/// A category, as it is collected in an area.
#[derive(Debug)]
struct Collected {
    label: String,
    sublabel: String,
    schedule: String,
    next: Option<NaiveDate>,
    remarks: Vec<String>,
}

#[derive(Template)]
#[template(path = "garbage/area.html")]
pub(in crate::console) struct OfArea {
    frame: Frame,
    path: String,
    district: String,
    month: MonthPage,
    collected: Vec<Collected>,
}

/// `GET /garbage/areas/{id}`.
pub(in crate::console) async fn of_area(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<i64>,
    asked: Query<AskedMonth>,
) -> Result<Page<OfArea>, Refusal> {
    let directory = area::directory(&desk.db).await?;
    let area = directory.get(AreaId(*id)).ok_or(Refusal::NotFound)?;
    let today = date_in_japan(visitor.now);
    let calendar = garbage::calendar(&desk.db, area.id).await?;
    Ok(Page(OfArea {
        frame: visitor.frame(&area.name).under("/garbage", "ごみの収集日"),
        path: format!("/garbage/areas/{}", area.id),
        district: area.district.clone().unwrap_or_default(),
        month: MonthPage::of(&calendar, month_asked(&asked.month, today), today),
        collected: collected(&calendar, today),
    }))
}

/// The month asked for, if it is one in which calendars are looked at.
fn month_asked(text: &str, today: NaiveDate) -> Month {
    let near = |month: &Month| (2000..2100).contains(&month.year());
    let month = Month::parse(text).ok().filter(near);
    month.unwrap_or_else(|| Month::of(today))
}

fn collected(calendar: &Calendar, today: NaiveDate) -> Vec<Collected> {
    let rows = calendar.collected.iter();
    rows.map(|(category, schedule)| Collected {
        label: category.label.clone(),
        sublabel: category.sublabel.clone().unwrap_or_default(),
        schedule: words::schedule(schedule, today),
        next: calendar.next(&category.label, today),
        remarks: schedule.remarks.clone(),
    })
    .collect()
}
