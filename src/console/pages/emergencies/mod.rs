//! Emergencies (緊急配信), for two chiefs who were woken: one decision a page, and what is to be done comes first.

pub(in crate::console) mod agreement;
pub(in crate::console) mod bulletins;
pub(in crate::console) mod by_day;
pub(in crate::console) mod call_out;
pub(in crate::console) mod calls;
pub(in crate::console) mod choose;
mod consequence;
pub(in crate::console) mod correct;
pub(in crate::console) mod deed;
pub(in crate::console) mod ended;
pub(in crate::console) mod evacuation;
mod faults;
mod fields;
mod known;
pub(in crate::console) mod new;
pub(in crate::console) mod readiness;
pub(in crate::console) mod report;
pub(in crate::console) mod show;
pub(in crate::console) mod templates;
mod urgent;
mod words;

pub(in crate::console) use urgent::{Urgent, alarms, urgent};

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::console::{Desk, Visitor};
use crate::emergency::moves::State;
use crate::emergency::template::Library;
use crate::emergency::{self, Emergency, EmergencyError, Head, Terms};
use crate::ids::{EmergencyId, SectionId};
use crate::policy::Profile;
use crate::staff::Right;
use crate::staff::people::{self, Post, PostKind, Roster};
use crate::web::{Choice, Flash, Frame, Page, Refusal, redirect};

pub(super) const PATH: &str = "/emergencies";
const TITLE: &str = "緊急配信";
/// Most of those that are over which the list shows: the newest.
const MOST: u64 = 50;

/// One in the list.
struct Row {
    path: String,
    name: String,
    state: &'static str,
    chip: &'static str,
    section: String,
    when: String,
    /// Its report was due.
    late: bool,
}

#[derive(Template)]
#[template(path = "emergencies/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    starts: bool,
    /// The reader may look at those that were never sent, month by month.
    reviews: bool,
    open: Vec<Row>,
    over: Vec<Row>,
}

/// `GET /emergencies`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let library = desk.templates.in_force().await?;
    let late = emergency::report::overdue(&desk.db, visitor.now).await?;
    let frame = visitor.frame(TITLE);
    let row = |head: Head| {
        let state = head.state_at(visitor.now);
        Row {
            path: path(head.id),
            name: name(&library, &head),
            state: words::state(state),
            chip: words::chip(state),
            section: section(&roster, head.section),
            when: frame.time(&head.moved_at),
            late: late.iter().any(|late| late.id == head.id),
        }
    };
    let all = emergency::list(&desk.db, MOST).await?;
    let (over, open): (Vec<Head>, Vec<Head>) = all
        .into_iter()
        .partition(|head| head.state_at(visitor.now).is_over());
    Ok(Page(List {
        starts: !houses(&visitor).is_empty(),
        reviews: visitor.may(Right::ReviewEmergencies),
        open: open.into_iter().map(row).collect(),
        over: over.into_iter().map(row).collect(),
        frame,
    }))
}

fn path(id: EmergencyId) -> String {
    format!("{PATH}/{id}")
}

/// What it is called: by its template.
fn name(library: &Library, head: &Head) -> String {
    let template = library.find(&head.template);
    let name = template.map_or(head.template.as_str(), |template| &template.name);
    match head.corrects {
        Some(_) => format!("訂正：{name}"),
        None => name.to_owned(),
    }
}

fn section(roster: &Roster, id: SectionId) -> String {
    let known = roster.sections.get(&id);
    known.map_or_else(|| "不明な課".to_owned(), |section| section.name.clone())
}

/// The sections for which somebody begins emergencies: those in which they are chief or staff.
fn houses(visitor: &Visitor) -> Vec<(SectionId, String)> {
    let posts = visitor.signed.posts().iter();
    let posts = posts.filter(|post| matches!(post.kind, PostKind::Chief | PostKind::Staff));
    let mut houses: Vec<(SectionId, String)> = posts.filter_map(house).collect();
    houses.sort();
    houses.dedup();
    houses
}

fn house(post: &Post) -> Option<(SectionId, String)> {
    match &post.place {
        people::Place::Section(section) => Some((section.id, section.name.clone())),
        people::Place::Organisation(_) | people::Place::Town => None,
    }
}

/// Whether somebody begins emergencies, and now: by day, live ones go the ordinary way.
pub(in crate::console) async fn starts(visitor: &Visitor, desk: &Desk) -> Result<bool, Refusal> {
    if !visitor.may(Right::Emergency) || houses(visitor).is_empty() {
        return Ok(false);
    }
    let profile = desk.rules.at(visitor.now).await?;
    let in_hours = profile.working_hours.is_open(visitor.now);
    Ok(profile.emergency.as_ref().is_some_and(|rules| {
        visitor.is_drill() || (rules.live && !(rules.only_outside_working_hours && in_hours))
    }))
}

/// For whoever writes for no section.
fn writes_for_none() -> HttpResponse {
    let why = "緊急配信を起案するのは、各課の課長と担当者です。その課に電話してください。";
    redirect(PATH, Flash::failed(why))
}

fn choices(houses: &[(SectionId, String)]) -> Vec<Choice> {
    let choice = |(id, name): &(SectionId, String)| Choice::new(id.to_string(), name.clone());
    houses.iter().map(choice).collect()
}

/// The sections whose affairs somebody sees: all of them, for whoever watches over everything.
async fn sections(visitor: &Visitor, desk: &Desk) -> Result<Vec<(SectionId, String)>, Refusal> {
    let posts = visitor.signed.posts();
    let watches = posts.iter().any(|post| {
        post.of_owner() || matches!(post.kind, PostKind::DutyOfficer | PostKind::Auditor)
    });
    if !watches {
        return Ok(houses(visitor));
    }
    let today = crate::clock::date_in_japan(visitor.now);
    let all = people::sections(&desk.db).await?;
    let open = all
        .into_iter()
        .filter(|section| section.closed_on.is_none_or(|day| today < day));
    Ok(open.map(|section| (section.id, section.name)).collect())
}

/// What rules while an emergency is written and sent.
fn terms<'a>(library: &'a Library, profile: &'a Profile) -> Terms<'a> {
    Terms { profile, library }
}

/// An emergency, for whoever may read it: what has been handed in is no secret within the house.
async fn find(visitor: &Visitor, desk: &Desk, id: EmergencyId) -> Result<Emergency, Refusal> {
    let found = emergency::find(&desk.db, id).await?;
    let found = found.ok_or(Refusal::NotFound)?;
    if found.head.state != State::Draft {
        return Ok(found);
    }
    let (roster, profile) = (
        people::roster(&desk.db).await?,
        desk.rules.at(visitor.now).await?,
    );
    let rules = profile.emergency.as_ref();
    let (section, person) = (found.head.section, visitor.signed.person());
    match emergency::reads_draft(&roster, rules, visitor.now, section, person) {
        true => Ok(found),
        false => Err(Refusal::NotFound),
    }
}

/// Back to `path` with why it was not done.
fn refused(error: EmergencyError, path: &str) -> Result<HttpResponse, Refusal> {
    match (&error, faults::refused(&error)) {
        (EmergencyError::Gone, _) => Err(Refusal::NotFound),
        (_, Some(why)) => Ok(redirect(path, Flash::failed(why))),
        (_, None) => Err(error.into()),
    }
}
