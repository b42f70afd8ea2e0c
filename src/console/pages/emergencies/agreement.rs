//! The year's agreement (年度の事前同意): both chiefs sign, by passkey, that either alone may send a prepared
//! correction.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Deserialize;

use super::{PATH, TITLE, refused, sections, terms, words};
use crate::approval::{self, House};
use crate::clock::date_in_japan;
use crate::console::pages::people::words as people_words;
use crate::console::{Confirmation, Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::emergency::agreement::{self, Agreement, Promise};
use crate::emergency::moves::Side;
use crate::emergency::{Did, EmergencyError};
use crate::ids::{AgreementId, SectionId};
use crate::policy::Profile;
use crate::staff::people::{self, Roster};
use crate::web::{Address, Confirm, Flash, Frame, Page, Refusal, redirect, times};

const HERE: &str = "/emergencies/agreement";
/// Days for which one is signed: a year, both ends counted.
const DAYS: u64 = 364;

/// A section's agreement as it stands.
struct Row {
    id: SectionId,
    name: String,
    state: &'static str,
    chip: &'static str,
    term: String,
    signed: Vec<(&'static str, String)>,
    /// The reader may sign it now.
    signs: bool,
    from: NaiveDate,
    until: NaiveDate,
    /// The reader may end it.
    ends: Option<AgreementId>,
}

#[derive(Template)]
#[template(path = "emergencies/agreement.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    /// The policy allows it.
    allowed: bool,
    rows: Vec<Row>,
}

/// `GET /emergencies/agreement`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Shown>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let mut rows = Vec::new();
    for (id, name) in sections(&visitor, &desk).await? {
        let all = agreement::list(&desk.db, id).await?;
        rows.push(row(&visitor, &profile, &roster, (id, name), all));
    }
    let rules = profile.emergency.as_ref();
    Ok(Page(Shown {
        frame: visitor.frame("訂正の事前同意").under(PATH, TITLE),
        allowed: rules.is_some_and(|rules| rules.canned_correction),
        rows,
    }))
}

fn row(
    visitor: &Visitor,
    profile: &Profile,
    roster: &Roster,
    (id, name): (SectionId, String),
    all: Vec<Agreement>,
) -> Row {
    let today = date_in_japan(visitor.now);
    let current = current(all, today);
    let sides = leads(visitor, profile, roster, id);
    let signed = |side: Side| current.as_ref().and_then(|agreed| by(agreed, side));
    let own = |side: &Side| signed(*side).is_some_and(|did| did.by == visitor.signed.person());
    let both = [Side::Concurs, Side::Sends];
    let holds = current.as_ref().is_some_and(|agreed| agreed.holds(today));
    let promise = promise(id, current.as_ref(), today);
    Row {
        state: match (&current, holds) {
            (_, true) => "有効",
            (Some(_), false) => "もう1人の署名待ち",
            (None, _) => "署名なし",
        },
        chip: match (&current, holds) {
            (_, true) => "success",
            (Some(_), false) => "info",
            (None, _) => "plain",
        },
        term: format!(
            "{}から{}まで",
            times::full_day(promise.from),
            times::full_day(promise.until)
        ),
        signed: both
            .into_iter()
            .map(|side| {
                let did = signed(side);
                let told = did.map(|did| {
                    let who = people_words::person(roster, did.by);
                    format!("{who}（{}）", times::moment(did.at, visitor.now))
                });
                (words::side(side), told.unwrap_or_else(|| "まだ".to_owned()))
            })
            .collect(),
        signs: !holds && !both.iter().any(own) && sides.iter().any(|side| signed(*side).is_none()),
        from: promise.from,
        until: promise.until,
        ends: current
            .as_ref()
            .filter(|_| !sides.is_empty())
            .map(|agreed| agreed.id),
        id,
        name,
    }
}

/// The agreement that holds or waits for a signature.
fn current(all: Vec<Agreement>, today: NaiveDate) -> Option<Agreement> {
    let mut all = all.into_iter();
    all.find(|agreed| agreed.ended.is_none() && agreed.promise.until >= today)
}

fn by(agreed: &Agreement, side: Side) -> Option<Did> {
    match side {
        Side::Concurs => agreed.concurring,
        Side::Sends => agreed.sending,
    }
}

/// What one would sign: what the other has signed already, or a year from today.
fn promise(section: SectionId, current: Option<&Agreement>, today: NaiveDate) -> Promise {
    current.map_or_else(
        || Promise {
            section,
            from: today,
            until: today.checked_add_days(Days::new(DAYS)).unwrap_or(today),
        },
        |agreed| agreed.promise,
    )
}

/// The sides whose chief they are, in person.
fn leads(visitor: &Visitor, profile: &Profile, roster: &Roster, section: SectionId) -> Vec<Side> {
    let Some(rules) = &profile.emergency else {
        return Vec::new();
    };
    let today = date_in_japan(visitor.now);
    let sides = [(Side::Concurs, rules.concur), (Side::Sends, rules.send)];
    let led = sides.into_iter().filter(|(_, decider)| {
        let all = approval::deciders(roster, today, *decider, House::Section(section));
        all.get(&visitor.signed.person()) == Some(&None)
    });
    led.map(|(side, _)| side).collect()
}

/// What is signed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Said {
    section: String,
    from: String,
    until: String,
    #[serde(flatten)]
    given: Given,
}

/// `POST /emergencies/agreement`: signs, by passkey.
pub(in crate::console) async fn sign(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    Form(said): Form<Said>,
) -> Result<HttpResponse, Refusal> {
    let read = (said.section.parse(), said.from.parse(), said.until.parse());
    let (Ok(section), Ok(from), Ok(until)) = read else {
        return refused(EmergencyError::Days, HERE);
    };
    let promise = Promise {
        section,
        from,
        until,
    };
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let roster = people::roster(&desk.db).await?;
    // Whoever would be refused is not asked for a proof first.
    if leads(&visitor, &profile, &roster, section).is_empty() {
        return refused(EmergencyError::NoAgreement, HERE);
    }
    let confirms = promise.confirmation(visitor.signed.person())?;
    let deed = Deed {
        act: confirms.act,
        digest: confirms.digest.clone(),
        title: "事前同意に署名する".to_owned(),
        facts: vec![
            ("課".to_owned(), super::section(&roster, section)),
            (
                "期間".to_owned(),
                format!(
                    "{}から{}まで",
                    times::full_day(from),
                    times::full_day(until)
                ),
            ),
            (
                "内容".to_owned(),
                "用意した文面の訂正は、どちらの課長も1人で配信できる".to_owned(),
            ),
        ],
        button: "署名する".to_owned(),
        action: HERE.to_owned(),
        fields: vec![
            ("section".to_owned(), said.section.clone()),
            ("from".to_owned(), said.from.clone()),
            ("until".to_owned(), said.until.clone()),
        ],
        back: HERE.to_owned(),
        by_passkey_only: true,
        at_once: false,
    };
    let confirmed = match step_up(&desk, &visitor, deed, &said.given, address).await? {
        StepUp::Ask(page) => return Ok(page),
        StepUp::Confirmed(Confirmation::Passkey(by)) => by,
        StepUp::Confirmed(Confirmation::Password) => {
            return refused(EmergencyError::Unconfirmed, HERE);
        }
    };
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let terms = terms(&library, &profile);
    match agreement::sign(&tx, now, terms, by, promise, confirmed).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect(
                HERE,
                Flash::done("署名しました。両方の課長が署名すると有効です。"),
            ))
        }
        Err(error) => refused(error, HERE),
    }
}

/// `GET /emergencies/agreement/{id}/end`: asks once more.
pub(in crate::console) async fn ask_end(visitor: Visitor, id: Path<AgreementId>) -> Page<Confirm> {
    Page(Confirm {
        frame: visitor
            .frame("事前同意を終える")
            .under(PATH, TITLE)
            .under(HERE, "訂正の事前同意"),
        question: "この事前同意を終えますか。".to_owned(),
        facts: Vec::new(),
        outcome: vec![
            "これからの訂正は、1人では配信できません。相手の課長の同意が要ります。".to_owned(),
        ],
        danger: true,
        deed: "終える".to_owned(),
        action: format!("{HERE}/{id}/end"),
        fields: Vec::new(),
        back: HERE.to_owned(),
    })
}

/// `POST /emergencies/agreement/{id}/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<AgreementId>,
) -> Result<HttpResponse, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let tx = desk.db.begin().await?;
    match agreement::end(&tx, now, terms(&library, &profile), by, *id).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect(HERE, Flash::done("事前同意を終えました。")))
        }
        Err(error) => refused(error, HERE),
    }
}
