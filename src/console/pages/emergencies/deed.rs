//! What is done to an emergency: a page that asks, and the deed. What takes a passkey is bound to the very contents
//! that were read; where they have changed since, nothing is done.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;
use tokio::time::timeout;

use super::consequence::{left, open_outcome, outcome, reason, typed};
use super::show::{audience, besides, people_of, seen, travel};
use super::{PATH, TITLE, find, name, path, refused, terms, words};
use crate::console::pages::people::words as people_words;
use crate::console::{Confirmation, Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::delivery::link;
use crate::emergency::moves::{Act, State};
use crate::emergency::{self, Emergency, EmergencyError, Open, Terms};
use crate::ids::{EmergencyId, PostId};
use crate::line::client::{Audience as Endpoint, Failure};
use crate::mode::Mode;
use crate::staff::account::{self, Confirmed};
use crate::staff::people;
use crate::text;
use crate::web::{Address, Flash, Frame, Page, Preview, Refusal, redirect, thousands};

/// Longest wait for LINE's word while somebody waits for the page.
const PATIENCE: Duration = Duration::from_secs(2);

/// What has a page here.
const ACTS: [Act; 14] = [
    Act::Submit,
    Act::Concur,
    Act::Return,
    Act::Decline,
    Act::Withdraw,
    Act::Revoke,
    Act::Send,
    Act::SendCorrection,
    Act::Stop,
    Act::ConcurResume,
    Act::Resume,
    Act::Retry,
    Act::ConcurAccept,
    Act::Accept,
];

#[derive(Template)]
#[template(path = "emergencies/deed.html")]
pub(in crate::console) struct Asked {
    frame: Frame,
    action: String,
    back: String,
    /// What pressing the button comes to.
    outcome: Vec<String>,
    whom: String,
    heads: Option<u64>,
    besides: Vec<&'static str>,
    /// What is left of it, where that is decided on.
    left: Vec<(&'static str, u64)>,
    preview: Option<Preview>,
    number: Option<String>,
    /// What was read, as it is confirmed.
    digest: String,
    version: i32,
    /// The number of people has to be typed.
    people: Option<u64>,
    typed: String,
    /// A reason has to be given.
    reason: Option<&'static str>,
    fault: String,
    standing_in: Option<String>,
    button: String,
    danger: bool,
}

/// What LINE says of messages before they are handed in.
enum OfLine {
    /// It would take them.
    Fine,
    /// It would not, and why.
    Refused(String),
    /// It does not answer, or not us.
    Silent,
}

/// What a form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Said {
    digest: String,
    version: String,
    people: String,
    reason: String,
    #[serde(flatten)]
    given: Given,
}

/// An act on an emergency by somebody who may do it.
struct Wish<'a> {
    visitor: &'a Visitor,
    desk: &'a Desk,
    terms: Terms<'a>,
    emergency: Emergency,
    act: Act,
    /// For which chief's post they would stand in.
    post: Option<PostId>,
    /// What a passkey confirms, if the act takes one.
    confirms: Option<account::Act>,
    /// What is left of it, where that is decided on.
    left: Vec<(&'static str, u64)>,
}

/// `GET /emergencies/{id}/{act}`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Path<(EmergencyId, String)>,
) -> Result<HttpResponse, Refusal> {
    let (id, code) = asked.into_inner();
    let act = act(&code)?;
    // Everything there is to read, and the button, stand on the page itself.
    if matches!(act, Act::Submit | Act::Concur) {
        return Ok(redirect(&path(id), None));
    }
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let emergency = find(&visitor, &desk, id).await?;
    let terms = terms(&library, &profile);
    match Wish::of(&visitor, &desk, terms, emergency, act).await? {
        Ok(wish) => wish.page("", "", StatusCode::OK).await,
        Err(error) => refused(error, &path(id)),
    }
}

/// `POST /emergencies/{id}/{act}`.
pub(in crate::console) async fn fulfil(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Path<(EmergencyId, String)>,
    address: Address,
    Form(said): Form<Said>,
) -> Result<HttpResponse, Refusal> {
    let (id, code) = asked.into_inner();
    let act = act(&code)?;
    let here = path(id);
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let emergency = find(&visitor, &desk, id).await?;
    let terms = terms(&library, &profile);
    let wish = match Wish::of(&visitor, &desk, terms, emergency, act).await? {
        Ok(wish) => wish,
        Err(error) => return refused(error, &here),
    };
    if let Some(fault) = wish.fault(&said) {
        return wish
            .page(&fault, &said.people, StatusCode::UNPROCESSABLE_ENTITY)
            .await;
    }
    let mut confirmed = None;
    if let Some(confirms) = &wish.confirms {
        if said.digest != confirms.digest {
            return refused(EmergencyError::Changed, &here);
        }
        let deed = wish.deed(confirms, &said);
        match step_up(&desk, &visitor, deed, &said.given, address).await? {
            StepUp::Ask(page) => return Ok(page),
            StepUp::Confirmed(Confirmation::Passkey(by)) => confirmed = Some(by),
            StepUp::Confirmed(Confirmation::Password) => {
                return refused(EmergencyError::Unconfirmed, &here);
            }
        }
    }
    let mut done = Flash::done(words::done(act));
    if act == Act::Submit {
        // What is known of LINE may be minutes old; while it is silent, that is all there is.
        let link = timeout(PATIENCE, link::test(&desk.db, &desk.line, visitor.now));
        let (of_line, _) = tokio::join!(wish.asked_of_line(), link);
        match of_line {
            OfLine::Fine => {}
            OfLine::Refused(why) => return Ok(redirect(&here, Flash::failed(why))),
            OfLine::Silent => done = Flash::failed(words::LINE_IS_SILENT),
        }
    }
    match wish.fulfil(&said, confirmed).await {
        Ok(()) => Ok(redirect(&here, done)),
        Err(error) => refused(error, &here),
    }
}

fn act(code: &str) -> Result<Act, Refusal> {
    let act = Act::of_code(code).filter(|act| ACTS.contains(act));
    act.ok_or(Refusal::NotFound)
}

/// Why somebody may not, as far as a page can tell.
fn why_not(emergency: &Emergency, act: Act, state: State, visitor: &Visitor) -> EmergencyError {
    let person = visitor.signed.person();
    let head = &emergency.head;
    let is = |did: Option<emergency::Did>| did.is_some_and(|did| did.by == person);
    if state.after(act).is_none() {
        return EmergencyError::Refused { state, act };
    }
    let own = match act {
        Act::Concur => emergency.editors.contains(&person) || is(head.submitted),
        Act::Send => is(head.concurred),
        _ => false,
    };
    visitor.was_refused(act.code());
    match own {
        true => EmergencyError::Own,
        false => EmergencyError::NotTheirs(act),
    }
}

impl<'a> Wish<'a> {
    /// The act, if it is open to them now.
    async fn of(
        visitor: &'a Visitor,
        desk: &'a Desk,
        terms: Terms<'a>,
        emergency: Emergency,
        act: Act,
    ) -> Result<Result<Self, EmergencyError>, Refusal> {
        let (now, person) = (visitor.now, visitor.signed.person());
        let open: Open = match emergency::open_to(&desk.db, now, terms, &emergency, person).await {
            Ok(open) => open,
            Err(error) => return Ok(Err(error)),
        };
        let state = emergency.head.state_at(now);
        let Some(post) = open.get(&act).copied() else {
            return Ok(Err(why_not(&emergency, act, state, visitor)));
        };
        let asked = emergency::confirmation(&desk.db, now, &emergency, act, person).await?;
        let confirms = match (act, act.confirmed_as()) {
            // A passkey, only where nobody can know what arrived.
            (Act::Accept, _) => asked.filter(|_| open_outcome(&emergency)),
            (_, Some(_)) if asked.is_none() => return Ok(Err(EmergencyError::NothingLeft)),
            _ => asked,
        };
        let left = match travel(visitor, desk, &emergency.head).await? {
            Some(travel) => left(act, &travel.progress),
            None => Vec::new(),
        };
        Ok(Ok(Self {
            left,
            visitor,
            desk,
            terms,
            emergency,
            act,
            post,
            confirms,
        }))
    }

    /// What is wrong with what was typed.
    fn fault(&self, said: &Said) -> Option<String> {
        if reason(self.act).is_some() && said.reason.trim().is_empty() {
            return Some("理由を入れてください。相手の課と、あとの報告書が読みます。".to_owned());
        }
        let expected = typed(self.act)
            .then(|| people_of(&self.emergency))
            .flatten()?;
        let digits = text::fold(&said.people);
        let digits = digits.trim_end_matches('人');
        match digits.parse::<u64>() {
            Ok(given) if given == expected => None,
            Ok(given) => Some(format!(
                "「{}」と入りましたが、届ける人数は{}人です。画面の人数を確かめて、入れなおしてください。まだ配信していません。",
                thousands(given),
                thousands(expected)
            )),
            Err(_) => Some(format!(
                "人数を数字で入れてください（{}）。まだ配信していません。",
                thousands(expected)
            )),
        }
    }

    /// What a passkey is asked for, told once more.
    fn deed(&self, confirms: &account::Act, said: &Said) -> Deed {
        let mut facts = Vec::new();
        if let Some(number) = self.emergency.head.number() {
            facts.push(("照合番号".to_owned(), words::apart(&number)));
        }
        for (what, people) in &self.left {
            facts.push(((*what).to_owned(), format!("{}人", thousands(*people))));
        }
        if let Some(people) = people_of(&self.emergency).filter(|_| self.left.is_empty()) {
            facts.push(("人数".to_owned(), format!("{}人", thousands(people))));
        }
        let fields = [
            ("digest", &said.digest),
            ("people", &said.people),
            ("reason", &said.reason),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.clone()));
        Deed {
            act: confirms.act,
            digest: confirms.digest.clone(),
            title: self.title().to_owned(),
            facts,
            button: self.button(),
            action: self.path(),
            fields: fields.into(),
            back: path(self.emergency.head.id),
            by_passkey_only: true,
            at_once: true,
        }
    }

    fn path(&self) -> String {
        format!("{}/{}", path(self.emergency.head.id), self.act.code())
    }

    /// What LINE says of the messages: asked before anybody is woken. When LINE does not answer, the chiefs confer
    /// all the same, and are told: it may answer again when they send.
    async fn asked_of_line(&self) -> OfLine {
        let (now, mode) = (self.visitor.now, self.emergency.head.mode);
        let endpoint = match self.emergency.written.audience.is_everybody(mode) {
            true => Endpoint::Broadcast,
            false => Endpoint::Multicast,
        };
        let Ok(messages) = emergency::composed(now, self.terms, mode, &self.emergency.written)
        else {
            // Handing it in says why.
            return OfLine::Fine;
        };
        let asked = self.desk.line.validate(endpoint, &messages);
        match timeout(PATIENCE, asked).await {
            Ok(Ok(_)) => OfLine::Fine,
            Ok(Err(Failure::Refused(refusal))) if refusal.status == 400 => {
                OfLine::Refused(format!(
                    "LINEがこの文面を受け付けないため、協議に出していません（{}）。書きなおしてください。",
                    refusal.message
                ))
            }
            Ok(Err(_)) | Err(_) => OfLine::Silent,
        }
    }

    /// Does it. What turns out to have lost its ground when somebody sends it loses its agreement, too.
    async fn fulfil(
        &self,
        said: &Said,
        confirmed: Option<Confirmed>,
    ) -> Result<(), EmergencyError> {
        let done = self.attempt(said, confirmed).await;
        if let Err(EmergencyError::Drifted { .. } | EmergencyError::Void(_)) = &done
            && self.act == Act::Send
        {
            let (now, id) = (self.visitor.now, self.emergency.head.id);
            emergency::void_fallen(&self.desk.db, now, self.terms, id).await?;
        }
        done
    }

    async fn attempt(
        &self,
        said: &Said,
        confirmed: Option<Confirmed>,
    ) -> Result<(), EmergencyError> {
        let (now, by, id) = (
            self.visitor.now,
            &self.visitor.signed,
            self.emergency.head.id,
        );
        let terms = self.terms;
        let reason = said.reason.as_str();
        let tx = self.desk.db.begin().await?;
        match (self.act, confirmed) {
            (Act::Submit, _) => {
                let version = said.version.parse().map_err(|_| EmergencyError::Changed)?;
                emergency::submit(&tx, now, terms, by, id, version)
                    .await
                    .map(drop)
            }
            (Act::Return, _) => emergency::send_back(&tx, now, terms, by, id, reason).await,
            (Act::Decline, _) => emergency::decline(&tx, now, terms, by, id, reason).await,
            (Act::Withdraw, _) => emergency::withdraw(&tx, now, terms, by, id).await,
            (Act::Revoke, _) => emergency::revoke(&tx, now, terms, by, id).await,
            (Act::Stop, _) => emergency::stop(&tx, now, terms, by, id).await,
            (Act::Retry, _) => emergency::retry(&tx, now, terms, by, id).await,
            (Act::Accept, confirmed) => {
                emergency::accept(&tx, now, terms, by, id, reason, confirmed).await
            }
            (Act::Concur, Some(confirmed)) => {
                emergency::concur(&tx, now, terms, by, id, confirmed).await
            }
            (Act::Send, Some(confirmed)) => emergency::send(&tx, now, terms, by, id, confirmed)
                .await
                .map(drop),
            (Act::SendCorrection, Some(confirmed)) => {
                let sent = emergency::send_correction(&tx, now, terms, by, id, confirmed).await;
                sent.map(drop)
            }
            (Act::ConcurResume, Some(confirmed)) => {
                emergency::concur_resume(&tx, now, terms, by, id, confirmed).await
            }
            (Act::Resume, Some(confirmed)) => {
                emergency::resume(&tx, now, terms, by, id, confirmed).await
            }
            (Act::ConcurAccept, Some(confirmed)) => {
                emergency::concur_accept(&tx, now, terms, by, id, confirmed).await
            }
            _ => Err(EmergencyError::Unconfirmed),
        }?;
        Ok(tx.commit().await?)
    }

    async fn page(
        &self,
        fault: &str,
        typed_in: &str,
        status: StatusCode,
    ) -> Result<HttpResponse, Refusal> {
        let head = &self.emergency.head;
        let back = path(head.id);
        let people = people_of(&self.emergency);
        let roster = people::roster(&self.desk.db).await?;
        let frame = self.visitor.frame(self.title());
        let page = Asked {
            frame: frame
                .under(PATH, TITLE)
                .under(back.clone(), name(self.terms.library, head)),
            action: self.path(),
            back,
            outcome: outcome(self.act, head.mode),
            whom: words::audience(self.terms.profile, &audience(&self.emergency)),
            heads: people,
            left: self.left.clone(),
            besides: besides(&self.emergency),
            preview: seen(self.visitor, self.terms, &self.emergency).0,
            number: head.number().filter(|_| self.confirms.is_some()),
            digest: self
                .confirms
                .as_ref()
                .map(|confirms| confirms.digest.clone())
                .unwrap_or_default(),
            version: head.version,
            people: people.filter(|_| typed(self.act)),
            typed: typed_in.to_owned(),
            reason: reason(self.act),
            fault: fault.to_owned(),
            standing_in: self.post.map(|post| people_words::post(&roster, post)),
            button: self.button(),
            danger: matches!(self.act, Act::Stop | Act::Withdraw | Act::Decline)
                || (typed(self.act) && head.mode == Mode::Live),
        };
        Ok(Page(page).with(actix_web::HttpResponseBuilder::new(status)))
    }

    /// What the button says: how many, and whether it is a drill, where it sends.
    fn button(&self) -> String {
        let people = people_of(&self.emergency).unwrap_or_default();
        let mode = self.emergency.head.mode;
        match self.act {
            Act::Send => format!("{}：{}人に配信", words::mode(mode), thousands(people)),
            Act::SendCorrection => {
                format!("{}：{}人に訂正を配信", words::mode(mode), thousands(people))
            }
            act => words::button(act).to_owned(),
        }
    }

    fn title(&self) -> &'static str {
        match self.act {
            Act::Concur => "この内容に同意する",
            Act::Return => "どこを直してほしいですか",
            Act::Decline => "同意しない理由",
            Act::Withdraw => "取り下げますか",
            Act::Revoke => "同意を撤回しますか",
            Act::Send => "この内容で配信する",
            Act::SendCorrection => "訂正を1人で配信する",
            Act::Stop => "配信を止めますか",
            Act::ConcurResume => "再開に同意する",
            Act::Resume => "配信を再開する",
            Act::Retry => "断られた分を送りなおしますか",
            Act::ConcurAccept => "このまま終えることに同意する",
            Act::Accept => "このまま終えますか",
            act => words::button(act),
        }
    }
}
