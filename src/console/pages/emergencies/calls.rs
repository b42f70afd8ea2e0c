//! Who was called for an emergency, when and how, and who answered; and for who is on duty, whom to telephone by hand.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use serde::Deserialize;

use super::{find, path, words};
use crate::calling::{self, Call, Calling, Cause, Ended, Kind, NotAnswered};
use crate::clock::Instant;
use crate::console::pages::calls::words as called;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::moves::{Side, State};
use crate::ids::{CallingId, EmergencyId, PersonId};
use crate::staff::contact;
use crate::staff::people::{PostKind, Roster};
use crate::web::{Flash, Refusal, redirect, times};

/// A calling as it stands.
#[derive(Debug, Hash)]
pub(super) struct Strip {
    pub(super) id: CallingId,
    pub(super) title: String,
    /// Who answered, or how it ended.
    pub(super) outcome: String,
    pub(super) chip: &'static str,
    /// The reader is among those who are called, and nobody has answered.
    pub(super) answers: bool,
    /// The reader telephones by hand.
    pub(super) telephones: bool,
    pub(super) people: Vec<Called>,
}

/// Somebody who is called.
#[derive(Debug, Hash)]
pub(super) struct Called {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) calls: Vec<Line>,
    /// `tel:` and as it is read; only for who telephones by hand.
    pub(super) telephone: Option<(String, String)>,
}

/// A call, in a line.
#[derive(Debug, Hash)]
pub(super) struct Line {
    pub(super) at: String,
    pub(super) how: &'static str,
    pub(super) outcome: &'static str,
    pub(super) chip: &'static str,
}

/// The callings about an emergency, the newest first.
pub(super) async fn strips(
    visitor: &Visitor,
    desk: &Desk,
    roster: &Roster,
    id: EmergencyId,
    state: State,
) -> Result<Vec<Strip>, Refusal> {
    let mut callings = calling::history(&desk.db, id.0).await?;
    callings.retain(|calling| calling.kind != Kind::Notice);
    let mut strips = Vec::new();
    for calling in callings.iter().rev() {
        strips.push(strip(visitor, desk, roster, calling, state).await?);
    }
    Ok(strips)
}

async fn strip(
    visitor: &Visitor,
    desk: &Desk,
    roster: &Roster,
    calling: &Calling,
    state: State,
) -> Result<Strip, Refusal> {
    let runs = calling.ended.is_none() && visitor.now < calling.until;
    let side = words::side(calling.side.unwrap_or(Side::Concurs));
    let (outcome, chip) = outcome(roster, calling, runs);
    let reader = visitor.signed.person();
    // Also after its time, and after they said themselves that they noticed: as long as the matter waits,
    // somebody who decides has to be reached.
    let settled = match calling.ended.map(|end| end.how) {
        Some(Ended::Answered(person, _)) => person != reader,
        Some(Ended::Over) => true,
        Some(Ended::Unanswered) | None => false,
    };
    let telephones = waits(calling, state) && !settled && is_on_duty(visitor);
    let mut people: Vec<PersonId> = Vec::new();
    for call in &calling.calls {
        if !people.contains(&call.person) {
            people.push(call.person);
        }
    }
    // Who telephones lets the others ring on.
    let answers = runs && !telephones && people.contains(&reader);
    let ways = match telephones {
        true => contact::ways(&desk.db, &people).await?,
        false => Default::default(),
    };
    let people = people.into_iter().map(|id| Called {
        id,
        name: people_words::person(roster, id),
        calls: lines(calling, id),
        telephone: ways
            .get(&id)
            .and_then(|ways| ways.telephone.as_ref())
            .map(|number| (format!("tel:{}", number.as_str()), number.in_japan())),
    });
    Ok(Strip {
        id: calling.id,
        title: format!("{side}への呼び出し{}", called::because(calling.cause)),
        outcome,
        chip,
        answers,
        telephones,
        // Nobody telephones themselves.
        people: people
            .filter(|who| !telephones || who.id != reader)
            .collect(),
    })
}

/// Whether what people are called for waits for them, where the emergency stands.
fn waits(calling: &Calling, state: State) -> bool {
    match calling.cause {
        Some(Cause::Attention) => state == State::Attention,
        Some(Cause::Hold) => calling.ended.is_none(),
        Some(Cause::Stopped | Cause::Overdue) | None => state.waits(),
    }
}

/// Who answered, or how it ended or stands, and the colour of it.
fn outcome(roster: &Roster, calling: &Calling, runs: bool) -> (String, &'static str) {
    match calling.ended.map(|end| end.how) {
        Some(Ended::Answered(person, how)) => {
            let name = people_words::person(roster, person);
            let took = called::took(calling.took().unwrap_or_default());
            let how = called::answered_by(how);
            (format!("{name}が{how}応答しました（{took}）"), "success")
        }
        Some(Ended::Over) => (called::ended(Ended::Over).to_owned(), "plain"),
        None if runs => ("応答を待っています".to_owned(), "info"),
        None | Some(Ended::Unanswered) => (called::ended(Ended::Unanswered).to_owned(), "error"),
    }
}

/// A calling for the record: every call of it, in the order they were made.
pub(super) struct Record {
    pub(super) title: String,
    pub(super) outcome: String,
    pub(super) calls: Vec<Made>,
}

/// A call for the record.
pub(super) struct Made {
    pub(super) at: Instant,
    pub(super) name: String,
    pub(super) how: &'static str,
    pub(super) outcome: &'static str,
}

/// The callings of a report, the oldest first.
pub(super) fn records(roster: &Roster, callings: &[Calling], now: Instant) -> Vec<Record> {
    let record = |calling: &Calling| {
        let side = calling.side.map(words::side);
        let side = side.map_or_else(String::new, |side| format!("（{side}）"));
        let made = as_made(calling).into_iter().map(|call| Made {
            at: moment(call),
            name: people_words::person(roster, call.person),
            how: called::channel(call.channel),
            outcome: called::standing(call.state, call.channel.is_none()).0,
        });
        let runs = now < calling.until;
        Record {
            title: format!("{}{side}", called::about(calling)),
            // A notice asks for no answer.
            outcome: match calling.kind {
                Kind::Notice => String::new(),
                _ => outcome(roster, calling, runs).0,
            },
            calls: made.collect(),
        }
    };
    callings.iter().map(record).collect()
}

fn lines(calling: &Calling, person: PersonId) -> Vec<Line> {
    let theirs = as_made(calling).into_iter();
    let theirs = theirs.filter(|call| call.person == person);
    let line = |call: &Call| {
        let (outcome, chip) = called::standing(call.state, call.channel.is_none());
        Line {
            at: times::hour(moment(call)),
            how: called::channel(call.channel),
            outcome,
            chip,
        }
    };
    theirs.map(line).collect()
}

/// Its calls, in the order they were made.
fn as_made(calling: &Calling) -> Vec<&Call> {
    let mut calls: Vec<&Call> = calling.calls.iter().collect();
    calls.sort_by_key(|call| moment(call));
    calls
}

/// When it was made; while it was not, when it is due.
fn moment(call: &Call) -> Instant {
    match call.state {
        calling::Standing::Made(at) => at,
        _ => call.due_at,
    }
}

fn is_on_duty(visitor: &Visitor) -> bool {
    let mut posts = visitor.signed.posts().iter();
    posts.any(|post| post.kind == PostKind::DutyOfficer)
}

/// Which calling somebody answers on the page.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Answering {
    calling: CallingId,
}

/// `POST /emergencies/{id}/answer`: 受けました.
pub(in crate::console) async fn answer(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
    Form(answering): Form<Answering>,
) -> Result<HttpResponse, Refusal> {
    let here = path(*id);
    let tx = desk.db.begin().await?;
    let person = visitor.signed.person();
    let said = match calling::answer(&tx, visitor.now, answering.calling, person).await {
        Ok(_) => {
            tx.commit().await?;
            Flash::done("受けました。ほかの人への呼び出しは止めました。")
        }
        Err(NotAnswered::Over(_)) => {
            Flash::failed("すでに応答があったか、呼び出しが終わっています。")
        }
        Err(NotAnswered::NotCalled) => Flash::failed("応答できるのは、呼び出された人だけです。"),
        Err(NotAnswered::Unknown) => return Err(Refusal::NotFound),
        Err(NotAnswered::Db(error)) => return Err(error.into()),
    };
    Ok(redirect(&here, said))
}

/// Whom somebody telephoned, and whether they were reached.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Telephoned {
    calling: CallingId,
    person: PersonId,
    reached: bool,
}

/// `POST /emergencies/{id}/telephoned`: a call made by hand, by who is on duty.
pub(in crate::console) async fn telephoned(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
    Form(told): Form<Telephoned>,
) -> Result<HttpResponse, Refusal> {
    let here = path(*id);
    if !is_on_duty(&visitor) {
        let said = "電話の結果を記録するのは、当直の人だけです。";
        return Ok(redirect(&here, Flash::failed(said)));
    }
    let emergency = find(&visitor, &desk, *id).await?;
    let calling = calling::find(&desk.db, told.calling).await?;
    let about = |calling: &Calling| {
        let mut calls = calling.calls.iter();
        calling.matter == emergency.head.id.0 && calls.any(|call| call.person == told.person)
    };
    if !calling.as_ref().is_some_and(about) {
        return Err(Refusal::NotFound);
    }
    let (now, by) = (visitor.now, visitor.signed.person());
    let tx = desk.db.begin().await?;
    let stopped =
        match calling::telephoned(&tx, now, by, told.calling, told.person, told.reached).await {
            // Somebody else was quicker; that they were reached is on record all the same.
            Ok(()) => {
                tx.commit().await?;
                calling.is_some_and(|calling| calling.ended.is_none())
            }
            Err(NotAnswered::Over(_)) => {
                tx.commit().await?;
                false
            }
            Err(NotAnswered::Db(error)) => return Err(error.into()),
            Err(NotAnswered::Unknown | NotAnswered::NotCalled) => return Err(Refusal::NotFound),
        };
    let said = match told.reached {
        true if stopped => "つながったことを記録し、呼び出しを止めました。",
        true => "つながったことを記録しました。",
        false => "出なかったことを記録しました。次の人にかけてください。",
    };
    Ok(redirect(&here, Flash::done(said)))
}
