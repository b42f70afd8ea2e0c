//! Who works here, and what one of them holds and may do.

pub mod correct;
pub mod fields;
pub mod leave;
pub mod new;
pub mod rows;
pub mod telephone;
pub mod wish;
pub mod words;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::audit::{self, Entry};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::PersonId;
use crate::staff::Right;
use crate::staff::account::unlock_password;
use crate::staff::contact::{self, Ways};
use crate::staff::countersign::{self, Ask, Countersign};
use crate::staff::people::{self, Person};
use crate::web::{Flash, Frame, Page, Refusal, redirect};
use rows::{Group, Line, Phase, has_left};
use wish::Wish;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Sought {
    q: String,
    state: String,
}

#[derive(Template)]
#[template(path = "people/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    manages: bool,
    q: String,
    state: String,
    groups: Vec<Group>,
    found: usize,
}

/// `GET /people`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    sought: Query<Sought>,
) -> Result<Page<List>, Refusal> {
    let today = date_in_japan(visitor.now);
    let roster = people::roster(&desk.db).await?;
    let waiting = countersign::waiting(&desk.db, visitor.now).await?;
    let invited = waiting.iter().filter_map(|asked| match asked.ask {
        Ask::Invite { person } => Some(person),
        _ => None,
    });
    let invited: Vec<PersonId> = invited.collect();
    let Sought { q, state } = sought.into_inner();
    let q = q.trim().to_owned();
    let wanted = |person: &Person| {
        let stands = match state.as_str() {
            "left" => has_left(person, today),
            "contractors" => person.organisation.is_some() && !has_left(person, today),
            _ => !has_left(person, today),
        };
        let posts = || roster.posts_of(person.id, today);
        let named = person.name.as_str().replace([' ', '　'], "");
        stands
            && (q.is_empty()
                || named.contains(&q.replace([' ', '　'], ""))
                || person.number.as_str().contains(&q)
                || posts().any(|post| post.label().contains(&q)))
    };
    let groups = rows::groups(&roster, today, &invited, wanted);
    Ok(Page(List {
        frame: visitor.frame("職員"),
        manages: visitor.may(Right::ManagePeople),
        found: roster.persons.values().filter(|p| wanted(p)).count(),
        groups,
        q,
        state,
    }))
}

/// Something that waits about a person.
#[derive(Debug)]
struct Asked {
    path: String,
    wish: String,
}

#[derive(Template)]
#[template(path = "people/show.html")]
pub(in crate::console) struct Show {
    frame: Frame,
    manages: bool,
    path: String,
    number: String,
    mail: String,
    firm: String,
    ways: Ways,
    state: (String, &'static str),
    last: Option<NaiveDate>,
    here: bool,
    held: Vec<Line>,
    past: Vec<Line>,
    deputises: Vec<Line>,
    may: Vec<&'static str>,
    waiting: Vec<Asked>,
    wishes: Vec<(&'static str, &'static str)>,
    locked: bool,
}

/// `GET /people/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
) -> Result<Page<Show>, Refusal> {
    let today = date_in_japan(visitor.now);
    let roster = people::roster(&desk.db).await?;
    let person = roster.persons.get(&id).ok_or(Refusal::NotFound)?;
    let mut waiting = countersign::waiting(&desk.db, visitor.now).await?;
    waiting.retain(|asked| asked.ask.about() == Some(*id));
    let invited = |asked: &Countersign| matches!(asked.ask, Ask::Invite { .. });
    let theirs = roster.holdings.iter().filter(|held| held.person == *id);
    let lines = theirs.map(|held| rows::holding(&roster, held, today));
    let (mut past, mut held): (Vec<_>, Vec<_>) = lines.partition(|line| line.phase == Phase::Over);
    held.sort_by_key(|line| line.phase);
    past.reverse();
    let deputises = roster.deputies.iter().filter(|d| d.person == *id);
    let signed = roster.signed(*id, today);
    let mut wishes = Vec::new();
    let mut ways = contact::ways(&desk.db, &[*id]).await?;
    let factors = desk.accounts.factors(*id).await?;
    if !has_left(person, today) {
        let weighty = roster
            .signed(*id, today)
            .is_some_and(|signed| signed.needs_second_factor());
        let open = factors.password || factors.passkeys > 0;
        match open {
            false => wishes.push(Wish::Invite),
            true => wishes.push(Wish::Reset),
        }
        if open && weighty {
            wishes.push(Wish::Passkey);
            let passkeys = desk.accounts.passkeys(*id).await?;
            wishes.extend(wish::newest(&passkeys, visitor.now).map(|_| Wish::Settle));
        }
    }
    wishes.extend(person.ends_on.map(|_| Wish::Reinstate));
    let may = signed.iter().flat_map(|signed| signed.rights());
    Ok(Page(Show {
        frame: visitor.frame(person.name.as_str()).under("/people", "職員"),
        manages: visitor.may(Right::ManagePeople),
        path: format!("/people/{id}"),
        number: person.number.to_string(),
        mail: person.mail.as_ref().map_or("", |m| m.as_str()).to_owned(),
        firm: person
            .organisation
            .as_ref()
            .map_or_else(String::new, |firm| firm.name.clone()),
        ways: ways.remove(&id).unwrap_or_default(),
        state: rows::state(person, !held.is_empty(), waiting.iter().any(invited), today),
        last: person.ends_on,
        here: !has_left(person, today),
        held,
        past,
        deputises: deputises
            .map(|deputy| rows::deputy(&roster, deputy, today))
            .filter(|line| line.phase != Phase::Over)
            .collect(),
        may: may.map(|right| words::may(*right)).collect(),
        wishes: wishes.into_iter().map(Wish::link).collect(),
        locked: factors.password_locked,
        waiting: waiting
            .iter()
            .map(|asked| Asked {
                path: format!("/countersigns/{}", asked.id),
                wish: words::wish(&asked.ask, &roster),
            })
            .collect(),
    }))
}

/// `POST /people/{id}/unlock`: whoever mistyped a password may try again; passkeys were never locked.
pub(in crate::console) async fn unlock(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<PersonId>,
) -> Result<HttpResponse, Refusal> {
    let roster = people::roster(&desk.db).await?;
    if !roster.persons.contains_key(&id) {
        return Err(Refusal::NotFound);
    }
    let tx = desk.db.begin().await?;
    unlock_password(&tx, *id).await?;
    let entry = Entry::of(visitor.signed.actor(), "account.unlocked", ("person", *id));
    audit::record(&tx, visitor.now, entry).await?;
    tx.commit().await?;
    let said = "パスワードを、もう一度使えるようにしました。";
    Ok(redirect(&format!("/people/{id}"), Flash::done(said)))
}
