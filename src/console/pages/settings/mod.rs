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

use crate::clock::{Instant, date_in_japan};
use crate::console::pages::people::words;
use crate::console::{Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::policy::{self, Change, Rulebook, Version};
use crate::staff::Right;
use crate::staff::adopting::{self, Outcome};
use crate::staff::countersign::TTL;
use crate::staff::people::{self, Roster};
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
    may_second: bool,
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
    /// It changes emergencies: somebody else agrees, too.
    takes_two: bool,
    /// Who has asked, and until when somebody else may agree.
    asked: Option<(String, Instant)>,
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
        waiting: waiting(&book, &people::roster(&desk.db).await?, visitor.now),
        chief: profile.deciders.owner_chief.clone(),
        may_adopt: visitor.may(Right::AdoptPolicy),
        may_second: visitor.may(Right::ManagePeople),
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
    let deed = Deed::adopting(&version, &digest);
    if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
        return Ok(page);
    }
    let tx = desk.db.begin().await?;
    let which = (version.as_str(), digest.as_str());
    let told = match adopting::adopt(&tx, visitor.now, &visitor.signed, which).await {
        Ok(Outcome::Adopted) => adopted(&version),
        Ok(Outcome::Waits) => format!(
            "版「{version}」の採用を申請しました。緊急配信の決まりが変わるので、もう一人の同意が要ります。1時間以内に、システム管理者がこの画面で同意すると採用されます。"
        ),
        Err(error) => return refused(error),
    };
    tx.commit().await?;
    Ok(redirect("/settings", Flash::done(told)))
}

/// `POST /settings/policy/second`: by somebody else, who proves to be there, of what changes emergencies.
pub(in crate::console) async fn second(
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
    let book = policy::rulebook(&desk.db).await?;
    let asking = book.version(&version).and_then(|version| version.asking);
    let Some(asking) = asking.filter(|asking| adopting::waits(asking, visitor.now)) else {
        return refused(adopting::NotAdopted::NotAsked);
    };
    let asker = words::person(&people::roster(&desk.db).await?, asking.by);
    let deed = Deed::agreeing_to_adopt(&version, &digest, asker);
    if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &given, address).await? {
        return Ok(page);
    }
    let tx = desk.db.begin().await?;
    let which = (version.as_str(), digest.as_str());
    match adopting::second(&tx, visitor.now, &visitor.signed, which).await {
        Ok(()) => tx.commit().await?,
        Err(error) => return refused(error),
    }
    Ok(redirect("/settings", Flash::done(adopted(&version))))
}

fn adopted(version: &str) -> String {
    format!("版「{version}」を採用しました。施行日から、この版で動きます。")
}

fn refused(error: adopting::NotAdopted) -> Result<HttpResponse, Refusal> {
    use adopting::NotAdopted;
    let told = match error {
        NotAdopted::NotEntitled => {
            "いまのあなたの役職では採用に進めません。申請のあとで得た役職は数えません。"
        }
        NotAdopted::NotAsked => {
            "採用の申請がないか、1時間が過ぎました。もう一度、申請してもらってください。"
        }
        NotAdopted::SamePerson => "申請した人は、同意できません。ほかの人が同意します。",
        NotAdopted::Policy(policy::NotAdopted::Db(error)) | NotAdopted::Db(error) => {
            return Err(error.into());
        }
        NotAdopted::Policy(policy::NotAdopted::Unreadable(error)) => return Err((*error).into()),
        NotAdopted::Policy(_) => {
            "この版は、もう採用されたか、文面が変わりました。いまの文面を確かめて、もう一度採用してください。"
        }
    };
    Ok(redirect("/settings", Flash::failed(told)))
}

fn ruling(version: &Version) -> Option<Ruling> {
    Some(Ruling {
        name: version.name().to_owned(),
        from: version.acts_from()?,
        adopted_at: version.adoption.map(|adoption| adoption.at),
    })
}

/// What waits, each beside the version it would follow.
fn waiting(book: &Rulebook, roster: &Roster, now: Instant) -> Vec<Waiting> {
    let today = date_in_japan(now);
    let waiting = book.waiting().map(|version| {
        let named = version.profile().profile.effective_from;
        let from = named.max(today);
        let before = book.in_force(from).map(Version::profile);
        let asking = version.asking.filter(|asking| adopting::waits(asking, now));
        Waiting {
            takes_two: book.takes_two(version, today),
            asked: asking.map(|asking| (words::person(roster, asking.by), asking.at + TTL)),
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
