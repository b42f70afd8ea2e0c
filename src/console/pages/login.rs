//! Coming and going.

use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use secrecy::SecretString;
use serde::Deserialize;

use crate::console::admission::COOKIE;
use crate::console::entry::{self, safe};
use crate::console::prove::{Given, Prove, Way};
use crate::console::words::{WRONG_PASSWORD, not_proven};
use crate::console::{Desk, Visitor};
use crate::staff::account::Attempt;
use crate::web::{Address, Flash, Frame, Page, Refusal, redirect};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Onward {
    #[serde(default)]
    pub next: String,
}

/// A number or a mail address, and a password.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Typed {
    number: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// A signature, and where to go afterwards.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Signing {
    #[serde(flatten)]
    given: Given,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "login/login.html")]
struct Login {
    frame: Frame,
    number: String,
    next: String,
    fault: String,
    sign_on: bool,
}

impl Login {
    fn page(
        desk: &Desk,
        request: &HttpRequest,
        number: String,
        next: &str,
        fault: String,
    ) -> HttpResponse {
        let page = Login {
            frame: desk.frame(request, "サインイン"),
            number,
            next: safe(next).to_owned(),
            fault,
            sign_on: desk.sign_on.is_some(),
        };
        actix_web::Responder::respond_to(Page(page), request)
    }
}

/// `GET /login`.
pub(in crate::console) async fn show(
    request: HttpRequest,
    desk: Data<Desk>,
    onward: Query<Onward>,
) -> HttpResponse {
    Login::page(&desk, &request, String::new(), &onward.next, String::new())
}

/// `POST /login`.
pub(in crate::console) async fn by_password(
    request: HttpRequest,
    desk: Data<Desk>,
    address: Address,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    let now = desk.clock.now();
    let attempt = Attempt {
        number: typed.number.clone(),
        password: typed.password,
        network: address.0.into(),
    };
    match desk.accounts.prove_password(now, attempt).await {
        Ok(proven) => entry::after_password(&desk, &request, proven, &typed.next).await,
        Err(error) => {
            metrics::counter!("kairan_sign_ins_refused_total").increment(1);
            let fault = not_proven(error, WRONG_PASSWORD, now)?;
            Ok(Login::page(
                &desk,
                &request,
                typed.number,
                &typed.next,
                fault,
            ))
        }
    }
}

/// `POST /login/passkey`: asks for a signature, or takes it.
pub(in crate::console) async fn by_passkey(
    request: HttpRequest,
    desk: Data<Desk>,
    Form(sent): Form<Signing>,
) -> Result<HttpResponse, Refusal> {
    let now = desk.clock.now();
    let mut fault = String::new();
    if let Some(answer) = sent.given.assertion() {
        let sign_in = match answer {
            Ok((token, assertion)) => {
                desk.accounts
                    .sign_in_by_passkey(now, &token, &assertion)
                    .await
            }
            Err(error) => Err(error),
        };
        match sign_in {
            Ok(sign_in) => return entry::enter(&desk, &request, sign_in, &sent.next).await,
            Err(error) => {
                metrics::counter!("kairan_sign_ins_refused_total").increment(1);
                let wrong = "このパスキーではサインインできません。取り消されたか、ここに登録されていないものです。";
                fault = not_proven(error, wrong, now)?;
            }
        }
    }
    let challenge = desk.accounts.begin_sign_in(now, None).await?;
    let page = Prove {
        frame: desk.frame(&request, "パスキーでサインイン"),
        lead: "この端末か、手元のセキュリティキーのパスキーを使います。".to_owned(),
        fault,
        at_once: true,
        facts: Vec::new(),
        way: Way::sign(&challenge),
        deed: "パスキーを使う".to_owned(),
        action: "/login/passkey".to_owned(),
        fields: vec![("next".to_owned(), safe(&sent.next).to_owned())],
        back: entry::leading_to("/login", &sent.next),
    };
    Ok(page.page())
}

/// `POST /logout`.
pub(in crate::console) async fn leave(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    let person = visitor.signed.person();
    desk.accounts
        .end_session(person, visitor.session.id)
        .await?;
    let response = redirect("/login", Flash::done("サインアウトしました。"));
    Ok(entry::with(response, [entry::gone(&desk, COOKIE)]))
}
