//! Everything that waits is read on one page, and decided on at once.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Query};
use askama::Template;
use chrono::NaiveDate;

use super::hand_in::Asked;
use super::show::short;
use super::{PATH, Shelf, TITLE, field, path, refused, ticked, words};
use crate::approval::Verdict;
use crate::console::pages::broadcasts::unsaid;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::reminder::{self, ReminderError};
use crate::web::{Errors, Flash, Frame, Page, Preview, Refusal, redirect};

/// Something that waits, as it is read.
struct Reading {
    /// Its key, and the digest of what was handed in.
    tick: String,
    ticked: bool,
    title: String,
    path: String,
    digest: String,
    when: String,
    whom: String,
    hours: Vec<String>,
    until: Option<NaiveDate>,
    out_of_hours: Option<String>,
    by: String,
    pictures: Vec<(String, Preview)>,
}

#[derive(Template)]
#[template(path = "reminders/decide.html")]
pub(in crate::console) struct Decide {
    frame: Frame,
    readings: Vec<Reading>,
    /// What was written, and what is wrong with it.
    note: String,
    reason: String,
    errors: Errors,
    /// One of them is agreed to with a note only.
    needs_note: bool,
}

/// `GET /reminders/decide`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<Decide>, Refusal> {
    let shelf = Shelf::read(&visitor, &desk).await?;
    let of = asked.of.as_deref();
    Ok(Page(page(&visitor, &shelf, of, Errors::default(), &[])))
}

/// What waits of the notice that is meant, or of all, with what was sent before.
fn page(
    visitor: &Visitor,
    shelf: &Shelf,
    of: Option<&str>,
    errors: Errors,
    sent: &[(String, String)],
) -> Decide {
    let frame = visitor.frame("決裁").under(PATH, TITLE);
    let account = &shelf.profile.operator.account_name;
    let meant = |key: &reminder::Key| of.is_none_or(|of| of == key.to_string());
    let ticked = |tick: &str| {
        sent.is_empty()
            || sent
                .iter()
                .any(|(name, value)| name == "notice" && value == tick)
    };
    let (mut readings, mut needs_note) = (Vec::new(), false);
    for notice in shelf.to_decide(visitor).filter(|notice| meant(&notice.key)) {
        let Some(asked) = notice.waiting() else {
            continue;
        };
        let (request, content) = (&asked.request, &asked.handed_in.content);
        let digest = request.frozen.digest.as_str();
        let tick = format!("{} {digest}", notice.key);
        needs_note |= request.needs_note();
        readings.push(Reading {
            ticked: ticked(&tick),
            tick,
            title: words::title(notice),
            path: path(&notice.key),
            digest: short(digest),
            when: words::when(&shelf.timetable, notice),
            whom: words::whom(content),
            hours: words::hours(content),
            until: request.until,
            out_of_hours: content.out_of_hours.clone(),
            by: people_words::person(&shelf.roster, request.submitted_by),
            pictures: words::pictures(account, &frame, content),
        });
    }
    Decide {
        frame,
        readings,
        note: field(sent, "note").to_owned(),
        reason: field(sent, "reason").to_owned(),
        errors,
        needs_note,
    }
}

/// `POST /reminders/decide`.
pub(in crate::console) async fn decide(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{PATH}/decide");
    let shelf = Shelf::read(&visitor, &desk).await?;
    let Some(ticked) = ticked(&shelf, &sent) else {
        return refused(ReminderError::Changed, &here);
    };
    if ticked.is_empty() {
        let nothing = Flash::failed("決裁するものを選んでください。");
        return Ok(redirect(&here, nothing));
    }
    let said = |name| field(&sent, name).to_owned();
    let (verdict, done) = match field(&sent, "verdict") {
        "agree" => (Verdict::Agree(Some(said("note"))), "認めました"),
        _ => (Verdict::Return(said("reason")), "差し戻しました"),
    };
    let (now, by) = (visitor.now, visitor.signed.person());
    let tx = desk.db.begin().await?;
    for (notice, seen) in &ticked {
        let decided = reminder::decide(&tx, now, by, notice, seen, verdict.clone());
        if let Err(error) = decided.await {
            let errors = match &error {
                ReminderError::Approval(why) => unsaid(why),
                _ => None,
            };
            let Some(errors) = errors else {
                return refused(error, &here);
            };
            let page = page(&visitor, &shelf, None, errors, &sent);
            return Ok(Page(page).with(HttpResponse::UnprocessableEntity()));
        }
    }
    tx.commit().await?;
    let done = format!("{}件を{done}。", ticked.len());
    Ok(redirect(PATH, Flash::done(done)))
}
