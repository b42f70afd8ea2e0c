//! What the policy asks of a draft before it is handed in: questions, links, and what is worth a second
//! look. Answers are kept with who gave them, and when.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use askama::Template;

use super::form::Sent;
use super::{PATH, TITLE, find, own_draft, refused, terms};
use crate::area;
use crate::broadcast::gates::{Finding, Gate, Severity};
use crate::broadcast::statement::Shows;
use crate::broadcast::{self, Broadcast, BroadcastError, phrases};
use crate::console::{Desk, Visitor};
use crate::db::Tx;
use crate::ids::BroadcastId;
use crate::policy::{Answer, Clause, LinkProof, Profile, Standing};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

/// A question, with the answer to this revision.
struct Asked {
    id: String,
    ask: String,
    clause: Option<String>,
    answer: Option<Answer>,
}

/// A link, with what the policy wants of it.
struct Shown {
    url: String,
    host: String,
    own: bool,
    wants: Vec<Wanted>,
}

/// Something to be shown of a link, as it stands in its fields: what was shown last, or what was typed just now.
struct Wanted {
    proof: LinkProof,
    /// As many as it has [`fields`].
    values: Vec<String>,
    /// Some of its fields are empty, or no date.
    half: bool,
}

/// Something worth a second look.
struct Slip {
    key: String,
    says: String,
}

#[derive(Template)]
#[template(path = "broadcasts/check.html")]
pub(in crate::console) struct Check {
    frame: Frame,
    id: BroadcastId,
    revision: i32,
    questions: Vec<Asked>,
    links: Vec<Shown>,
    slips: Vec<Slip>,
    /// What only the manuscript or a picture can put right.
    stops: Vec<String>,
    /// What the chief will decide on.
    chief: Vec<String>,
    link_clause: Option<String>,
}

impl Check {
    fn answered(&self, question: &Asked, answer: &str) -> bool {
        question.answer.is_some_and(|given| code(given) == answer)
    }
}

/// `GET /broadcasts/{id}/check`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
) -> Result<HttpResponse, Refusal> {
    draw(&visitor, &desk, *id, None).await
}

/// The page as it stands; or with what was `typed` of links and is not whole, to be filled in.
async fn draw(
    visitor: &Visitor,
    desk: &Desk,
    id: BroadcastId,
    typed: Option<&Sent>,
) -> Result<HttpResponse, Refusal> {
    let Some(broadcast) = own_draft(visitor, desk, id).await? else {
        return Ok(redirect(&format!("{PATH}/{id}"), None));
    };
    let status = match typed {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let profile = desk.rules.at(visitor.now).await?;
    let directory = area::directory(&desk.db).await?;
    let terms = terms(desk, &profile, &directory);
    let findings = broadcast::findings(&desk.db, visitor.now, terms, id).await?;
    let findings = findings.ok_or(Refusal::NotFound)?;
    let frame = visitor
        .frame("確認")
        .under(PATH, TITLE)
        .under(format!("{PATH}/{id}"), broadcast.head.title.clone());
    let page = Page(page(frame, &profile, &broadcast, &findings, typed));
    Ok(page.with(HttpResponse::build(status)))
}

fn page(
    frame: Frame,
    profile: &Profile,
    broadcast: &Broadcast,
    findings: &[Finding],
    typed: Option<&Sent>,
) -> Check {
    let of = |wanted: fn(&Finding) -> bool| {
        let found = findings.iter().filter(move |finding| wanted(finding));
        found
            .map(|finding| phrases::finding(finding, profile))
            .collect()
    };
    let slips = findings.iter().filter_map(|finding| match &finding.gate {
        Gate::Slip(slip) => Some(Slip {
            key: slip.key(),
            says: phrases::slip(slip),
        }),
        _ => None,
    });
    let links = broadcast.manuscript.links();
    Check {
        frame,
        id: broadcast.head.id,
        revision: broadcast.head.revision,
        questions: profile
            .questions
            .iter()
            .map(|question| Asked {
                id: question.id.clone(),
                ask: question.ask.clone(),
                clause: cited(profile, question.clause.as_ref()),
                answer: broadcast
                    .statements
                    .answer(&question.id, broadcast.head.revision),
            })
            .collect(),
        links: links
            .into_iter()
            .enumerate()
            .filter_map(|link| shown(profile, broadcast, link, typed))
            .collect(),
        slips: slips.collect(),
        stops: of(stops_elsewhere),
        chief: of(|finding| finding.severity == Severity::AsksChief),
        link_clause: cited(profile, profile.links.clause.as_ref()),
    }
}

/// Whether it stops, and is not put right on this page.
fn stops_elsewhere(finding: &Finding) -> bool {
    let here = matches!(
        finding.gate,
        Gate::Unanswered(_) | Gate::Unshown { .. } | Gate::Slip(_)
    );
    finding.severity == Severity::Stops && !here
}

fn cited(profile: &Profile, clause: Option<&Clause>) -> Option<String> {
    clause.map(|clause| profile.cite(clause))
}

/// A link that may stand; what may not is a finding.
fn shown(
    profile: &Profile,
    broadcast: &Broadcast,
    (at, url): (usize, &str),
    typed: Option<&Sent>,
) -> Option<Shown> {
    let link = profile.links.check(url).ok()?;
    let own = link.standing == Standing::Own;
    let wanted = |proof: LinkProof| {
        let said = broadcast.statements.shown(url, proof);
        let typed = typed.map(|sent| values(at, proof, sent));
        Wanted {
            proof,
            half: typed
                .as_deref()
                .is_some_and(|values| shows(proof, values).is_err()),
            values: typed.unwrap_or_else(|| said.map_or_else(|| empty(proof), told)),
        }
    };
    let required = profile.links.require.iter().copied();
    Some(Shown {
        url: url.to_owned(),
        host: link.host,
        own,
        wants: required
            .filter(|proof| !(own && *proof == LinkProof::Consent))
            .map(wanted)
            .collect(),
    })
}

/// The fields in which something is shown of a link.
fn fields(proof: LinkProof) -> &'static [&'static str] {
    match proof {
        LinkProof::Relation => &["relation"],
        LinkProof::Opened => &["arrived", "title"],
        LinkProof::Consent => &["who", "on", "how"],
    }
}

fn empty(proof: LinkProof) -> Vec<String> {
    fields(proof).iter().map(|_| String::new()).collect()
}

fn told(shows: &Shows) -> Vec<String> {
    match shows {
        Shows::Relation(words) => vec![words.clone()],
        Shows::Opened { arrived, title } => vec![arrived.clone(), title.clone()],
        Shows::Consent { who, on, how } => vec![who.clone(), on.to_string(), how.clone()],
    }
}

/// What stands in the fields of link number `at`.
fn values(at: usize, proof: LinkProof, sent: &Sent) -> Vec<String> {
    let value = |field: &&str| sent.one(&format!("link-{at}-{field}")).trim().to_owned();
    fields(proof).iter().map(value).collect()
}

/// Some fields are filled in, and others are not.
struct Half;

/// What the fields show; nothing, while all are empty.
fn shows(proof: LinkProof, values: &[String]) -> Result<Option<Shows>, Half> {
    if values.iter().all(String::is_empty) {
        return Ok(None);
    }
    let shows = match (proof, values) {
        _ if values.iter().any(String::is_empty) => return Err(Half),
        (LinkProof::Relation, [words]) => Shows::Relation(words.clone()),
        (LinkProof::Opened, [arrived, title]) => Shows::Opened {
            arrived: arrived.clone(),
            title: title.clone(),
        },
        (LinkProof::Consent, [who, on, how]) => Shows::Consent {
            who: who.clone(),
            on: on.parse().map_err(|_| Half)?,
            how: how.clone(),
        },
        _ => return Err(Half),
    };
    Ok(Some(shows))
}

/// `POST /broadcasts/{id}/check`: keeps what was said, and hands in if everything is there and it is asked.
pub(in crate::console) async fn say(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{PATH}/{id}/check");
    let revision = sent.one("revision").parse().unwrap_or_default();
    let profile = desk.rules.at(visitor.now).await?;
    let broadcast = find(&visitor, &desk, *id).await?;
    let directory = area::directory(&desk.db).await?;
    let tx = desk.db.begin().await?;
    let said = Said {
        visitor: &visitor,
        profile: &profile,
        broadcast: &broadcast,
        revision,
    };
    match said.keep(&tx, &sent).await {
        Ok(true) => {}
        // What is whole is kept; the rest stands in its fields still.
        Ok(false) => {
            tx.commit().await?;
            return draw(&visitor, &desk, *id, Some(&sent)).await;
        }
        Err(error) => return refused(error, &here),
    }
    if sent.deed() != "submit" {
        tx.commit().await?;
        return Ok(redirect(&here, Flash::done("記録しました。")));
    }
    let terms = terms(&desk, &profile, &directory);
    let (now, by) = (visitor.now, &visitor.signed);
    match broadcast::submit(&tx, now, by, terms, *id, revision).await {
        Ok(_) => {
            tx.commit().await?;
            let done = Flash::done("決裁に出しました。決裁する人のホームに並びます。");
            Ok(redirect(&format!("{PATH}/{id}"), done))
        }
        // What was said stays said.
        Err(BroadcastError::Findings(_)) => {
            tx.commit().await?;
            let more = "まだ決裁に出していません。下の残りを埋めてください。";
            Ok(redirect(&here, Flash::failed(more)))
        }
        Err(error) => refused(error, &here),
    }
}

struct Said<'a> {
    visitor: &'a Visitor,
    profile: &'a Profile,
    broadcast: &'a Broadcast,
    revision: i32,
}

impl Said<'_> {
    /// Keeps what is whole; false when something is not.
    async fn keep(&self, tx: &Tx, sent: &Sent) -> Result<bool, BroadcastError> {
        let mut whole = true;
        let about = (self.broadcast.head.id, self.revision);
        let (now, by, profile) = (self.visitor.now, &self.visitor.signed, self.profile);
        for question in &profile.questions {
            let given = answer(sent.one(&format!("question-{}", question.id)));
            let before = self
                .broadcast
                .statements
                .answer(&question.id, self.revision);
            if let Some(given) = given.filter(|given| before != Some(*given)) {
                broadcast::answer(tx, now, by, profile, about, &question.id, given).await?;
            }
        }
        for (at, url) in self.broadcast.manuscript.links().into_iter().enumerate() {
            for proof in &profile.links.require {
                let shows = match shows(*proof, &values(at, *proof, sent)) {
                    Ok(Some(shows)) => shows,
                    Ok(None) => continue,
                    Err(Half) => {
                        whole = false;
                        continue;
                    }
                };
                if self.broadcast.statements.shown(url, *proof) != Some(&shows) {
                    broadcast::prove_link(tx, now, by, about, url, shows).await?;
                }
            }
        }
        // Each slip's key stands beside its reason, so that a page that is old overrules nothing else.
        for at in 0..MOST_SLIPS {
            let (key, reason) = (
                sent.one(&format!("slip-{at}")),
                sent.one(&format!("reason-{at}")),
            );
            if !key.is_empty() && !reason.is_empty() {
                broadcast::override_lint(tx, now, by, profile, about, key, reason).await?;
            }
        }
        Ok(whole)
    }
}

/// Most things pointed out that one page takes reasons for.
const MOST_SLIPS: usize = 100;

fn answer(code: &str) -> Option<Answer> {
    [Answer::Yes, Answer::No, Answer::Unsure]
        .into_iter()
        .find(|known| self::code(*known) == code)
}

fn code(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unsure => "unsure",
    }
}
