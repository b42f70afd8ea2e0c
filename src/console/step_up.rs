//! Step-up (本人再確認) before a deed: the person, not only their browser, agrees to exactly this.
//!
//! ```ignore
//! let deed = Deed { act: "countersign.agree", digest: asked.digest, .. };
//! let confirmed = match step_up(&desk, &visitor, deed, &form.given, address).await? {
//!     StepUp::Confirmed(by) => by,
//!     StepUp::Ask(page) => return Ok(page),
//! };
//! ```
//!
//! Whoever has a passkey confirms with a passkey. Only who has none gives the password again, and for what two
//! decide, or a whole town is ruled by, not even that counts ([`Deed::by_passkey_only`]).

use actix_web::HttpResponse;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::delivery::Hold;
use crate::staff::account::{AccountError, Act, Attempt, Confirmed};
use crate::staff::countersign::Countersign;
use crate::web::{Address, Refusal};

use super::prove::{Given, Prove, Way};
use super::words::not_proven;
use super::{Desk, Visitor};
use crate::text::hex;

/// What is to be confirmed, and how it is told.
#[derive(Debug, Clone)]
pub struct Deed {
    /// `module.verb`, as in the audit record.
    pub act: &'static str,
    /// Of exactly what is done: SHA-256, lower-case hexadecimal.
    pub digest: String,
    /// The page's heading: 「任命に同意する」.
    pub title: String,
    /// What is about to be done, name by name.
    pub facts: Vec<(String, String)>,
    /// What the button says: 「同意する」.
    pub button: String,
    /// Where the form was sent, and is sent again.
    pub action: String,
    /// What it brought besides the proof.
    pub fields: Vec<(String, String)>,
    /// Where not doing it leads.
    pub back: String,
    /// No password stands in for a passkey, but in the demo.
    pub by_passkey_only: bool,
    /// It was all read on the page before, which carried this very digest: the browser asks at once.
    pub at_once: bool,
}

impl Deed {
    /// The digest of what a deed is done to, part by part.
    pub fn digest_of(parts: &[&str]) -> String {
        let mut digest = Sha256::new();
        digest.update(b"kairan-deed/1\0");
        for part in parts {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        hex(&digest.finalize())
    }

    /// Agreeing to what another person asked for; `facts` say it in words. It is sent to `action`.
    pub fn agreeing(asked: &Countersign, facts: Vec<(String, String)>, action: String) -> Self {
        Self {
            act: "countersign.agree",
            digest: Self::digest_of(&[&asked.id.to_string(), &asked.digest]),
            title: "申請に同意する".to_owned(),
            facts,
            button: "同意して実行する".to_owned(),
            action,
            fields: Vec::new(),
            back: "/countersigns".to_owned(),
            by_passkey_only: true,
            at_once: false,
        }
    }

    /// Lifting a hold that the operator asked to lift; `time` says moments in words.
    pub fn lifting(hold: &Hold, time: impl Fn(&Instant) -> String) -> Self {
        let asked = hold.lift_asked_at;
        let parts = [Some(hold.since), asked].map(|at| at.map(|at| at.to_rfc3339()));
        let parts = parts.map(Option::unwrap_or_default);
        Self {
            act: "delivery.lift",
            digest: Self::digest_of(&[&parts[0], &parts[1]]),
            title: "止まっている配信を再開する".to_owned(),
            facts: vec![
                ("止まった日時".to_owned(), time(&hold.since)),
                (
                    "再開の申し出".to_owned(),
                    asked.as_ref().map(time).unwrap_or_default(),
                ),
            ],
            button: "認めて再開する".to_owned(),
            action: "/hold/lift".to_owned(),
            fields: Vec::new(),
            back: "/hold".to_owned(),
            by_passkey_only: true,
            at_once: false,
        }
    }

    /// Agreeing that the version `name`, whose text has the digest `text`, is adopted, as `asker` asked.
    pub fn agreeing_to_adopt(name: &str, text: &str, asker: String) -> Self {
        let adopting = Self::adopting(name, text);
        let mut facts = adopting.facts;
        facts.insert(0, ("採用を申請した人".to_owned(), asker));
        Self {
            act: "policy.second",
            title: format!("運用ポリシー「{name}」の採用に同意する"),
            button: "同意して採用する".to_owned(),
            action: "/settings/policy/second".to_owned(),
            facts,
            ..adopting
        }
    }

    /// Adopting the version `name` of the operating policy, whose text has the digest `text`.
    pub fn adopting(name: &str, text: &str) -> Self {
        Self {
            act: "policy.adopt",
            digest: Self::digest_of(&[name, text]),
            title: format!("運用ポリシー「{name}」を採用する"),
            facts: vec![
                ("版".to_owned(), name.to_owned()),
                ("本文の符号".to_owned(), text.chars().take(12).collect()),
            ],
            button: "採用する".to_owned(),
            action: "/settings/policy/adopt".to_owned(),
            fields: vec![
                ("version".to_owned(), name.to_owned()),
                ("digest".to_owned(), text.to_owned()),
            ],
            back: "/settings".to_owned(),
            by_passkey_only: true,
            at_once: false,
        }
    }
}

/// How a deed was confirmed.
#[derive(Debug)]
pub enum Confirmation {
    /// With a passkey, for this act and digest.
    Passkey(Confirmed),
    /// With the password, by somebody who has no passkey.
    Password,
}

/// Whether the deed may be done now.
#[derive(Debug)]
pub enum StepUp {
    /// The person confirmed it.
    Confirmed(Confirmation),
    /// They are to be asked, with this page.
    Ask(HttpResponse),
}

/// Takes the proof in `given`, or asks for it.
///
/// # Errors
/// Something of ours failed.
pub async fn step_up(
    desk: &Desk,
    visitor: &Visitor,
    deed: Deed,
    given: &Given,
    address: Address,
) -> Result<StepUp, Refusal> {
    let accounts = &desk.accounts;
    let act = Act {
        person: visitor.signed.person(),
        act: deed.act,
        digest: deed.digest.clone(),
    };
    let mut fault = None;
    if let Some(answer) = given.assertion() {
        let confirmed = match answer {
            Ok((token, assertion)) => {
                let act = act.clone();
                accounts.confirm(visitor.now, act, &token, &assertion).await
            }
            Err(error) => Err(error),
        };
        match confirmed {
            Ok(confirmed) => return Ok(StepUp::Confirmed(Confirmation::Passkey(confirmed))),
            Err(error) => fault = Some(error),
        }
    }
    let way = match accounts.issue(visitor.now, &act).await {
        Ok(issued) => Way::sign(&issued),
        Err(AccountError::NoPasskey)
            if !(deed.by_passkey_only && desk.second_factor)
                && accounts.factors(act.person).await?.password =>
        {
            match by_password(desk, visitor, &act, given, address).await {
                Ok(true) => return Ok(StepUp::Confirmed(Confirmation::Password)),
                Ok(false) => {}
                Err(error) => fault = Some(error),
            }
            Way::Password
        }
        Err(AccountError::NoPasskey) => Way::Nothing,
        Err(error) => return Err(error.into()),
    };
    let fault = fault.map(|error| {
        let wrong = "確かめられませんでした。もう一度お試しください。";
        not_proven(error, wrong, visitor.now)
    });
    let page = Prove {
        frame: visitor.frame(&deed.title),
        lead: "ご本人であることを、もう一度確かめます。次の内容をお確かめください。".to_owned(),
        fault: fault.transpose()?.unwrap_or_default(),
        at_once: deed.at_once,
        facts: deed.facts,
        way,
        deed: deed.button,
        action: deed.action,
        fields: deed.fields,
        back: deed.back,
    };
    Ok(StepUp::Ask(page.page()))
}

/// Whether the right password was given; false when none was.
async fn by_password(
    desk: &Desk,
    visitor: &Visitor,
    act: &Act,
    given: &Given,
    address: Address,
) -> Result<bool, AccountError> {
    let Some(password) = given.password.clone() else {
        return Ok(false);
    };
    let attempt = Attempt {
        number: visitor.signed.number().as_str().to_owned(),
        password,
        network: address.0.into(),
    };
    desk.accounts.prove_password(visitor.now, attempt).await?;
    let tx = desk.db.begin().await?;
    let actor = Actor::Person(act.person, None);
    let entry = Entry::of(actor, "stepup.confirmed", ("person", act.person));
    let detail = json!({ "act": act.act, "digest": act.digest, "by": "password" });
    audit::record(&tx, visitor.now, entry.with(detail)).await?;
    tx.commit().await?;
    Ok(true)
}
