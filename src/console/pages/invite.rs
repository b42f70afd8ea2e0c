//! Coming in for the first time, by a one-time link.

use actix_web::web::{Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::clock::Instant;
use crate::console::Desk;
use crate::console::entry;
use crate::console::prove::{Given, Prove, Way};
use crate::console::words::{LINK_GONE, WRONG_NEW_PASSKEY, not_proven};
use crate::staff::account::{AccountError, Attempt, Token};
use crate::staff::people::{Post, Signed};
use crate::web::{Address, Errors, Frame, Page, Refusal};

/// A first password, twice.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Chosen {
    password: SecretString,
    again: SecretString,
}

#[derive(Template)]
#[template(path = "invite.html")]
struct Welcome {
    frame: Frame,
    name: String,
    number: String,
    posts: String,
    expires_at: Instant,
    path: String,
    errors: Errors,
    sign_on: bool,
}

/// Whom a link invites, as of today.
struct Invited {
    token: Token,
    path: String,
    signed: Signed,
    expires_at: Instant,
}

/// `GET /invite/{token}`. Looking uses nothing up: mail scanners open links.
pub(in crate::console) async fn show(
    request: HttpRequest,
    desk: Data<Desk>,
    link: Path<String>,
) -> Result<HttpResponse, Refusal> {
    match invited(&desk, &link).await? {
        Some(invited) => Ok(welcome(&desk, &request, &invited, Errors::default())),
        None => Ok(entry::begin_again(LINK_GONE)),
    }
}

/// `POST /invite/{token}/passkey`: asks for a new passkey, or takes it.
pub(in crate::console) async fn by_passkey(
    request: HttpRequest,
    desk: Data<Desk>,
    link: Path<String>,
    Form(given): Form<Given>,
) -> Result<HttpResponse, Refusal> {
    let Some(invited) = invited(&desk, &link).await? else {
        return Ok(entry::begin_again(LINK_GONE));
    };
    let (now, person, accounts) = (desk.clock.now(), invited.signed.person(), &desk.accounts);
    let mut fault = String::new();
    if let Some(answer) = given.registration() {
        let accepted = async {
            let (token, made) = answer?;
            let new = accounts
                .check_passkey(now, person, &token, &made, "")
                .await?;
            accounts.accept_with_passkey(now, &invited.token, new).await
        };
        match accepted.await {
            Ok(sign_in) => return entry::enter(&desk, &request, sign_in, "/").await,
            Err(error) => fault = not_proven(error, WRONG_NEW_PASSKEY, now)?,
        }
    }
    let (number, name) = (invited.signed.number(), invited.signed.name());
    let challenge = accounts.begin_passkey(now, person, number.as_str(), name.as_str());
    let page = Prove {
        frame: desk.frame(&request, "パスキーの登録"),
        lead: "この端末か、手元のセキュリティキーにパスキーを作ります。".to_owned(),
        fault,
        facts: Vec::new(),
        way: Way::create(&challenge.await?),
        deed: "パスキーを作る".to_owned(),
        action: format!("{}/passkey", invited.path),
        fields: Vec::new(),
        back: invited.path,
    };
    Ok(page.page())
}

/// `POST /invite/{token}/password`.
pub(in crate::console) async fn by_password(
    request: HttpRequest,
    desk: Data<Desk>,
    link: Path<String>,
    address: Address,
    Form(chosen): Form<Chosen>,
) -> Result<HttpResponse, Refusal> {
    let Some(invited) = invited(&desk, &link).await? else {
        return Ok(entry::begin_again(LINK_GONE));
    };
    let (now, accounts) = (desk.clock.now(), &desk.accounts);
    let mut errors = Errors::default();
    if chosen.password.expose_secret() != chosen.again.expose_secret() {
        errors.add(
            "again",
            "2つのパスワードが違います。同じものを入力してください。",
        );
        return Ok(welcome(&desk, &request, &invited, errors));
    }
    let number = invited.signed.number().as_str();
    let context = [number, invited.signed.name().as_str()];
    let accepted = accounts.accept_with_password(now, &invited.token, &chosen.password, &context);
    match accepted.await {
        Ok(_) => {}
        Err(AccountError::Gone | AccountError::Refused) => {
            return Ok(entry::begin_again(LINK_GONE));
        }
        Err(error) => {
            errors.add("password", not_proven(error, LINK_GONE, now)?);
            return Ok(welcome(&desk, &request, &invited, errors));
        }
    }
    let attempt = Attempt {
        number: number.to_owned(),
        password: chosen.password,
        network: address.0.into(),
    };
    match accounts.prove_password(now, attempt).await {
        Ok(proven) => entry::after_password(&desk, &request, proven, "/").await,
        Err(error) => {
            let said = "パスワードを登録しました。サインインしてください。";
            let why = not_proven(error, said, now)?;
            Ok(entry::begin_again(&why))
        }
    }
}

async fn invited(desk: &Desk, link: &str) -> Result<Option<Invited>, Refusal> {
    let (token, now) = (Token::given(link), desk.clock.now());
    let invited = match desk.accounts.invited(now, &token).await {
        Ok(invited) => invited,
        Err(AccountError::Gone) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let signed = entry::today(desk, now, invited.person).await?;
    Ok(signed.map(|signed| Invited {
        path: format!("/invite/{link}"),
        token,
        signed,
        expires_at: invited.expires_at,
    }))
}

fn welcome(desk: &Desk, request: &HttpRequest, invited: &Invited, errors: Errors) -> HttpResponse {
    let signed = &invited.signed;
    let posts: Vec<String> = signed.posts().iter().map(Post::label).collect();
    let page = Welcome {
        frame: desk.frame(request, "はじめてのサインイン"),
        name: signed.name().as_str().to_owned(),
        number: signed.number().as_str().to_owned(),
        posts: posts.join("、"),
        expires_at: invited.expires_at,
        path: invited.path.clone(),
        errors,
        sign_on: desk.sign_on.is_some(),
    };
    Page(page).with(HttpResponse::Ok())
}
