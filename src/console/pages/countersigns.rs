//! Acts that need two (二人操作): what waits, and what became of what waited.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::home::Waiting;
use super::people::words;
use crate::clock::{Instant, date_in_japan};
use crate::console::{Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::ids::CountersignId;
use crate::staff::account::INVITATION_LIFETIME;
use crate::staff::countersign::{self, Ask, Countersign, CountersignError};
use crate::staff::people::{self, Roster};
use crate::web::{Address, Flash, Frame, Page, Refusal, redirect};

/// As many of those that wait no more as are shown.
const DECIDED: u64 = 50;

/// A request in a list.
struct Row {
    path: String,
    wish: String,
    asked_by: String,
    asked_at: Instant,
    until: Instant,
    mine: bool,
    decided_at: Option<Instant>,
    decided_by: String,
    outcome: (&'static str, &'static str),
}

fn row(visitor: &Visitor, roster: &Roster, asked: &Countersign) -> Row {
    let decided_by = asked.decided_by.map(|id| words::person(roster, id));
    Row {
        path: format!("/countersigns/{}", asked.id),
        wish: words::wish(&asked.ask, roster),
        asked_by: words::person(roster, asked.asked_by),
        asked_at: asked.asked_at,
        until: asked.expires_at,
        mine: asked.asked_by == visitor.signed.person(),
        decided_at: asked.decided_at,
        decided_by: decided_by.unwrap_or_default(),
        outcome: words::outcome(asked.outcome),
    }
}

#[derive(Template)]
#[template(path = "countersigns/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    waiting: Vec<Row>,
    decided: Vec<Row>,
}

/// `GET /countersigns`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let waiting = countersign::waiting(&desk.db, visitor.now).await?;
    let decided = countersign::decided(&desk.db, visitor.now, DECIDED).await?;
    let roster = people::roster(&desk.db).await?;
    let rows = |asked: &[Countersign]| {
        let rows = asked.iter().map(|asked| row(&visitor, &roster, asked));
        rows.collect()
    };
    Ok(Page(List {
        frame: visitor.frame("二人操作"),
        waiting: rows(&waiting),
        decided: rows(&decided),
    }))
}

/// What waits for the visitor to decide, for their home.
pub(super) async fn waiting(visitor: &Visitor, desk: &Desk) -> Result<Vec<Waiting>, Refusal> {
    let waiting = countersign::waiting(&desk.db, visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    Ok(waiting
        .iter()
        .filter(|asked| decides(visitor, asked))
        .map(|asked| Waiting {
            ask: format!("確認してください：{}", words::wish(&asked.ask, &roster)),
            about: format!(
                "{}さんの申請。{}",
                words::person(&roster, asked.asked_by),
                asked.reason
            ),
            path: format!("/countersigns/{}", asked.id),
            until: Some(asked.expires_at),
        })
        .collect())
}

#[derive(Template)]
#[template(path = "countersigns/show.html")]
pub(in crate::console) struct Show {
    frame: Frame,
    row: Row,
    waits: bool,
    decides: bool,
    facts: Vec<(&'static str, String)>,
    reason: String,
    answer: String,
    digest: String,
    fault: String,
    written: String,
}

/// `GET /countersigns/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<CountersignId>,
) -> Result<Page<Show>, Refusal> {
    page(&visitor, &desk, *id, String::new(), String::new()).await
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    id: CountersignId,
    fault: String,
    written: String,
) -> Result<Page<Show>, Refusal> {
    let asked = countersign::find(&desk.db, visitor.now, id).await?;
    let asked = asked.ok_or(Refusal::NotFound)?;
    let roster = people::roster(&desk.db).await?;
    let row = row(visitor, &roster, &asked);
    let waits = asked.outcome.is_none();
    let digest: Vec<&str> = asked
        .digest
        .split_at_checked(12)
        .into_iter()
        .map(|(head, _)| head)
        .collect();
    Ok(Page(Show {
        frame: visitor
            .frame(row.wish.clone())
            .under("/countersigns", "二人操作"),
        waits,
        decides: decides(visitor, &asked),
        facts: words::facts(&asked.ask, &roster, date_in_japan(visitor.now)),
        reason: asked.reason,
        answer: asked.answer.unwrap_or_default(),
        digest: digest.concat(),
        fault,
        written,
        row,
    }))
}

/// The link that opens an account, shown this once.
#[derive(Template)]
#[template(path = "countersigns/link.html")]
struct Link {
    frame: Frame,
    who: String,
    /// A passkey, and nothing else.
    adds_passkey: bool,
    link: String,
    days: i64,
    path: String,
}

/// `POST /countersigns/{id}/agree`: once who agrees has proven themselves, it is done.
pub(in crate::console) async fn agree(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    id: Path<CountersignId>,
    Form(given): Form<Given>,
) -> Result<HttpResponse, Refusal> {
    let by = visitor.signed.person();
    let asked = countersign::find(&desk.db, visitor.now, *id).await?;
    let asked = asked.ok_or(Refusal::NotFound)?;
    let roster = people::roster(&desk.db).await?;
    // Whoever would be refused is not asked for a proof first.
    if decides(&visitor, &asked) {
        let facts = words::facts(&asked.ask, &roster, date_in_japan(visitor.now));
        let facts = facts
            .into_iter()
            .map(|(name, fact)| (name.to_owned(), fact));
        let path = format!("/countersigns/{id}/agree");
        let deed = Deed::agreeing(&asked, facts.collect(), path);
        if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
            return Ok(page);
        }
    }
    let agreed = countersign::agree(&desk.db, visitor.now, by, *id).await;
    match (agreed, asked.ask.about()) {
        (Ok(Some(token)), Some(person)) => {
            let page = Link {
                frame: visitor
                    .frame("招待のリンク")
                    .under("/countersigns", "二人操作"),
                who: words::person(&roster, person),
                adds_passkey: matches!(asked.ask, Ask::AddPasskeyForChief { .. }),
                link: desk.accounts.link(&token),
                days: INVITATION_LIFETIME.num_days(),
                path: format!("/people/{person}"),
            };
            Ok(Page(page).with(HttpResponse::Ok()))
        }
        (agreed, _) => {
            let done = "同意しました。申請どおりに実行しました。";
            said(*id, agreed.map(drop), done)
        }
    }
}

fn decides(visitor: &Visitor, asked: &Countersign) -> bool {
    asked.outcome.is_none() && asked.asked_by != visitor.signed.person() && visitor.may(Ask::RIGHT)
}

/// Why not.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Answer {
    answer: String,
}

/// `POST /countersigns/{id}/decline`.
pub(in crate::console) async fn decline(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<CountersignId>,
    given: Form<Answer>,
) -> Result<HttpResponse, Refusal> {
    let by = visitor.signed.person();
    let declined = countersign::decline(&desk.db, visitor.now, by, *id, &given.answer).await;
    if matches!(declined, Err(CountersignError::NoReason)) {
        let fault = "同意しない理由を1字から500字までで書いてください。申請した人が読みます。";
        let wrong = HttpResponse::UnprocessableEntity();
        let written = given.into_inner().answer;
        let page = page(&visitor, &desk, *id, fault.to_owned(), written).await?;
        return Ok(page.with(wrong));
    }
    said(*id, declined, "同意しませんでした。何も変えていません。")
}

/// `POST /countersigns/{id}/withdraw`.
pub(in crate::console) async fn withdraw(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<CountersignId>,
) -> Result<HttpResponse, Refusal> {
    let by = visitor.signed.person();
    let withdrawn = countersign::withdraw(&desk.db, visitor.now, by, *id).await;
    said(*id, withdrawn, "申請を取り下げました。")
}

/// Back to the request, with what it came to.
fn said(
    id: CountersignId,
    done: Result<(), CountersignError>,
    words: &str,
) -> Result<HttpResponse, Refusal> {
    let flash = match done {
        Ok(()) => Flash::done(words),
        Err(CountersignError::Missing) => return Err(Refusal::NotFound),
        Err(error) => Flash::failed(words::why_not_agreed(error)?),
    };
    Ok(redirect(&format!("/countersigns/{id}"), flash))
}
