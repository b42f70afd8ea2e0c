//! The page as it is drawn.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;
use uuid::Uuid;

use super::{HERE, places, what};
use crate::area::Directory;
use crate::clock::Instant;
use crate::console::pages::broadcasts::Sent;
use crate::console::pages::emergencies::fields::{self, District};
use crate::console::pages::emergencies::{PATH, TITLE, name, path};
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::by_hand::{self, Change};
use crate::emergency::template::{Effect, Library};
use crate::emergency::{self, Audience};
use crate::evacuation::{self, InForce, Level, phrases};
use crate::ids::{AreaId, EmergencyId, EvacuationChangeId};
use crate::language::Language;
use crate::staff::people::{self, Roster};
use crate::web::{Choice, Errors, Frame, Page, Refusal};

/// What is in force since one moment, from one source.
struct Row {
    level: String,
    places: String,
    since: Instant,
    source: String,
    /// Where that can be read; by hand, all there is stands here.
    path: Option<String>,
}

/// A change that waits for a second person.
struct Asked {
    path: String,
    what: String,
    places: String,
    reason: String,
    by: String,
    at: Instant,
    until: Instant,
    decides: bool,
    withdraws: bool,
}

#[derive(Template)]
#[template(path = "emergencies/evacuation.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    rows: Vec<Row>,
    /// What residents are told whose area we do not know.
    told: String,
    waiting: Vec<Asked>,
    /// The reader may ask for a change.
    asks: bool,
    levels: Vec<Choice>,
    level: String,
    chosen: &'static str,
    town: String,
    districts: Vec<District>,
    reason: String,
    errors: Errors,
}

/// The page, with what the form sent and what is wrong with it.
pub(super) async fn page(
    visitor: &Visitor,
    desk: &Desk,
    directory: &Directory,
    sent: &Sent,
    errors: Errors,
) -> Result<Page<Shown>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let roster = people::roster(&desk.db).await?;
    let in_force = evacuation::in_force(&desk.db).await?;
    let (now, person) = (visitor.now, visitor.signed.person());
    let asks = by_hand::is_theirs(&roster, &profile, now, person);
    let asked = |change: Change| Asked {
        path: format!("{HERE}/{}", change.id),
        what: what(change.effect),
        places: places(directory, &change.places.ids()),
        by: people_words::person(&roster, change.asked.by),
        at: change.asked.at,
        until: change.until(),
        decides: by_hand::may_agree(&roster, &profile, now, &change, person).is_ok(),
        withdraws: asks || change.asked.by == person,
        reason: change.reason,
    };
    let waiting = by_hand::waiting(&desk.db, now).await?;
    let audience = fields::audience(sent, directory).and_then(Result::ok);
    let ticked = audience.filter(|audience| matches!(audience, Audience::Areas(_)));
    Ok(Page(Shown {
        frame: visitor.frame("避難情報の記録").under(PATH, TITLE),
        rows: rows(desk, &library, &roster, directory, &in_force).await?,
        told: phrases::status(Language::japanese(), &in_force, directory, None, now),
        waiting: waiting.into_iter().map(asked).collect(),
        asks,
        levels: Effect::BY_HAND.into_iter().map(choice).collect(),
        level: sent.one("level").to_owned(),
        chosen: match sent.one("reach") {
            "town" => "town",
            "areas" => "areas",
            _ => "",
        },
        town: profile.operator.municipality.clone(),
        districts: fields::districts(directory, ticked.as_ref()),
        reason: sent.one("reason").to_owned(),
        errors,
    }))
}

/// What is in force, the gravest first.
async fn rows(
    desk: &Desk,
    library: &Library,
    roster: &Roster,
    directory: &Directory,
    in_force: &InForce,
) -> Result<Vec<Row>, Refusal> {
    let mut alike: BTreeMap<(Reverse<Level>, Instant, Uuid), Vec<AreaId>> = BTreeMap::new();
    for order in in_force.orders() {
        let key = (Reverse(order.level), order.since, order.source);
        alike.entry(key).or_default().push(order.area);
    }
    let mut rows = Vec::new();
    for ((Reverse(level), since, id), areas) in alike {
        let (source, path) = source(desk, library, roster, id).await?;
        rows.push(Row {
            level: phrases::level(Language::japanese(), level),
            places: places(directory, &areas),
            since,
            source,
            path,
        });
    }
    Ok(rows)
}

/// What issued an order, in words, and where it can be read.
async fn source(
    desk: &Desk,
    library: &Library,
    roster: &Roster,
    id: Uuid,
) -> Result<(String, Option<String>), Refusal> {
    if let Some(change) = by_hand::find(&desk.db, EvacuationChangeId(id)).await? {
        let person = |id| people_words::person(roster, id);
        let asked = person(change.asked.by);
        let agreed = change.agreed.map(|did| person(did.by)).unwrap_or_default();
        let reason = change.reason;
        let said = format!("手入力：{asked}さんが申請し、{agreed}さんが同意。根拠：{reason}");
        return Ok((said, None));
    }
    let id = EmergencyId(id);
    let found = emergency::find(&desk.db, id).await?;
    Ok(match found {
        Some(found) => {
            let said = format!("緊急配信「{}」", name(library, &found.head));
            (said, Some(path(id)))
        }
        None => ("わかりません".to_owned(), None),
    })
}

fn choice(effect: Effect) -> Choice {
    let choice = Choice::new(effect.code(), what(effect));
    match effect {
        Effect::Evacuation(Level::Order) => choice.hint("津波・地震など、警戒レベルのないもの"),
        Effect::Lift => choice.hint("選んだ地区に出ている避難情報を、すべて終えます"),
        Effect::Evacuation(_) | Effect::Withdraw => choice,
    }
}
