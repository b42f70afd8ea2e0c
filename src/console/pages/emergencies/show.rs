//! One emergency, for who looks at it: what is said, to whom, the number to read aloud, what to do now.

use actix_web::web::{Data, Path};
use actix_web::{Either, HttpRequest, HttpResponse};
use askama::Template;

use super::calls::{Strip, strips};
use super::known::{self, Known};
use super::{PATH, TITLE, faults, find, name, path, section, terms, words};
use crate::console::pages::broadcasts;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor, live};
use crate::delivery::{self, Progress};
use crate::emergency::bulletin::Origin;
use crate::emergency::moves::{Act, State};
use crate::emergency::{self, Emergency, Event, Head, Open, Terms};
use crate::ids::{EmergencyId, PostId};
use crate::mode::Mode;
use crate::staff::people::{self, Roster};
use crate::web::{Frame, Page, Preview, Refusal, times};

/// Something that can be done.
pub(super) struct Deed {
    pub(super) path: String,
    pub(super) label: &'static str,
    pub(super) kind: &'static str,
    /// For whom they would stand in (代).
    pub(super) standing_in: Option<String>,
    /// What goes along when it is done right here; a page of its own asks otherwise.
    pub(super) field: Option<(&'static str, String)>,
}

/// Something that was done.
pub(super) struct Done {
    pub(super) at: String,
    pub(super) what: &'static str,
    pub(super) who: String,
    pub(super) reason: String,
}

/// How far it has come.
pub(super) struct Travel {
    pub(super) progress: Progress,
    pub(super) stopped: Option<&'static str>,
}

impl Travel {
    /// Whether nothing of it is left to be sent.
    fn is_over(&self) -> bool {
        self.progress.state == delivery::State::Ended
    }
}

#[derive(Template)]
#[template(path = "emergencies/show.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    print: String,
    path: String,
    state: &'static str,
    chip: &'static str,
    section: String,
    /// The official bulletin it was drafted from.
    origin: Option<Origin>,
    ask: String,
    /// The number to be read aloud, while somebody has to.
    number: Option<String>,
    whom: String,
    people: Option<u64>,
    besides: Vec<&'static str>,
    /// How long is left, and until which hour.
    left: Option<(String, String)>,
    preview: Option<Preview>,
    /// What has to be put right before it can be handed in.
    findings: Vec<String>,
    /// What comes next, and what else can be done.
    first: Vec<Deed>,
    others: Vec<Deed>,
    /// It can be stopped: where, always in reach.
    stop: Option<String>,
    known: Known,
    travel: Option<Travel>,
    done: Vec<Done>,
    corrects: Option<(String, String)>,
    corrections: Vec<(String, String, &'static str)>,
    went_out: bool,
    over: bool,
    calls: Vec<Strip>,
    /// The reader telephones by hand: that comes before anything there is to read.
    telephones: bool,
}

/// `GET /emergencies/{id}`; nothing, for a page that shows what is still so.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
    request: HttpRequest,
) -> Result<Either<Page<Shown>, HttpResponse>, Refusal> {
    let emergency = find(&visitor, &desk, *id).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let person = visitor.signed.person();
    let terms = terms(&library, &profile);
    let open = emergency::open_to(&desk.db, visitor.now, terms, &emergency, person).await;
    // A policy without a way for emergencies still shows what was sent before.
    let open = open.unwrap_or_default();
    let travel = travel(&visitor, &desk, &emergency.head).await?;
    let state = emergency.head.state_at(visitor.now);
    let known = Known::of(&visitor, &desk, terms, &emergency).await?;
    let left = emergency.head.expires_at.filter(|_| state.waits());
    let left = left.map(|until| (words::left(until, visitor.now), times::hour(until)));
    let roster = people::roster(&desk.db).await?;
    let calls = strips(&visitor, &desk, &roster, emergency.head.id, state).await?;
    let print = live::print(&(
        state.code(),
        emergency.head.version,
        emergency.history.len(),
        open.keys().map(|act| act.code()).collect::<Vec<_>>(),
        &left,
        travel
            .as_ref()
            .map(|travel| format!("{:?}", travel.progress)),
        &known,
        &calls,
    ));
    if live::is_shown(request.headers(), &print) {
        return Ok(Either::Right(HttpResponse::NoContent().finish()));
    }
    let view = View {
        visitor: &visitor,
        desk: &desk,
        terms,
        roster,
        emergency,
        open,
    };
    view.page(print, left, (travel, known), calls)
        .await
        .map(Page)
        .map(Either::Left)
}

struct View<'a> {
    visitor: &'a Visitor,
    desk: &'a Desk,
    terms: Terms<'a>,
    roster: Roster,
    emergency: Emergency,
    open: Open,
}

impl View<'_> {
    async fn page(
        self,
        print: String,
        left: Option<(String, String)>,
        (travel, known): (Option<Travel>, Known),
        calls: Vec<Strip>,
    ) -> Result<Shown, Refusal> {
        let head = &self.emergency.head;
        let state = head.state_at(self.visitor.now);
        let frame = self
            .visitor
            .frame(name(self.terms.library, head))
            .under(PATH, TITLE);
        let (preview, findings) = seen(self.visitor, self.terms, &self.emergency);
        let over = travel.as_ref().is_some_and(Travel::is_over);
        let (first, others) = self.deeds(state, over);
        let corrects = match head.corrects {
            Some(wrong) => {
                let wrong = find(self.visitor, self.desk, wrong).await?.head;
                Some((path(wrong.id), name(self.terms.library, &wrong)))
            }
            None => None,
        };
        let corrections = emergency::corrections(&self.desk.db, head.id).await?;
        let correction = |child: Head| {
            let stands = words::state(child.state_at(self.visitor.now));
            (path(child.id), name(self.terms.library, &child), stands)
        };
        Ok(Shown {
            print,
            path: path(head.id),
            state: words::state(state),
            chip: words::chip(state),
            section: section(&self.roster, head.section),
            origin: emergency::bulletin::origin(
                &self.desk.db,
                self.visitor.now,
                self.terms,
                head.id,
            )
            .await?,
            ask: match known.is_to_be_written_anew() {
                true => words::ask_anew(&self.open),
                false => words::ask(
                    state,
                    &self.open,
                    self.terms.profile,
                    head.mode == Mode::Drill,
                ),
            },
            number: head.number().filter(|_| number_matters(state)),
            whom: words::audience(self.terms.profile, &audience(&self.emergency)),
            people: people_of(&self.emergency),
            besides: besides(&self.emergency),
            left,
            preview,
            findings,
            first,
            others,
            stop: (!over && self.open.contains_key(&Act::Stop))
                .then(|| format!("{}/{}", path(head.id), Act::Stop.code())),
            known,
            travel,
            done: done(&frame, &self.roster, &self.emergency.history),
            corrects,
            corrections: corrections.into_iter().map(correction).collect(),
            went_out: state.went_out(),
            over: state.is_over(),
            telephones: calls.iter().any(|strip| strip.telephones),
            calls,
            frame,
        })
    }

    /// What comes next, and what else can be done. When all of it is `over`, nothing is left to stop or to try again.
    fn deeds(&self, state: State, over: bool) -> (Vec<Deed>, Vec<Deed>) {
        let stands = |act: Act| act != Act::Stop && !(over && act == Act::Retry);
        let acts = self.open.iter().filter(|(act, _)| stands(**act));
        // What one chief may do alone comes before what would take two.
        let alone = self.open.contains_key(&Act::SendCorrection);
        let next = |act: Act| {
            (comes_next(state, act) && !(alone && act == Act::Concur))
                || (state == State::Attention && over && leaves_it(act))
        };
        let (first, others): (Vec<_>, Vec<_>) = acts.partition(|(act, _)| next(**act));
        let deeds = |acts: Vec<(&Act, &Option<PostId>)>, first: bool| {
            let deed = |(act, post): (&Act, &Option<PostId>)| self.deed(*act, *post, first);
            acts.into_iter().map(deed).collect()
        };
        (deeds(first, true), deeds(others, false))
    }

    fn deed(&self, act: Act, post: Option<PostId>, first: bool) -> Deed {
        let head = &self.emergency.head;
        let under = match act {
            Act::File | Act::Confirm => "report",
            act => act.code(),
        };
        // Everything there is to read stands on this very page.
        let field = match act {
            Act::Submit => Some(("version", head.version.to_string())),
            Act::Concur => head
                .digest
                .as_ref()
                .map(|digest| ("digest", digest.as_str().to_owned())),
            _ => None,
        };
        Deed {
            path: format!("{}/{under}", path(head.id)),
            label: words::button(act),
            kind: match (first, act) {
                (true, Act::Send | Act::SendCorrection) if head.mode == Mode::Live => "danger",
                (true, _) => "primary",
                (false, _) => "outline",
            },
            standing_in: post.map(|post| people_words::post(&self.roster, post)),
            field,
        }
    }
}

/// Whether an act is what an emergency standing there waits for; else it is one of the other ways.
fn comes_next(state: State, act: Act) -> bool {
    matches!(
        (state, act),
        (State::Draft, Act::Submit)
            | (State::Conferring, Act::Concur | Act::SendCorrection)
            | (State::Concurred, Act::Send)
            | (State::Halted, Act::Resume | Act::ConcurResume)
            | (State::Attention, Act::Retry)
            | (State::Sent | State::Partial, Act::File | Act::Confirm)
    )
}

/// Whether an act leaves it at what has arrived.
fn leaves_it(act: Act) -> bool {
    matches!(act, Act::Accept | Act::ConcurAccept)
}

/// While chiefs confer, they read the number to each other.
fn number_matters(state: State) -> bool {
    state.waits() || state == State::Halted
}

/// Of what was handed in, once something was.
pub(super) fn audience(emergency: &Emergency) -> emergency::Audience {
    let issue = emergency.issue.as_ref();
    issue.map_or_else(
        || emergency.written.audience.clone(),
        |issue| issue.audience.clone(),
    )
}

/// How many they are: when it was sent, else when it was handed in.
pub(super) fn people_of(emergency: &Emergency) -> Option<u64> {
    let issue = emergency.issue.as_ref();
    emergency.head.people.or(issue.map(|issue| issue.people))
}

pub(super) fn besides(emergency: &Emergency) -> Vec<&'static str> {
    let issue = emergency.issue.as_ref();
    let besides = issue.map_or(emergency.written.besides, |issue| issue.besides);
    [
        (besides.menu, "リッチメニューも替えます"),
        (besides.orders, "避難情報の記録も替えます"),
    ]
    .into_iter()
    .filter_map(|(on, says)| on.then_some(says))
    .collect()
}

/// What residents read: exactly what was frozen, once it is. Or what has to be put right before.
pub(super) fn seen(
    visitor: &Visitor,
    terms: Terms<'_>,
    emergency: &Emergency,
) -> (Option<Preview>, Vec<String>) {
    let head = &emergency.head;
    let at = head.sent.map_or(visitor.now, |sent| sent.at);
    let frozen = emergency.issue.as_ref().map(|issue| issue.messages());
    let messages = match frozen {
        Some(messages) => messages.map_err(emergency::EmergencyError::from),
        None => emergency::composed(at, terms, head.mode, &emergency.written),
    };
    match messages {
        Ok(messages) => {
            let account = &terms.profile.operator.account_name;
            let preview = Preview::new(account, messages.as_slice(), &times::hour(at));
            (Some(preview), Vec::new())
        }
        Err(error) => (None, faults::refused(&error).into_iter().collect()),
    }
}

/// What was done, the newest first.
pub(super) fn done(frame: &Frame, roster: &Roster, history: &[Event]) -> Vec<Done> {
    let told = |event: &Event| {
        let who = event.by.map_or_else(
            || "システム".to_owned(),
            |person| people_words::person(roster, person),
        );
        Done {
            at: frame.time(&event.at),
            what: words::happened(event.act),
            who: match event.standing_in_for {
                Some(post) => format!("{who}（{}の代理）", people_words::post(roster, post)),
                None => who,
            },
            reason: reason(event),
        }
    };
    history.iter().rev().map(told).collect()
}

/// Why, in words: what somebody wrote, or what a code of the product's own means.
pub(super) fn reason(event: &Event) -> String {
    match known::void(event) {
        Some(void) => faults::why_void(void),
        None => event.reason.clone().unwrap_or_default(),
    }
}

pub(super) async fn travel(
    visitor: &Visitor,
    desk: &Desk,
    head: &Head,
) -> Result<Option<Travel>, Refusal> {
    let Some(dispatch) = head.dispatch else {
        return Ok(None);
    };
    let progress = delivery::progress(&desk.db, visitor.now, dispatch).await?;
    Ok(progress.map(|progress| Travel {
        stopped: match progress.state {
            delivery::State::Stopped(reason) => Some(broadcasts::stopped(reason)),
            _ => None,
        },
        progress,
    }))
}
