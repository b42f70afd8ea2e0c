//! What people vouch for about a draft: answers, proofs, and slips that are none.

use serde_json::json;

use super::moves::State;
use super::statement::{Shows, Stated, Statement};
use super::{Broadcast, BroadcastError, lint, note, read_at, store, theirs};
use crate::audit;
use crate::clock::{Instant, date_in_japan};
use crate::db::Tx;
use crate::ids::BroadcastId;
use crate::policy::{Answer, Profile};
use crate::staff::people::Signed;

/// Most characters of a reason, and of each word shown for a link.
const MAX_SAID: usize = 1000;

/// Most statements that are kept about one draft.
pub const MOST_STATEMENTS: usize = 1000;

/// Answers a question of the policy about the draft's present revision.
///
/// # Errors
/// The policy does not ask that, or the draft is not theirs, or no draft any more.
pub async fn answer(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    (id, revision): (BroadcastId, i32),
    question: &str,
    answer: Answer,
) -> Result<(), BroadcastError> {
    if !profile.questions.iter().any(|asked| asked.id == question) {
        return Err(BroadcastError::NotAsked);
    }
    let question = question.to_owned();
    let what = Statement::Answer { question, answer };
    vouch(tx, now, by, (id, revision), "broadcast.answered", |_| {
        Ok(what)
    })
    .await
}

/// Shows something for a link of the draft.
///
/// # Errors
/// The draft has no such link, nothing is said, or the draft is not theirs, or no draft any more.
pub async fn prove_link(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    (id, revision): (BroadcastId, i32),
    url: &str,
    shows: Shows,
) -> Result<(), BroadcastError> {
    for words in shows.words() {
        said(words)?;
    }
    let act = "broadcast.link_proven";
    vouch(tx, now, by, (id, revision), act, |draft| {
        if !draft.manuscript.links().contains(&url) {
            return Err(BroadcastError::NoSuchLink);
        }
        let url = url.to_owned();
        Ok(Statement::Link { url, shows })
    })
    .await
}

/// Says why something that [`lint`] points out is as it should be.
///
/// # Errors
/// Nothing of the kind is pointed out, no reason is given, or the draft is not theirs, or no draft any more.
pub async fn override_lint(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    (id, revision): (BroadcastId, i32),
    slip: &str,
    reason: &str,
) -> Result<(), BroadcastError> {
    let reason = said(reason)?.to_owned();
    let act = "broadcast.overruled";
    vouch(tx, now, by, (id, revision), act, |draft| {
        let day = date_in_japan(draft.manuscript.timing.send_at.unwrap_or(now).max(now));
        let found = lint::lint(&draft.manuscript, profile, day);
        if !found.iter().any(|found| found.key() == slip) {
            return Err(BroadcastError::NoSuchSlip);
        }
        let slip = slip.to_owned();
        Ok(Statement::Overrule { slip, reason })
    })
    .await
}

/// Keeps what somebody vouches for about a draft as they read it.
async fn vouch(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    (id, revision): (BroadcastId, i32),
    act: &'static str,
    what: impl FnOnce(&Broadcast) -> Result<Statement, BroadcastError>,
) -> Result<(), BroadcastError> {
    audit::take_turn(tx).await?;
    let draft = read_at(tx, id, revision).await?;
    theirs(by, &draft)?;
    if draft.head.state != State::Draft {
        return Err(BroadcastError::NoDraft(draft.head.state));
    }
    if draft.statements.0.len() >= MOST_STATEMENTS {
        return Err(BroadcastError::SaidTooMuch);
    }
    let stated = Stated {
        what: what(&draft)?,
        revision,
        by: by.person(),
        at: now,
    };
    let number = draft.statements.0.len() + 1;
    store::state(tx.conn(), id, number, &stated).await?;
    let about = match &stated.what {
        Statement::Answer { question, answer } => json!({ "question": question, "answer": answer }),
        Statement::Link { .. } | Statement::Overrule { .. } => json!({ "number": number }),
    };
    let mut detail = about;
    detail["revision"] = json!(revision);
    note(tx, now, by.actor(), act, id, detail).await
}

/// What somebody says, if it is something.
pub(super) fn said(words: &str) -> Result<&str, BroadcastError> {
    let words = words.trim();
    match (1..=MAX_SAID).contains(&words.chars().count()) {
        true => Ok(words),
        false => Err(BroadcastError::Unsaid),
    }
}
