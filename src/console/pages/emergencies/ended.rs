//! Emergencies that were never sent (不同意・取下げ・失効), month by month: what nobody reports on is looked at here.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Query};
use askama::Template;
use chrono::NaiveTime;
use serde::Deserialize;

use super::{PATH, TITLE, name, path, section, words};
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::console::pages::month::neighbours;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::{self, Emergency};
use crate::resident::Month;
use crate::staff::people::{self, Roster};
use crate::table;
use crate::web::{Frame, Page, Refusal, times};

/// Years back that can be looked at.
const YEARS_BACK: i32 = 10;

/// Which month is looked at: `2026-11`; this one when empty, odd, to come, or too long ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    month: String,
}

/// One that ended.
struct Row {
    path: String,
    name: String,
    state: &'static str,
    chip: &'static str,
    section: String,
    began: Instant,
    ended: Instant,
    /// Who ended it.
    who: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "emergencies/ended.html")]
pub(in crate::console) struct Ended {
    frame: Frame,
    month: Month,
    earlier: Option<Month>,
    later: Option<Month>,
    rows: Vec<Row>,
}

/// `GET /emergencies/ended`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<Ended>, Refusal> {
    let (month, this) = (asked.month(visitor.now), this_month(visitor.now));
    let [before, after] = neighbours(month);
    Ok(Page(Ended {
        rows: rows(&desk, month).await?,
        earlier: Some(before).filter(|month| is_shown(*month, this)),
        later: Some(after).filter(|month| is_shown(*month, this)),
        frame: visitor.frame("配信しなかった緊急配信").under(PATH, TITLE),
        month,
    }))
}

/// `GET /emergencies/ended.csv`.
pub(in crate::console) async fn download(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Refusal> {
    let month = asked.month(visitor.now);
    let header = [
        "終わった日時",
        "結果",
        "件名",
        "課",
        "起案した日時",
        "人",
        "理由",
    ];
    let mut lines = vec![header.map(str::to_owned)];
    lines.extend(rows(&desk, month).await?.into_iter().map(|row| {
        [
            times::machine(row.ended),
            row.state.to_owned(),
            row.name,
            row.section,
            times::machine(row.began),
            row.who,
            row.reason,
        ]
    }));
    let attachment = format!("attachment; filename=\"emergencies-ended-{month}.csv\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, attachment))
        .body(table::csv(lines)))
}

impl Asked {
    fn month(&self, now: Instant) -> Month {
        let this = this_month(now);
        let asked = Month::parse(&self.month).ok();
        asked.filter(|month| is_shown(*month, this)).unwrap_or(this)
    }
}

fn this_month(now: Instant) -> Month {
    Month::of(date_in_japan(now))
}

fn is_shown(month: Month, this: Month) -> bool {
    this.year() - YEARS_BACK <= month.year() && month <= this
}

async fn rows(desk: &Desk, month: Month) -> Result<Vec<Row>, Refusal> {
    let [_, next] = neighbours(month);
    let start = |month: Month| instant_in_japan(month.first_day().and_time(NaiveTime::MIN));
    let ended = emergency::ended_unsent(&desk.db, start(month), start(next)).await?;
    let roster = people::roster(&desk.db).await?;
    let library = desk.templates.in_force().await?;
    let row = |emergency: &Emergency| Row {
        path: path(emergency.head.id),
        name: name(&library, &emergency.head),
        state: words::state(emergency.head.state),
        chip: words::chip(emergency.head.state),
        section: section(&roster, emergency.head.section),
        began: emergency.head.created.at,
        ended: emergency.head.moved_at,
        who: who(&roster, emergency),
        reason: last(emergency, |event| event.reason.clone()).unwrap_or_default(),
    };
    Ok(ended.iter().map(row).collect())
}

/// What the event says that ended it.
fn last<T>(emergency: &Emergency, what: impl Fn(&emergency::Event) -> Option<T>) -> Option<T> {
    emergency.history.last().and_then(what)
}

/// Who ended it.
fn who(roster: &Roster, emergency: &Emergency) -> String {
    let by = last(emergency, |event| event.by);
    by.map_or_else(
        || "システム".to_owned(),
        |person| people_words::person(roster, person),
    )
}
