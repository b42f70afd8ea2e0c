//! Call-out drills (呼出訓練): a side is called as at night, unannounced, to see how soon somebody answers.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use chrono::{Datelike, Months, TimeDelta};
use serde::Deserialize;

use super::{PATH, TITLE, faults, section, sections, terms, words};
use crate::calling::{self, Calling, Ended};
use crate::clock::{Instant, date_in_japan};
use crate::console::pages::calls::words as called;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency;
use crate::emergency::moves::Side;
use crate::ids::SectionId;
use crate::staff::people::{self, Roster};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

/// Where drills stand.
const READINESS: &str = "/emergencies/readiness";
/// Months of which drills are told.
const MONTHS: u32 = 12;

/// A drill in the list.
pub(super) struct Drill {
    pub(super) begun: String,
    pub(super) whom: String,
    pub(super) outcome: String,
    pub(super) chip: &'static str,
}

/// What drills have shown.
pub(super) struct Drills {
    pub(super) list: Vec<Drill>,
    /// The median and the longest of those that were answered.
    pub(super) times: Option<(String, String)>,
    pub(super) unanswered: usize,
    pub(super) none_this_month: bool,
}

/// The drills of the last twelve months, the newest first.
pub(super) async fn drills(
    visitor: &Visitor,
    desk: &Desk,
    roster: &Roster,
    frame: &Frame,
) -> Result<Drills, Refusal> {
    let now = visitor.now;
    let since = now.checked_sub_months(Months::new(MONTHS)).unwrap_or(now);
    let all = calling::drills(&desk.db, since).await?;
    let mut times: Vec<TimeDelta> = all.iter().filter_map(Calling::took).collect();
    times.sort();
    let median = times.get(times.len() / 2);
    let month = |at: Instant| {
        let day = date_in_japan(at);
        (day.year(), day.month())
    };
    let whom = |drill: &Calling| {
        let side = words::side(drill.side.unwrap_or(Side::Concurs));
        format!("{}：{side}", section(roster, SectionId(drill.matter)))
    };
    let told = |drill: &Calling| {
        let (outcome, chip) = match drill.ended.map(|end| end.how) {
            Some(Ended::Answered(person, _)) => {
                let took = called::took(drill.took().unwrap_or_default());
                let who = people_words::person(roster, person);
                (format!("{took}で応答（{who}）"), "success")
            }
            None if now < drill.until => ("応答を待っています".to_owned(), "info"),
            Some(Ended::Over) => (called::ended(Ended::Over).to_owned(), "plain"),
            _ => (called::ended(Ended::Unanswered).to_owned(), "error"),
        };
        Drill {
            begun: frame.time(&drill.begun_at),
            whom: whom(drill),
            outcome,
            chip,
        }
    };
    let unanswered = |drill: &&Calling| match drill.ended.map(|end| end.how) {
        None => drill.until <= now,
        Some(how) => how == Ended::Unanswered,
    };
    Ok(Drills {
        times: median
            .zip(times.last())
            .map(|(median, longest)| (called::took(*median), called::took(*longest))),
        unanswered: all.iter().filter(unanswered).count(),
        none_this_month: !all.iter().any(|drill| month(drill.begun_at) == month(now)),
        list: all.iter().map(told).collect(),
    })
}

/// Which side of which section.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    section: String,
    side: String,
}

#[derive(Template)]
#[template(path = "emergencies/call_out.html")]
pub(in crate::console) struct Ask {
    frame: Frame,
    errors: Errors,
    entered: Entered,
    sections: Vec<Choice>,
    sides: Vec<Choice>,
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    errors: Errors,
    entered: Entered,
) -> Result<HttpResponse, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let status = if errors.is_empty() {
        HttpResponse::Ok()
    } else {
        HttpResponse::UnprocessableEntity()
    };
    let side = |side: Side| {
        Choice::new(side.code(), words::side(side)).hint(words::decider(&profile, side))
    };
    let page = Ask {
        frame: visitor
            .frame("呼出訓練")
            .under(PATH, TITLE)
            .under(READINESS, "緊急配信の備え"),
        errors,
        entered,
        sections: super::choices(&sections(visitor, desk).await?),
        sides: Side::BOTH.map(side).into(),
    };
    Ok(Page(page).with(status))
}

/// `GET /emergencies/call-out`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    page(&visitor, &desk, Errors::default(), Entered::default()).await
}

/// `POST /emergencies/call-out`: telephones ring.
pub(in crate::console) async fn begin(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(entered): Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    let known = people::sections(&desk.db).await?;
    let open = |id: &SectionId| {
        let mut open = known.iter().filter(|section| section.closed_on.is_none());
        open.any(|section| section.id == *id)
    };
    let section = entered.section.parse().ok().filter(open);
    if section.is_none() {
        errors.add("section", "課を選んでください。");
    }
    let side = Side::of_code(&entered.side);
    if side.is_none() {
        errors.add("side", "どちらの側を呼び出すか、選んでください。");
    }
    let (Some(section), Some(side)) = (section, side) else {
        return page(&visitor, &desk, errors, entered).await;
    };
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let (terms, by) = (terms(&library, &profile), &visitor.signed);
    let tx = desk.db.begin().await?;
    match emergency::call_out(&tx, visitor.now, terms, by, section, side).await {
        Ok(_) => tx.commit().await?,
        Err(error) => {
            let Some(why) = faults::refused(&error) else {
                return Err(error.into());
            };
            drop(tx);
            errors.add("section", why);
            return page(&visitor, &desk, errors, entered).await;
        }
    }
    let said = "呼出訓練を始めました。応答があると、下の記録に時間が出ます。";
    Ok(redirect(READINESS, Flash::done(said)))
}
