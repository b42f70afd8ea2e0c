//! Who agrees (決裁). A draft is frozen with a digest of all that residents would notice; the posts that
//! the policy names agree to that digest, one after the other, never to what they wrote on themselves.
//! Any edit makes it void. What sends takes an [`Approved`], and only [`approved`] makes one.
//!
//! ```ignore
//! let request = approval::submit(&tx, now, person, submission).await?;
//! let request = approval::decide(&tx, now, chief, request.id, &seen, Verdict::Agree(None)).await?;
//! let approved = approval::approved(&tx, today, &frozen).await?;       // the value that opens the way
//! ```
//!
//! Verbs take a transaction and their turn in the record: what they decide on cannot change under them.
//! The same rules stand in the database (migrations 32 and 66).

mod deciders;
mod digest;
mod model;
mod store;

pub use deciders::{Deciders, deciders};
pub use digest::{Digest, Undigestible};
pub use model::{
    Demand, Ended, Frozen, Ground, House, Outcome, Request, STANDING_DAYS, Step, Subject,
    SubjectKind, Submission, Taken, Verdict,
};

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use thiserror::Error;

use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{ApprovalId, PersonId, PostId};
use crate::staff::people::{self, Roster};

/// That exactly this was agreed to by everybody whose word the policy asks for, and still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    request: ApprovalId,
    frozen: Frozen,
}

impl Approved {
    /// The request that was agreed to.
    pub fn request(&self) -> ApprovalId {
        self.request
    }

    /// What was agreed to.
    pub fn frozen(&self) -> &Frozen {
        &self.frozen
    }
}

/// Why a submission, a decision or a withdrawal was not taken.
#[derive(Debug, Error)]
pub enum ApprovalError {
    /// The policy's way for it leads past nobody.
    #[error("the policy names nobody who decides on this: add a [[route]] to the profile")]
    NoWay,
    /// A step for which nobody could decide as things stand.
    #[error("nobody holds the post that decides as {}, or all who do wrote on it", .0.key())]
    NobodyDecides(crate::policy::Decider),
    /// The last day is missing, too early, too late, or not for such a subject.
    #[error(
        "a standing approval holds from today for at most a year; a single broadcast has no last day"
    )]
    Until,
    /// It was handed in already, and waits or is approved.
    #[error("this is with its deciders already: withdraw it first")]
    Already,
    /// There is none with this id.
    #[error("there is no such request")]
    Missing,
    /// It waits no more.
    #[error("this request is over: {}", .0.code())]
    Over(Outcome),
    /// What was read is not what waits for the decision.
    #[error("it is not what was read: look at it again")]
    Changed,
    /// Nobody decides on what they wrote on, nor twice.
    #[error(
        "whoever wrote on it, or agreed to a step before, leaves the decision to somebody else"
    )]
    Own,
    /// They hold no post that decides this step today.
    #[error("this step is not this person's to decide today")]
    NotEntitled,
    /// No reason was given.
    #[error("say why, in 1 to 500 characters")]
    NoReason,
    /// They agree without saying why, where the policy wants that on record; or say too much.
    #[error("say why this is agreed to, in 1 to 500 characters")]
    NoNote,
    /// The database.
    #[error("the request could not be read or written")]
    Db(#[from] DbError),
}

/// Why something may not go out.
#[derive(Debug, Error)]
pub enum NotApproved {
    /// Nobody was asked, or not about this revision.
    #[error("nobody has been asked about this revision")]
    NotAsked,
    /// Somebody has still to agree.
    #[error("it waits for a decision")]
    Waiting,
    /// It was sent back, taken back, or has changed since.
    #[error("its request is over: {}", .0.code())]
    Over(Outcome),
    /// The contents differ from what was agreed to.
    #[error("its contents are not those that were agreed to")]
    OtherContents,
    /// The standing approval's last day is over.
    #[error("the standing approval held until {0}")]
    Lapsed(NaiveDate),
    /// The database.
    #[error("the approval could not be read")]
    Db(#[from] DbError),
}

/// Hands something in. From now on it is with its deciders.
///
/// # Errors
/// It is with them already, the way is empty, a step has nobody who could decide it today, or the last
/// day does not fit.
pub async fn submit(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    mut submission: Submission,
) -> Result<Request, ApprovalError> {
    audit::take_turn(tx).await?;
    let today = date_in_japan(now);
    check_until(&submission, today)?;
    submission.editors.insert(by);
    if store::live(tx.conn(), submission.frozen.subject)
        .await?
        .is_some()
    {
        return Err(ApprovalError::Already);
    }
    let roster = people::roster_in(tx).await?;
    check_way(&roster, today, &submission)?;
    let steps = submission.way.into_iter().map(|demand| Step {
        demand,
        taken: None,
    });
    let request = Request {
        id: ApprovalId::new(now),
        frozen: submission.frozen,
        house: submission.house,
        policy: submission.policy,
        submitted_by: by,
        submitted_at: now,
        editors: submission.editors,
        steps: steps.collect(),
        until: submission.until,
        ended: None,
    };
    store::add(tx.conn(), &request).await?;
    let way: Vec<_> = request
        .steps
        .iter()
        .map(|step| told(&step.demand))
        .collect();
    let actor = actor(&roster, by, today);
    let detail = json!({ "policy": request.policy, "way": way, "until": request.until });
    note(tx, now, actor, "approval.submitted", &request, detail).await?;
    Ok(request)
}

/// Says yes to the step that waits, or sends everything back. `seen` is the digest of what was read.
///
/// # Errors
/// There is no such request, it is over, it is not what was read, `by` wrote on it or decided before, or
/// the step is not theirs; a return needs a reason, and agreeing a note where [the grounds](Demand::needs_note)
/// demand it.
pub async fn decide(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    id: ApprovalId,
    seen: &Digest,
    verdict: Verdict,
) -> Result<Request, ApprovalError> {
    audit::take_turn(tx).await?;
    let today = date_in_japan(now);
    let mut request = open(tx, id).await?;
    if request.frozen.digest != *seen {
        return Err(ApprovalError::Changed);
    }
    let roster = people::roster_in(tx).await?;
    let (step, standing_in_for) = entitled(&roster, today, &request, by)?;
    let actor = actor(&roster, by, today);
    let demand = &request.steps[step].demand;
    let said = match verdict {
        Verdict::Agree(said) => noted(demand, said)?,
        Verdict::Return(reason) => {
            let ended = Ended {
                outcome: Outcome::Returned,
                by: Some(by),
                at: now,
                reason: Some(words(&reason).ok_or(ApprovalError::NoReason)?),
            };
            return end(tx, actor, "approval.returned", request, ended).await;
        }
    };
    // Words stay out of the record, as reasons do.
    let detail = json!({
        "step": step + 1,
        "for": told(demand),
        "standing_in_for": standing_in_for,
        "has_note": said.is_some(),
    });
    let taken = Taken {
        by,
        at: now,
        standing_in_for,
        note: said,
    };
    store::take(tx.conn(), id, step, &taken).await?;
    request.steps[step].taken = Some(taken);
    note(tx, now, actor.clone(), "approval.agreed", &request, detail).await?;
    if request.current().is_some() {
        return Ok(request);
    }
    let ended = Ended {
        outcome: Outcome::Approved,
        by: Some(by),
        at: now,
        reason: None,
    };
    end(tx, actor, "approval.approved", request, ended).await
}

/// Takes back what waits, or is approved and has not gone out. Whether `by` may is for whoever owns the
/// subject to say.
///
/// # Errors
/// Nothing of it waits or is approved.
pub async fn withdraw(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    subject: Subject,
) -> Result<Request, ApprovalError> {
    audit::take_turn(tx).await?;
    let request = store::live(tx.conn(), subject).await?;
    let request = request.ok_or(ApprovalError::Missing)?;
    let roster = people::roster_in(tx).await?;
    let actor = actor(&roster, by, date_in_japan(now));
    let ended = Ended {
        outcome: Outcome::Withdrawn,
        by: Some(by),
        at: now,
        reason: None,
    };
    end(tx, actor, "approval.withdrawn", request, ended).await
}

/// Ends whatever was asked or agreed about `subject`, because it has changed or is no more: `why`. Nothing
/// happens if there is nothing.
///
/// # Errors
/// The database does not answer.
pub async fn void(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    subject: Subject,
    why: &str,
) -> Result<(), ApprovalError> {
    audit::take_turn(tx).await?;
    let Some(request) = store::live(tx.conn(), subject).await? else {
        return Ok(());
    };
    let person = match by {
        Actor::Person(person, _) => Some(*person),
        Actor::System | Actor::Operator => None,
    };
    let ended = Ended {
        outcome: Outcome::Void,
        by: person,
        at: now,
        reason: Some(why.to_owned()),
    };
    end(tx, by.clone(), "approval.voided", request, ended)
        .await
        .map(drop)
}

/// That `frozen` was agreed to, and still is. Only this makes an [`Approved`].
///
/// # Errors
/// Why it may not go out.
pub async fn approved(tx: &Tx, today: NaiveDate, frozen: &Frozen) -> Result<Approved, NotApproved> {
    let Some(request) = store::live(tx.conn(), frozen.subject).await? else {
        let past = store::history(tx.conn(), frozen.subject).await?;
        let ended = past.into_iter().next().and_then(|newest| newest.ended);
        return Err(ended.map_or(NotApproved::NotAsked, |e| NotApproved::Over(e.outcome)));
    };
    if request.frozen.revision != frozen.revision {
        return Err(NotApproved::NotAsked);
    }
    if request.ended.is_none() {
        return Err(NotApproved::Waiting);
    }
    if request.frozen.digest != frozen.digest {
        return Err(NotApproved::OtherContents);
    }
    match request.until {
        Some(until) if until < today => Err(NotApproved::Lapsed(until)),
        _ => Ok(Approved {
            request: request.id,
            frozen: request.frozen,
        }),
    }
}

/// A request, whatever became of it.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: ApprovalId) -> Result<Option<Request>, DbError> {
    store::find(db.conn(), id).await
}

/// Everything ever asked about `subject`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn history(db: &Db, subject: Subject) -> Result<Vec<Request>, DbError> {
    store::history(db.conn(), subject).await
}

/// Everything ever asked about subjects of this kind, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn asked(db: &Db, kind: SubjectKind) -> Result<Vec<Request>, DbError> {
    store::asked(db.conn(), kind).await
}

/// Everything that waits, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn waiting(db: &Db) -> Result<Vec<Request>, DbError> {
    store::waiting(db.conn()).await
}

/// Whether `person` may decide the step of `request` that waits today.
pub fn may_decide(roster: &Roster, today: NaiveDate, request: &Request, person: PersonId) -> bool {
    entitled(roster, today, request, person).is_ok()
}

/// The step that waits, and for which post `by` would stand in.
fn entitled(
    roster: &Roster,
    today: NaiveDate,
    request: &Request,
    by: PersonId,
) -> Result<(usize, Option<PostId>), ApprovalError> {
    let step = request.current().ok_or(ApprovalError::NotEntitled)?;
    let decider = request.steps[step].demand.decider;
    let deciders = deciders(roster, today, decider, request.house);
    let standing_in_for = deciders.get(&by).ok_or(ApprovalError::NotEntitled)?;
    match request.has_had(by) {
        true => Err(ApprovalError::Own),
        false => Ok((step, *standing_in_for)),
    }
}

fn check_until(submission: &Submission, today: NaiveDate) -> Result<(), ApprovalError> {
    let fits = match (submission.frozen.subject.kind, submission.until) {
        (SubjectKind::Broadcast, until) => until.is_none(),
        (SubjectKind::Notice, None) => false,
        (SubjectKind::Notice, Some(until)) => {
            today <= until && until - today < TimeDelta::days(STANDING_DAYS)
        }
    };
    fits.then_some(()).ok_or(ApprovalError::Until)
}

/// Nobody should wait for a decision that nobody can make: each step has somebody who did not write on it.
fn check_way(
    roster: &Roster,
    today: NaiveDate,
    submission: &Submission,
) -> Result<(), ApprovalError> {
    if submission.way.is_empty() {
        return Err(ApprovalError::NoWay);
    }
    for demand in &submission.way {
        let deciders = deciders(roster, today, demand.decider, submission.house);
        if deciders
            .keys()
            .all(|person| submission.editors.contains(person))
        {
            return Err(ApprovalError::NobodyDecides(demand.decider));
        }
    }
    Ok(())
}

async fn open(tx: &Tx, id: ApprovalId) -> Result<Request, ApprovalError> {
    let request = store::find(tx.conn(), id).await?;
    let request = request.ok_or(ApprovalError::Missing)?;
    match &request.ended {
        Some(ended) => Err(ApprovalError::Over(ended.outcome)),
        None => Ok(request),
    }
}

/// Ends `request`, and puts `act` on record. Reasons stay out of the record: people write names into them.
async fn end(
    tx: &Tx,
    actor: Actor,
    act: &'static str,
    mut request: Request,
    ended: Ended,
) -> Result<Request, ApprovalError> {
    store::end(tx.conn(), request.id, &ended).await?;
    note(tx, ended.at, actor, act, &request, json!({})).await?;
    request.ended = Some(ended);
    Ok(request)
}

/// What is said to an agreement: something, where its grounds demand that.
fn noted(demand: &Demand, said: Option<String>) -> Result<Option<String>, ApprovalError> {
    match said.filter(|said| !said.trim().is_empty()) {
        Some(said) => words(&said).map(Some).ok_or(ApprovalError::NoNote),
        None if demand.needs_note() => Err(ApprovalError::NoNote),
        None => Ok(None),
    }
}

/// Words as they are kept; `None` if there are none, or too many.
fn words(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=500).contains(&text.chars().count());
    fits.then(|| text.to_owned())
}

fn told(demand: &Demand) -> serde_json::Value {
    let grounds: Vec<_> = demand.grounds.iter().map(|ground| ground.code()).collect();
    json!({ "decider": demand.decider.key(), "grounds": grounds })
}

fn actor(roster: &Roster, person: PersonId, today: NaiveDate) -> Actor {
    match roster.signed(person, today) {
        Some(signed) => signed.actor(),
        None => Actor::Person(person, None),
    }
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: Actor,
    act: &'static str,
    request: &Request,
    mut detail: serde_json::Value,
) -> Result<(), DbError> {
    let frozen = &request.frozen;
    detail["subject"] = json!(frozen.subject.id);
    detail["revision"] = json!(frozen.revision);
    detail["digest"] = json!(frozen.digest.as_str());
    let entry = Entry::of(by, act, ("approval", request.id)).with(detail);
    audit::record(tx, now, entry).await
}
