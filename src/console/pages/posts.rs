//! Posts (役職): where they are, who holds them, adding one and closing one.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::people::rows::{self, Line, Phase};
use super::people::words;
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::PostId;
use crate::staff::Right;
use crate::staff::people::{self, PeopleError, Place, Post, PostKind, Roster};
use crate::web::{Choice, Confirm, Errors, Flash, Frame, Page, Refusal, redirect};

/// A post in the list, with who holds it and who will.
struct Row {
    title: String,
    kind: &'static str,
    meant_for: &'static str,
    held: Vec<Line>,
    grant_path: String,
    close_path: String,
    /// Closed by itself; a chief's goes with its section.
    closes: bool,
}

struct Group {
    title: String,
    rows: Vec<Row>,
}

/// A new one. `place` is a section's or a contractor's id; empty for the town.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    kind: String,
    place: String,
    title: String,
}

#[derive(Template)]
#[template(path = "posts/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    manages: bool,
    groups: Vec<Group>,
    errors: Errors,
    entered: Entered,
    kinds: Vec<Choice>,
    places: Vec<Choice>,
}

/// `GET /posts`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    page(&visitor, &desk, Errors::default(), Entered::default()).await
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    errors: Errors,
    entered: Entered,
) -> Result<Page<List>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let kinds = PostKind::ALL
        .map(|kind| Choice::new(kind.code(), words::kind(kind)).hint(words::meant_for(kind)));
    Ok(Page(List {
        frame: visitor.frame("役職").under("/people", "職員"),
        manages: visitor.may(Right::ManagePeople),
        groups: groups(&roster, today),
        errors,
        entered,
        kinds: kinds.to_vec(),
        places: places(&roster, today),
    }))
}

fn groups(roster: &Roster, today: NaiveDate) -> Vec<Group> {
    let mut posts: Vec<&Post> = roster.posts.values().collect();
    posts.retain(|post| !post.is_closed(today));
    let place = |post: &Post| match &post.place {
        Place::Section(section) => (u8::from(!section.owner), section.name.clone()),
        Place::Town => (2, "市全体".to_owned()),
        Place::Organisation(firm) => (3, format!("{}（受託者）", firm.name)),
    };
    posts.sort_by_key(|post| (place(post), post.kind, post.title.clone()));
    let mut groups: Vec<Group> = Vec::new();
    for post in posts {
        let (_, title) = place(post);
        let row = row(roster, post, today);
        match groups.last_mut().filter(|group| group.title == title) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                title,
                rows: vec![row],
            }),
        }
    }
    groups
}

fn row(roster: &Roster, post: &Post, today: NaiveDate) -> Row {
    let held = roster.holdings.iter().filter(|held| held.post == post.id);
    let held = held.map(|held| rows::holding(roster, held, today));
    Row {
        title: post.title.clone(),
        kind: words::kind(post.kind),
        meant_for: words::meant_for(post.kind),
        held: held.filter(|line| line.phase != Phase::Over).collect(),
        grant_path: format!("/holdings/new?post={}", post.id),
        close_path: format!("/posts/{}/close", post.id),
        closes: post.kind != PostKind::Chief,
    }
}

fn places(roster: &Roster, today: NaiveDate) -> Vec<Choice> {
    let sections = roster.sections.values();
    let sections = sections.filter(|section| section.closed_on.is_none());
    let firms = roster.organisations.values();
    let firms = firms.filter(|firm| firm.contract.to.is_none_or(|to| today <= to));
    let sections = sections.map(|s| Choice::new(s.id.to_string(), s.name.clone()));
    let firms =
        firms.map(|firm| Choice::new(firm.id.to_string(), format!("{}（受託者）", firm.name)));
    sections.chain(firms).collect()
}

/// `POST /posts`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let mut errors = Errors::default();
    let kind = PostKind::of_code(&entered.kind);
    if kind.is_none() {
        errors.add("kind", "役職の種類を選んでください。");
    }
    let place = place(&roster, &entered.place, date_in_japan(visitor.now));
    if place.is_none() {
        errors.add("place", "課か受託者を一覧から選んでください。");
    }
    if let (Some(kind), Some(place)) = (kind, place) {
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        match people::add_post(&tx, visitor.now, &by, kind, &entered.title, &place).await {
            Ok(_) => {
                tx.commit().await?;
                let said = format!("役職「{}」を登録しました。", entered.title.trim());
                return Ok(redirect("/posts", Flash::done(said)));
            }
            Err(PeopleError::Taken(_)) => {
                errors.add("kind", "この課には、もう課長の役職があります。")
            }
            Err(PeopleError::Misplaced) => errors.add("place", belongs(kind)),
            Err(error) => errors.add("title", words::why(error)?),
        }
    }
    let wrong = HttpResponse::UnprocessableEntity();
    let page = page(&visitor, &desk, errors, entered.into_inner()).await?;
    Ok(page.with(wrong))
}

/// The open section or contractor with this id, or the town.
fn place(roster: &Roster, id: &str, today: NaiveDate) -> Option<Place> {
    if id.is_empty() {
        return Some(Place::Town);
    }
    let section = id.parse().ok().and_then(|id| roster.sections.get(&id));
    let section = section.filter(|section| section.closed_on.is_none());
    let firm = id.parse().ok().and_then(|id| roster.organisations.get(&id));
    let firm = firm.filter(|firm| firm.contract.to.is_none_or(|to| today <= to));
    let section = section.cloned().map(Place::Section);
    section.or_else(|| firm.cloned().map(Place::Organisation))
}

/// Where a kind of post belongs.
fn belongs(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Chief | PostKind::Staff => "課長と担当者は、課に置きます。課を選んでください。",
        PostKind::ContractManager | PostKind::ContractPoster => {
            "業務処理責任者と投稿担当は、受託者に置きます。受託者を選んでください。"
        }
        PostKind::DutyOfficer | PostKind::Auditor | PostKind::Administrator => {
            "当直、監査担当、システム管理者は、市全体に置きます。「市全体」を選んでください。"
        }
    }
}

/// `GET /posts/{id}/close`.
pub(in crate::console) async fn ask_close(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PostId>,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let post = roster.posts.get(&id).ok_or(Refusal::NotFound)?;
    if post.is_closed(today) {
        return Ok(redirect(
            "/posts",
            Flash::failed("この役職は、もう廃止されています。"),
        ));
    }
    if post.kind == PostKind::Chief {
        let said = words::why(PeopleError::WithItsSection)?;
        return Ok(redirect("/posts", Flash::failed(said)));
    }
    let row = row(&roster, post, today);
    let mut outcome: Vec<String> = row
        .held
        .iter()
        .map(|line| {
            format!(
                "{}さんは、{}として何もできなくなります。",
                line.person, line.post
            )
        })
        .collect();
    outcome.push("元には戻せません。同じ名前の役職を新しく登録することはできます。".to_owned());
    let page = Confirm {
        frame: visitor
            .frame("役職を廃止する")
            .under("/people", "職員")
            .under("/posts", "役職"),
        question: format!("{}を、きょう廃止しますか。", post.label()),
        facts: vec![
            ("役職".to_owned(), post.label()),
            ("種類".to_owned(), row.kind.to_owned()),
            ("就いている人".to_owned(), format!("{}人", row.held.len())),
        ],
        outcome,
        danger: true,
        deed: "廃止する".to_owned(),
        action: format!("/posts/{id}/close"),
        fields: Vec::new(),
        back: "/posts".to_owned(),
    };
    Ok(Page(page).with(HttpResponse::Ok()))
}

/// `POST /posts/{id}/close`.
pub(in crate::console) async fn close(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PostId>,
) -> Result<HttpResponse, Refusal> {
    let by = visitor.signed.actor();
    let tx = desk.db.begin().await?;
    let flash = match people::close_post(&tx, visitor.now, &by, *id).await {
        Ok(()) => {
            tx.commit().await?;
            Flash::done("役職を廃止しました。")
        }
        Err(error) => Flash::failed(words::why(error)?),
    };
    Ok(redirect("/posts", flash))
}
