//! Shelters: which are open, full or closed. A tap on a state, a look at what it will say, and a second tap.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::people::words;
use crate::console::{Desk, Visitor};
use crate::ids::ShelterId;
use crate::shelter::{self, FRESH, MAX_NOTE, NotSet, Opening, Shelter, State};
use crate::staff::people::{self, Roster};
use crate::text::fold;
use crate::web::{Errors, Flash, Frame, Page, Pages, Refusal, redirect};

const PATH: &str = "/shelters";
/// Places on a page of those that nobody has opened.
const PAGE: u64 = 50;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    q: String,
    page: u64,
}

/// A place, as the list shows it.
#[derive(Debug)]
struct Row {
    id: ShelterId,
    name: String,
    address: String,
    opening: Option<Opening>,
    by: String,
    stale: bool,
}

#[derive(Template)]
#[template(path = "shelters/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    asked: Asked,
    total: usize,
    /// Those one can go to, or could.
    in_use: Vec<Row>,
    stale: bool,
    /// Hours after which what was said has to be said again.
    fresh_hours: i64,
    others: Vec<Row>,
    pages: Pages,
}

/// `GET /shelters`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let asked = asked.into_inner();
    let roster = people::roster(&desk.db).await?;
    let shelters = shelter::all(&desk.db).await?;
    let total = shelters.len();
    let sought = fold(&asked.q);
    let found = shelters.into_iter().filter(|shelter| {
        [&shelter.name, &shelter.address]
            .iter()
            .any(|words| fold(words).contains(&sought))
    });
    let rows = found.filter_map(|shelter| Row::of(shelter, &roster, &visitor));
    let (in_use, others): (Vec<Row>, Vec<Row>) = rows.partition(Row::is_in_use);
    let base = match asked.q.is_empty() {
        true => PATH.to_owned(),
        false => {
            let words: String = url::form_urlencoded::byte_serialize(asked.q.as_bytes()).collect();
            format!("{PATH}?q={words}")
        }
    };
    let pages = Pages::new(asked.page, others.len() as u64, PAGE, base);
    let before = usize::try_from((pages.this - 1) * PAGE).unwrap_or(usize::MAX);
    let shown = others.into_iter().skip(before);
    Ok(Page(List {
        frame: visitor.frame("避難所の開設状況"),
        total,
        fresh_hours: FRESH.num_hours(),
        stale: in_use.iter().any(|row| row.stale),
        in_use,
        others: shown.take(PAGE as usize).collect(),
        pages,
        asked,
    }))
}

impl Row {
    fn of(shelter: Shelter, roster: &Roster, visitor: &Visitor) -> Option<Self> {
        let opening = shelter.opening;
        Some(Self {
            id: shelter.id?,
            name: shelter.name,
            address: shelter.address,
            by: opening
                .as_ref()
                .map(|said| words::person(roster, said.by))
                .unwrap_or_default(),
            stale: opening
                .as_ref()
                .is_some_and(|said| said.is_stale(visitor.now)),
            opening,
        })
    }

    fn is_in_use(&self) -> bool {
        let opening = self.opening.as_ref();
        opening.is_some_and(|said| said.state != State::Closed)
    }

    /// How it is said, and the colour of that.
    fn chip(&self) -> (&'static str, &'static str) {
        match self.opening.as_ref().map(|said| said.state) {
            Some(State::Open) => ("開設中", "success"),
            Some(State::Full) => ("満員", "warning"),
            Some(State::Closed) => ("閉鎖", "plain"),
            None => ("開設の登録なし", "plain"),
        }
    }

    /// What can be said of it: each with its address and what the button says.
    fn deeds(&self) -> impl Iterator<Item = (String, &'static str)> + '_ {
        let now = self.opening.as_ref().map(|said| said.state);
        State::ALL.into_iter().map(move |state| {
            let path = format!("{PATH}/{}/{}", self.id, state.code());
            (path, deed(state, now == Some(state)))
        })
    }
}

/// What a button says that says so of a place, for the first time or `again`.
fn deed(state: State, again: bool) -> &'static str {
    match (state, again) {
        (State::Open, false) => "開設",
        (State::Full, false) => "満員",
        (State::Closed, false) => "閉鎖",
        (State::Open, true) => "開設中と確認",
        (State::Full, true) => "満員と確認",
        (State::Closed, true) => "閉鎖と確認",
    }
}

/// What residents will read, and what else comes of it.
fn outcome(state: State) -> &'static str {
    match state {
        State::Open => "近くの避難場所を調べた住民に、「開いています」と時刻が示されます。",
        State::Full => {
            "近くの避難場所を調べた住民に「満員です」と示され、地図では案内されなくなります。"
        }
        State::Closed => "近くの避難場所を調べた住民に、「いまは開けていません」と示されます。",
    }
}

/// What is written beside the state.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Written {
    note: String,
}

#[derive(Template)]
#[template(path = "shelters/confirm.html")]
pub(in crate::console) struct Confirm {
    frame: Frame,
    shelter: Shelter,
    deed: &'static str,
    outcome: &'static str,
    danger: bool,
    action: String,
    written: Written,
    errors: Errors,
}

/// `GET /shelters/{id}/{state}`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    which: Path<(i64, String)>,
) -> Result<Page<Confirm>, Refusal> {
    let (shelter, state) = meant(&desk, &which).await?;
    let note = shelter.opening.as_ref().and_then(|said| said.note.clone());
    let written = Written {
        note: note.unwrap_or_default(),
    };
    Ok(confirm(
        &visitor,
        shelter,
        state,
        written,
        Errors::default(),
    ))
}

fn confirm(
    visitor: &Visitor,
    shelter: Shelter,
    state: State,
    written: Written,
    errors: Errors,
) -> Page<Confirm> {
    let id = shelter.id.unwrap_or(ShelterId(0));
    let now = shelter.opening.as_ref().map(|said| said.state);
    Page(Confirm {
        frame: visitor
            .frame(shelter.name.as_str())
            .under(PATH, "避難所の開設状況"),
        deed: deed(state, now == Some(state)),
        outcome: outcome(state),
        danger: state == State::Closed,
        action: format!("{PATH}/{id}/{}", state.code()),
        shelter,
        written,
        errors,
    })
}

/// `POST /shelters/{id}/{state}`.
pub(in crate::console) async fn set(
    visitor: Visitor,
    desk: Data<Desk>,
    which: Path<(i64, String)>,
    written: Form<Written>,
) -> Result<HttpResponse, Refusal> {
    let (shelter, state) = meant(&desk, &which).await?;
    let id = shelter.id.ok_or(Refusal::NotFound)?;
    let tx = desk.db.begin().await?;
    let (by, note) = (&visitor.signed, &written.note);
    match shelter::set_opening(&tx, visitor.now, by, id, state, note).await {
        Ok(shelter) => {
            tx.commit().await?;
            let said = match state {
                State::Open => "開設中にしました",
                State::Full => "満員にしました",
                State::Closed => "閉鎖にしました",
            };
            let flash = Flash::done(format!("{}を{said}。", shelter.name));
            Ok(redirect(PATH, flash))
        }
        Err(NotSet::LongNote) => {
            drop(tx);
            let mut errors = Errors::default();
            errors.add("note", format!("{MAX_NOTE}文字までで書いてください。"));
            let page = confirm(&visitor, shelter, state, written.into_inner(), errors);
            Ok(page.with(HttpResponse::UnprocessableEntity()))
        }
        Err(NotSet::Gone) => Err(Refusal::NotFound),
        Err(NotSet::Db(error)) => Err(error.into()),
    }
}

async fn meant(desk: &Desk, (id, state): &(i64, String)) -> Result<(Shelter, State), Refusal> {
    let state = State::of_code(state).ok_or(Refusal::NotFound)?;
    let shelter = shelter::find(&desk.db, ShelterId(*id)).await?;
    Ok((shelter.ok_or(Refusal::NotFound)?, state))
}
