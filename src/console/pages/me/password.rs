//! One's own password.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::must_prove_again;
use crate::console::words::not_proven;
use crate::console::{Desk, Visitor};
use crate::staff::account::end_sessions;
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

/// A new password, twice.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Chosen {
    password: SecretString,
    again: SecretString,
}

#[derive(Template)]
#[template(path = "me/password.html")]
struct Changing {
    frame: Frame,
    errors: Errors,
}

/// `GET /me/password`.
pub(in crate::console) async fn show(visitor: Visitor) -> HttpResponse {
    let again = must_prove_again(&visitor, "/me/password");
    again.unwrap_or_else(|| page(&visitor, Errors::default()))
}

/// `POST /me/password`: other sessions end with the old one.
pub(in crate::console) async fn change(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(chosen): Form<Chosen>,
) -> Result<HttpResponse, Refusal> {
    if let Some(again) = must_prove_again(&visitor, "/me/password") {
        return Ok(again);
    }
    let mut errors = Errors::default();
    if chosen.password.expose_secret() != chosen.again.expose_secret() {
        errors.add(
            "again",
            "2つのパスワードが違います。同じものを入力してください。",
        );
        return Ok(page(&visitor, errors));
    }
    let signed = &visitor.signed;
    let context = [signed.number().as_str(), signed.name().as_str()];
    let (now, person) = (visitor.now, signed.person());
    let set = desk
        .accounts
        .set_password(now, person, &chosen.password, &context);
    if let Err(error) = set.await {
        errors.add("password", not_proven(error, "", now)?);
        return Ok(page(&visitor, errors));
    }
    let tx = desk.db.begin().await?;
    end_sessions(&tx, person, Some(visitor.session.id)).await?;
    tx.commit().await?;
    let said = "パスワードを変えました。ほかの端末のサインインは終わらせました。";
    Ok(redirect("/me", Flash::done(said)))
}

fn page(visitor: &Visitor, errors: Errors) -> HttpResponse {
    let page = Changing {
        frame: visitor.frame("パスワードの変更").under("/me", "自分の設定"),
        errors,
    };
    Page(page).with(HttpResponse::Ok())
}
