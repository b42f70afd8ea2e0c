//! One version of a wording: how it looks, what it changes, and what a second person agrees to.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{self, Data};
use askama::Template;
use serde::Deserialize;

use super::diff::{Line, diff};
use super::faults::refused;
use super::{PATH, TITLE, answer, called, decides, frame, path, source, standing, words};
use crate::console::pages::people::words as people_words;
use crate::console::{Deed, Desk, Given, StepUp, Visitor, step_up};
use crate::emergency;
use crate::emergency::moves::State;
use crate::emergency::template::{self, About, Reach, Version, Where, compose};
use crate::staff::Right;
use crate::staff::people;
use crate::web::{Address, Flash, Frame, Page, Preview, Refusal, redirect, times};

#[derive(Template)]
#[template(path = "emergencies/templates/version.html")]
pub(in crate::console) struct Show {
    frame: Frame,
    path: String,
    standing: (&'static str, &'static str),
    /// What this very page shows; a deed carries it.
    seen: String,
    facts: Vec<(&'static str, String)>,
    preview: Option<Preview>,
    /// Of what is in force; nothing, if it is that, or the first of its code.
    changes: Vec<Line>,
    is_new: bool,
    in_force: bool,
    /// Emergencies that stand open and were written from this template.
    open: Vec<(String, u64)>,
    decides: bool,
    takes_back: bool,
    asks: bool,
    proposes: bool,
    of: String,
    text: String,
    others: Vec<(String, String, (&'static str, &'static str))>,
}

type At = web::Path<(String, String)>;

/// A version with what it would replace.
struct Found {
    version: Version,
    in_force: Option<Version>,
    all: Vec<Version>,
}

async fn find(desk: &Desk, code: &str, version: &str) -> Result<Found, Refusal> {
    let mut all = template::versions(&desk.db).await?;
    all.retain(|known| known.code == code);
    let found = all.iter().find(|known| known.version == version);
    Ok(Found {
        version: found.ok_or(Refusal::NotFound)?.clone(),
        in_force: all.iter().find(|known| known.is_in_force()).cloned(),
        all,
    })
}

impl Found {
    /// The digest of everything that a second person reads: the text, who asked when, and what it replaces.
    fn digest(&self) -> String {
        let Version { code, text, .. } = &self.version;
        let asked = self.version.wanted.map(|asked| asked.at.to_rfc3339());
        let replaced = self.in_force.as_ref().map_or("", |known| &known.text);
        Deed::digest_of(&[code, text, &asked.unwrap_or_default(), replaced])
    }
}

/// `GET /emergencies/templates/{code}/{version}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    at: At,
) -> Result<Page<Show>, Refusal> {
    let (code, version) = at.into_inner();
    let found = find(&desk, &code, &version).await?;
    let roster = people::roster(&desk.db).await?;
    let library = desk.templates.in_force().await?;
    let seen = found.digest();
    let Found {
        version,
        in_force,
        all,
    } = found;
    let person = |id| people_words::person(&roster, id);
    let read = version.template();
    let name = read
        .as_ref()
        .map_or(code.clone(), |wording| wording.name.clone());
    let frame = frame(&visitor, name).under(PATH, TITLE);
    let mut facts = vec![("記号", code.clone()), ("版", version.version.clone())];
    if let Ok(wording) = &read {
        facts.push(("種類", words::topic(wording.topic).to_owned()));
        facts.push(("重さ", words::grade(wording.severity).0.to_owned()));
        facts.push(("対になる文面", answer(&library, wording)));
        let reach = match wording.reach {
            Reach::WholeTown => "全域",
            Reach::Areas => "地区を選ぶ",
        };
        facts.push(("ふだんの届け先", reach.to_owned()));
        facts.push(("次の見直し", frame.full_date(&wording.review)));
    }
    facts.push(("出どころ", source(&version, &roster)));
    if let Some(asked) = version.wanted.or(version.asked) {
        let by = person(asked.by);
        facts.push(("申請", format!("{by}（{}）", frame.time(&asked.at))));
    }
    match (version.published_at, version.seconded_by) {
        (Some(at), Some(by)) => {
            facts.push((
                "同意して公開",
                format!("{}（{}）", person(by), frame.time(&at)),
            ));
        }
        (Some(at), None) => facts.push(("使い始め", frame.time(&at))),
        (None, _) => {}
    }
    if let Some(at) = version.retired_at {
        facts.push(("使い終わり", frame.time(&at)));
    }
    if let Some(declined) = &version.declined {
        let by = person(declined.by);
        facts.push((
            "同意しなかった人",
            format!("{by}（{}）", frame.time(&declined.at)),
        ));
        facts.push(("その理由", declined.answer.clone()));
    }
    let preview = match &read {
        Ok(wording) => looks(&visitor, &desk, wording).await?,
        Err(_) => None,
    };
    let manages = visitor.may(Right::ManagePeople);
    let mine = version
        .wanted
        .is_some_and(|asked| asked.by == visitor.signed.person());
    let waits = version.waits(visitor.now);
    let replaced = in_force
        .as_ref()
        .filter(|known| known.version != version.version);
    Ok(Page(Show {
        path: path(&code, &version.version),
        standing: standing(&version, &visitor),
        seen,
        facts,
        preview,
        changes: replaced.map_or_else(Vec::new, |old| diff(&old.text, &version.text)),
        is_new: in_force.is_none(),
        in_force: version.is_in_force(),
        open: open(&desk, &visitor, &code).await?,
        decides: decides(&version, &visitor),
        takes_back: waits && mine,
        asks: manages && !waits && !version.is_in_force(),
        proposes: manages,
        of: format!("{code}/{}", version.version),
        others: all
            .iter()
            .filter(|other| other.version != version.version)
            .map(|other| {
                (
                    path(&code, &other.version),
                    format!("版 {}（{}）", other.version, frame.time(&other.recorded_at)),
                    standing(other, &visitor),
                )
            })
            .collect(),
        text: version.text,
        frame,
    }))
}

/// How it looks with something in every field, in its three languages.
async fn looks(
    visitor: &Visitor,
    desk: &Desk,
    wording: &template::Template,
) -> Result<Option<Preview>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let about = About {
        profile: &profile,
        places: Where::WholeTown,
        now: visitor.now,
    };
    let composed = compose(wording, desk.mode, &wording.example(), &about).ok();
    let account = &profile.operator.account_name;
    Ok(composed
        .map(|messages| Preview::new(account, messages.as_slice(), &times::hour(visitor.now))))
}

/// Open emergencies of this template: where they stand, and how many.
async fn open(desk: &Desk, visitor: &Visitor, code: &str) -> Result<Vec<(String, u64)>, Refusal> {
    let heads = emergency::open(&desk.db).await?;
    let stand = |state: State| {
        let stand =
            |head: &&emergency::Head| head.template == code && head.state_at(visitor.now) == state;
        heads.iter().filter(stand).count() as u64
    };
    let states = [State::Draft, State::Conferring, State::Concurred];
    let counted = states.map(|state| (super::words::state(state).to_owned(), stand(state)));
    Ok(counted
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect())
}

/// `GET /emergencies/templates/{code}/{version}/file.toml`.
pub(in crate::console) async fn file(
    _visitor: Visitor,
    desk: Data<Desk>,
    at: At,
) -> Result<HttpResponse, Refusal> {
    let (code, version) = at.into_inner();
    let version = find(&desk, &code, &version).await?.version;
    let named = format!("attachment; filename=\"{}.toml\"", version.code);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, named))
        .body(version.text))
}

/// What was read, and the proof.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Agreed {
    #[serde(default)]
    seen: String,
    #[serde(flatten)]
    given: Given,
}

/// Why not.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Declined {
    #[serde(default)]
    reason: String,
}

/// `POST /emergencies/templates/{code}/{version}/ask`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    at: At,
) -> Result<HttpResponse, Refusal> {
    let (code, version) = at.into_inner();
    let tx = desk.db.begin().await?;
    let asked = template::ask(&tx, visitor.now, &visitor.signed, &code, &version).await;
    if asked.is_ok() {
        tx.commit().await?;
    }
    let done = "公開を申請しました。1時間のうちに、もう一人のシステム管理者に読んで同意してもらってください。";
    said((&code, &version), asked, done)
}

/// `POST /emergencies/templates/{code}/{version}/agree`: once who agrees has proven themselves, it is in force.
pub(in crate::console) async fn agree(
    visitor: Visitor,
    desk: Data<Desk>,
    address: Address,
    at: At,
    web::Form(agreed): web::Form<Agreed>,
) -> Result<HttpResponse, Refusal> {
    let (code, version) = at.into_inner();
    let found = find(&desk, &code, &version).await?;
    let digest = found.digest();
    // Whoever would be refused is not asked for a proof first.
    if decides(&found.version, &visitor) {
        if agreed.seen != digest {
            let changed = "この画面を開いたあとに、申請か使用中の文面が変わりました。下の内容を読みなおしてから、同意してください。";
            return Ok(redirect(&path(&code, &version), Flash::failed(changed)));
        }
        let deed = publishing(&found, digest, &desk).await?;
        if let StepUp::Ask(page) = step_up(&desk, &visitor, deed, &agreed.given, address).await? {
            return Ok(page);
        }
    }
    let tx = desk.db.begin().await?;
    let published = template::second(&tx, visitor.now, &visitor.signed, &code, &version).await;
    if published.is_ok() {
        tx.commit().await?;
    }
    let done = "同意しました。いまから、この文面を使います。";
    said((&code, &version), published, done)
}

/// Publishing exactly what was read.
async fn publishing(found: &Found, digest: String, desk: &Desk) -> Result<Deed, Refusal> {
    let Version { code, version, .. } = &found.version;
    let roster = people::roster(&desk.db).await?;
    let asked = found.version.wanted;
    let asked_by = asked.map(|asked| people_words::person(&roster, asked.by));
    let path = path(code, version);
    let replaced = found.in_force.as_ref().map(|known| known.version.clone());
    let fact = |name: &str, says: String| (name.to_owned(), says);
    Ok(Deed {
        act: "emergency.publish_template",
        title: "定型文の公開に同意する".to_owned(),
        facts: vec![
            fact("定型文", format!("{}（{code}）", called(&found.version))),
            fact("公開する版", version.clone()),
            fact(
                "いまの版",
                replaced.unwrap_or_else(|| "なし（新しい定型文）".to_owned()),
            ),
            fact("申請した人", asked_by.unwrap_or_default()),
        ],
        button: "同意して公開する".to_owned(),
        action: format!("{path}/agree"),
        fields: vec![("seen".to_owned(), digest.clone())],
        back: path,
        by_passkey_only: true,
        at_once: false,
        digest,
    })
}

/// `POST /emergencies/templates/{code}/{version}/decline`.
pub(in crate::console) async fn decline(
    visitor: Visitor,
    desk: Data<Desk>,
    at: At,
    web::Form(declined): web::Form<Declined>,
) -> Result<HttpResponse, Refusal> {
    let (code, version) = at.into_inner();
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let done = template::decline(&tx, now, by, (&code, &version), &declined.reason).await;
    if done.is_ok() {
        tx.commit().await?;
    }
    said(
        (&code, &version),
        done,
        "同意しませんでした。使用中の文面は変わっていません。",
    )
}

/// `POST /emergencies/templates/{code}/{version}/withdraw`.
pub(in crate::console) async fn withdraw(
    visitor: Visitor,
    desk: Data<Desk>,
    at: At,
) -> Result<HttpResponse, Refusal> {
    let (code, version) = at.into_inner();
    let tx = desk.db.begin().await?;
    let taken = template::take_back(&tx, visitor.now, &visitor.signed, &code, &version).await;
    if taken.is_ok() {
        tx.commit().await?;
    }
    said(
        (&code, &version),
        taken,
        "申請を取り下げました。使用中の文面は変わっていません。",
    )
}

/// Back to the version, with what it came to.
fn said(
    (code, version): (&str, &str),
    done: Result<(), template::NotPublished>,
    words: &str,
) -> Result<HttpResponse, Refusal> {
    let flash = match done {
        Ok(()) => Flash::done(words),
        Err(error) => Flash::failed(refused(error)?),
    };
    Ok(redirect(&path(code, version), flash))
}
