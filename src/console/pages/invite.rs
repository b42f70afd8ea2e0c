//! Coming in for the first time, or adding a passkey, by a one-time link.

use actix_web::web::{Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::clock::{Instant, date_in_japan};
use crate::console::Desk;
use crate::console::entry;
use crate::console::prove::{Given, Prove, Way};
use crate::console::words::{LINK_GONE, WRONG_NEW_PASSKEY, not_proven};
use crate::staff::account::{AccountError, Attempt, InvitedTo, Token};
use crate::staff::people::{self, Person};
use crate::web::{Address, Errors, Frame, Page, Refusal, times};

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
    /// A passkey, and nothing else.
    adds_passkey: bool,
    path: String,
    errors: Errors,
    sign_on: bool,
}

/// Whom a link invites.
struct Invited {
    token: Token,
    path: String,
    who: Person,
    /// Theirs, from today on: 「広報課 担当者（12月1日(火)から）」.
    posts: String,
    to: InvitedTo,
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
    let (now, person, accounts) = (desk.clock.now(), invited.who.id, &desk.accounts);
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
    let (number, name) = (&invited.who.number, &invited.who.name);
    let challenge = accounts.begin_passkey(now, person, number.as_str(), name.as_str());
    let page = Prove {
        frame: desk.frame(&request, "パスキーの登録"),
        lead: "この端末か、手元のセキュリティキーにパスキーを作ります。".to_owned(),
        fault,
        at_once: true,
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
    let number = invited.who.number.as_str();
    let context = [number, invited.who.name.as_str()];
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
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(now);
    // Whoever begins in a week may come in today, and is told at the door that they have no post yet.
    let who = roster.persons.get(&invited.person);
    let Some(who) = who.filter(|who| who.in_service(today)) else {
        return Ok(None);
    };
    let theirs = roster.holdings.iter().filter(|held| {
        let over = held.ended_at.is_some() || held.term.to.is_some_and(|to| to < today);
        held.person == who.id && !over
    });
    let posts = theirs.filter_map(|held| {
        let post = roster.posts.get(&held.post)?.label();
        Some(match held.term.from > today {
            true => format!("{post}（{}から）", times::day(held.term.from, today)),
            false => post,
        })
    });
    Ok(Some(Invited {
        path: format!("/invite/{link}"),
        token,
        posts: posts.collect::<Vec<_>>().join("、"),
        who: who.clone(),
        to: invited.to,
        expires_at: invited.expires_at,
    }))
}

fn welcome(desk: &Desk, request: &HttpRequest, invited: &Invited, errors: Errors) -> HttpResponse {
    let adds_passkey = invited.to == InvitedTo::AddPasskey;
    let title = match adds_passkey {
        true => "パスキーの追加",
        false => "はじめてのサインイン",
    };
    let page = Welcome {
        frame: desk.frame(request, title),
        adds_passkey,
        name: invited.who.name.as_str().to_owned(),
        number: invited.who.number.as_str().to_owned(),
        posts: invited.posts.clone(),
        expires_at: invited.expires_at,
        path: invited.path.clone(),
        errors,
        sign_on: desk.sign_on.is_some(),
    };
    Page(page).with(HttpResponse::Ok())
}
