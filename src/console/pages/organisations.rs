//! Contractors (受託者) and their contracts: longer takes two, shorter takes one.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::holdings::When;
use super::people::rows::{self, Phase, Row as PersonRow};
use super::people::{fields, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::OrganisationId;
use crate::staff::Right;
use crate::staff::countersign::Ask;
use crate::staff::people::{self, Organisation, PeopleError, Roster};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

/// A contractor in the list.
struct Row {
    path: String,
    name: String,
    contract: String,
    phase: Phase,
    persons: usize,
}

/// A new one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    name: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "organisations/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    manages: bool,
    rows: Vec<Row>,
    errors: Errors,
    entered: Entered,
}

/// `GET /organisations`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    page(&visitor, &desk, Errors::default(), Entered::default()).await
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    errors: Errors,
    entered: Entered,
) -> Result<Page<List>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let firms = roster.organisations.values();
    let mut rows: Vec<Row> = firms.map(|firm| row(&roster, firm, today)).collect();
    rows.sort_by(|a, b| (a.phase, &a.name).cmp(&(b.phase, &b.name)));
    Ok(Page(List {
        frame: visitor.frame("受託者").under("/people", "職員"),
        manages: visitor.may(Right::ManagePeople),
        rows,
        errors,
        entered,
    }))
}

fn row(roster: &Roster, firm: &Organisation, today: NaiveDate) -> Row {
    let persons = roster.persons.values();
    let theirs = |id: &Option<Organisation>| id.as_ref().is_some_and(|o| o.id == firm.id);
    Row {
        path: format!("/organisations/{}", firm.id),
        name: firm.name.clone(),
        contract: words::term(&firm.contract, today),
        phase: Phase::of(&firm.contract, false, today),
        persons: persons.filter(|p| theirs(&p.organisation)).count(),
    }
}

/// `POST /organisations`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    if entered.to.is_empty() {
        errors.add("to", "契約の最終日を入力してください。");
    }
    let term = fields::term(&mut errors, &entered.from, &entered.to);
    if let Some(term) = term.filter(|_| errors.is_empty()) {
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        match people::add_organisation(&tx, visitor.now, &by, &entered.name, term).await {
            Ok(id) => {
                tx.commit().await?;
                let said = Flash::done("受託者を登録しました。続けて役職と人を登録してください。");
                return Ok(redirect(&format!("/organisations/{id}"), said));
            }
            Err(PeopleError::Taken(_)) => errors.add("name", "この名前の受託者は、もうあります。"),
            Err(error) => errors.add("name", words::why(error)?),
        }
    }
    let wrong = HttpResponse::UnprocessableEntity();
    let page = page(&visitor, &desk, errors, entered.into_inner()).await?;
    Ok(page.with(wrong))
}

/// A new last day, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Longer {
    to: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "organisations/show.html")]
pub(in crate::console) struct Show {
    frame: Frame,
    manages: bool,
    row: Row,
    people: Vec<PersonRow>,
    posts: Vec<String>,
    errors: Errors,
    longer: Longer,
    shorter: When,
    whens: Vec<Choice>,
}

/// `GET /organisations/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<OrganisationId>,
) -> Result<HttpResponse, Refusal> {
    let (longer, shorter) = (Longer::default(), When::default());
    one(&visitor, &desk, *id, Errors::default(), longer, shorter).await
}

async fn one(
    visitor: &Visitor,
    desk: &Desk,
    id: OrganisationId,
    errors: Errors,
    longer: Longer,
    shorter: When,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let firm = roster.organisations.get(&id).ok_or(Refusal::NotFound)?;
    let theirs = |person: &people::Person| {
        let employer = person.organisation.as_ref();
        employer.is_some_and(|employer| employer.id == id)
    };
    let people = rows::groups(&roster, today, &[], theirs);
    let posts = roster.posts.values();
    let posts = posts.filter(|post| post.organisation() == Some(id) && !post.is_closed(today));
    let status = if errors.is_empty() {
        HttpResponse::Ok()
    } else {
        HttpResponse::UnprocessableEntity()
    };
    let page = Show {
        frame: visitor
            .frame(firm.name.clone())
            .under("/people", "職員")
            .under("/organisations", "受託者"),
        manages: visitor.may(Right::ManagePeople),
        row: row(&roster, firm, today),
        people: people.into_iter().flat_map(|group| group.rows).collect(),
        posts: posts.map(|post| post.title.clone()).collect(),
        errors,
        longer,
        shorter,
        whens: fields::ends(),
    };
    Ok(Page(page).with(status))
}

/// `POST /organisations/{id}/extend`.
pub(in crate::console) async fn extend(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<OrganisationId>,
    entered: Form<Longer>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    if entered.to.is_empty() {
        errors.add("to", "新しい最終日を入力してください。");
    }
    let to = fields::date(&mut errors, "to", &entered.to);
    fields::reason(&mut errors, &entered.reason);
    if let Some(to) = to.filter(|_| errors.is_empty()) {
        let organisation = *id;
        let wish = Ask::ExtendContract { organisation, to };
        let asked = fields::ask(&visitor, &desk, &mut errors, wish, &entered.reason).await?;
        if let Some(asked) = asked {
            return Ok(fields::asked(asked));
        }
    }
    let (longer, shorter) = (entered.into_inner(), When::default());
    one(&visitor, &desk, *id, errors, longer, shorter).await
}

/// `POST /organisations/{id}/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<OrganisationId>,
    entered: Form<When>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    if let Some(end) = entered.read(&mut errors, &visitor) {
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        match people::end_contract(&tx, visitor.now, &by, *id, end).await {
            Ok(()) => {
                tx.commit().await?;
                let said = Flash::done("契約の最終日を早めました。受託者の人は、その日までです。");
                return Ok(redirect(&format!("/organisations/{id}"), said));
            }
            Err(error) => errors.add("day", words::why(error)?),
        }
    }
    let (longer, shorter) = (Longer::default(), entered.into_inner());
    one(&visitor, &desk, *id, errors, longer, shorter).await
}
