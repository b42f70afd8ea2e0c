//! The second step of a sign-in by password.

use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use crate::console::Desk;
use crate::console::entry::{self, safe};
use crate::console::words::{OVER, not_proven};
use crate::staff::account::{AccountError, Factors, Pending, SignIn};
use crate::web::{Frame, Page, Refusal};

use super::login::Onward;

/// A code, and where to go afterwards.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Typed {
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "login/second.html")]
struct Second {
    frame: Frame,
    factors: Factors,
    next: String,
    fault: String,
}

/// `GET /login/code`.
pub(in crate::console) async fn show(
    request: HttpRequest,
    desk: Data<Desk>,
    onward: Query<Onward>,
) -> Result<HttpResponse, Refusal> {
    match waiting(&desk, &request).await? {
        Some(pending) => Ok(page(&desk, &request, &pending, &onward.next, String::new())),
        None => Ok(entry::begin_again(OVER)),
    }
}

/// `POST /login/code`: a code of the authenticator app.
pub(in crate::console) async fn by_code(
    request: HttpRequest,
    desk: Data<Desk>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    let Some(step) = entry::step(&desk, &request) else {
        return Ok(entry::begin_again(OVER));
    };
    let now = desk.clock.now();
    let proven = desk.accounts.second_by_code(now, &step, &typed.code).await;
    let wrong = "確認コードが違います。アプリに出ている新しい6桁の数字を入力してください。1つのコードは1度だけ使えます。";
    took(&desk, &request, proven, &typed.next, wrong).await
}

/// `POST /login/recovery`: a recovery code.
pub(in crate::console) async fn by_recovery_code(
    request: HttpRequest,
    desk: Data<Desk>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    let Some(step) = entry::step(&desk, &request) else {
        return Ok(entry::begin_again(OVER));
    };
    let now = desk.clock.now();
    let proven = desk
        .accounts
        .second_by_recovery_code(now, &step, &typed.code);
    let wrong = "回復コードが違うか、もう使われています。まだ使っていないものを入力してください。";
    took(&desk, &request, proven.await, &typed.next, wrong).await
}

async fn took(
    desk: &Desk,
    request: &HttpRequest,
    proven: Result<SignIn, AccountError>,
    next: &str,
    wrong: &str,
) -> Result<HttpResponse, Refusal> {
    let error = match proven {
        Ok(sign_in) => return entry::enter(desk, request, sign_in, next).await,
        Err(error) => error,
    };
    let fault = not_proven(error, wrong, desk.clock.now())?;
    match waiting(desk, request).await? {
        Some(pending) => Ok(page(desk, request, &pending, next, fault)),
        None => Ok(entry::begin_again(OVER)),
    }
}

async fn waiting(desk: &Desk, request: &HttpRequest) -> Result<Option<Pending>, Refusal> {
    let Some(step) = entry::step(desk, request) else {
        return Ok(None);
    };
    match desk.accounts.pending(desk.clock.now(), &step).await {
        Ok(pending) => Ok(Some(pending)),
        Err(AccountError::Gone) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn page(
    desk: &Desk,
    request: &HttpRequest,
    pending: &Pending,
    next: &str,
    fault: String,
) -> HttpResponse {
    let page = Second {
        frame: desk.frame(request, "もう一段の確認"),
        factors: pending.factors(),
        next: safe(next).to_owned(),
        fault,
    };
    actix_web::Responder::respond_to(Page(page), request)
}
