//! Broadcasts: what is being written, waits for a decision, goes out, and went.

mod alarms;
mod audience;
pub(in crate::console) mod check;
pub(in crate::console) mod deeds;
pub(in crate::console) mod edit;
mod form;
mod pick;
pub(in crate::console) mod planned;
pub(in crate::console) mod report;
pub(in crate::console) mod segments;
pub(in crate::console) mod show;
mod standing;
pub(in crate::console) mod templates;
pub(in crate::console) mod test;
mod way;
mod words;

pub(in crate::console) use alarms::alarms;
pub(in crate::console) use audience::People;
pub(in crate::console) use form::Sent;
pub(in crate::console) use words::{
    amiss, arrival, category, decider, held, not_taken, outcome, stopped, unsaid,
};

use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use standing::Standings;

use super::home::{Outgoing, Waiting};
use crate::approval::{self, House};
use crate::area::Directory;
use crate::broadcast::moves::State;
use crate::broadcast::{self, Broadcast, BroadcastError, Head, Terms};
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::console::{Desk, Visitor};
use crate::ids::BroadcastId;
use crate::policy::Profile;
use crate::staff::Right;
use crate::staff::people::{self, Post, Roster};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/broadcasts";
const TITLE: &str = "配信";

/// Which of them: a tab of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tab {
    /// Written, or with its deciders.
    #[default]
    Open,
    /// Approved, or on its way.
    Going,
    /// Over, one way or another.
    Past,
}

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    tab: Tab,
    words: String,
    before: Option<BroadcastId>,
}

/// A broadcast in a list.
struct Row {
    head: Head,
    state: &'static str,
    chip: &'static str,
    house: String,
    category: String,
    when: String,
}

#[derive(Template)]
#[template(path = "broadcasts/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    asked: Asked,
    tabs: Vec<(Tab, &'static str, &'static str)>,
    rows: Vec<Row>,
    drafts: bool,
    older: Option<BroadcastId>,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Open, "open", "起案中・決裁待ち"),
        (Self::Going, "going", "配信待ち・配信中"),
        (Self::Past, "past", "済んだもの"),
    ];

    fn states(self) -> Vec<State> {
        match self {
            Self::Open => vec![State::Draft, State::Submitted],
            Self::Going => vec![State::Approved, State::Sending, State::Stopped],
            Self::Past => vec![State::Done, State::Withdrawn, State::Late],
        }
    }
}

/// `GET /broadcasts`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let asked = asked.into_inner();
    let query = broadcast::Query {
        states: asked.tab.states(),
        house: contractor(&visitor),
        words: asked.words.split_whitespace().map(str::to_owned).collect(),
        before: asked.before,
        ..broadcast::Query::default()
    };
    let found = broadcast::list(&desk.db, &query).await?;
    let full = u64::try_from(found.len()).is_ok_and(|n| n == broadcast::Query::PAGE);
    let older = found.last().filter(|_| full).map(|last| last.id);
    let roster = people::roster(&desk.db).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let standings = Standings::of(&desk, &found).await?;
    let frame = visitor.frame(TITLE);
    let row = |head: Head| {
        let (state, chip) = standings.tell(&head);
        Row {
            state,
            chip,
            house: words::house(&roster, head.house),
            category: words::category(&profile, &head.category),
            when: when(&frame, &head),
            head,
        }
    };
    let rows = found.into_iter().map(row).collect();
    Ok(Page(List {
        rows,
        asked,
        tabs: Tab::ALL.to_vec(),
        drafts: visitor.may(Right::Draft),
        older,
        frame,
    }))
}

/// When it goes or went out.
fn when(frame: &Frame, head: &Head) -> String {
    match (head.released_at, head.send_at) {
        (Some(at), _) | (None, Some(at)) => frame.time(&at),
        (None, None) => "決裁が済みしだい".to_owned(),
    }
}

/// What waits for the decision of who reads.
pub(super) async fn waiting(visitor: &Visitor, desk: &Desk) -> Result<Vec<Waiting>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let mut waiting = Vec::new();
    for request in approval::waiting(&desk.db).await? {
        if !approval::may_decide(&roster, today, &request, visitor.signed.person()) {
            continue;
        }
        let id = BroadcastId(request.frozen.subject.id);
        let Some(broadcast) = broadcast::find(&desk.db, id).await? else {
            continue;
        };
        let head = broadcast.head;
        waiting.push(Waiting {
            ask: format!("「{}」の決裁", head.title),
            about: format!("{}から。", words::house(&roster, head.house)),
            path: format!("{PATH}/{id}"),
            until: head.send_at.or(head.valid_until),
        });
    }
    Ok(waiting)
}

/// What goes out today, and in the week after.
pub(super) async fn outgoing(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<(Vec<Outgoing>, Vec<Outgoing>), Refusal> {
    let today = date_in_japan(visitor.now);
    let midnight = |days: u64| {
        let day = today.checked_add_days(chrono::Days::new(days));
        instant_in_japan(day.unwrap_or(today).and_time(chrono::NaiveTime::MIN))
    };
    let roster = people::roster(&desk.db).await?;
    let between = async |from: Instant, until: Instant| -> Result<Vec<Outgoing>, Refusal> {
        let heads = broadcast::between(&desk.db, from, until).await?;
        let standings = Standings::of(desk, &heads).await?;
        Ok(heads
            .into_iter()
            .filter(|head| sees(visitor, head))
            .filter_map(|head| going(&roster, &standings, head))
            .collect())
    };
    Ok((
        between(midnight(0), midnight(1)).await?,
        between(midnight(1), midnight(8)).await?,
    ))
}

fn going(roster: &Roster, standings: &Standings, head: Head) -> Option<Outgoing> {
    let (state, _) = standings.tell(&head);
    Some(Outgoing {
        at: head.released_at.or(head.send_at)?,
        to: format!("{}・{state}", words::house(roster, head.house)),
        path: format!("{PATH}/{}", head.id),
        title: head.title,
    })
}

/// What broadcasts are judged by and put into messages with.
fn terms<'a>(desk: &'a Desk, profile: &'a Profile, directory: &'a Directory) -> Terms<'a> {
    Terms {
        profile,
        directory,
        public_url: &desk.public_url,
    }
}

/// A broadcast, for whoever may see it.
async fn find(visitor: &Visitor, desk: &Desk, id: BroadcastId) -> Result<Broadcast, Refusal> {
    let found = broadcast::find(&desk.db, id).await?;
    let seen = found.filter(|found| sees(visitor, &found.head));
    seen.ok_or(Refusal::NotFound)
}

/// A draft that whoever asks may write on; `None` of what is no draft any more, or somebody else's.
async fn own_draft(
    visitor: &Visitor,
    desk: &Desk,
    id: BroadcastId,
) -> Result<Option<Broadcast>, Refusal> {
    let found = find(visitor, desk, id).await?;
    let writes = broadcast::may_write(&visitor.signed, found.head.house);
    Ok((writes && found.head.state == State::Draft).then_some(found))
}

/// The municipality's own see everything. A contractor's people see their own, and what everybody has seen.
fn sees(visitor: &Visitor, head: &Head) -> bool {
    match contractor(visitor) {
        Some(own) => own == head.house || head.state.went_out(),
        None => true,
    }
}

/// The house of a contractor's people.
fn contractor(visitor: &Visitor) -> Option<House> {
    let posts = visitor.signed.posts().iter();
    posts
        .filter_map(Post::organisation)
        .map(House::Organisation)
        .next()
}

/// Back to `path` with why it was not done.
pub(in crate::console) fn refused(
    error: BroadcastError,
    path: &str,
) -> Result<HttpResponse, Refusal> {
    match (&error, words::refused(&error)) {
        (BroadcastError::Gone, _) => Err(Refusal::NotFound),
        (_, Some(why)) => Ok(redirect(path, Flash::failed(why))),
        (_, None) => Err(error.into()),
    }
}
