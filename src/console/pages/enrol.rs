//! Enrolling a second factor before one may come in, where the post demands it.

use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use crate::console::Desk;
use crate::console::entry::{self, safe};
use crate::console::prove::{Given, Prove, Way};
use crate::console::words::{OVER, WRONG_NEW_PASSKEY, not_proven};
use crate::staff::account::{AccountError, Token};
use crate::staff::people::Signed;
use crate::web::{Frame, Page, Refusal};

use super::codes::{Enrolling, RecoveryCodes, Typed, enrolment};
use super::login::Onward;

/// A new passkey, and where to go afterwards.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Making {
    #[serde(flatten)]
    given: Given,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "login/enrol.html")]
struct Enrol {
    frame: Frame,
    next: String,
}

/// A sign-in that waits for its person to enrol.
struct Waiting {
    step: Token,
    signed: Signed,
}

/// `GET /login/enrol`.
pub(in crate::console) async fn show(
    request: HttpRequest,
    desk: Data<Desk>,
    onward: Query<Onward>,
) -> Result<HttpResponse, Refusal> {
    if waiting(&desk, &request).await?.is_none() {
        return Ok(entry::begin_again(OVER));
    }
    let page = Enrol {
        frame: desk.frame(&request, "もう一段の確認の登録"),
        next: safe(&onward.next).to_owned(),
    };
    Ok(Page(page).with(HttpResponse::Ok()))
}

/// `POST /login/enrol/passkey`: asks for a new passkey, or takes it.
pub(in crate::console) async fn by_passkey(
    request: HttpRequest,
    desk: Data<Desk>,
    Form(sent): Form<Making>,
) -> Result<HttpResponse, Refusal> {
    let Some(Waiting { step, signed }) = waiting(&desk, &request).await? else {
        return Ok(entry::begin_again(OVER));
    };
    let (now, person, accounts) = (desk.clock.now(), signed.person(), &desk.accounts);
    let mut fault = String::new();
    if let Some(answer) = sent.given.registration() {
        let added = async {
            let (token, made) = answer?;
            let new = accounts
                .check_passkey(now, person, &token, &made, "")
                .await?;
            let tx = desk.db.begin().await?;
            accounts.add_passkey(&tx, now, new).await?;
            tx.commit().await?;
            accounts.enrolled_second(now, &step).await
        };
        match added.await {
            Ok(sign_in) => return entry::enter(&desk, &request, sign_in, &sent.next).await,
            Err(error) => fault = not_proven(error, WRONG_NEW_PASSKEY, now)?,
        }
    }
    let (number, name) = (signed.number().as_str(), signed.name().as_str());
    let challenge = accounts.begin_passkey(now, person, number, name).await?;
    let page = Prove {
        frame: desk.frame(&request, "パスキーの登録"),
        lead: "この端末か、手元のセキュリティキーにパスキーを作ります。".to_owned(),
        fault,
        at_once: true,
        facts: Vec::new(),
        way: Way::create(&challenge),
        deed: "パスキーを作る".to_owned(),
        action: "/login/enrol/passkey".to_owned(),
        fields: vec![("next".to_owned(), safe(&sent.next).to_owned())],
        back: entry::leading_to("/login/enrol", &sent.next),
    };
    Ok(page.page())
}

/// `POST /login/enrol/codes`: shows what the authenticator app reads, or takes its first code.
pub(in crate::console) async fn by_codes(
    request: HttpRequest,
    desk: Data<Desk>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    let Some(Waiting { step, signed }) = waiting(&desk, &request).await? else {
        return Ok(entry::begin_again(OVER));
    };
    let frame = desk.frame(&request, "認証アプリの登録");
    let asks = Enrolling {
        action: "/login/enrol/codes",
        back: "/login/enrol",
        next: safe(&typed.next).to_owned(),
    };
    let codes = match enrolment(&desk, frame, &signed, &typed, asks).await? {
        Ok(codes) => codes,
        Err(page) => return Ok(page),
    };
    let sign_in = desk
        .accounts
        .enrolled_second(desk.clock.now(), &step)
        .await?;
    match entry::open(&desk, &request, sign_in).await? {
        Some(cookies) => {
            let page = RecoveryCodes::page(desk.frame(&request, "回復コード"), &codes, &typed.next);
            Ok(entry::with(page, cookies))
        }
        None => Ok(entry::begin_again(OVER)),
    }
}

/// Only who has no second factor yet: whoever has one shows it.
async fn waiting(desk: &Desk, request: &HttpRequest) -> Result<Option<Waiting>, Refusal> {
    let Some(step) = entry::step(desk, request) else {
        return Ok(None);
    };
    let now = desk.clock.now();
    let person = match desk.accounts.enrolling(now, &step).await {
        Ok(person) => person,
        Err(AccountError::Gone) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let signed = entry::today(desk, now, person).await?;
    Ok(signed.map(|signed| Waiting { step, signed }))
}
