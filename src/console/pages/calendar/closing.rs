//! What a chief makes of a reminder that did not arrive, or may not have.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::outcome::{Asked, amiss, find, is_open};
use super::{PATH, TITLE, words};
use crate::broadcast::{self, NotClosed, phrases};
use crate::childcare;
use crate::clock::date_in_japan;
use crate::console::pages::broadcasts;
use crate::console::{Desk, Visitor};
use crate::reminder::{self, Fared, ReminderError};
use crate::resident::counts::Told;
use crate::web::{Flash, Frame, Page, Refusal, redirect, times};

/// What was written to close an occasion.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Note {
    occasion: String,
    #[serde(default)]
    note: String,
}

#[derive(Template)]
#[template(path = "calendar/close.html")]
struct ClosePage {
    frame: Frame,
    title: String,
    /// What went amiss, for how many, and why.
    says: &'static str,
    people: Told,
    why: &'static str,
    action: String,
    occasion: String,
    /// What was written, and what is wrong with that.
    note: String,
    fault: String,
    back: String,
}

/// `GET /calendar/{day}/close`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    day: Path<NaiveDate>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Refusal> {
    let fared = find(&desk, *day, &asked.occasion).await?;
    let may = broadcast::may_close(&visitor.signed);
    match (may, is_open(&fared)) {
        (true, true) => {
            let page = page(&visitor, &desk, &fared, Default::default()).await?;
            Ok(Page(page).with(HttpResponse::Ok()))
        }
        (true, false) => Ok(refused(*day, NotClosed::NothingAmiss)),
        (false, _) => Ok(refused(*day, NotClosed::NotTheirs)),
    }
}

/// `POST /calendar/{day}/close`.
pub(in crate::console) async fn close(
    visitor: Visitor,
    desk: Data<Desk>,
    day: Path<NaiveDate>,
    Form(sent): Form<Note>,
) -> Result<HttpResponse, Refusal> {
    let fared = find(&desk, *day, &sent.occasion).await?;
    let occasion = &fared.run.occasion;
    let tx = desk.db.begin().await?;
    match reminder::close(&tx, visitor.now, &visitor.signed, occasion, &sent.note).await {
        Ok(()) => {
            tx.commit().await?;
            let done = Flash::done("記録して、整理を済ませました。");
            Ok(redirect(&format!("{PATH}/{day}"), done))
        }
        Err(ReminderError::NotClosed(why @ NotClosed::Unsaid)) => {
            drop(tx);
            let fault = phrases::not_closed(why);
            let page = page(&visitor, &desk, &fared, (sent.note, fault)).await?;
            Ok(Page(page).with(HttpResponse::UnprocessableEntity()))
        }
        Err(ReminderError::NotClosed(why)) => Ok(refused(*day, why)),
        Err(error) => Err(Refusal::unexpected(error)),
    }
}

fn refused(day: NaiveDate, why: NotClosed) -> HttpResponse {
    let why = Flash::failed(phrases::not_closed(why));
    redirect(&format!("{PATH}/{day}"), why)
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    fared: &Fared,
    (note, fault): (String, String),
) -> Result<ClosePage, Refusal> {
    let today = date_in_japan(visitor.now);
    let timetable = childcare::timetable(&desk.db).await?;
    let run = &fared.run;
    let back = format!("{PATH}/{}", run.day);
    let at = times::moment(run.begins, visitor.now);
    let title = words::run(&timetable, run, today);
    let people = fared.became.people();
    Ok(ClosePage {
        frame: visitor
            .frame("届いていないかもしれない分の整理")
            .under(PATH, TITLE)
            .under(back.clone(), times::day(run.day, today)),
        title: format!("{at}の定期お知らせ「{title}」"),
        says: broadcasts::amiss(&people),
        people: Told::of(people.amiss()),
        why: amiss(&people),
        action: format!("{back}/close"),
        occasion: run.occasion.to_string(),
        note,
        fault,
        back,
    })
}
