//! Official bulletins that wait for somebody to decide: a draft, or nothing, for a reason. A bulletin sends nothing and
//! drafts nothing by itself; exercises, tests, and what was withdrawn are only shown.

mod store;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;

use super::drafting::{begin, fits};
use super::model::{Audience, Besides, Did, Head, Written};
use super::moves::Act;
use super::template::{Draft, from_bulletin};
use super::{EmergencyError, Terms, who};
use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{EmergencyId, SectionId};
use crate::jma::{self, Bulletin, Intensity, Known, Place};
use crate::staff::people::{Signed, roster_in};

/// How far back bulletins are looked at.
const SHOWN: TimeDelta = TimeDelta::days(7);
/// How long one waits; afterwards it is no news any more.
const FRESH: TimeDelta = TimeDelta::hours(24);
/// Most letters of a reason.
const REASON: usize = 500;

/// A bulletin as somebody decides on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// It, and what has become of it.
    pub known: Known,
    /// What a draft would say; none of an exercise, a test, what was withdrawn, or what residents are not told of.
    pub draft: Option<Draft>,
    /// What somebody decided.
    pub decided: Option<Decision>,
    /// A draft was made of an earlier one about the same.
    pub before: Option<EmergencyId>,
}

/// What somebody decided of a bulletin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Who, and when.
    pub did: Did,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a bulletin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A draft.
    Drafted(EmergencyId),
    /// Nothing, for this reason.
    PassedOver(String),
}

impl Notice {
    /// Whether a draft can be made of it: nothing has overtaken it, and none was made.
    pub fn is_open(&self) -> bool {
        let drafted = self.decided.as_ref().is_some_and(Decision::is_draft);
        self.draft.is_some() && !self.known.is_followed && !drafted
    }

    /// Whether somebody should decide.
    pub fn waits(&self, now: Instant) -> bool {
        self.is_open() && self.decided.is_none() && now < self.known.bulletin.reported_at + FRESH
    }
}

impl Decision {
    fn is_draft(&self) -> bool {
        matches!(self.outcome, Outcome::Drafted(_))
    }
}

/// What came in of late, the newest first; nothing, if the policy does not say which areas are the municipality.
///
/// # Errors
/// The database does not answer.
pub async fn notices(db: &Db, now: Instant, terms: Terms<'_>) -> Result<Vec<Notice>, DbError> {
    since(db, now - SHOWN, terms).await
}

/// Those of the last day on which somebody should decide, the newest first.
///
/// # Errors
/// The database does not answer.
pub async fn waiting(db: &Db, now: Instant, terms: Terms<'_>) -> Result<Vec<Notice>, DbError> {
    let mut notices = since(db, now - FRESH, terms).await?;
    notices.retain(|notice| notice.waits(now));
    Ok(notices)
}

async fn since(db: &Db, since: Instant, terms: Terms<'_>) -> Result<Vec<Notice>, DbError> {
    let Some((place, least)) = place(terms) else {
        return Ok(Vec::new());
    };
    let known = jma::newest(db, &place, since).await?;
    let decided = store::of(db.conn(), &known).await?;
    Ok(told(known, &decided, terms, least))
}

/// What a draft was made of, and what became of that since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The bulletin's source and time.
    pub source: String,
    /// It was withdrawn (取消).
    pub is_withdrawn: bool,
    /// It was corrected, or there is a later one.
    pub is_overtaken: bool,
}

/// What a draft was made of; nothing, if somebody wrote it.
///
/// # Errors
/// The database does not answer.
pub async fn origin(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
    of: EmergencyId,
) -> Result<Option<Origin>, DbError> {
    let Some(source) = store::source(db.conn(), of).await? else {
        return Ok(None);
    };
    let mut notices = since(db, now - SHOWN, terms).await?.into_iter();
    let made = Outcome::Drafted(of);
    let known = notices.find(|notice| {
        let decided = notice.decided.as_ref();
        decided.is_some_and(|decided| decided.outcome == made)
    });
    let known = known.map(|notice| notice.known);
    Ok(Some(Origin::of(source, known.as_ref())))
}

impl Origin {
    fn of(source: String, known: Option<&Known>) -> Self {
        Self {
            source,
            is_withdrawn: known.is_some_and(|known| known.is_withdrawn),
            is_overtaken: known.is_some_and(|known| known.is_corrected || known.is_followed),
        }
    }
}

/// Open emergencies whose bulletin the agency withdrew (取消), and those not sent yet of which it has said more since.
///
/// # Errors
/// The database does not answer.
pub async fn outlived(
    db: &Db,
    now: Instant,
    terms: Terms<'_>,
) -> Result<Vec<(Head, Origin)>, DbError> {
    let open = super::open(db).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let notices = since(db, now - SHOWN, terms).await?;
    let made = |notice: Notice| match notice.decided?.outcome {
        Outcome::Drafted(id) => Some((id, notice.known)),
        Outcome::PassedOver(_) => None,
    };
    let made: BTreeMap<EmergencyId, Known> = notices.into_iter().filter_map(made).collect();
    let outlived = open.into_iter().filter_map(|head| {
        let known = made.get(&head.id)?;
        let origin = Origin::of(known.bulletin.source(), Some(known));
        let counts = origin.is_withdrawn || (origin.is_overtaken && !head.state.went_out());
        counts.then_some((head, origin))
    });
    Ok(outlived.collect())
}

/// Begins an emergency of `section` that says what the bulletin says, for the whole town: whoever writes on changes that.
///
/// # Errors
/// `by` does not write for that section, no draft is made of the bulletin, or one was.
pub async fn draft(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    section: SectionId,
    bulletin: &str,
) -> Result<EmergencyId, EmergencyError> {
    let notice = take(tx, now, terms, by, section, bulletin).await?;
    let Some(Draft {
        code,
        filled,
        source,
    }) = notice.draft.clone().filter(|_| notice.is_open())
    else {
        return Err(EmergencyError::NoDraft);
    };
    let template = terms.library.find(&code).ok_or(EmergencyError::Template)?;
    let written = Written {
        besides: Besides::usual(template),
        template: code,
        filled,
        audience: Audience::WholeTown,
    };
    fits(tx, terms, &written, None).await?;
    let id = begin(tx, now, by, (section, None), &written).await?;
    let decision = decision(by, now, Outcome::Drafted(id));
    store::decide(tx.conn(), bulletin, &source, &decision).await?;
    note(tx, now, by, "emergency.bulletin_drafted", bulletin).await?;
    Ok(id)
}

/// Makes nothing of a bulletin (見送る), and says why. A draft may still be made.
///
/// # Errors
/// As [`draft`], or there is no reason.
pub async fn pass_over(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    section: SectionId,
    (bulletin, reason): (&str, &str),
) -> Result<(), EmergencyError> {
    let reason = reason.trim();
    if !(1..=REASON).contains(&reason.chars().count()) {
        return Err(EmergencyError::Unsaid);
    }
    let notice = take(tx, now, terms, by, section, bulletin).await?;
    if !notice.is_open() || notice.decided.is_some() {
        return Err(EmergencyError::NoDraft);
    }
    let decision = decision(by, now, Outcome::PassedOver(reason.to_owned()));
    let source = notice.known.bulletin.source();
    store::decide(tx.conn(), bulletin, &source, &decision).await?;
    note(tx, now, by, "emergency.bulletin_passed_over", bulletin).await
}

/// The bulletin, with nobody else deciding on it until `tx` ends.
async fn take(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    section: SectionId,
    bulletin: &str,
) -> Result<Notice, EmergencyError> {
    terms.rules()?;
    let (place, least) = place(terms).ok_or(EmergencyError::NoDraft)?;
    // Read before it is our turn: nobody else waits for it. What was decided is read when nobody else decides.
    let known = jma::newest_in(tx, &place, now - SHOWN).await?;
    audit::take_turn(tx).await?;
    let roster = roster_in(tx).await?;
    if !who::writes_for(&roster, date_in_japan(now), section, by.person()) {
        return Err(EmergencyError::NotTheirs(Act::Edit));
    }
    let decided = store::of(tx.conn(), &known).await?;
    let notices = told(known, &decided, terms, least);
    let found = notices
        .into_iter()
        .find(|notice| notice.known.bulletin.id == bulletin);
    found.ok_or(EmergencyError::NoDraft)
}

/// Which areas are the municipality, and of which earthquakes residents are told.
fn place(terms: Terms<'_>) -> Option<(Place, Intensity)> {
    let jma = terms.profile.emergency.as_ref()?.jma.as_ref()?;
    Some((Place::of(jma), Intensity::of_code(&jma.intensity)?))
}

fn told(
    known: Vec<Known>,
    decided: &BTreeMap<String, Decision>,
    terms: Terms<'_>,
    least: Intensity,
) -> Vec<Notice> {
    let drafted: Vec<(&Bulletin, EmergencyId)> = known
        .iter()
        .filter_map(|known| match decided.get(&known.bulletin.id)?.outcome {
            Outcome::Drafted(id) => Some((&known.bulletin, id)),
            Outcome::PassedOver(_) => None,
        })
        .collect();
    let before = |bulletin: &Bulletin| {
        let mut earlier = drafted.iter().filter(|(other, _)| {
            other.id != bulletin.id
                && bulletin.follows(other)
                && other.reported_at <= bulletin.reported_at
        });
        earlier.next().map(|(_, id)| *id)
    };
    let before: Vec<Option<EmergencyId>> =
        known.iter().map(|known| before(&known.bulletin)).collect();
    known
        .into_iter()
        .zip(before)
        .map(|(known, before)| Notice {
            draft: from_bulletin(terms.library, &known.bulletin, least)
                .filter(|_| !known.is_withdrawn),
            decided: decided.get(&known.bulletin.id).cloned(),
            before,
            known,
        })
        .collect()
}

fn decision(by: &Signed, now: Instant, outcome: Outcome) -> Decision {
    let did = Did {
        by: by.person(),
        at: now,
    };
    Decision { did, outcome }
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    act: &'static str,
    bulletin: &str,
) -> Result<(), EmergencyError> {
    let entry = Entry::of(by.actor(), act, ("bulletin", bulletin));
    Ok(audit::record(tx, now, entry.with(json!({}))).await?)
}
