//! Who could act tonight, and in the nights to come: two on either side of every section, with a passkey that
//! counts, whom a call reaches. And what drills have shown.

use std::collections::BTreeMap;

use actix_web::web::Data;
use askama::Template;
use chrono::{NaiveDate, TimeDelta};

use super::call_out::{Drills, drills};
use super::{PATH, TITLE, sections, templates, terms, words};
use crate::calling::{self, Calling, Standing};
use crate::clock::date_in_japan;
use crate::console::pages::calls::words as called;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::moves::Side as Speaks;
use crate::emergency::{self, Able, LEAST, Reach};
use crate::ids::PersonId;
use crate::policy::Channel;
use crate::staff::people::{self, Roster};
use crate::web::{Frame, Page, Refusal, times};

/// Days for which a test tells something: it is made each week.
const TESTED: TimeDelta = TimeDelta::days(14);

/// Somebody who speaks for a side.
struct Speaker {
    name: String,
    passkey: bool,
    by: Vec<&'static str>,
    tested: Option<Tested>,
}

/// What their newest test came to.
struct Tested {
    at: String,
    /// What did not go out.
    failed: Vec<String>,
    answered: Option<String>,
}

/// A side of a section.
struct Side {
    title: &'static str,
    who: String,
    speakers: Vec<Speaker>,
    /// From which day too few could be woken, and how many are left.
    short: Option<(String, usize)>,
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
    /// How many administer the system.
    administrators: usize,
    /// What this installation cannot call with.
    missing: Vec<&'static str>,
    houses: Vec<Row>,
    drills: Drills,
    /// Templates that somebody should have read again.
    reviews: Vec<String>,
}

/// `GET /emergencies/readiness`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Ready>, Refusal> {
    let now = visitor.now;
    let profile = desk.rules.at(now).await?;
    let library = desk.templates.in_force().await?;
    let roster = people::roster(&desk.db).await?;
    let frame = visitor.frame("緊急配信の備え").under(PATH, TITLE);
    let tests = calling::tests(&desk.db, now - TESTED).await?;
    let view = View {
        frame: &frame,
        roster: &roster,
        tests: &tests,
        today: date_in_japan(now),
    };
    let has = |channel| desk.senders.has(channel);
    let mut houses = Vec::new();
    if profile.emergency.is_some() {
        for (id, name) in sections(&visitor, &desk).await? {
            let terms = terms(&library, &profile);
            let sides = emergency::reach(&desk.db, now, terms, id, has).await?;
            let ready = sides.values().all(|reach| reach.short.is_none());
            let sides = sides.into_iter().map(|(side, reach)| {
                let who = words::decider(&profile, side);
                view.side(side, who, reach)
            });
            houses.push(Row {
                name,
                sides: sides.collect(),
                ready,
            });
        }
    }
    let drills = drills(&visitor, &desk, &roster, &frame).await?;
    let missing = Channel::ALL.into_iter().filter(|channel| !has(*channel));
    let missing = missing.map(|channel| called::channel(Some(channel)));
    Ok(Page(Ready {
        live: profile.emergency.as_ref().map(|rules| rules.live),
        least: LEAST,
        administrators: roster.administrators(date_in_japan(now)),
        missing: missing.collect(),
        houses,
        reviews: templates::reviews(&visitor, &desk).await?,
        drills,
        frame,
    }))
}

struct View<'a> {
    frame: &'a Frame,
    roster: &'a Roster,
    tests: &'a BTreeMap<PersonId, Calling>,
    today: NaiveDate,
}

impl View<'_> {
    fn side(&self, side: Speaks, who: String, reach: Reach) -> Side {
        let speakers = reach.people.into_iter();
        let day = |day| match day == self.today {
            true => "いま".to_owned(),
            false => times::day(day, self.today),
        };
        Side {
            title: words::side(side),
            who,
            short: reach.short.map(|(from, many)| (day(from), many)),
            speakers: speakers.map(|(id, able)| self.speaker(id, &able)).collect(),
        }
    }

    fn speaker(&self, id: PersonId, able: &Able) -> Speaker {
        let by = able.by.iter();
        Speaker {
            name: people_words::person(self.roster, id),
            passkey: able.passkey,
            by: by.map(|channel| called::channel(Some(*channel))).collect(),
            tested: self.tests.get(&id).map(|test| self.tested(test, able)),
        }
    }

    fn tested(&self, test: &Calling, able: &Able) -> Tested {
        // What they have no address for is told beside; a test cannot find out more.
        let theirs = test.calls.iter().filter(|call| {
            call.channel
                .is_none_or(|channel| able.by.contains(&channel))
        });
        let failed = theirs.filter(|call| matches!(call.state, Standing::Failed(_)));
        let failed = failed.map(|call| {
            let (outcome, _) = called::standing(call.state, false);
            format!("{}：{outcome}", called::channel(call.channel))
        });
        Tested {
            at: self.frame.time(&test.begun_at),
            failed: failed.collect(),
            answered: test.took().map(called::took),
        }
    }
}
