//! A new person: they are written down at once; that they are let in takes two.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use serde::Deserialize;

use super::{fields, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::{OrganisationId, PersonId, PostId};
use crate::staff::countersign::{self, Ask};
use crate::staff::people::{
    self, Mail, Name, NewPerson, Number, PeopleError, Person, Roster, Term,
};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

/// What the form holds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    number: String,
    name: String,
    mail: String,
    organisation: String,
    post: String,
    from: String,
    to: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "people/new.html")]
pub(in crate::console) struct New {
    frame: Frame,
    errors: Errors,
    entered: Entered,
    firms: Vec<Choice>,
    posts: Vec<Choice>,
}

/// `GET /people/new`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<New>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let entered = Entered {
        from: date_in_japan(visitor.now).to_string(),
        ..Entered::default()
    };
    Ok(page(&visitor, &roster, Errors::default(), entered))
}

fn page(visitor: &Visitor, roster: &Roster, errors: Errors, entered: Entered) -> Page<New> {
    let today = date_in_japan(visitor.now);
    let firms = roster.organisations.values();
    let firms = firms.filter(|firm| firm.contract.to.is_none_or(|to| today <= to));
    Page(New {
        frame: visitor.frame("職員を登録する").under("/people", "職員"),
        errors,
        firms: firms
            .map(|firm| Choice::new(firm.id.to_string(), firm.name.clone()))
            .collect(),
        posts: fields::posts(roster, today, |_| true),
        entered,
    })
}

/// `POST /people/new`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let roster = people::roster(&desk.db).await?;
    let mut errors = Errors::default();
    let person = person(&mut errors, &entered, &roster);
    let post = post(&mut errors, &entered, person.as_ref(), &roster);
    fields::reason(&mut errors, &entered.reason);
    let mut id = None;
    if let Some(person) = person.filter(|_| errors.is_empty()) {
        id = write_down(&visitor, &desk, &mut errors, &person).await?;
    }
    let Some(id) = id else {
        let wrong = HttpResponse::UnprocessableEntity();
        return Ok(page(&visitor, &roster, errors, entered).with(wrong));
    };
    let mut wishes = vec![Ask::Invite { person: id }];
    wishes.extend(post.map(|(post, term)| Ask::GrantPost {
        post,
        person: id,
        term,
    }));
    let path = format!("/people/{id}");
    let mut asked = 0;
    let by = visitor.signed.person();
    for wish in wishes {
        match countersign::ask(&desk.db, visitor.now, by, wish, &entered.reason).await {
            Ok(_) => asked += 1,
            Err(error) => {
                let why = words::why_not_agreed(error)?;
                return Ok(redirect(
                    &path,
                    Flash::failed(format!(
                        "職員は登録しましたが、次の申請はできませんでした。{why}"
                    )),
                ));
            }
        }
    }
    let said = format!(
        "職員を登録し、二人操作を{asked}件申請しました。1時間のうちに、もう一人の同意が必要です。"
    );
    Ok(redirect(&path, Flash::done(said)))
}

fn person(errors: &mut Errors, entered: &Entered, roster: &Roster) -> Option<NewPerson> {
    let number = Number::parse(entered.number.trim());
    let name = Name::parse(&entered.name);
    let mail = Some(entered.mail.trim()).filter(|mail| !mail.is_empty());
    let mail = mail.map(Mail::parse).transpose();
    let chosen = Some(&entered.organisation).filter(|id| !id.is_empty());
    let firm: Option<Option<OrganisationId>> = match chosen.map(|id| id.parse()) {
        None => Some(None),
        Some(id) => id
            .ok()
            .filter(|id| roster.organisations.contains_key(id))
            .map(Some),
    };
    for (field, wrong) in [
        ("number", number.as_ref().err()),
        ("name", name.as_ref().err()),
        ("mail", mail.as_ref().err()),
    ] {
        if let Some(wrong) = wrong {
            errors.add(field, words::invalid(*wrong));
        }
    }
    if firm.is_none() {
        errors.add("organisation", "所属を一覧から選んでください。");
    }
    Some(NewPerson {
        number: number.ok()?,
        name: name.ok()?,
        mail: mail.ok()?,
        organisation: firm?,
    })
}

/// The first post, if one is wanted; looked at as if the person were there already.
fn post(
    errors: &mut Errors,
    entered: &Entered,
    person: Option<&NewPerson>,
    roster: &Roster,
) -> Option<(PostId, Term)> {
    if entered.post.is_empty() {
        return None;
    }
    let Ok(post) = entered.post.parse() else {
        errors.add("post", words::unfit(people::Unfit::NoSuchPost));
        return None;
    };
    let term = fields::term(errors, &entered.from, &entered.to)?;
    let NewPerson {
        number,
        name,
        mail,
        organisation,
    } = person?.clone();
    let firm = organisation.and_then(|id| roster.organisations.get(&id));
    let mut imagined = roster.clone();
    let id = PersonId(uuid::Uuid::nil());
    let person = Person {
        id,
        number,
        name,
        mail,
        organisation: firm.cloned(),
        ends_on: None,
    };
    imagined.persons.insert(id, person);
    if let Err(unfit) = imagined.may_hold(post, id, &term) {
        errors.add(words::unfit_field(unfit), words::unfit(unfit));
    }
    Some((post, term))
}

async fn write_down(
    visitor: &Visitor,
    desk: &Desk,
    errors: &mut Errors,
    person: &NewPerson,
) -> Result<Option<PersonId>, Refusal> {
    let tx = desk.db.begin().await?;
    match people::add_person(&tx, visitor.now, &visitor.signed.actor(), person).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(Some(id))
        }
        Err(PeopleError::Taken(what)) => {
            taken(errors, what);
            Ok(None)
        }
        Err(error) => {
            errors.add("number", words::why(error)?);
            Ok(None)
        }
    }
}

/// Says which word is somebody else's.
pub(super) fn taken(errors: &mut Errors, what: &str) {
    if what.contains("mail") {
        errors.add(
            "mail",
            "このメールアドレスは、ほかの職員のものとして登録されています。",
        );
    } else {
        errors.add(
            "number",
            "この職員番号は、もう登録されています。職員の一覧で探してください。",
        );
    }
}
