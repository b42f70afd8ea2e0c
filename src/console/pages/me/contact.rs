//! How oneself is reached at night: telephone, devices that receive notifications, and a call to try them.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::must_prove_again;
use crate::calling::{self, NotTested, Way};
use crate::console::pages::calls::words;
use crate::console::pages::people::telephone::Typed;
use crate::console::{Desk, Visitor};
use crate::ids::PushId;
use crate::staff::contact::{
    self, DEVICES, Device, InvalidTarget, NoDevice, NoTelephone, PushTarget, Ways,
};
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect, times};

/// Where all of it stands.
const PATH: &str = "/me/contact";

/// What the browser says of itself (W3C Push API); nothing where no script could ask it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Subscribed {
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// Which device.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Which {
    device: PushId,
}

#[derive(Template)]
#[template(path = "me/contact.html")]
pub(in crate::console) struct Contact {
    frame: Frame,
    errors: Errors,
    typed: String,
    ways: Ways,
    devices: Vec<Device>,
    most: usize,
    /// How their newest test went.
    test: Option<Test>,
    /// By which browsers know who may notify them.
    key: String,
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    errors: Errors,
    typed: String,
) -> Result<HttpResponse, Refusal> {
    let person = visitor.signed.person();
    let mut ways = contact::ways(&desk.db, &[person]).await?;
    let status = if errors.is_empty() {
        HttpResponse::Ok()
    } else {
        HttpResponse::UnprocessableEntity()
    };
    let page = Contact {
        frame: visitor.frame("連絡先").under("/me", "自分の設定"),
        errors,
        typed,
        ways: ways.remove(&person).unwrap_or_default(),
        devices: contact::devices(&desk.db, person).await?,
        most: DEVICES,
        test: newest(visitor, desk).await?,
        key: calling::push_key(&desk.db, visitor.now).await?,
    };
    Ok(Page(page).with(status))
}

/// How a test goes.
struct Test {
    at: String,
    lines: Vec<(&'static str, (&'static str, &'static str))>,
    /// After how long they answered.
    answered: Option<String>,
}

/// Days after which a test tells nothing any more.
const TESTED: TimeDelta = TimeDelta::days(14);

async fn newest(visitor: &Visitor, desk: &Desk) -> Result<Option<Test>, Refusal> {
    let tests = calling::tests(&desk.db, visitor.now - TESTED).await?;
    let test = tests.get(&visitor.signed.person());
    Ok(test.map(|test| Test {
        at: times::moment(test.begun_at, visitor.now),
        lines: test
            .calls
            .iter()
            .map(|call| {
                (
                    words::channel(call.channel),
                    words::standing(call.state, false),
                )
            })
            .collect(),
        answered: test.took().map(words::took),
    }))
}

/// Whether the telephone rings, too.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Wish {
    loudly: Option<String>,
}

/// `POST /me/contact/test`: calls oneself, by every way.
pub(in crate::console) async fn test(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(wish): Form<Wish>,
) -> Result<HttpResponse, Refusal> {
    let tx = desk.db.begin().await?;
    let loudly = wish.loudly.is_some();
    let said = match calling::test(&tx, visitor.now, visitor.signed.person(), loudly).await {
        Ok(_) => {
            tx.commit().await?;
            Flash::done("試しの呼び出しを送りました。届いたら、リンクを開いて応答してください。")
        }
        Err(NotTested::TooSoon) => {
            Flash::failed("いま試したばかりです。1分たってから、もう一度押してください。")
        }
        Err(NotTested::Db(error)) => return Err(error.into()),
    };
    Ok(redirect(PATH, said))
}

/// `GET /me/contact`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    page(&visitor, &desk, Errors::default(), String::new()).await
}

/// `POST /me/contact/telephone`: keeps a number, or lets go of it.
pub(in crate::console) async fn set_telephone(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(typed): Form<Typed>,
) -> Result<HttpResponse, Refusal> {
    // Whoever finds a browser left open must not be called in somebody's place at night.
    if let Some(again) = must_prove_again(&visitor, PATH) {
        return Ok(again);
    }
    let mut errors = Errors::default();
    let Some(number) = typed.read(&mut errors) else {
        return page(&visitor, &desk, errors, typed.into_words()).await;
    };
    let said = match &number {
        Some(number) => Flash::done(format!(
            "電話番号を登録しました（{number}）。下の「試しに呼び出す」で、届くことを確かめてください。"
        )),
        None => Flash::done("電話番号を消しました。夜間の呼び出しで、電話は鳴りません。"),
    };
    let (by, person) = (visitor.signed.actor(), visitor.signed.person());
    let tx = desk.db.begin().await?;
    match contact::set_telephone(&tx, visitor.now, &by, person, number).await {
        // One's own is always one's own to change.
        Ok(()) | Err(NoTelephone::TheirOwn) => {}
        Err(NoTelephone::Db(error)) => return Err(error.into()),
    }
    calling::changed(&tx, visitor.now, person, Way::Telephone).await?;
    tx.commit().await?;
    Ok(redirect(PATH, said))
}

/// `POST /me/contact/devices`: this device receives notifications from now on.
pub(in crate::console) async fn subscribe(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(subscribed): Form<Subscribed>,
) -> Result<HttpResponse, Refusal> {
    let Subscribed {
        endpoint,
        p256dh,
        auth,
    } = subscribed;
    let id = PushId::new(visitor.now);
    let target = match PushTarget::parse(id, &endpoint, &p256dh, &auth) {
        Ok(target) => target,
        Err(InvalidTarget::Form) => {
            let said =
                "この端末のブラウザーから、通知の宛先を受け取れませんでした。登録していません。";
            return Ok(redirect(PATH, Flash::failed(said)));
        }
        Err(InvalidTarget::Service) => {
            let said = "このブラウザーの通知には対応していません。Chrome、Edge、Safari、Firefoxのどれかで登録してください。";
            return Ok(redirect(PATH, Flash::failed(said)));
        }
    };
    let (person, device) = (visitor.signed.person(), &visitor.session.device);
    let tx = desk.db.begin().await?;
    match contact::subscribe(&tx, visitor.now, person, &target, device).await {
        Ok(()) => {
            calling::changed(&tx, visitor.now, person, Way::Device).await?;
            tx.commit().await?;
        }
        Err(NoDevice::Many) => {
            let said = format!("登録できるのは{DEVICES}台までです。使わない端末を外してください。");
            return Ok(redirect(PATH, Flash::failed(said)));
        }
        Err(NoDevice::Db(error)) => return Err(error.into()),
    }
    let said = "この端末で通知を受け取ります。下の「試しに呼び出す」で確かめてください。";
    Ok(redirect(PATH, Flash::done(said)))
}

/// `POST /me/contact/devices/end`.
pub(in crate::console) async fn unsubscribe(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(which): Form<Which>,
) -> Result<HttpResponse, Refusal> {
    let person = visitor.signed.person();
    let tx = desk.db.begin().await?;
    let gone = contact::unsubscribe(&tx, visitor.now, person, which.device).await?;
    if gone {
        calling::changed(&tx, visitor.now, person, Way::Device).await?;
    }
    tx.commit().await?;
    Ok(redirect(
        PATH,
        match gone {
            true => Flash::done("その端末を外しました。通知は届きません。"),
            false => Flash::failed("その端末は、もう外されています。"),
        },
    ))
}
