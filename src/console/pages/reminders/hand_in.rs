//! Several notices are handed in for a decision at once.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{PATH, Row, Shelf, TITLE, field, refused, ticked};
use crate::console::{Desk, Visitor};
use crate::reminder::{self, Notice, ReminderError, Wish};
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

const DEED: &str = "決裁に出す";

/// Which notices are meant; all that need it when none is named.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    pub(super) of: Option<String>,
}

#[derive(Template)]
#[template(path = "reminders/hand_in.html")]
pub(in crate::console) struct HandIn {
    frame: Frame,
    errors: Errors,
    /// Each with its key and the digest of what it says now.
    rows: Vec<(String, Row)>,
    until: String,
    latest: NaiveDate,
    out_of_hours: String,
    asks_reason: bool,
    needs_reason: bool,
}

/// `GET /reminders/hand-in`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<HandIn>, Refusal> {
    let shelf = Shelf::read(&visitor, &desk).await?;
    let notices: Vec<&Notice> = match &asked.of {
        Some(key) => {
            let found = shelf.find(key).ok_or(Refusal::NotFound)?;
            let fits = shelf.may_hand_in(&visitor, found);
            fits.then_some(found).into_iter().collect()
        }
        None => shelf.to_hand_in(&visitor).collect(),
    };
    let frame = visitor.frame(DEED).under(PATH, TITLE);
    page(frame, &shelf, &notices, Errors::default(), &[]).map(Page)
}

fn page(
    frame: Frame,
    shelf: &Shelf,
    notices: &[&Notice],
    errors: Errors,
    sent: &[(String, String)],
) -> Result<HandIn, Refusal> {
    let rows = notices.iter().map(|notice| {
        let digest = notice.content.digest(&notice.key);
        let digest = digest.map_err(Refusal::unexpected)?;
        Ok((
            format!("{} {digest}", notice.key),
            shelf.row(&frame, notice),
        ))
    });
    let rows = rows.collect::<Result<_, Refusal>>()?;
    let until = match field(sent, "until") {
        "" => Wish::usual(shelf.today).to_string(),
        until => until.to_owned(),
    };
    let needs = |notice: &&Notice| reminder::needs_exception(&shelf.profile, &notice.content);
    Ok(HandIn {
        rows,
        errors,
        until,
        latest: Wish::latest(shelf.today),
        out_of_hours: field(sent, "out_of_hours").to_owned(),
        asks_reason: shelf.profile.sending.only_in_working_hours,
        needs_reason: notices.iter().any(needs),
        frame,
    })
}

/// `POST /reminders/hand-in`.
pub(in crate::console) async fn hand_in(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{PATH}/hand-in");
    let shelf = Shelf::read(&visitor, &desk).await?;
    let Some(ticked) = ticked(&shelf, &sent) else {
        return refused(ReminderError::Changed, &here);
    };
    let mut errors = Errors::default();
    if ticked.is_empty() {
        errors.add("notices", "決裁に出すものを選んでください。");
    }
    let until = field(&sent, "until").parse::<NaiveDate>().ok();
    let fits = |until: &NaiveDate| (shelf.today..=Wish::latest(shelf.today)).contains(until);
    if !until.as_ref().is_some_and(fits) {
        errors.add("until", "期限は、きょうから1年以内の日を入れてください。");
    }
    let reason = field(&sent, "out_of_hours").trim();
    let needs = |notice: &Notice| reminder::needs_exception(&shelf.profile, &notice.content);
    if reason.is_empty() && ticked.iter().any(|(notice, _)| needs(notice)) {
        let missing = "勤務時間の外に送る理由を入れてください。";
        errors.add("out_of_hours", missing);
    }
    let Some(until) = until.filter(|_| errors.is_empty()) else {
        let notices: Vec<&Notice> = shelf.to_hand_in(&visitor).collect();
        let frame = visitor.frame(DEED).under(PATH, TITLE);
        let page = page(frame, &shelf, &notices, errors, &sent)?;
        return Ok(Page(page).with(HttpResponse::UnprocessableEntity()));
    };
    let tx = desk.db.begin().await?;
    for (notice, seen) in &ticked {
        let now_is = notice.content.digest(&notice.key);
        if now_is.map_err(Refusal::unexpected)? != *seen {
            return refused(ReminderError::Changed, &here);
        }
        let wish = Wish {
            until,
            out_of_hours: (!reason.is_empty()).then(|| reason.to_owned()),
        };
        let (by, profile) = (&visitor.signed, &shelf.profile);
        let submitted = reminder::submit(&tx, visitor.now, by, profile, notice, wish);
        if let Err(error) = submitted.await {
            return refused(error, &here);
        }
    }
    tx.commit().await?;
    let done = format!("{}件を決裁に出しました。", ticked.len());
    Ok(redirect(PATH, Flash::done(done)))
}
