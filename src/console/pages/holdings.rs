//! Giving a post, which takes two, and taking it away, which takes one.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::people::rows::{self, Line, Phase};
use super::people::{fields, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::HoldingId;
use crate::staff::countersign::Ask;
use crate::staff::people::{self, Unfit};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

/// Which post, whose, from when to when, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    person: String,
    post: String,
    from: String,
    to: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "holdings/new.html")]
pub(in crate::console) struct New {
    frame: Frame,
    errors: Errors,
    entered: Entered,
    persons: Vec<Choice>,
    posts: Vec<Choice>,
    back: String,
}

/// `GET /holdings/new`, perhaps with a person or a post to begin with.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Query<Entered>,
) -> Result<Page<New>, Refusal> {
    let mut entered = entered.into_inner();
    if entered.from.is_empty() {
        entered.from = date_in_japan(visitor.now).to_string();
    }
    page(&visitor, &desk, Errors::default(), entered).await
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    errors: Errors,
    entered: Entered,
) -> Result<Page<New>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let mut frame = visitor.frame("役職に就ける").under("/people", "職員");
    let mut back = "/posts".to_owned();
    if let Some(person) = entered
        .person
        .parse()
        .ok()
        .and_then(|id| roster.persons.get(&id))
    {
        back = format!("/people/{}", person.id);
        frame = frame.under(back.clone(), person.name.as_str());
    }
    Ok(Page(New {
        frame,
        errors,
        persons: fields::persons(&roster, today),
        posts: fields::posts(&roster, today, |_| true),
        entered,
        back,
    }))
}

/// `POST /holdings/new`.
pub(in crate::console) async fn grant(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let mut errors = Errors::default();
    let person = entered.person.parse().ok();
    let post = entered.post.parse().ok();
    if person.is_none() {
        errors.add("person", words::unfit(Unfit::NoSuchPerson));
    }
    if post.is_none() {
        errors.add("post", words::unfit(Unfit::NoSuchPost));
    }
    let term = fields::term(&mut errors, &entered.from, &entered.to);
    fields::reason(&mut errors, &entered.reason);
    if let (Some(person), Some(post), Some(term), true) = (person, post, term, errors.is_empty()) {
        let wish = Ask::GrantPost { post, person, term };
        let asked = fields::ask(&visitor, &desk, &mut errors, wish, &entered.reason).await?;
        if let Some(asked) = asked {
            return Ok(fields::asked(asked));
        }
    }
    let wrong = HttpResponse::UnprocessableEntity();
    Ok(page(&visitor, &desk, errors, entered).await?.with(wrong))
}

/// When.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct When {
    /// `now` or `day`.
    pub when: String,
    /// Which day.
    pub day: String,
}

/// Something that is about to end, a holding or a deputy's place.
#[derive(Template)]
#[template(path = "holdings/end.html")]
pub(in crate::console) struct Ending {
    frame: Frame,
    errors: Errors,
    entered: When,
    line: Line,
    whens: Vec<Choice>,
    back: String,
}

impl Ending {
    /// A page titled `title` that ends `line`.
    pub fn of(
        frame: Frame,
        line: Line,
        back: impl Into<String>,
        errors: Errors,
        entered: When,
    ) -> HttpResponse {
        let status = if errors.is_empty() {
            HttpResponse::Ok()
        } else {
            HttpResponse::UnprocessableEntity()
        };
        let page = Self {
            frame,
            errors,
            entered,
            line,
            whens: fields::ends(),
            back: back.into(),
        };
        Page(page).with(status)
    }
}

impl When {
    /// Reads it.
    pub fn read(&self, errors: &mut Errors, visitor: &Visitor) -> Option<people::End> {
        let today = date_in_japan(visitor.now);
        fields::end(errors, &self.when, &self.day, today)
    }
}

/// `GET /holdings/{id}/end`.
pub(in crate::console) async fn ask_end(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<HoldingId>,
) -> Result<HttpResponse, Refusal> {
    ending(&visitor, &desk, *id, Errors::default(), When::default()).await
}

async fn ending(
    visitor: &Visitor,
    desk: &Desk,
    id: HoldingId,
    errors: Errors,
    entered: When,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let held = roster.holdings.iter().find(|held| held.id == id);
    let held = held.ok_or(Refusal::NotFound)?;
    let line = rows::holding(&roster, held, date_in_japan(visitor.now));
    if line.phase == Phase::Over {
        let said = "この任命は、もう終わっています。ほかの人が先に終えたのかもしれません。";
        return Ok(redirect(&line.person_path, Flash::failed(said)));
    }
    let back = line.person_path.clone();
    let frame = visitor
        .frame("任命を終える")
        .under("/people", "職員")
        .under(back.clone(), line.person.clone());
    Ok(Ending::of(frame, line, back, errors, entered))
}

/// `POST /holdings/{id}/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<HoldingId>,
    entered: Form<When>,
) -> Result<HttpResponse, Refusal> {
    let entered = entered.into_inner();
    let mut errors = Errors::default();
    if let Some(end) = entered.read(&mut errors, &visitor) {
        let roster = people::roster(&desk.db).await?;
        let held = roster.holdings.iter().find(|held| held.id == *id);
        let person = held.ok_or(Refusal::NotFound)?.person;
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        match people::end_holding(&tx, visitor.now, &by, *id, end).await {
            Ok(()) => {
                tx.commit().await?;
                let said = Flash::done("任命の終わりを登録しました。");
                return Ok(redirect(&format!("/people/{person}"), said));
            }
            Err(error) => errors.add("day", words::why(error)?),
        }
    }
    ending(&visitor, &desk, *id, errors, entered).await
}
