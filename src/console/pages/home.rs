//! What waits for me, what goes out, and what is wrong.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;

use crate::clock::{Instant, date_in_japan};
use crate::console::{Desk, Visitor, alarms, live};
use crate::staff::Right;
use crate::web::{Frame, Page, Refusal};

use super::answers::words;
use super::{broadcasts, calendar, countersigns, deputies, emergencies, hold, reminders, secrets};

/// Something that waits for the person who reads.
#[derive(Debug, Clone, Hash)]
pub(in crate::console) struct Waiting {
    /// What is asked of them: 「代理の登録を確認してください」.
    pub ask: String,
    /// Of what, from whom.
    pub about: String,
    /// Where it is done.
    pub path: String,
    /// By when, if it lapses.
    pub until: Option<Instant>,
}

/// Something that goes out to residents.
#[derive(Debug, Clone)]
pub(in crate::console) struct Outgoing {
    /// When.
    pub at: Instant,
    /// What: 「燃えるごみのお知らせ」.
    pub title: String,
    /// To whom, how many.
    pub to: String,
    /// Where to look at it.
    pub path: String,
}

/// Something that is wrong.
#[derive(Debug, Clone, Hash)]
pub(in crate::console) struct Alarm {
    /// What is wrong, for whom that matters.
    pub what: String,
    /// What to do about it.
    pub next: String,
    /// Where that is done; nowhere, for whoever cannot.
    pub path: Option<String>,
}

impl Alarm {
    pub(in crate::console) fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            next: next.into(),
            path: None,
        }
    }

    pub(in crate::console) fn at(self, path: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..self
        }
    }
}

#[derive(Template)]
#[template(path = "home.html")]
pub(in crate::console) struct Home {
    frame: Frame,
    /// What is shown of alarms and what waits, in short.
    print: String,
    /// Emergencies that stand open, before everything else.
    urgent: Vec<emergencies::Urgent>,
    /// Who reads may begin one.
    starts: bool,
    alarms: Vec<Alarm>,
    waiting: Vec<Waiting>,
    today: NaiveDate,
    going_today: Vec<Outgoing>,
    this_week: Vec<Outgoing>,
}

/// `GET /`; nothing, for a page that shows what is still so.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    request: HttpRequest,
) -> Result<Either<Page<Home>, HttpResponse>, Refusal> {
    let urgent = emergencies::urgent(&visitor, &desk).await?;
    let mut alarms = alarms::alarms(&desk, &visitor).await?;
    alarms.extend(emergencies::alarms(&visitor, &desk).await?);
    alarms.extend(emergencies::bulletins::alarms(&visitor, &desk).await?);
    alarms.extend(emergencies::templates::alarms(&visitor, &desk).await?);
    let mut waiting = countersigns::waiting(&visitor, &desk).await?;
    waiting.extend(emergencies::templates::waiting(&visitor, &desk).await?);
    waiting.extend(emergencies::evacuation::waiting(&visitor, &desk).await?);
    waiting.extend(alarms::waiting(&desk, &visitor).await?);
    waiting.extend(hold::waiting(&visitor, &desk).await?);
    let sees = visitor.may(Right::SeeBroadcasts);
    if sees {
        waiting.extend(broadcasts::waiting(&visitor, &desk).await?);
        let (silent, asked) = reminders::at_home(&visitor, &desk).await?;
        alarms.extend(silent);
        alarms.extend(broadcasts::alarms(&visitor, &desk).await?);
        alarms.extend(calendar::alarms(&visitor, &desk).await?);
        waiting.extend(asked);
    }
    if visitor.may(Right::EditAnswers) {
        waiting.extend(words::waiting(&visitor, &desk).await?);
    }
    if visitor.may(Right::ManagePeople) {
        let (nobody, soon) = deputies::gaps(&visitor, &desk).await?;
        alarms.extend(nobody);
        alarms.extend(secrets::alarms(&desk).await?);
        waiting.extend(soon);
    }
    let print = live::print(&(&urgent, &alarms, &waiting, date_in_japan(visitor.now)));
    if live::is_shown(request.headers(), &print) {
        return Ok(Either::Right(HttpResponse::NoContent().finish()));
    }
    let (going_today, this_week) = match sees {
        true => broadcasts::outgoing(&visitor, &desk).await?,
        false => Default::default(),
    };
    Ok(Either::Left(Page(Home {
        frame: visitor.frame("ホーム"),
        print,
        starts: emergencies::starts(&visitor, &desk).await?,
        urgent,
        alarms,
        waiting,
        today: date_in_japan(visitor.now),
        going_today,
        this_week,
    })))
}
