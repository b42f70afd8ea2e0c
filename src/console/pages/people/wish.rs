//! Asking for what takes two, about a person: letting them in, anew or again.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::{fields, words};
use crate::clock::{Instant, date_in_japan};
use crate::console::{Desk, Visitor};
use crate::ids::PersonId;
use crate::staff::account::PasskeyRow;
use crate::staff::countersign::Ask;
use crate::staff::people;
use crate::web::{Errors, Frame, Page, Refusal};

/// The last part of the path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wish {
    Invite,
    Reset,
    Passkey,
    Settle,
    Reinstate,
}

impl Wish {
    async fn about(self, visitor: &Visitor, desk: &Desk, person: PersonId) -> Result<Ask, Refusal> {
        Ok(match self {
            Self::Invite => Ask::Invite { person },
            Self::Reset => Ask::ResetCredentials { person },
            Self::Passkey => Ask::AddPasskeyForChief { person },
            Self::Reinstate => Ask::Reinstate { person },
            Self::Settle => {
                let passkeys = desk.accounts.passkeys(person).await?;
                let new = newest(&passkeys, visitor.now).ok_or(Refusal::NotFound)?;
                Ask::SettlePasskey {
                    person,
                    passkey: new.id,
                    enrolled_at: new.enrolled_at,
                }
            }
        })
    }

    /// Where it is asked for, and what that is called.
    pub fn link(self) -> (&'static str, &'static str) {
        (self.path(), self.words().0)
    }

    fn path(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Reset => "reset",
            Self::Passkey => "passkey",
            Self::Settle => "settle",
            Self::Reinstate => "reinstate",
        }
    }

    /// What it is called, and when it is wanted.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Invite => (
                "招待を出す",
                "まだ入ったことのない職員や、リンクをなくした職員のためのものです。前に出したリンクは使えなくなります。",
            ),
            Self::Reset => (
                "サインインの手段を再設定する",
                "パスワードも端末もなくした職員や、盗まれたおそれのある職員のためのものです。いまの手段はすべて使えなくなります。",
            ),
            Self::Passkey => (
                "パスキーを加える",
                "課長が、2台目の端末でも緊急配信に同意できるようにするためのものです。いまの手段はそのまま使えます。",
            ),
            Self::Settle => (
                "登録したパスキーをすぐ使えるようにする",
                "着任したばかりの課長などが、登録から24時間待たずに緊急配信に同意・送信できるようにするためのものです。本人がその場で登録するのを、管理者が二人とも見たときだけ申請してください。",
            ),
            Self::Reinstate => (
                "退職・異動を取り消す",
                "戻ってきた人や、取りやめになった退職・異動のためのものです。",
            ),
        }
    }
}

/// The newest of them that does not count in emergencies yet.
pub(super) fn newest(passkeys: &[PasskeyRow], now: Instant) -> Option<&PasskeyRow> {
    let mut passkeys = passkeys.iter();
    passkeys.find(|key| key.usable_for_emergency_from > now)
}

/// Why.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Why {
    reason: String,
}

#[derive(Template)]
#[template(path = "people/wish.html")]
pub(in crate::console) struct Asking {
    frame: Frame,
    errors: Errors,
    entered: Why,
    lead: &'static str,
    action: String,
    back: String,
    facts: Vec<(&'static str, String)>,
}

/// `GET /people/{id}/ask/{wish}`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    path: Path<(PersonId, String)>,
) -> Result<Page<Asking>, Refusal> {
    let (person, wish) = known(path)?;
    page(
        &visitor,
        &desk,
        (person, wish),
        Errors::default(),
        Why::default(),
    )
    .await
}

/// `POST /people/{id}/ask/{wish}`.
pub(in crate::console) async fn send(
    visitor: Visitor,
    desk: Data<Desk>,
    path: Path<(PersonId, String)>,
    entered: Form<Why>,
) -> Result<HttpResponse, Refusal> {
    let (person, wish) = known(path)?;
    let ask = wish.about(&visitor, &desk, person).await?;
    let reason = &entered.reason;
    let mut errors = Errors::default();
    if let Some(asked) = fields::ask(&visitor, &desk, &mut errors, ask, reason).await? {
        return Ok(fields::asked(asked));
    }
    let page = page(
        &visitor,
        &desk,
        (person, wish),
        errors,
        entered.into_inner(),
    )
    .await?;
    Ok(page.with(HttpResponse::UnprocessableEntity()))
}

fn known(path: Path<(PersonId, String)>) -> Result<(PersonId, Wish), Refusal> {
    let (person, wish) = path.into_inner();
    let wishes = [
        Wish::Invite,
        Wish::Reset,
        Wish::Passkey,
        Wish::Settle,
        Wish::Reinstate,
    ];
    let wish = wishes.into_iter().find(|known| known.path() == wish);
    Ok((person, wish.ok_or(Refusal::NotFound)?))
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    (person, wish): (PersonId, Wish),
    errors: Errors,
    entered: Why,
) -> Result<Page<Asking>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let known = roster.persons.get(&person).ok_or(Refusal::NotFound)?;
    let back = format!("/people/{person}");
    let (title, lead) = wish.words();
    let ask = wish.about(visitor, desk, person).await?;
    Ok(Page(Asking {
        frame: visitor
            .frame(title)
            .under("/people", "職員")
            .under(back.clone(), known.name.as_str()),
        errors,
        entered,
        lead,
        action: format!("{back}/ask/{}", wish.path()),
        back,
        facts: words::facts(&ask, &roster, date_in_japan(visitor.now)),
    }))
}
