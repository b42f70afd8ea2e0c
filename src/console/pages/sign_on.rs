//! The municipality's own sign-on, where one is configured.
//!
//! It is begun by GET: a form that leads to another site is refused by our own Content-Security-Policy.
//! What is begun changes nothing here, and lasts ten minutes.

use actix_web::cookie::{SameSite, time::Duration};
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use crate::console::Desk;
use crate::console::entry::{self, Further, safe};
use crate::staff::account::{AccountError, SignOnError, Token};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

use super::login::Onward;

/// The cookie that brings the ceremony home, with the invitation it accepts or the page that is wanted.
/// Not `SameSite=Strict`: the provider sends the browser back.
const BEGUN: &str = "kairan-sign-on";
const LASTS: Duration = Duration::minutes(10);
const NOBODY: &str = "庁内の認証は済みましたが、ここでは誰にも結び付いていません。招待のリンクから結び付けるか、ほかの手段でサインインしてください。";
const UNREACHABLE: &str = "庁内の認証サービスが応答しません。ほかの手段でサインインするか、少し待ってやりなおしてください。";
const OVER: &str = "庁内の認証を確かめられませんでした。はじめからやりなおしてください。";

/// What the provider sends the browser back with.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Answer {
    state: Option<String>,
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "login/signed_on.html")]
struct SignedOn {
    frame: Frame,
    next: String,
}

/// `GET /login/sso/begin`.
pub(in crate::console) async fn begin(
    desk: Data<Desk>,
    onward: Query<Onward>,
) -> Result<HttpResponse, Refusal> {
    lead(&desk, &format!("next:{}", safe(&onward.next))).await
}

/// `GET /invite/{token}/sso`.
pub(in crate::console) async fn accept(
    desk: Data<Desk>,
    link: Path<String>,
) -> Result<HttpResponse, Refusal> {
    lead(&desk, &format!("invitation:{link}")).await
}

async fn lead(desk: &Desk, purpose: &str) -> Result<HttpResponse, Refusal> {
    let provider = desk.sign_on.as_ref().ok_or(Refusal::NotFound)?;
    let (url, token) = match desk
        .accounts
        .begin_sign_on(desk.clock.now(), provider)
        .await
    {
        Ok(begun) => begun,
        Err(SignOnError::Provider(error)) => {
            tracing::warn!(%error, "the sign-on does not begin");
            return Ok(redirect("/login", Flash::failed(UNREACHABLE)));
        }
        Err(SignOnError::Account(error)) => return Err(error.into()),
    };
    let purpose: String = url::form_urlencoded::byte_serialize(purpose.as_bytes()).collect();
    let mut begun = entry::kept(desk, BEGUN, format!("{}.{purpose}", token.reveal()));
    begun.set_same_site(SameSite::Lax);
    begun.set_max_age(LASTS);
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, url.as_str()));
    Ok(entry::with(response.finish(), [begun]))
}

/// `GET /login/sso`: the browser comes back.
pub(in crate::console) async fn finish(
    request: HttpRequest,
    desk: Data<Desk>,
    answer: Query<Answer>,
) -> Result<HttpResponse, Refusal> {
    let provider = desk.sign_on.as_ref().ok_or(Refusal::NotFound)?;
    let begun = entry::taken(&desk, &request, BEGUN);
    let begun = begun
        .as_ref()
        .and_then(|begun| begun.reveal().split_once('.'));
    let (Some((token, purpose)), Some(state), Some(code)) = (begun, &answer.state, &answer.code)
    else {
        return Ok(entry::begin_again(OVER));
    };
    let (now, accounts) = (desk.clock.now(), &desk.accounts);
    let purpose: String = url::form_urlencoded::parse(purpose.as_bytes())
        .map(|(purpose, _)| purpose.into_owned())
        .collect();
    let token = Token::given(token);
    let found = accounts.finish_sign_on(now, provider, &token, state, code);
    let subject = match found.await {
        Ok(subject) => subject,
        Err(SignOnError::Provider(error)) => {
            tracing::warn!(%error, "the sign-on's answer was refused");
            return Ok(entry::begin_again(OVER));
        }
        Err(SignOnError::Account(AccountError::Gone)) => return Ok(entry::begin_again(OVER)),
        Err(SignOnError::Account(error)) => return Err(error.into()),
    };
    let (proven, next) = match purpose.split_once(':') {
        Some(("invitation", link)) => {
            let link = Token::given(link);
            (
                accounts.accept_with_sign_on(now, &link, &subject).await,
                "/",
            )
        }
        Some(("next", next)) => (accounts.sign_in_as(now, &subject).await, safe(next)),
        _ => return Ok(entry::begin_again(OVER)),
    };
    let sign_in = match proven {
        Ok(sign_in) => sign_in,
        Err(AccountError::Refused | AccountError::Gone) => return Ok(entry::begin_again(NOBODY)),
        Err(error) => return Err(error.into()),
    };
    let Some(signed) = entry::today(&desk, now, sign_in.person()).await? else {
        return Ok(entry::begin_again(NOBODY));
    };
    let demanded = desk.second_factor && signed.needs_second_factor();
    let after = accounts.after_sign_on(sign_in, demanded).await?;
    let (mut cookies, next) = match entry::waiting(&desk, after, next).await? {
        Further::Second { path, step } => (vec![step], path),
        Further::In(sign_in) => match entry::open(&desk, &request, sign_in).await? {
            Some(cookies) => (cookies, next.to_owned()),
            None => return Ok(entry::begin_again(NOBODY)),
        },
    };
    cookies.push(entry::gone(&desk, BEGUN));
    // Browsers do not send a strict cookie along a redirect that another site began: a page of ours goes on.
    let page = SignedOn {
        frame: desk.frame(&request, "サインインしました"),
        next,
    };
    Ok(entry::with(Page(page).with(HttpResponse::Ok()), cookies))
}
