//! One's own passkeys.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Entry};

use super::{further_takes_two, must_prove_again};
use crate::console::prove::{Given, Prove, Way};
use crate::console::words::{WRONG_NEW_PASSKEY, not_proven};
use crate::console::{Desk, Visitor};
use crate::staff::account::{rename_passkey, revoke_passkey};
use crate::web::{Flash, Refusal, redirect};

const NONE: &str = "そのパスキーは、もう取り消されています。";

/// A new passkey and its name.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Making {
    #[serde(flatten)]
    given: Given,
    #[serde(default)]
    label: String,
}

/// A passkey's name.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Called {
    label: String,
}

/// `POST /me/passkeys`: asks for a new passkey, or takes it.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Making>,
) -> Result<HttpResponse, Refusal> {
    if let Some(again) = must_prove_again(&visitor, "/me") {
        return Ok(again);
    }
    let (now, person, accounts) = (visitor.now, visitor.signed.person(), &desk.accounts);
    if further_takes_two(&visitor, accounts.factors(person).await?) {
        let said = "課長とシステム管理者の2つ目からのパスキーは、システム管理者2人の同意で発行されるリンクから登録します。";
        return Ok(redirect("/me", Flash::failed(said)));
    }
    let mut fault = String::new();
    if let Some(answer) = sent.given.registration() {
        let added = async {
            let (token, made) = answer?;
            let new = accounts
                .check_passkey(now, person, &token, &made, &sent.label)
                .await?;
            let tx = desk.db.begin().await?;
            accounts.add_passkey(&tx, now, new).await?;
            Ok(tx.commit().await?)
        };
        match added.await {
            Ok(()) => {
                let said = "パスキーを登録しました。緊急配信の確認には、24時間後から使えます。";
                return Ok(redirect("/me", Flash::done(said)));
            }
            Err(error) => fault = not_proven(error, WRONG_NEW_PASSKEY, now)?,
        }
    }
    let (number, name) = (
        visitor.signed.number().as_str(),
        visitor.signed.name().as_str(),
    );
    let challenge = accounts.begin_passkey(now, person, number, name).await?;
    let page = Prove {
        frame: visitor.frame("パスキーの登録").under("/me", "自分の設定"),
        lead: "この端末か、手元のセキュリティキーにパスキーを作ります。".to_owned(),
        fault,
        at_once: true,
        facts: Vec::new(),
        way: Way::create(&challenge),
        deed: "パスキーを作る".to_owned(),
        action: "/me/passkeys".to_owned(),
        fields: vec![("label".to_owned(), sent.label)],
        back: "/me".to_owned(),
    };
    Ok(page.page())
}

/// `POST /me/passkeys/{id}/name`.
pub(in crate::console) async fn rename(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<Uuid>,
    Form(called): Form<Called>,
) -> Result<HttpResponse, Refusal> {
    let tx = desk.db.begin().await?;
    let person = visitor.signed.person();
    let said = match rename_passkey(&tx, person, *id, &called.label).await? {
        true => Flash::done("パスキーの名前を変えました。"),
        false => Flash::failed(NONE),
    };
    tx.commit().await?;
    Ok(redirect("/me", said))
}

/// `POST /me/passkeys/{id}/revoke`.
pub(in crate::console) async fn revoke(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Refusal> {
    if let Some(again) = must_prove_again(&visitor, "/me") {
        return Ok(again);
    }
    let tx = desk.db.begin().await?;
    let person = visitor.signed.person();
    let said = match revoke_passkey(&tx, visitor.now, person, *id).await? {
        true => {
            let actor = visitor.signed.actor();
            let entry = Entry::of(actor, "account.passkey_revoked", ("person", person));
            let detail = json!({ "passkey": *id });
            audit::record(&tx, visitor.now, entry.with(detail)).await?;
            Flash::done("パスキーを取り消しました。端末に残ったものは、もう使えません。")
        }
        false => Flash::failed(NONE),
    };
    tx.commit().await?;
    Ok(redirect("/me", said))
}
