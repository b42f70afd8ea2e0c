//! What of emergencies comes first on the home of whoever has a part in them, and what is amiss.

use super::{PATH, houses, name, path, sections, terms, words};
use crate::clock::Instant;
use crate::console::pages::home::Alarm;
use crate::console::{Desk, Visitor};
use crate::emergency::moves::{Act, State};
use crate::emergency::{self, LEAST};
use crate::staff::Right;
use crate::web::Refusal;

/// An emergency that stands open.
#[derive(Debug, Clone, Hash)]
pub(in crate::console) struct Urgent {
    /// Where it is done.
    pub(in crate::console) path: String,
    /// What it is called.
    pub(in crate::console) name: String,
    /// Where it stands.
    pub(in crate::console) state: &'static str,
    /// What to do now, or whom it waits for.
    pub(in crate::console) ask: String,
    /// The number to be read aloud.
    pub(in crate::console) number: String,
    /// Until when it may be sent.
    pub(in crate::console) until: Option<Instant>,
    /// It waits for the very person who reads.
    pub(in crate::console) mine: bool,
    /// Where it is stopped, for whoever may.
    pub(in crate::console) stop: Option<String>,
}

/// The emergencies that stand open, those that wait for the reader first.
pub(in crate::console) async fn urgent(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Urgent>, Refusal> {
    if !visitor.may(Right::Emergency) {
        return Ok(Vec::new());
    }
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    if profile.emergency.is_none() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for head in emergency::open(&desk.db).await? {
        let state = head.state_at(visitor.now);
        if state.is_over() {
            continue;
        }
        let Some(found) = emergency::find(&desk.db, head.id).await? else {
            continue;
        };
        let person = visitor.signed.person();
        let terms = terms(&library, &profile);
        let open = emergency::open_to(&desk.db, visitor.now, terms, &found, person).await?;
        // What is being written, or only waits for its report, is for those who have to do with it.
        let quiet = matches!(state, State::Draft | State::Sent | State::Partial);
        if quiet && !open.keys().any(|act| next(state, *act)) {
            continue;
        }
        all.push(Urgent {
            path: path(head.id),
            name: name(&library, &head),
            state: words::state(state),
            ask: words::ask(state, &open, &profile, visitor.is_drill()),
            number: head
                .number()
                .as_deref()
                .map(words::apart)
                .unwrap_or_default(),
            until: head.expires_at.filter(|_| state.waits()),
            mine: open.keys().any(|act| next(state, *act)),
            stop: open
                .contains_key(&Act::Stop)
                .then(|| format!("{}/{}", path(head.id), Act::Stop.code())),
        });
    }
    all.sort_by_key(|urgent| !urgent.mine);
    Ok(all)
}

/// Whether an act is the step that an emergency standing there waits for.
fn next(state: State, act: Act) -> bool {
    matches!(
        (state, act),
        (State::Draft, Act::Submit | Act::Edit)
            | (State::Conferring, Act::Concur | Act::SendCorrection)
            | (State::Concurred, Act::Send)
            | (State::Halted, Act::Resume | Act::ConcurResume)
            | (
                State::Attention,
                Act::Retry | Act::Accept | Act::ConcurAccept
            )
            | (
                State::Sent | State::Partial | State::Halted,
                Act::File | Act::Confirm
            )
    )
}

/// What is amiss before anything has happened: too few who could act at night, and reports not made.
pub(in crate::console) async fn alarms(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Alarm>, Refusal> {
    if !visitor.may(Right::Emergency) {
        return Ok(Vec::new());
    }
    let library = desk.templates.in_force().await?;
    let mut alarms = Vec::new();
    let late = emergency::report::overdue(&desk.db, visitor.now).await?;
    if let Some(head) = late.first() {
        let what = format!(
            "緊急配信の事後報告が、期限を過ぎています（「{}」など{}件）。",
            name(&library, head),
            late.len()
        );
        let next = "所管の課長が報告書を出し、相手の課長が確認（後閲）してください。";
        alarms.push(Alarm::new(what, next).at(PATH));
    }
    let profile = desk.rules.at(visitor.now).await?;
    if !profile.emergency.as_ref().is_some_and(|rules| rules.live) || visitor.is_drill() {
        return Ok(alarms);
    }
    let mut short = Vec::new();
    let seen = match houses(visitor).is_empty() {
        true => Vec::new(),
        false => sections(visitor, desk).await?,
    };
    for (id, name) in seen {
        let ready =
            emergency::readiness(&desk.db, visitor.now, terms(&library, &profile), id).await?;
        if !ready.is_ready() {
            short.push(name);
        }
    }
    if !short.is_empty() {
        let what = format!("{}は、夜間の緊急配信ができません。", short.join("・"));
        let next = format!(
            "パスキーを使える課長・代理が同意する側と配信する側に{LEAST}人ずつ、システム管理者が{LEAST}人要ります。「緊急配信の備え」の画面で、足りないものを確かめてください。"
        );
        alarms.push(Alarm::new(what, next).at("/emergencies/readiness"));
    }
    Ok(alarms)
}
