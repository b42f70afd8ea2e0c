//! Correcting what is known of a person, and taking one back who left.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::{fields, new, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::PersonId;
use crate::staff::countersign::Ask;
use crate::staff::people::{self, InvalidWord, Mail, Name, Number, Particulars, PeopleError};
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

/// The words, and those that stood there when the form was opened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Words {
    number: String,
    name: String,
    mail: String,
    was_number: String,
    was_name: String,
    was_mail: String,
}

#[derive(Template)]
#[template(path = "people/correct.html")]
pub(in crate::console) struct Correct {
    frame: Frame,
    errors: Errors,
    entered: Words,
    path: String,
}

fn page(
    visitor: &Visitor,
    (id, called): (PersonId, &str),
    errors: Errors,
    entered: Words,
) -> Page<Correct> {
    let path = format!("/people/{id}");
    Page(Correct {
        frame: visitor
            .frame("登録内容を直す")
            .under("/people", "職員")
            .under(path.clone(), called),
        errors,
        entered,
        path,
    })
}

/// `GET /people/{id}/correct`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
) -> Result<Page<Correct>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let (number, name) = (person.number.to_string(), person.name.as_str().to_owned());
    let mail = person.mail.as_ref().map_or("", |m| m.as_str()).to_owned();
    let entered = Words {
        was_number: number.clone(),
        was_name: name.clone(),
        was_mail: mail.clone(),
        number,
        name,
        mail,
    };
    let who = (*id, person.name.as_str());
    Ok(page(&visitor, who, Errors::default(), entered))
}

/// `POST /people/{id}/correct`.
pub(in crate::console) async fn correct(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
    entered: Form<Words>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let mut errors = Errors::default();
    let to = read(&mut errors, &entered.number, &entered.name, &entered.mail);
    let mut unheard = Errors::default();
    // What did not stand there cannot have been seen.
    let was = read(
        &mut unheard,
        &entered.was_number,
        &entered.was_name,
        &entered.was_mail,
    );
    if let Some(to) = to {
        let was = was.ok_or_else(|| Refusal::Malformed {
            expected: "この画面の入力欄がそろっていません。".to_owned(),
        })?;
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        match people::correct(&tx, visitor.now, &by, *id, &was, &to).await {
            Ok(()) => {
                tx.commit().await?;
                let said = Flash::done("登録内容を直しました。");
                return Ok(redirect(&format!("/people/{id}"), said));
            }
            Err(PeopleError::Taken(what)) => new::taken(&mut errors, what),
            Err(error) => errors.add("name", words::why(error)?),
        }
    }
    let who = (*id, person.name.as_str());
    let wrong = HttpResponse::UnprocessableEntity();
    Ok(page(&visitor, who, errors, entered).with(wrong))
}

fn read(errors: &mut Errors, number: &str, name: &str, mail: &str) -> Option<Particulars> {
    let mut say = |field, wrong: InvalidWord| errors.add(field, words::invalid(wrong));
    let number = Number::parse(number.trim()).map_err(|e| say("number", e));
    let name = Name::parse(name).map_err(|e| say("name", e));
    let mail = Some(mail.trim()).filter(|mail| !mail.is_empty());
    let mail = mail
        .map(Mail::parse)
        .transpose()
        .map_err(|e| say("mail", e));
    Some(Particulars {
        number: number.ok()?,
        name: name.ok()?,
        mail: mail.ok()?,
    })
}

/// Why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Why {
    reason: String,
}

#[derive(Template)]
#[template(path = "people/reinstate.html")]
pub(in crate::console) struct Reinstate {
    frame: Frame,
    errors: Errors,
    entered: Why,
    path: String,
    facts: Vec<(&'static str, String)>,
}

/// `GET /people/{id}/reinstate`.
pub(in crate::console) async fn ask_back(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
) -> Result<Page<Reinstate>, Refusal> {
    back(&visitor, &desk, *id, Errors::default(), Why::default()).await
}

async fn back(
    visitor: &Visitor,
    desk: &Desk,
    id: PersonId,
    errors: Errors,
    entered: Why,
) -> Result<Page<Reinstate>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let path = format!("/people/{id}");
    let wish = Ask::Reinstate { person: id };
    Ok(Page(Reinstate {
        frame: visitor
            .frame("退職・異動を取り消す")
            .under("/people", "職員")
            .under(path.clone(), person.name.as_str()),
        errors,
        entered,
        path,
        facts: words::facts(&wish, &roster, date_in_japan(visitor.now)),
    }))
}

/// `POST /people/{id}/reinstate`.
pub(in crate::console) async fn reinstate(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
    entered: Form<Why>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    let wish = Ask::Reinstate { person: *id };
    match fields::ask(&visitor, &desk, &mut errors, wish, &entered.reason).await? {
        Some(asked) => Ok(fields::asked(asked)),
        None => Ok(back(&visitor, &desk, *id, errors, entered.into_inner())
            .await?
            .with(HttpResponse::UnprocessableEntity())),
    }
}
