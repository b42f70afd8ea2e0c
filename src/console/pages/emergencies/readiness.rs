//! Who could act tonight: two with a passkey that counts on either side of every section.

use std::collections::BTreeSet;

use actix_web::web::Data;
use askama::Template;

use super::{PATH, TITLE, sections, templates, terms, words};
use crate::approval::{self, House};
use crate::clock::date_in_japan;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::moves::Side as Speaks;
use crate::emergency::{self, LEAST};
use crate::ids::PersonId;
use crate::policy::Decider;
use crate::staff::people::{self, Roster};
use crate::web::{Frame, Page, Refusal};

/// A side of a section.
struct Side {
    title: &'static str,
    who: String,
    ready: Vec<String>,
    /// Chiefs and deputies without a passkey that counts.
    without: Vec<String>,
    short: bool,
}

/// A section with both its sides.
struct Row {
    name: String,
    sides: Vec<Side>,
    ready: bool,
}

#[derive(Template)]
#[template(path = "emergencies/readiness.html")]
pub(in crate::console) struct Ready {
    frame: Frame,
    /// The policy lets live messages go this way; nothing, when it knows no way.
    live: Option<bool>,
    least: usize,
    houses: Vec<Row>,
    /// Templates that somebody should have read again.
    reviews: Vec<String>,
}

/// `GET /emergencies/readiness`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Ready>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let mut houses = Vec::new();
    if let Some(rules) = &profile.emergency {
        let roster = people::roster(&desk.db).await?;
        let today = date_in_japan(visitor.now);
        for (id, name) in sections(&visitor, &desk).await? {
            let ready =
                emergency::readiness(&desk.db, visitor.now, terms(&library, &profile), id).await?;
            let side = |speaks: Speaks, decider: Decider, able: &BTreeSet<PersonId>| {
                let all = approval::deciders(&roster, today, decider, House::Section(id));
                let (with, without): (Vec<_>, Vec<_>) =
                    all.keys().partition(|person| able.contains(person));
                Side {
                    title: words::side(speaks),
                    who: words::decider(&profile, speaks),
                    ready: names(&roster, &with),
                    without: names(&roster, &without),
                    short: able.len() < LEAST,
                }
            };
            houses.push(Row {
                name,
                sides: vec![
                    side(Speaks::Concurs, rules.concur, &ready.concurring),
                    side(Speaks::Sends, rules.send, &ready.sending),
                ],
                ready: ready.short().is_empty(),
            });
        }
    }
    Ok(Page(Ready {
        frame: visitor.frame("緊急配信の備え").under(PATH, TITLE),
        live: profile.emergency.as_ref().map(|rules| rules.live),
        least: LEAST,
        houses,
        reviews: templates::reviews(&visitor, &desk).await?,
    }))
}

fn names(roster: &Roster, persons: &[&PersonId]) -> Vec<String> {
    let named = persons.iter().map(|id| people_words::person(roster, **id));
    named.collect()
}
