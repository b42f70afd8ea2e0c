//! One broadcast: what it says, where it stands, who agreed, how far it has come, and what can be done.

use actix_web::web::{Data, Path};
use actix_web::{Either, HttpRequest, HttpResponse};
use askama::Template;

use super::audience::{People, whom};
use super::standing::Standings;
use super::way::{self, Asked};
use super::{PATH, TITLE, find, sees, terms, when, words};
use crate::approval::{self, Digest, Request};
use crate::area;
use crate::broadcast::moves::{Move, State};
use crate::broadcast::statement::{Shows, Stated, Statement};
use crate::broadcast::{self, Broadcast, Terms, phrases};
use crate::clock::date_in_japan;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor, live};
use crate::delivery::{self, Progress};
use crate::ids::{ApprovalId, BroadcastId};
use crate::policy::Profile;
use crate::staff::people::{self, Roster};
use crate::web::{Errors, Frame, Page, Preview, Refusal, times};

/// Most statements shown: the newest.
const MOST_SAID: usize = 200;

/// What is decided on, for whoever may.
struct Deciding {
    request: ApprovalId,
    digest: Digest,
    needs_note: bool,
}

/// What whoever decides has written, and what is wrong with it.
#[derive(Default)]
pub(super) struct Said {
    pub(super) note: String,
    pub(super) reason: String,
    pub(super) errors: Errors,
}

/// How far it has come.
pub(super) struct Travel {
    pub(super) progress: Progress,
    pub(super) stopped: Option<&'static str>,
    pub(super) held: Option<&'static str>,
}

/// Something that can be done to it.
struct Deed {
    path: &'static str,
    label: &'static str,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "broadcasts/show.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    print: String,
    broadcast: Broadcast,
    state: &'static str,
    chip: &'static str,
    house: String,
    category: String,
    when: String,
    whom: String,
    people: People,
    sounds: bool,
    preview: Option<Preview>,
    deciding: Option<Deciding>,
    said: Said,
    /// Of an emergency: whether it says what a template says.
    wording: Option<String>,
    asked: Vec<Asked>,
    stated: Vec<(String, String)>,
    travel: Option<Travel>,
    deeds: Vec<Deed>,
    corrects: Option<(BroadcastId, String)>,
    copied_from: Option<(BroadcastId, String)>,
    corrections: Vec<(BroadcastId, String, &'static str)>,
}

/// `GET /broadcasts/{id}`; nothing, for a page that shows what is still so.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    request: HttpRequest,
) -> Result<Either<Page<Shown>, HttpResponse>, Refusal> {
    let broadcast = find(&visitor, &desk, *id).await?;
    let travel = travel(&visitor, &desk, &broadcast).await?;
    if live::is_shown(request.headers(), &print(&broadcast, travel.as_ref())) {
        return Ok(Either::Right(HttpResponse::NoContent().finish()));
    }
    page(&visitor, &desk, broadcast, travel, Said::default())
        .await
        .map(Page)
        .map(Either::Left)
}

/// The page once more, for who decides and has to write something else.
pub(super) async fn again(
    visitor: &Visitor,
    desk: &Desk,
    id: BroadcastId,
    said: Said,
) -> Result<HttpResponse, Refusal> {
    let broadcast = find(visitor, desk, id).await?;
    let travel = travel(visitor, desk, &broadcast).await?;
    let page = page(visitor, desk, broadcast, travel, said).await?;
    Ok(Page(page).with(HttpResponse::UnprocessableEntity()))
}

/// What changes while somebody looks.
fn print(broadcast: &Broadcast, travel: Option<&Travel>) -> String {
    let progress = travel.map(|travel| format!("{:?}", travel.progress));
    live::print(&(broadcast.head.state.code(), progress))
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    broadcast: Broadcast,
    travel: Option<Travel>,
    said: Said,
) -> Result<Shown, Refusal> {
    let head = &broadcast.head;
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let frame = visitor.frame(head.title.clone()).under(PATH, TITLE);
    let requests = approval::history(&desk.db, head.subject()).await?;
    let directory = area::directory(&desk.db).await?;
    let terms = terms(desk, &profile, &directory);
    let sent = travel.as_ref().map(|travel| &travel.progress);
    let (whom, people) = whom(visitor, desk, terms, &broadcast, sent).await?;
    let at = head.released_at.or(head.send_at).unwrap_or(visitor.now);
    let corrects = match head.corrects {
        Some(wrong) => Some((wrong, find(visitor, desk, wrong).await?.head.title)),
        None => None,
    };
    let copied_from = match head.copied_from.filter(|from| head.corrects != Some(*from)) {
        // Whoever may not see the original is not told of it.
        Some(from) => broadcast::find(&desk.db, from)
            .await?
            .filter(|original| sees(visitor, &original.head))
            .map(|original| (from, original.head.title)),
        None => None,
    };
    let corrections = broadcast::corrections(&desk.db, head.id).await?;
    let standings = Standings::of(desk, corrections.iter().chain([head])).await?;
    let (state, chip) = standings.tell(head);
    let writes = broadcast::may_write(&visitor.signed, head.house);
    Ok(Shown {
        print: print(&broadcast, travel.as_ref()),
        state,
        chip,
        house: words::house(&roster, head.house),
        category: words::category(&profile, &head.category),
        when: when(&frame, head),
        whom,
        people,
        sounds: profile.sounds_at(&broadcast.manuscript.category, at),
        preview: preview(visitor, desk, terms, &broadcast).await?,
        deciding: deciding(visitor, &roster, &requests),
        said,
        wording: wording(desk, &profile, &broadcast).await?,
        asked: requests
            .iter()
            .map(|request| way::asked(&frame, &profile, &roster, request))
            .collect(),
        stated: stated(&frame, &profile, &roster, &broadcast),
        travel,
        deeds: match writes {
            true => deeds(head.state, broadcast::may_resume(&visitor.signed)),
            false => Vec::new(),
        },
        corrects,
        copied_from,
        corrections: corrections
            .into_iter()
            .map(|head| {
                let (state, _) = standings.tell(&head);
                (head.id, head.title, state)
            })
            .collect(),
        frame,
        broadcast,
    })
}

/// What residents read: exactly what was frozen, once it is.
pub(super) async fn preview(
    visitor: &Visitor,
    desk: &Desk,
    terms: Terms<'_>,
    broadcast: &Broadcast,
) -> Result<Option<Preview>, Refusal> {
    let messages = match &broadcast.issue {
        Some(issue) => issue.messages().ok(),
        None => broadcast::messages_of(&desk.db, terms, broadcast).await?,
    };
    let head = &broadcast.head;
    let at = head.released_at.or(head.send_at).unwrap_or(visitor.now);
    let account = &terms.profile.operator.account_name;
    Ok(messages.map(|sent| Preview::new(account, sent.as_slice(), &times::hour(at))))
}

fn deciding(visitor: &Visitor, roster: &Roster, requests: &[Request]) -> Option<Deciding> {
    let (today, person) = (date_in_japan(visitor.now), visitor.signed.person());
    let open = requests
        .iter()
        .find(|request| approval::may_decide(roster, today, request, person))?;
    Some(Deciding {
        request: open.id,
        digest: open.frozen.digest.clone(),
        needs_note: open.needs_note(),
    })
}

/// For whoever decides on an emergency in working hours: whose words these are.
async fn wording(
    desk: &Desk,
    profile: &Profile,
    broadcast: &Broadcast,
) -> Result<Option<String>, Refusal> {
    let category = profile.category(&broadcast.manuscript.category);
    if !category.is_some_and(|category| category.emergency) {
        return Ok(None);
    }
    let Some(began) = &broadcast.head.wording else {
        return Ok(Some(words::WITHOUT_TEMPLATE.to_owned()));
    };
    let library = desk.templates.in_force().await?;
    let name = library.find(&began.template);
    let name = name.map_or(began.template.as_str(), |wording| wording.name.as_str());
    let keeps = broadcast.keeps_wording() == Some(true);
    Ok(Some(words::of_template(name, keeps)))
}

/// What people vouched for about what it says now.
fn stated(
    frame: &Frame,
    profile: &Profile,
    roster: &Roster,
    broadcast: &Broadcast,
) -> Vec<(String, String)> {
    let counts = |stated: &&Stated| match &stated.what {
        Statement::Answer { .. } => stated.revision == broadcast.head.revision,
        Statement::Link { url, .. } => broadcast.manuscript.links().contains(&url.as_str()),
        Statement::Overrule { .. } => true,
    };
    let told = |stated: &Stated| {
        let (about, what) = match &stated.what {
            Statement::Answer { question, answer } => {
                let asked = profile.questions.iter().find(|known| known.id == *question);
                let asked = asked.map_or(question.as_str(), |asked| asked.ask.as_str());
                (asked.to_owned(), phrases::answer(*answer).to_owned())
            }
            Statement::Link { url, shows } => (url.clone(), shown(shows)),
            Statement::Overrule { slip, reason } => (slip_named(slip), reason.clone()),
        };
        let who = people_words::person(roster, stated.by);
        (
            about,
            format!("{what}（{who}、{}）", frame.time(&stated.at)),
        )
    };
    let said = broadcast.statements.0.iter().filter(counts);
    let said: Vec<&Stated> = said.collect();
    let newest = &said[said.len().saturating_sub(MOST_SAID)..];
    newest.iter().copied().map(told).collect()
}

fn shown(shows: &Shows) -> String {
    let what = phrases::link_proof(shows.proof());
    match shows {
        Shows::Relation(words) => format!("{what}：{words}"),
        Shows::Opened { title, .. } => format!("{what}：「{title}」"),
        Shows::Consent { who, on, how } => format!("{what}：{who}、{on}、{how}"),
    }
}

/// What a slip's key is about: the words that were pointed out.
fn slip_named(key: &str) -> String {
    match key.split_once(':') {
        Some((_, written)) if !written.is_empty() => format!("「{written}」をこのままにする理由"),
        _ => "このままにする理由".to_owned(),
    }
}

pub(super) async fn travel(
    visitor: &Visitor,
    desk: &Desk,
    broadcast: &Broadcast,
) -> Result<Option<Travel>, Refusal> {
    let Some(dispatch) = broadcast.head.dispatch else {
        return Ok(None);
    };
    let progress = delivery::progress(&desk.db, visitor.now, dispatch).await?;
    let held = delivery::hold(&desk.db).await?;
    Ok(progress.map(|progress| Travel {
        stopped: match progress.state {
            delivery::State::Stopped(reason) => Some(words::stopped(reason)),
            _ => None,
        },
        held: held.map(|hold| words::held(hold.reason)),
        progress,
    }))
}

/// What its house can do where it stands.
fn deeds(state: State, may_resume: bool) -> Vec<Deed> {
    let can = |happens: Move| state.after(happens).is_some();
    let deed = |path, label, kind| Deed { path, label, kind };
    let mut deeds = Vec::new();
    if state == State::Draft {
        deeds.push(deed("edit", "原稿を書く", "outline"));
        deeds.push(deed("check", "確認して決裁に出す", "primary"));
        deeds.push(deed("test", "試し送り", "outline"));
    }
    if can(Move::Reopen) {
        deeds.push(deed(
            "edit",
            "書きなおす（決裁は無効になります）",
            "outline",
        ));
    }
    if can(Move::Stop) {
        deeds.push(deed("stop", "配信を止める", "danger"));
    }
    if can(Move::Resume) && may_resume {
        deeds.push(deed("resume", "配信を再開する", "primary"));
    }
    if state.went_out() {
        deeds.push(deed("correct", "訂正を書く", "outline"));
    }
    deeds.push(deed("copy", "写して新しく書く", "quiet"));
    deeds.push(deed("template", "ひな形に残す", "quiet"));
    if can(Move::Withdraw) {
        deeds.push(deed("withdraw", "取り下げる", "quiet"));
    }
    deeds
}
