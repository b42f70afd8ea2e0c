//! Broadcasts (配信): written by a section, judged by the policy, agreed to by whom the policy names, and
//! sent exactly as they were agreed to.
//!
//! ```ignore
//! let id = broadcast::draft(&tx, now, &signed, profile, house, &manuscript).await?;
//! broadcast::answer(&tx, now, &signed, profile, id, "source", Answer::Yes).await?;
//! let request = broadcast::submit(&tx, now, &signed, terms, id, 1).await?;          // frozen
//! broadcast::decide(&tx, now, chief, terms, request.id, &seen, Verdict::Agree(None)).await?;
//! let approved = broadcast::approved(&tx, now, id).await?;                          // only then
//! let dispatch = broadcast::release(&tx, now, terms, approved).await?;
//! ```
//!
//! - [`content`], [`messages`], [`room`]: what it says, as LINE is handed it, and how much room is left.
//! - [`gates`], [`lint`], [`statement`]: what the policy asks, what a careful colleague points out, and what
//!   people vouch for.
//! - [`template`], [`test_send`]: manuscripts to begin with, and drafts on phones of staff.
//! - [`moves`]: every way from one state to another; the database has the same table.
//!
//! Verbs take their turn in the record first, so that what they decide on cannot change under them. The
//! record names revisions and digests, never words.

mod closing;
pub mod content;
mod cutting;
mod deciding;
mod error;
pub mod gates;
mod house;
pub(crate) mod links;
pub mod lint;
mod listing;
pub mod messages;
mod model;
pub mod moves;
pub mod phrases;
pub mod response;
pub mod room;
mod sending;
pub mod statement;
mod store;
pub mod template;
pub mod test_send;
mod vouching;
mod way;
mod wording;

pub use closing::{Closing, NotClosed, close, closing, unclosed};
pub use cutting::cut_next;
pub use deciding::{Terms, decide, findings, messages_of, submit};
pub use error::BroadcastError;
pub use house::{houses, may_close, may_resume, may_write};
pub use listing::{
    Query, Sent, between, corrections, is_any_overdue, lapsed, list, sent, sent_one, shows,
    was_released,
};
pub use model::{Broadcast, Head, Issue, Revision};
pub use sending::{
    SOURCE, approved, due, lapse_overdue, release, release_due, resume, settle, stop,
};
pub use vouching::{answer, override_lint, prove_link};
pub use way::way;
pub use wording::Wording;

use serde_json::{Value, json};

use crate::approval::{self, House};
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::BroadcastId;
use crate::policy::{Drafter, Profile};
use crate::staff::people::Signed;
use content::{Audience, Manuscript, Timing};
use moves::{Move, State};
use store::With;
use wording::Begun;

/// Most revisions that are kept of one: nobody writes so often, but a program might.
const MOST_REVISIONS: i32 = 500;

/// Begins a broadcast of `house`.
///
/// # Errors
/// `by` does not write for that house, the policy has no route for its drafts, or what it would correct
/// did not go out, or so long ago that whom it reached is forgotten.
pub async fn draft(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    house: House,
    manuscript: &Manuscript,
) -> Result<BroadcastId, BroadcastError> {
    audit::take_turn(tx).await?;
    let begun = Begun::Blank;
    begin(tx, now, by, profile, house, manuscript, begun).await
}

/// Begins one with the words of the template of emergencies `code`, as the template puts them: whoever decides is told
/// whether it still says them.
///
/// # Errors
/// As [`draft`].
pub async fn draft_from_template(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    house: House,
    (code, manuscript): (&str, &Manuscript),
) -> Result<BroadcastId, BroadcastError> {
    audit::take_turn(tx).await?;
    let begun = Begun::Template(code);
    begin(tx, now, by, profile, house, manuscript, begun).await
}

/// Begins another with what `from` says, without its hour. Whoever wrote that does not decide on this either.
///
/// # Errors
/// As [`draft`], or there is no such broadcast.
pub async fn copy(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    house: House,
    from: BroadcastId,
) -> Result<BroadcastId, BroadcastError> {
    audit::take_turn(tx).await?;
    let from = read(tx, from).await?;
    let manuscript = Manuscript {
        timing: Timing::default(),
        ..from.manuscript.clone()
    };
    let begun = Begun::Copy(&from);
    begin(tx, now, by, profile, house, &manuscript, begun).await
}

/// Begins a correction of `wrong`, for exactly those to whom it went.
///
/// # Errors
/// As [`copy`], or `wrong` did not go out.
pub async fn correct(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    house: House,
    wrong: BroadcastId,
) -> Result<BroadcastId, BroadcastError> {
    audit::take_turn(tx).await?;
    let from = read(tx, wrong).await?;
    let manuscript = Manuscript {
        timing: Timing::default(),
        audience: Audience::Corrected(wrong),
        ..from.manuscript.clone()
    };
    let begun = Begun::Copy(&from);
    begin(tx, now, by, profile, house, &manuscript, begun).await
}

async fn begin(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    house: House,
    manuscript: &Manuscript,
    begun: Begun<'_>,
) -> Result<BroadcastId, BroadcastError> {
    let drafter = drafts_for(by, profile, house, &manuscript.category)?;
    if let Some(wrong) = manuscript.corrects() {
        let wrong = read(tx, wrong).await?;
        theirs(by, &wrong)?;
        if !wrong.head.state.went_out() {
            return Err(BroadcastError::NotSent);
        }
        // Those it reaches were chosen for this category, and told their answers for its purpose.
        if wrong.head.category != manuscript.category {
            return Err(BroadcastError::OtherCorrection);
        }
        sending::is_remembered(tx, &wrong.head).await?;
    }
    let id = BroadcastId::new(now);
    let whose = (house, drafter);
    store::add(tx.conn(), id, now, by.person(), whose, manuscript, &begun).await?;
    let detail = json!({
        "revision": 1,
        "corrects": manuscript.corrects(),
        "copied_from": begun.copied().map(|from| from.head.id),
    });
    note(tx, now, by.actor(), "broadcast.drafted", id, detail).await?;
    Ok(id)
}

/// Writes over what was read at `revision`; gives the new revision. What was handed in, agreed to or is too
/// late becomes a draft again, and every agreement void.
///
/// # Errors
/// Somebody wrote on it meanwhile, it is not theirs, it went out or was given up, or it would correct
/// something else.
pub async fn edit(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: BroadcastId,
    revision: i32,
    manuscript: &Manuscript,
) -> Result<i32, BroadcastError> {
    audit::take_turn(tx).await?;
    let before = read_at(tx, id, revision).await?;
    theirs(by, &before)?;
    if before.manuscript == *manuscript {
        return Ok(revision);
    }
    if revision >= MOST_REVISIONS {
        return Err(BroadcastError::SaidTooMuch);
    }
    let recategorised = before.head.category != manuscript.category;
    if before.head.corrects != manuscript.corrects()
        || (before.head.corrects.is_some() && recategorised)
    {
        return Err(BroadcastError::OtherCorrection);
    }
    if before.head.state != State::Draft {
        make_draft(tx, now, &by.actor(), &before).await?;
    }
    store::edit(tx.conn(), id, revision + 1, now, by.person(), manuscript).await?;
    let detail = json!({ "revision": revision + 1 });
    note(tx, now, by.actor(), "broadcast.edited", id, detail).await?;
    Ok(revision + 1)
}

/// Makes it a draft again, to be written on; every agreement is void.
///
/// # Errors
/// It is not theirs, or went out, or was given up.
pub async fn reopen(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: BroadcastId,
) -> Result<(), BroadcastError> {
    audit::take_turn(tx).await?;
    let before = read(tx, id).await?;
    theirs(by, &before)?;
    make_draft(tx, now, &by.actor(), &before).await
}

/// Gives it up for good.
///
/// # Errors
/// It is not theirs, or went out, or was given up already.
pub async fn withdraw(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: BroadcastId,
) -> Result<(), BroadcastError> {
    audit::take_turn(tx).await?;
    let before = read(tx, id).await?;
    theirs(by, &before)?;
    allowed(&before.head, Move::Withdraw)?;
    if matches!(before.head.state, State::Submitted | State::Approved) {
        approval::withdraw(tx, now, by.person(), before.head.subject()).await?;
    }
    make(
        tx,
        now,
        by.actor(),
        &before.head,
        Move::Withdraw,
        With::Nothing,
    )
    .await
}

/// A broadcast with everything written and said about it.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: BroadcastId) -> Result<Option<Broadcast>, DbError> {
    store::find(db.conn(), id).await
}

/// Every revision of it, oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn revisions(db: &Db, id: BroadcastId) -> Result<Vec<Revision>, DbError> {
    store::revisions(db.conn(), id).await
}

fn drafts_for(
    by: &Signed,
    profile: &Profile,
    house: House,
    category: &str,
) -> Result<Drafter, BroadcastError> {
    let houses = houses(by);
    let own = houses.iter().find(|(own, _)| *own == house);
    let (_, drafter) = own.ok_or(BroadcastError::NotTheirs)?;
    match profile.route(*drafter, category) {
        Some(_) => Ok(*drafter),
        None => Err(BroadcastError::NoRoute),
    }
}

fn theirs(by: &Signed, broadcast: &Broadcast) -> Result<(), BroadcastError> {
    match may_write(by, broadcast.head.house) {
        true => Ok(()),
        false => Err(BroadcastError::NotTheirs),
    }
}

async fn read(tx: &Tx, id: BroadcastId) -> Result<Broadcast, BroadcastError> {
    let found = store::find(tx.conn(), id).await?;
    found.ok_or(BroadcastError::Gone)
}

async fn read_at(tx: &Tx, id: BroadcastId, revision: i32) -> Result<Broadcast, BroadcastError> {
    let found = read(tx, id).await?;
    match found.head.revision == revision {
        true => Ok(found),
        false => Err(BroadcastError::Changed),
    }
}

async fn make_draft(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    before: &Broadcast,
) -> Result<(), BroadcastError> {
    allowed(&before.head, Move::Reopen)?;
    let subject = before.head.subject();
    approval::void(tx, now, by, subject, phrases::WRITTEN_ON).await?;
    make(
        tx,
        now,
        by.clone(),
        &before.head,
        Move::Reopen,
        With::NoIssue,
    )
    .await
}

/// Where a move leads from where it stands.
fn allowed(head: &Head, happens: Move) -> Result<State, BroadcastError> {
    let refused = BroadcastError::Refused {
        state: head.state,
        happens,
    };
    head.state.after(happens).ok_or(refused)
}

/// Makes a move, and puts it on record.
async fn make(
    tx: &Tx,
    now: Instant,
    by: Actor,
    head: &Head,
    happens: Move,
    with: With<'_>,
) -> Result<(), BroadcastError> {
    let to = allowed(head, happens)?;
    let detail = match &with {
        With::Issue(issue) => json!({ "digest": issue.digest()?.as_str() }),
        With::Dispatch(dispatch) => json!({ "dispatch": dispatch }),
        With::Nothing | With::NoIssue => json!({}),
    };
    store::move_to(tx.conn(), head.id, now, to, with).await?;
    let mut detail = detail;
    detail["revision"] = json!(head.revision);
    note(tx, now, by, happens.act(), head.id, detail).await
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: Actor,
    act: &'static str,
    id: BroadcastId,
    detail: Value,
) -> Result<(), BroadcastError> {
    let entry = Entry::of(by, act, ("broadcast", id)).with(detail);
    Ok(audit::record(tx, now, entry).await?)
}
