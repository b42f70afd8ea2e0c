//! Sections (課): adding one, and closing one with all that depends on it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::people::rows::{self, Phase};
use super::people::{fields, words};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::{PostId, SectionId};
use crate::staff::Right;
use crate::staff::countersign::Ask;
use crate::staff::people::{self, PeopleError, PostKind, Roster, Section, Subject};
use crate::web::{Choice, Confirm, Errors, Flash, Frame, Page, Refusal, redirect};

/// A section in the list.
struct Row {
    path: String,
    subjects: Vec<&'static str>,
    name: String,
    owner: bool,
    chief: String,
    posts: usize,
    persons: usize,
    closed_on: Option<NaiveDate>,
}

/// A new one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entered {
    name: String,
    owner: String,
}

#[derive(Template)]
#[template(path = "sections/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    manages: bool,
    open: Vec<Row>,
    closed: Vec<Row>,
    errors: Errors,
    entered: Entered,
    kinds: Vec<Choice>,
}

/// `GET /sections`.
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
    let mut sections: Vec<&Section> = roster.sections.values().collect();
    sections.sort_by_key(|section| (!section.owner, &section.name));
    let rows = sections
        .into_iter()
        .map(|section| row(&roster, section, today));
    let (closed, open): (Vec<_>, Vec<_>) = rows.partition(|row| row.closed_on.is_some());
    let kinds = match open.iter().any(|row| row.owner) {
        true => Vec::new(),
        false => vec![
            Choice::new("yes", "アカウントを所管する課（広報課）"),
            Choice::new("no", "そのほかの課"),
        ],
    };
    Ok(Page(List {
        frame: visitor.frame("課").under("/people", "職員"),
        manages: visitor.may(Right::ManagePeople),
        open,
        closed,
        errors,
        entered,
        kinds,
    }))
}

fn row(roster: &Roster, section: &Section, today: NaiveDate) -> Row {
    let posts = || {
        let posts = roster.posts.values();
        posts.filter(|post| post.section() == Some(section.id) && !post.is_closed(today))
    };
    let chief = posts().find(|post| post.kind == PostKind::Chief);
    let chief = chief.and_then(|post| roster.holders(post.id, today).next());
    let mut persons: Vec<_> = posts()
        .flat_map(|post| roster.holders(post.id, today))
        .map(|person| person.id)
        .collect();
    persons.sort();
    persons.dedup();
    Row {
        path: format!("/sections/{}", section.id),
        subjects: kept(section).map(words::subject).collect(),
        name: section.name.clone(),
        owner: section.owner,
        chief: chief.map_or_else(String::new, |chief| chief.name.as_str().to_owned()),
        posts: posts().count(),
        persons: persons.len(),
        closed_on: section.closed_on,
    }
}

/// What a section may change of what is published: everything, if the account is its own.
fn kept(section: &Section) -> impl Iterator<Item = Subject> + '_ {
    let kept = |subject: &Subject| section.owner || section.subjects.contains(subject);
    Subject::ALL.into_iter().filter(kept)
}

/// What a section is to look after.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Entrusted {
    subject: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "sections/show.html")]
pub(in crate::console) struct Show {
    frame: Frame,
    row: Row,
    manages: bool,
    kept: Vec<Choice>,
    more: Vec<Choice>,
    errors: Errors,
    entered: Entrusted,
}

/// `GET /sections/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SectionId>,
) -> Result<Page<Show>, Refusal> {
    one(
        &visitor,
        &desk,
        *id,
        Errors::default(),
        Entrusted::default(),
    )
    .await
}

async fn one(
    visitor: &Visitor,
    desk: &Desk,
    id: SectionId,
    errors: Errors,
    entered: Entrusted,
) -> Result<Page<Show>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let section = roster.sections.get(&id).ok_or(Refusal::NotFound)?;
    let choice = |subject: Subject| Choice::new(subject.code(), words::subject(subject));
    let more = Subject::ALL.into_iter();
    let more = more.filter(|subject| kept(section).all(|kept| kept != *subject));
    Ok(Page(Show {
        frame: visitor
            .frame(section.name.as_str())
            .under("/people", "職員")
            .under("/sections", "課"),
        row: row(&roster, section, date_in_japan(visitor.now)),
        manages: visitor.may(Right::ManagePeople) && section.closed_on.is_none(),
        kept: kept(section).map(choice).collect(),
        more: more.map(choice).collect(),
        errors,
        entered,
    }))
}

/// `POST /sections/{id}/entrust`: asks for what takes two.
pub(in crate::console) async fn entrust(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SectionId>,
    entered: Form<Entrusted>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    match Subject::of_code(&entered.subject) {
        None => errors.add("subject", "担当する内容を選んでください。"),
        Some(subject) => {
            let wish = Ask::Entrust {
                section: *id,
                subject,
            };
            let asked = fields::ask(&visitor, &desk, &mut errors, wish, &entered.reason).await?;
            if let Some(asked) = asked {
                return Ok(fields::asked(asked));
            }
        }
    }
    let page = one(&visitor, &desk, *id, errors, entered.into_inner()).await?;
    Ok(page.with(HttpResponse::UnprocessableEntity()))
}

/// `POST /sections/{id}/relieve`.
pub(in crate::console) async fn relieve(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SectionId>,
    entered: Form<Entrusted>,
) -> Result<HttpResponse, Refusal> {
    let subject = Subject::of_code(&entered.subject).ok_or_else(|| Refusal::Malformed {
        expected: "この画面の入力欄がそろっていません。".to_owned(),
    })?;
    let by = visitor.signed.actor();
    let tx = desk.db.begin().await?;
    let flash = match people::relieve(&tx, visitor.now, &by, (*id, subject)).await {
        Ok(()) => {
            tx.commit().await?;
            Flash::done(format!(
                "「{}」を担当から外しました。",
                words::subject(subject)
            ))
        }
        Err(error) => Flash::failed(words::why(error)?),
    };
    Ok(redirect(&format!("/sections/{id}"), flash))
}

/// `POST /sections`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    entered: Form<Entered>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    let by = visitor.signed.actor();
    let tx = desk.db.begin().await?;
    let owner = entered.owner == "yes";
    match people::add_section(&tx, visitor.now, &by, &entered.name, owner, &[]).await {
        Ok(_) => {
            tx.commit().await?;
            let said = format!(
                "{}を登録しました。続けて役職と、担当する内容を登録してください。",
                entered.name.trim()
            );
            return Ok(redirect("/posts", Flash::done(said)));
        }
        Err(PeopleError::Taken(what)) if what.contains("owns") => {
            errors.add("owner", "アカウントを所管する課は、もうあります。");
        }
        Err(PeopleError::Taken(_)) => errors.add("name", "この名前の課は、もうあります。"),
        Err(error) => errors.add("name", words::why(error)?),
    }
    drop(tx);
    let wrong = HttpResponse::UnprocessableEntity();
    let page = page(&visitor, &desk, errors, entered.into_inner()).await?;
    Ok(page.with(wrong))
}

/// `GET /sections/{id}/close`.
pub(in crate::console) async fn ask_close(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SectionId>,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let section = roster.sections.get(&id).ok_or(Refusal::NotFound)?;
    if section.closed_on.is_some() {
        return Ok(redirect(
            "/sections",
            Flash::failed("この課は、もう廃止されています。"),
        ));
    }
    let of_section = |post: &PostId| roster.posts.get(post).and_then(|p| p.section()) == Some(*id);
    let held = roster.holdings.iter().filter(|held| of_section(&held.post));
    let deputies = roster.deputies.iter().filter(|d| of_section(&d.post));
    let held = held.map(|held| rows::holding(&roster, held, today));
    let deputies = deputies.map(|deputy| rows::deputy(&roster, deputy, today));
    let mut outcome = Vec::new();
    for line in held.filter(|line| line.phase != Phase::Over) {
        outcome.push(format!(
            "{}さんは、{}として何もできなくなります。",
            line.person, line.post
        ));
    }
    for line in deputies.filter(|line| line.phase != Phase::Over) {
        outcome.push(format!(
            "{}さんの代理（{}）は効かなくなります。",
            line.person, line.post
        ));
    }
    if section.owner {
        outcome.push(
            "アカウントを所管する課がなくなります。すぐに新しい所管課を登録し、課長を任命してください。".to_owned(),
        );
    }
    outcome.push("元には戻せません。同じ名前の課を新しく登録することはできます。".to_owned());
    let row = row(&roster, section, today);
    let page = Confirm {
        frame: visitor
            .frame("課を廃止する")
            .under("/people", "職員")
            .under("/sections", "課"),
        question: format!("{}を、きょう廃止しますか。", section.name),
        facts: vec![
            ("課".to_owned(), section.name.clone()),
            ("役職".to_owned(), format!("{}", row.posts)),
            ("就いている人".to_owned(), format!("{}人", row.persons)),
        ],
        outcome,
        danger: true,
        deed: "廃止する".to_owned(),
        action: format!("/sections/{id}/close"),
        fields: Vec::new(),
        back: "/sections".to_owned(),
    };
    Ok(Page(page).with(HttpResponse::Ok()))
}

/// `POST /sections/{id}/close`.
pub(in crate::console) async fn close(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SectionId>,
) -> Result<HttpResponse, Refusal> {
    let by = visitor.signed.actor();
    let tx = desk.db.begin().await?;
    let flash = match people::close_section(&tx, visitor.now, &by, *id).await {
        Ok(()) => {
            tx.commit().await?;
            Flash::done("課を廃止しました。")
        }
        Err(error) => Flash::failed(words::why(error)?),
    };
    Ok(redirect("/sections", flash))
}
