//! How a broadcast fared: in people and envelopes, over time, envelope by envelope, and as a file.

pub(in crate::console) mod envelopes;

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use envelopes::{Line, Tabs, envelopes};

use super::show::{Travel, travel};
use super::standing::Standings;
use super::way::{self, Asked as Request};
use super::{PATH, TITLE, find, refused, when, words};
use crate::approval;
use crate::broadcast::response::{self, Response};
use crate::broadcast::{self, Broadcast, BroadcastError, NotClosed, phrases};
use crate::clock::{Instant, date_in_japan, datetime_in_japan};
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::delivery::report::{Fate, OverTime, Which};
use crate::delivery::{self, Progress};
use crate::ids::BroadcastId;
use crate::line::client::{FEWEST, LinkStatistics};
use crate::staff::people::{self, Roster};
use crate::web::{Flash, Frame, Page, Pages, Piled, Refusal, Stack, Tone, redirect};

/// Most columns of the picture.
const COLUMNS: usize = 60;

/// What is asked for: which envelopes, and which page of them (from 1).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    which: String,
    page: String,
}

/// One way in which people fared.
struct Sum {
    name: &'static str,
    about: &'static str,
    people: u64,
    /// None of those who were in no envelope's call.
    envelopes: Option<u64>,
}

/// Who was not told, or may not have been, and what was made of it.
struct Missed {
    says: &'static str,
    people: u64,
    may_close: bool,
    closed: Option<Closed>,
}

struct Closed {
    people: u64,
    note: String,
    by: String,
    at: Instant,
}

#[derive(Template)]
#[template(path = "broadcasts/report.html")]
pub(in crate::console) struct Report {
    frame: Frame,
    broadcast: Broadcast,
    state: &'static str,
    chip: &'static str,
    house: String,
    when: String,
    drafted: String,
    travel: Travel,
    sums: Vec<Sum>,
    picture: Option<Stack>,
    missed: Option<Missed>,
    /// What was written to close it, and what is wrong with that.
    note: String,
    fault: String,
    amiss: bool,
    tabs: Tabs,
    lines: Vec<Line>,
    pages: Pages,
    response: Option<Response>,
    links: Vec<LinkStatistics>,
    asked: Vec<Request>,
    corrects: Option<(BroadcastId, String)>,
    corrections: Vec<(BroadcastId, String, &'static str)>,
}

impl Asked {
    fn which(&self) -> Which {
        match self.which.as_str() {
            "amiss" => Which::Amiss,
            _ => Which::All,
        }
    }
}

/// `GET /broadcasts/{id}/report`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Refusal> {
    let broadcast = find(&visitor, &desk, *id).await?;
    match page(&visitor, &desk, broadcast, &asked, String::new()).await? {
        Some(report) => Ok(Page(report).with(HttpResponse::Ok())),
        None => {
            let not_yet = "まだ配信していないので、報告はありません。";
            Ok(redirect(&format!("{PATH}/{id}"), Flash::failed(not_yet)))
        }
    }
}

/// What somebody wrote to close what went amiss.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Note {
    #[serde(default)]
    note: String,
}

/// `POST /broadcasts/{id}/report/close`.
pub(in crate::console) async fn close(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    Form(Note { note }): Form<Note>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{PATH}/{id}/report");
    let broadcast = find(&visitor, &desk, *id).await?;
    let tx = desk.db.begin().await?;
    match broadcast::close(&tx, visitor.now, &visitor.signed, *id, &note).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect(
                &here,
                Flash::done("記録して、整理を済ませました。"),
            ))
        }
        Err(BroadcastError::NotClosed(why @ NotClosed::Unsaid)) => {
            drop(tx);
            let report = page(&visitor, &desk, broadcast, &Asked::default(), note).await?;
            let mut report = report.ok_or(Refusal::NotFound)?;
            report.fault = phrases::not_closed(why);
            Ok(Page(report).with(HttpResponse::UnprocessableEntity()))
        }
        Err(error) => refused(error, &here),
    }
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    broadcast: Broadcast,
    asked: &Asked,
    note: String,
) -> Result<Option<Report>, Refusal> {
    let travel = travel(visitor, desk, &broadcast).await?;
    let Some((travel, dispatch)) = travel.zip(broadcast.head.dispatch) else {
        return Ok(None);
    };
    let head = &broadcast.head;
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let frame = visitor
        .frame("送達の報告")
        .under(PATH, TITLE)
        .under(format!("{PATH}/{}", head.id), head.title.clone());
    let (lines, tabs, pages) = envelopes(desk, head.id, dispatch, asked).await?;
    let requests = approval::history(&desk.db, head.subject()).await?;
    let corrects = match head.corrects {
        Some(wrong) => Some((wrong, find(visitor, desk, wrong).await?.head.title)),
        None => None,
    };
    let corrections = broadcast::corrections(&desk.db, head.id).await?;
    let standings = Standings::of(desk, corrections.iter().chain([head])).await?;
    let (state, chip) = standings.tell(head);
    let response = response::response(&desk.db, head.id).await?;
    let drafter = people_words::person(&roster, head.created_by);
    Ok(Some(Report {
        state,
        chip,
        house: words::house(&roster, head.house),
        when: when(&frame, head),
        drafted: format!("{drafter}（{}）", frame.time(&head.created_at)),
        sums: sums(&travel.progress, travel.stopped.is_some()),
        picture: delivery::report::over_time(&desk.db, dispatch, COLUMNS)
            .await?
            .map(|over| picture(&over)),
        missed: missed(visitor, desk, &roster, head.id, &travel.progress).await?,
        note,
        fault: String::new(),
        amiss: asked.which() == Which::Amiss,
        tabs,
        lines,
        pages,
        links: response
            .as_ref()
            .map(|response| response::links(&response.statistics))
            .unwrap_or_default(),
        response,
        asked: requests
            .iter()
            .map(|request| way::asked(&frame, &profile, &roster, request))
            .collect(),
        corrects,
        corrections: corrections
            .into_iter()
            .map(|head| {
                let (state, _) = standings.tell(&head);
                (head.id, head.title, state)
            })
            .collect(),
        travel,
        frame,
        broadcast,
    }))
}

fn sums(progress: &Progress, stopped: bool) -> Vec<Sum> {
    let (people, envelopes) = (progress.people, progress.envelopes);
    let sum = |name, about, people, envelopes| Sum {
        name,
        about,
        people,
        envelopes: Some(envelopes),
    };
    let (not_sent, why) = match stopped {
        true => (
            "止まっていて送っていない",
            "再開すると送ります。期限を過ぎると送りません。",
        ),
        false => ("これから送る", "返事を待っている分も含みます。"),
    };
    let waiting = (
        people.waiting + people.in_doubt,
        envelopes.waiting + envelopes.in_doubt,
    );
    let mut sums = vec![
        sum(
            "LINEが受け付けた",
            "読んだという意味ではありません。受け付けたあとにブロックした人の分も含みます。",
            people.accepted,
            envelopes.accepted,
        ),
        sum(not_sent, why, waiting.0, waiting.1),
        sum(
            "LINEが断った",
            "届いていません。",
            people.refused,
            envelopes.refused,
        ),
        sum(
            "届いたかわからない",
            "LINEの返事がないまま、確かめられる時間を過ぎました。",
            people.unknown,
            envelopes.unknown,
        ),
        sum(
            "期限を過ぎて送らなかった",
            "届いていません。",
            people.late,
            envelopes.late,
        ),
        Sum {
            name: "送る前に外れた",
            about: "配信が始まってから送るまでに、ブロックしたか登録を消した人です。",
            people: progress.left_out,
            envelopes: None,
        },
    ];
    // What went well is told even when it is nothing; of the rest, what there is.
    let mut first = true;
    sums.retain(|sum| std::mem::take(&mut first) || sum.people > 0);
    sums
}

fn picture(over: &OverTime) -> Stack {
    let kinds = OverTime::FATES.map(|fate| match fate {
        Fate::Refused => ("LINEが断った", Tone::Wrong),
        Fate::Unknown => ("届いたかわからない", Tone::Unsure),
        Fate::Late => ("期限を過ぎた", Tone::Blank),
        _ => ("LINEが受け付けた", Tone::Good),
    });
    let days: Vec<_> = over.columns.iter().map(|c| date_in_japan(c.from)).collect();
    let one_day = days.first() == days.last();
    let form = match (one_day, over.step) {
        (_, step) if step >= TimeDelta::days(1) => "%-m/%-d",
        (true, step) if step >= TimeDelta::minutes(1) => "%-H:%M",
        (true, _) => "%-H:%M:%S",
        (false, _) => "%-m/%-d %-H:%M",
    };
    let piles: Vec<Piled> = over
        .columns
        .iter()
        .map(|column| {
            let label = datetime_in_japan(column.from).format(form).to_string();
            (label, column.people.to_vec(), column.envelopes)
        })
        .collect();
    let title = format!("{}ごとの結果", span(over.step));
    Stack::new(title, "始まり", "人", &kinds, &piles)
}

/// 「10秒」 「5分」 「2時間」 「1日」.
fn span(step: TimeDelta) -> String {
    match step.num_seconds() {
        seconds if seconds < 60 => format!("{seconds}秒"),
        seconds if seconds < 3_600 => format!("{}分", seconds / 60),
        seconds if seconds < 86_400 => format!("{}時間", seconds / 3_600),
        seconds => format!("{}日", seconds / 86_400),
    }
}

async fn missed(
    visitor: &Visitor,
    desk: &Desk,
    roster: &Roster,
    id: BroadcastId,
    progress: &Progress,
) -> Result<Option<Missed>, Refusal> {
    if progress.people.amiss() == 0 {
        return Ok(None);
    }
    let closing = broadcast::closing(&desk.db, id).await?;
    Ok(Some(Missed {
        says: words::amiss(&progress.people),
        people: progress.people.amiss(),
        may_close: progress.ended_at.is_some() && broadcast::may_close(&visitor.signed),
        closed: closing.map(|closing| Closed {
            people: closing.people,
            note: closing.note,
            by: people_words::person(roster, closing.by),
            at: closing.at,
        }),
    }))
}
