//! One's own authenticator app and recovery codes.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};

use super::must_prove_again;
use crate::console::pages::codes::{Enrolling, RecoveryCodes, Typed, enrolment};
use crate::console::prove::Given;
use crate::console::{Deed, Desk, StepUp, Visitor, step_up};
use crate::web::{Address, Flash, Refusal, redirect};

/// `POST /me/codes`: shows what the app reads, or takes its first code.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    if let Some(again) = must_prove_again(&visitor, "/me") {
        return Ok(again);
    }
    let frame = visitor.frame("認証アプリの登録").under("/me", "自分の設定");
    let asks = Enrolling {
        action: "/me/codes",
        back: "/me",
        next: "/me".to_owned(),
    };
    match enrolment(&desk, frame, &visitor.signed, &typed, asks).await? {
        Ok(codes) => Ok(RecoveryCodes::page(
            visitor.frame("回復コード"),
            &codes,
            "/me",
        )),
        Err(page) => Ok(page),
    }
}

/// `POST /me/codes/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    Form(given): Form<Given>,
) -> Result<HttpResponse, Refusal> {
    let deed = Deed {
        act: "account.codes_ended",
        digest: Deed::digest_of(&[&visitor.signed.person().to_string()]),
        title: "認証アプリを使わない".to_owned(),
        facts: vec![
            (
                "認証アプリ".to_owned(),
                "サインインで確認コードを求めなくなります。".to_owned(),
            ),
            (
                "回復コード".to_owned(),
                "残りのコードは、すべて使えなくなります。".to_owned(),
            ),
        ],
        button: "使わないことにする".to_owned(),
        action: "/me/codes/end".to_owned(),
        fields: Vec::new(),
        back: "/me".to_owned(),
        by_passkey_only: false,
        at_once: false,
    };
    if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
        return Ok(page);
    }
    desk.accounts
        .end_codes(visitor.now, visitor.signed.person())
        .await?;
    let said = "認証アプリと回復コードを使わないことにしました。";
    Ok(redirect("/me", Flash::done(said)))
}

/// `POST /me/recovery`: new recovery codes in place of the old.
pub(in crate::console) async fn renew(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    if let Some(again) = must_prove_again(&visitor, "/me") {
        return Ok(again);
    }
    let person = visitor.signed.person();
    if !desk.accounts.factors(person).await?.codes {
        let said = "回復コードは、認証アプリを登録すると作れます。";
        return Ok(redirect("/me", Flash::failed(said)));
    }
    let codes = desk
        .accounts
        .renew_recovery_codes(visitor.now, person)
        .await?;
    Ok(RecoveryCodes::page(
        visitor.frame("回復コード"),
        &codes,
        "/me",
    ))
}
