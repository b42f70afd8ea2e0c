//! The telephone on which somebody else is called at night. The number itself is shown to nobody.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::words;
use crate::calling::{self, Way};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::PersonId;
use crate::staff::contact::{self, NoTelephone, Telephone};
use crate::staff::people;
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

/// A number as it was typed; nothing lets go of the one that is kept.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Typed {
    #[serde(default)]
    telephone: String,
}

impl Typed {
    /// The number, if one was typed; nothing when what was typed is none, which `errors` then says.
    pub(in crate::console) fn read(&self, errors: &mut Errors) -> Option<Option<Telephone>> {
        match self.telephone.trim() {
            "" => Some(None),
            typed => match Telephone::parse(typed) {
                Ok(number) => Some(Some(number)),
                Err(why) => {
                    errors.add("telephone", words::wrong_telephone(why));
                    None
                }
            },
        }
    }

    /// As it was typed.
    pub(in crate::console) fn into_words(self) -> String {
        self.telephone
    }
}

#[derive(Template)]
#[template(path = "people/telephone.html")]
pub(in crate::console) struct Ask {
    frame: Frame,
    errors: Errors,
    typed: String,
    path: String,
    called: String,
    known: Option<Telephone>,
    /// They alone change it.
    theirs: bool,
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    id: PersonId,
    (errors, typed): (Errors, String),
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let mut ways = contact::ways(&desk.db, &[id]).await?;
    let status = if errors.is_empty() {
        HttpResponse::Ok()
    } else {
        HttpResponse::UnprocessableEntity()
    };
    let (path, called) = (format!("/people/{id}"), person.name.as_str());
    let known = ways.remove(&id).and_then(|ways| ways.telephone);
    let decides = contact::decides(&roster, id, date_in_japan(visitor.now));
    let page = Ask {
        frame: visitor
            .frame("呼び出しの電話番号")
            .under("/people", "職員")
            .under(path.clone(), called),
        errors,
        typed,
        path,
        called: called.to_owned(),
        theirs: known.is_some() && decides,
        known,
    };
    Ok(Page(page).with(status))
}

/// One's own stands among one's own settings.
fn own(visitor: &Visitor, id: PersonId) -> Option<HttpResponse> {
    (visitor.signed.person() == id).then(|| redirect("/me/contact", None))
}

/// `GET /people/{id}/telephone`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
) -> Result<HttpResponse, Refusal> {
    match own(&visitor, *id) {
        Some(there) => Ok(there),
        None => page(&visitor, &desk, *id, Default::default()).await,
    }
}

/// `POST /people/{id}/telephone`.
pub(in crate::console) async fn set(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    if let Some(there) = own(&visitor, *id) {
        return Ok(there);
    }
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let mut errors = Errors::default();
    let Some(number) = typed.read(&mut errors) else {
        return page(&visitor, &desk, *id, (errors, typed.into_words())).await;
    };
    let called = person.name.as_str();
    let said = match number {
        Some(_) => format!("{called}さんの電話番号を登録しました。"),
        None => format!("{called}さんの電話番号を消しました。"),
    };
    let tx = desk.db.begin().await?;
    match contact::set_telephone(&tx, visitor.now, &visitor.signed.actor(), *id, number).await {
        Ok(()) => {}
        Err(NoTelephone::TheirOwn) => {
            let said = format!(
                "{called}さんは緊急配信を決める人です。登録した番号は、本人だけが「自分の設定」で変えられます。変えていません。"
            );
            return Ok(redirect(&format!("/people/{id}"), Flash::failed(said)));
        }
        Err(NoTelephone::Db(error)) => return Err(error.into()),
    }
    calling::changed(&tx, visitor.now, *id, Way::Telephone).await?;
    tx.commit().await?;
    Ok(redirect(&format!("/people/{id}"), Flash::done(said)))
}
