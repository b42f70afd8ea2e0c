//! The hold on everything that is sent: why it is on, and lifting it, which takes the operator and a chief.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;

use super::broadcasts;
use super::home::Waiting;
use crate::console::{Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::delivery::{self, Hold, LIFT_ASKED_FOR, NotLifted};
use crate::emergency;
use crate::staff::Right;
use crate::web::{Address, Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/hold";

#[derive(Template)]
#[template(path = "hold.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    hold: Option<Hold>,
    why: &'static str,
    asked: Option<String>,
    until: String,
    may_lift: bool,
}

/// `GET /hold`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Shown>, Refusal> {
    let hold = delivery::hold(&desk.db).await?;
    let frame = visitor.frame("配信の保留");
    let asked = hold.filter(|hold| hold.is_lift_asked(visitor.now));
    let asked = asked.and_then(|hold| hold.lift_asked_at);
    Ok(Page(Shown {
        why: hold.map_or("", |hold| broadcasts::held(hold.reason)),
        until: asked
            .map(|at| frame.time(&(at + LIFT_ASKED_FOR)))
            .unwrap_or_default(),
        asked: asked.map(|at| frame.time(&at)),
        may_lift: visitor.may(Right::LiftHold),
        hold,
        frame,
    }))
}

/// `POST /hold/lift`: by the PR chief, who proves to be there, after the operator asked.
pub(in crate::console) async fn lift(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    Form(given): Form<Given>,
) -> Result<HttpResponse, Refusal> {
    let hold = delivery::hold(&desk.db).await?;
    // Whoever would be refused is not asked for a proof first.
    if let Some(hold) = hold.filter(|hold| hold.is_lift_asked(visitor.now)) {
        let frame = visitor.frame("配信の保留");
        let deed = Deed::lifting(&hold, |at| frame.time(at));
        if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
            return Ok(page);
        }
    }
    let tx = desk.db.begin().await?;
    let told = match delivery::lift(&tx, visitor.now, visitor.signed.person()).await {
        Ok(()) => {
            emergency::hold_was_lifted(&tx, visitor.now).await?;
            tx.commit().await?;
            Flash::done("保留を解きました。止まっていた配信が、いまから出ます。")
        }
        Err(NotLifted::NotHeld) => Flash::failed("いまは止まっていません。"),
        Err(NotLifted::NotAsked) => Flash::failed(
            "システムを動かしている人からの申し出がないか、申し出から24時間たっています。",
        ),
        Err(NotLifted::Db(error)) => return Err(error.into()),
    };
    Ok(redirect(PATH, told))
}

/// The operator's wish, for whoever may agree to it.
pub(in crate::console) async fn waiting(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Option<Waiting>, Refusal> {
    if !visitor.may(Right::LiftHold) {
        return Ok(None);
    }
    let hold = delivery::hold(&desk.db).await?;
    let asked = hold.filter(|hold| hold.is_lift_asked(visitor.now));
    let asked = asked.and_then(|hold| hold.lift_asked_at);
    Ok(asked.map(|at| Waiting {
        ask: "止まっている配信を再開するか決めてください".to_owned(),
        about: "システムを動かしている人からの申し出です。".to_owned(),
        path: PATH.to_owned(),
        until: Some(at + LIFT_ASKED_FOR),
    }))
}
