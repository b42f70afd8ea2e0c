//! What rules the account: the policy and its next version, and what LINE has to be told.

mod compliance;
mod health;
mod line;

pub(in crate::console) use compliance::show as compliance;
pub(in crate::console) use health::{dismiss, name as job_name, retry, show as health};

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::console::{Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::policy::{self, Change, NotAdopted, Rulebook, Version};
use crate::staff::Right;
use crate::web::{Address, Flash, Frame, Page, Refusal, redirect};

use line::Facts;

#[derive(Template)]
#[template(path = "settings/show.html")]
pub(in crate::console) struct Settings {
    frame: Frame,
    title: String,
    in_force: Option<Ruling>,
    coming: Vec<Ruling>,
    waiting: Vec<Waiting>,
    /// Who adopts a version, by the policy's own name.
    chief: String,
    may_adopt: bool,
    facts: Facts,
}

/// A version that rules, or will.
struct Ruling {
    name: String,
    from: NaiveDate,
    adopted_at: Option<Instant>,
}

/// A version that waits to be adopted.
struct Waiting {
    name: String,
    digest: String,
    /// The day it names.
    named: NaiveDate,
    /// The day from which it would rule, if it were adopted today.
    from: NaiveDate,
    recorded_at: Instant,
    changes: Vec<Change>,
}

/// The version to adopt, and exactly which text of it.
#[derive(Deserialize)]
pub(in crate::console) struct Adopt {
    version: String,
    digest: String,
    #[serde(flatten)]
    given: Given,
}

/// `GET /settings`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Settings>, Refusal> {
    let today = date_in_japan(visitor.now);
    let book = policy::rulebook(&desk.db).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let coming = book.versions().iter();
    let coming = coming.filter(|version| version.acts_from().is_some_and(|from| from > today));
    Ok(Page(Settings {
        frame: visitor.frame("設定"),
        title: profile.source.name.clone(),
        in_force: book.in_force(today).and_then(ruling),
        coming: coming.filter_map(ruling).collect(),
        waiting: waiting(&book, today),
        chief: profile.deciders.owner_chief.clone(),
        may_adopt: visitor.may(Right::AdoptPolicy),
        facts: line::facts(&desk, &profile, visitor.now).await,
    }))
}

/// `POST /settings/policy/adopt`: by the PR chief, who proves to be there.
pub(in crate::console) async fn adopt(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    form: Form<Adopt>,
) -> Result<HttpResponse, Refusal> {
    let Adopt {
        version,
        digest,
        given,
    } = form.into_inner();
    let by = visitor.signed.person();
    let deed = Deed::adopting(&version, &digest);
    if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
        return Ok(page);
    }
    let tx = desk.db.begin().await?;
    match policy::adopt(&tx, &version, &digest, by, visitor.now).await {
        Ok(()) => {}
        Err(NotAdopted::NotWaiting(_)) => {
            let told = "この版は、もう採用されたか、文面が変わりました。いまの文面を確かめて、もう一度採用してください。";
            return Ok(redirect("/settings", Flash::failed(told)));
        }
        Err(NotAdopted::Db(error)) => return Err(error.into()),
    }
    let object = ("policy_version", version.clone());
    let entry = Entry::of(visitor.signed.actor(), "policy.adopted", object);
    let entry = entry.with(json!({ "digest": digest }));
    audit::record(&tx, visitor.now, entry).await?;
    tx.commit().await?;
    let told = format!("版「{version}」を採用しました。施行日から、この版で動きます。");
    Ok(redirect("/settings", Flash::done(told)))
}

fn ruling(version: &Version) -> Option<Ruling> {
    Some(Ruling {
        name: version.name().to_owned(),
        from: version.acts_from()?,
        adopted_at: version.adoption.map(|adoption| adoption.at),
    })
}

/// What waits, each beside the version it would follow.
fn waiting(book: &Rulebook, today: NaiveDate) -> Vec<Waiting> {
    let waiting = book.waiting().map(|version| {
        let named = version.profile().profile.effective_from;
        let from = named.max(today);
        let before = book.in_force(from).map(Version::profile);
        Waiting {
            name: version.name().to_owned(),
            digest: version.digest.clone(),
            named,
            from,
            recorded_at: version.recorded_at,
            changes: before.map_or_else(Vec::new, |before| policy::diff(before, version.profile())),
        }
    });
    waiting.collect()
}
