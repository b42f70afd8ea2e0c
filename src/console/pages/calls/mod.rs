//! Where the link of a call leads: what somebody is called for, without its content, and one button. Whoever holds
//! the link was called; nothing else is shown to them before they sign in.

pub(in crate::console) mod words;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::calling::{self, Calling, Cause, Ended, Kind, NotAnswered, Opened};
use crate::clock::date_in_japan;
use crate::console::Desk;
use crate::ids::PersonId;
use crate::staff::people::{self, PostKind};
use crate::web::{Frame, Page, Refusal, redirect};

/// What a link has come to.
enum Stands {
    /// It waits for an answer.
    Waits,
    /// Nobody who decides has answered: they are to telephone.
    Telephones,
    /// There is nothing to answer: it only tells what happened.
    Tells(&'static str),
    /// Nor here: a way to reach them has changed.
    Changed,
    /// They answered themselves, after so long.
    Own(String),
    /// Somebody else did.
    Other,
    /// It was settled, or its time passed.
    Over,
}

#[derive(Template)]
#[template(path = "calls/show.html")]
struct Shown {
    frame: Frame,
    stands: Stands,
    kind: Kind,
    drill: bool,
    /// When it began.
    since: String,
    action: String,
    /// Where it goes on, behind the sign-in.
    on: String,
}

impl Shown {
    fn waits(&self) -> bool {
        matches!(self.stands, Stands::Waits)
    }

    fn is_own(&self) -> bool {
        matches!(self.stands, Stands::Own(_))
    }
}

#[derive(Template)]
#[template(path = "calls/unknown.html")]
struct Unknown {
    frame: Frame,
}

/// `GET /calls/{token}`. Looking answers nothing: mail scanners open links.
pub(in crate::console) async fn show(
    request: HttpRequest,
    desk: Data<Desk>,
    token: Path<String>,
) -> Result<HttpResponse, Refusal> {
    let Some(opened) = calling::opened(&desk.db, &token).await? else {
        return Ok(unknown(&desk, &request));
    };
    let Opened { calling, person } = opened;
    let now = desk.clock.now();
    let stands = match calling.ended.map(|end| end.how) {
        _ if calling.is_of_changed_way() => Stands::Changed,
        _ if calling.kind == Kind::Notice => Stands::Tells(words::told(calling.cause)),
        None if now < calling.until && telephones(&desk, &calling, person).await? => {
            Stands::Telephones
        }
        None if now < calling.until => Stands::Waits,
        Some(Ended::Answered(by, _)) if by == person => {
            Stands::Own(words::took(calling.took().unwrap_or_default()))
        }
        Some(Ended::Answered(..)) => Stands::Other,
        None | Some(Ended::Over | Ended::Unanswered) => Stands::Over,
    };
    let frame = desk.frame(&request, &words::about(&calling));
    let page = Shown {
        stands,
        kind: calling.kind,
        drill: calling.drill || calling.kind == Kind::Drill,
        since: frame.time(&calling.begun_at),
        action: format!("/calls/{token}"),
        on: on(&calling),
        frame,
    };
    Ok(Page(page).with(HttpResponse::Ok()))
}

/// `POST /calls/{token}`: 受けました.
pub(in crate::console) async fn answer(
    request: HttpRequest,
    desk: Data<Desk>,
    token: Path<String>,
) -> Result<HttpResponse, Refusal> {
    let Some(opened) = calling::opened(&desk.db, &token).await? else {
        return Ok(unknown(&desk, &request));
    };
    if telephones(&desk, &opened.calling, opened.person).await? {
        // Their answer would let nobody ring on who decides.
        return Ok(redirect(&format!("/calls/{token}"), None));
    }
    let tx = desk.db.begin().await?;
    match calling::answer_link(&tx, desk.clock.now(), &token).await {
        Ok(_) => tx.commit().await?,
        // The page says how it stands.
        Err(NotAnswered::Over(_) | NotAnswered::NotCalled) => {}
        Err(NotAnswered::Unknown) => return Ok(unknown(&desk, &request)),
        Err(NotAnswered::Db(error)) => return Err(error.into()),
    }
    Ok(redirect(&format!("/calls/{token}"), None))
}

/// Whether somebody is woken only to telephone: they are on duty, and decide nothing.
async fn telephones(desk: &Desk, calling: &Calling, person: PersonId) -> Result<bool, Refusal> {
    if calling.kind != Kind::Emergency {
        return Ok(false);
    }
    let roster = people::roster(&desk.db).await?;
    let day = date_in_japan(desk.clock.now());
    let mut posts = roster.posts_of(person, day).map(|post| post.kind);
    let decides = |kind| matches!(kind, PostKind::Chief | PostKind::Staff);
    Ok(posts.any(|kind| kind == PostKind::DutyOfficer)
        && !roster.posts_of(person, day).any(|post| decides(post.kind)))
}

fn unknown(desk: &Desk, request: &HttpRequest) -> HttpResponse {
    let frame = desk.frame(request, "このリンクは使えません");
    Page(Unknown { frame }).with(HttpResponse::NotFound())
}

fn on(calling: &Calling) -> String {
    match calling.kind {
        _ if calling.is_of_changed_way() => "/me/contact".to_owned(),
        Kind::Notice if calling.cause == Some(Cause::Hold) => "/".to_owned(),
        Kind::Notice if calling.cause == Some(Cause::Overdue) => {
            format!("/emergencies/{}/report", calling.matter)
        }
        Kind::Emergency | Kind::Notice => format!("/emergencies/{}", calling.matter),
        Kind::Drill => "/emergencies/readiness".to_owned(),
        Kind::Test => "/me/contact".to_owned(),
    }
}
