//! Test sends: a draft on one's own phone, and on colleagues', before anybody is asked to agree.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;

use super::form::Sent;
use super::{PATH, TITLE, find, own_draft, refused, terms};
use crate::area;
use crate::broadcast::Broadcast;
use crate::broadcast::test_send::{self, MOST_A_DAY, MOST_PEOPLE, TestSend};
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::delivery::Progress;
use crate::ids::{BroadcastId, PersonId};
use crate::staff::people::{self, Roster};
use crate::web::{Choice, Flash, Frame, Page, Preview, Refusal, redirect, times};

/// Test sends that are shown: the newest.
const SHOWN: u64 = 10;

/// A test send, in words.
struct Row {
    at: String,
    by: String,
    revision: i32,
    people: u32,
    fared: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "broadcasts/test.html")]
pub(in crate::console) struct Test {
    frame: Frame,
    id: BroadcastId,
    revision: i32,
    readers: Vec<Choice>,
    chosen: Vec<String>,
    /// Whoever reads linked their own LINE.
    linked: bool,
    preview: Option<Preview>,
    sent: Vec<Row>,
    most: u64,
    most_people: usize,
}

impl Test {
    fn back(&self) -> String {
        format!("{PATH}/{}", self.id)
    }
}

/// `GET /broadcasts/{id}/test`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
) -> Result<HttpResponse, Refusal> {
    let Some(broadcast) = own_draft(&visitor, &desk, *id).await? else {
        return Ok(redirect(&format!("{PATH}/{id}"), None));
    };
    let page = page(&visitor, &desk, &broadcast).await?;
    Ok(Page(page).with(HttpResponse::Ok()))
}

async fn page(visitor: &Visitor, desk: &Desk, broadcast: &Broadcast) -> Result<Test, Refusal> {
    let head = &broadcast.head;
    let own = visitor.signed.person();
    let readers = test_send::readers(&desk.db, visitor.now, &visitor.signed, head.house).await?;
    let roster = people::roster(&desk.db).await?;
    let choice = |person: &PersonId| {
        let name = people_words::person(&roster, *person);
        let whose = if *person == own { "（自分）" } else { "" };
        Choice::new(person.to_string(), format!("{name}{whose}"))
    };
    let sent = test_send::newest(&desk.db, visitor.now, head.id, SHOWN).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let directory = area::directory(&desk.db).await?;
    let terms = terms(desk, &profile, &directory);
    let messages = test_send::messages(&desk.db, terms, broadcast).await?;
    let (account, hour) = (&profile.operator.account_name, times::hour(visitor.now));
    let frame = visitor
        .frame("試し送り")
        .under(PATH, TITLE)
        .under(format!("{PATH}/{}", head.id), head.title.clone());
    Ok(Test {
        id: head.id,
        revision: head.revision,
        linked: readers.contains(&own),
        chosen: readers
            .iter()
            .filter(|person| **person == own)
            .map(ToString::to_string)
            .collect(),
        readers: readers.iter().map(choice).collect(),
        preview: messages.map(|sent| Preview::new(account, sent.as_slice(), &hour)),
        sent: sent
            .into_iter()
            .map(|(sent, progress)| row(&frame, &roster, &sent, progress))
            .collect(),
        most: MOST_A_DAY,
        most_people: MOST_PEOPLE,
        frame,
    })
}

fn row(frame: &Frame, roster: &Roster, sent: &TestSend, progress: Option<Progress>) -> Row {
    let people = progress.as_ref().map(|progress| progress.people);
    let over = progress.is_some_and(|progress| progress.ended_at.is_some());
    let taken = people.map_or(0, |people| people.accepted);
    Row {
        at: frame.time(&sent.at),
        by: people_words::person(roster, sent.by),
        revision: sent.revision,
        people: sent.people,
        fared: match (over, taken == u64::from(sent.people)) {
            (_, true) => ("LINEが受け付けました", "success"),
            (true, false) => ("届かなかった人がいます", "warning"),
            (false, false) => ("送っています", "info"),
        },
    }
}

/// `POST /broadcasts/{id}/test`.
pub(in crate::console) async fn send(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{PATH}/{id}/test");
    find(&visitor, &desk, *id).await?;
    let revision = sent.one("revision").parse().unwrap_or_default();
    let to: BTreeSet<PersonId> = sent.all("to").filter_map(|id| id.parse().ok()).collect();
    let to: Vec<PersonId> = to.into_iter().collect();
    let profile = desk.rules.at(visitor.now).await?;
    let directory = area::directory(&desk.db).await?;
    let terms = terms(&desk, &profile, &directory);
    let (now, by) = (visitor.now, &visitor.signed);
    let tx = desk.db.begin().await?;
    match test_send::send(&tx, now, by, terms, (*id, revision), &to).await {
        Ok(_) => {
            tx.commit().await?;
            let done = format!("{}人に試し送りしました。LINEを見てください。", to.len());
            Ok(redirect(&here, Flash::done(done)))
        }
        Err(error) => refused(error, &here),
    }
}
