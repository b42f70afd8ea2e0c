//! Correcting what went out wrong: words prepared beforehand, to exactly those whom the mistake reached.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use askama::Template;

use super::fields::{self, Blank, Takes};
use super::{PATH, TITLE, find, name, path, refused, terms, words};
use crate::clock::datetime_in_japan;
use crate::console::pages::broadcasts::Sent;
use crate::console::{Desk, Visitor};
use crate::emergency::moves::Act;
use crate::emergency::template::{Filled, Library};
use crate::emergency::{self, Emergency, EmergencyError};
use crate::ids::EmergencyId;
use crate::web::{Frame, Page, Refusal, redirect};

#[derive(Template)]
#[template(path = "emergencies/correct.html")]
pub(in crate::console) struct Correct {
    frame: Frame,
    back: String,
    /// Templates to choose from, while none is chosen.
    offered: Vec<(String, String)>,
    /// Where the form goes, once one is.
    action: String,
    blanks: Vec<Blank>,
    whom: String,
}

/// `GET /emergencies/{id}/correct`: which prepared words.
pub(in crate::console) async fn choose(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
) -> Result<HttpResponse, Refusal> {
    let wrong = find(&visitor, &desk, *id).await?;
    if let Err(error) = may(&visitor, &desk, &wrong).await? {
        return refused(error, &path(*id));
    }
    let library = desk.templates.in_force().await?;
    let own = library.find(&wrong.head.template);
    let answer = own.and_then(|template| template.answers.as_deref());
    let offered = library
        .all()
        .filter(|template| emergency::is_prepared(template) || answer == Some(&template.code))
        .map(|template| (template.code.clone(), template.name.clone()));
    let page = Correct {
        offered: offered.collect(),
        action: String::new(),
        blanks: Vec::new(),
        ..draw(&visitor, &desk, &wrong).await?
    };
    Ok(Page(page).with(HttpResponse::Ok()))
}

/// `GET /emergencies/{id}/correct/{code}`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Path<(EmergencyId, String)>,
) -> Result<HttpResponse, Refusal> {
    let (id, code) = asked.into_inner();
    let wrong = find(&visitor, &desk, id).await?;
    if let Err(error) = may(&visitor, &desk, &wrong).await? {
        return refused(error, &path(id));
    }
    let library = desk.templates.in_force().await?;
    let template = library.find(&code).ok_or(Refusal::NotFound)?;
    let page = Correct {
        action: format!("{}/correct/{code}", path(id)),
        blanks: fields::blanks(template, &known(&library, &wrong), &[]),
        ..draw(&visitor, &desk, &wrong).await?
    };
    Ok(Page(page).with(HttpResponse::Ok()))
}

/// `POST /emergencies/{id}/correct/{code}`: begins the correction, to be handed in on its own page.
pub(in crate::console) async fn begin(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Path<(EmergencyId, String)>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let (id, code) = asked.into_inner();
    let wrong = find(&visitor, &desk, id).await?;
    let library = desk.templates.in_force().await?;
    let template = library.find(&code).ok_or(Refusal::NotFound)?;
    let filled = fields::filled(template, &sent);
    let profile = desk.rules.at(visitor.now).await?;
    let (now, by) = (visitor.now, &visitor.signed);
    // What cannot be said is told before anything is begun: nobody looks for the form again at night.
    let mut like_it = wrong.written.clone();
    like_it.template = code.clone();
    like_it.filled = filled.clone();
    let composed = emergency::composed(now, terms(&library, &profile), desk.mode, &like_it);
    if let Err(EmergencyError::Findings(found)) = composed {
        let page = Correct {
            action: format!("{}/correct/{code}", path(id)),
            blanks: fields::blanks(template, &filled, &found),
            ..draw(&visitor, &desk, &wrong).await?
        };
        let mut answer = HttpResponse::Ok();
        answer.status(StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(Page(page).with(answer));
    }
    let tx = desk.db.begin().await?;
    let terms = terms(&library, &profile);
    match emergency::correct(&tx, now, terms, by, id, &code, &filled).await {
        Ok(child) => {
            tx.commit().await?;
            Ok(redirect(&path(child), None))
        }
        Err(error) => refused(error, &path(id)),
    }
}

/// Whether they may, so that nobody fills in a form for nothing.
async fn may(
    visitor: &Visitor,
    desk: &Desk,
    wrong: &Emergency,
) -> Result<Result<(), EmergencyError>, Refusal> {
    let state = wrong.head.state_at(visitor.now);
    if state.after(Act::Correct).is_none() {
        return Ok(Err(EmergencyError::NotSent));
    }
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let (terms, person) = (terms(&library, &profile), visitor.signed.person());
    let open = emergency::open_to(&desk.db, visitor.now, terms, wrong, person).await;
    Ok(match open {
        Ok(open) if open.contains_key(&Act::Correct) => Ok(()),
        Ok(_) => Err(EmergencyError::NotTheirs(Act::Correct)),
        Err(error) => Err(error),
    })
}

async fn draw(visitor: &Visitor, desk: &Desk, wrong: &Emergency) -> Result<Correct, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let back = path(wrong.head.id);
    let name = name(&library, &wrong.head);
    let frame = visitor.frame("誤りを訂正する").under(PATH, TITLE);
    Ok(Correct {
        frame: frame.under(back.clone(), name),
        back,
        offered: Vec::new(),
        action: String::new(),
        blanks: Vec::new(),
        whom: words::corrected(&profile, &wrong.written.audience),
    })
}

/// What a correction says of what it corrects, filled in already: when it was sent, and what it was called.
fn known(library: &Library, wrong: &Emergency) -> Filled {
    let sent = wrong.head.sent.map(|sent| {
        let civil = datetime_in_japan(sent.at);
        (
            "sent".to_owned(),
            civil.format("%Y-%m-%dT%H:%M").to_string(),
        )
    });
    let title = ("title".to_owned(), name(library, &wrong.head));
    Filled(sent.into_iter().chain([title]).collect())
}
