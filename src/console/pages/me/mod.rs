//! One's own account: posts, sessions, and the means to sign in.

pub(in crate::console) mod codes;
pub(in crate::console) mod contact;
pub(in crate::console) mod line;
pub(in crate::console) mod passkeys;
pub(in crate::console) mod password;

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;
use uuid::Uuid;

use crate::console::entry::leading_to;
use crate::console::words::signed_in_by;
use crate::console::{Desk, Visitor};
use crate::staff::account::{Factors, Limits, PasskeyRow, Session, end_sessions};
use crate::staff::contact::Ways;
use crate::staff::people::Post;
use crate::staff::{self, Right, own_line};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

/// Means to sign in are changed only so soon after signing in (ASVS 7.5.1).
const LATELY: TimeDelta = TimeDelta::minutes(10);

/// Which session to end; none: all but this one.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Ending {
    session: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "me/me.html")]
pub(in crate::console) struct Me {
    frame: Frame,
    number: String,
    posts: Vec<String>,
    factors: Factors,
    passkeys: Vec<PasskeyRow>,
    /// A further passkey takes two administrators.
    by_two: bool,
    sessions: Vec<Session>,
    this: Uuid,
    lately: bool,
    /// Drafts something, and may want to see it on their own phone.
    drafts: bool,
    own_line: bool,
    ways: Ways,
}

impl Me {
    fn word(&self, session: &Session) -> &'static str {
        signed_in_by(session.method)
    }
}

/// `GET /me`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Me>, Refusal> {
    let (person, accounts) = (visitor.signed.person(), &desk.accounts);
    let factors = accounts.factors(person).await?;
    let mut ways = staff::contact::ways(&desk.db, &[person]).await?;
    Ok(Page(Me {
        frame: visitor.frame("自分の設定"),
        number: visitor.signed.number().as_str().to_owned(),
        posts: visitor.signed.posts().iter().map(Post::label).collect(),
        by_two: further_takes_two(&visitor, factors),
        factors,
        passkeys: accounts.passkeys(person).await?,
        sessions: accounts
            .sessions(visitor.now, Limits::default(), person)
            .await?,
        this: visitor.session.id,
        lately: is_lately(&visitor),
        drafts: visitor.may(Right::Draft),
        own_line: own_line::of(&desk.db, person).await?.is_some(),
        ways: ways.remove(&person).unwrap_or_default(),
    }))
}

/// `POST /me/sessions`: ends one, or all others.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(ending): Form<Ending>,
) -> Result<HttpResponse, Refusal> {
    let person = visitor.signed.person();
    let said = match ending.session {
        Some(id) if desk.accounts.end_session(person, id).await? => {
            Flash::done("その端末のサインインを終わらせました。")
        }
        Some(_) => Flash::failed("そのサインインは、もう終わっています。"),
        None => {
            let tx = desk.db.begin().await?;
            end_sessions(&tx, person, Some(visitor.session.id)).await?;
            tx.commit().await?;
            Flash::done("この端末のほかの、すべてのサインインを終わらせました。")
        }
    };
    Ok(redirect("/me", said))
}

fn is_lately(visitor: &Visitor) -> bool {
    visitor.now - visitor.session.opened_at < LATELY
}

/// Where to prove oneself again first, unless that was lately. `back` is where to come back to.
fn must_prove_again(visitor: &Visitor, back: &str) -> Option<HttpResponse> {
    let again = "サインインの手段や連絡先を変えるには、ご本人であることをもう一度確かめます。サインインしなおすと、続けられます。";
    (!is_lately(visitor)).then(|| redirect(&leading_to("/login", back), Flash::failed(again)))
}

/// A stolen browser must not give itself the passkey of a chief or an administrator, also not after revoking
/// those they have.
fn further_takes_two(visitor: &Visitor, factors: Factors) -> bool {
    factors.had_passkey && visitor.signed.needs_second_factor()
}
