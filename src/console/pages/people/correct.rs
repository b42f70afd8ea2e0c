//! Correcting what is known of a person.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::{new, words};
use crate::console::{Desk, Visitor};
use crate::ids::PersonId;
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
