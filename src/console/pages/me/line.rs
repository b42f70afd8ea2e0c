//! One's own LINE, where test sends arrive.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::console::{Desk, Visitor};
use crate::staff::own_line::{self, Code, NoCode};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

#[derive(Template)]
#[template(path = "me/own_line.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    account: String,
    code: Code,
}

/// `POST /me/line`: shows a code to be sent from the own phone.
pub(in crate::console) async fn invite(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Shown>, Refusal> {
    let tx = desk.db.begin().await?;
    let code = own_line::invite(&tx, visitor.now, visitor.signed.person()).await;
    let code = code.map_err(|error| match error {
        NoCode::Db(error) => error.into(),
        NoCode::Randomness(error) => Refusal::unexpected(error),
    })?;
    tx.commit().await?;
    let profile = desk.rules.at(visitor.now).await?;
    Ok(Page(Shown {
        frame: visitor
            .frame("自分のLINEをつなぐ")
            .under("/me", "自分の設定"),
        account: profile.operator.account_name.clone(),
        code,
    }))
}

/// `POST /me/line/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    let (by, person) = (visitor.signed.actor(), visitor.signed.person());
    let tx = desk.db.begin().await?;
    own_line::unlink(&tx, visitor.now, &by, person).await?;
    tx.commit().await?;
    let said = "自分のLINEを外しました。試し送りは届きません。";
    Ok(redirect("/me", Flash::done(said)))
}
