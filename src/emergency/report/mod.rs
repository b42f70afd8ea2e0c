//! The report afterwards (事後報告書, T18): what was sent to whom, who stood behind it, and what went otherwise
//! than planned. The chief whose emergency it was files it, the other one confirms (後閲).

mod reminding;
pub(super) mod store;

pub use reminding::remind;

use chrono::NaiveTime;

use super::model::{Emergency, Event, Filing, Head};
use super::moves::{Act, Side};
use super::store::{self as emergencies, With};
use super::taking::{Said, said, take};
use super::{EmergencyError, Terms};
use crate::calling::{self, Call, Calling, Ended, Kind, Standing};
use crate::clock::{Instant, date_in_japan, instant_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::delivery::{self, Progress};
use crate::ids::EmergencyId;
use crate::policy::Hours;
use crate::staff::people::{self, Name, Number, Roster, Signed};

/// A report: everything there is to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The emergency: its number (照合番号), words, audience, both persons, and how far the report has come.
    pub emergency: Emergency,
    /// What happened, oldest first.
    pub timeline: Vec<Entry>,
    /// How LINE took it: "accepted" is LINE's word, that somebody has read it is not known.
    pub progress: Option<Progress>,
    /// What went otherwise than planned.
    pub deviations: Vec<Deviation>,
    /// Its corrections, the newest first.
    pub corrections: Vec<Head>,
    /// Who was called for it, how, when, and who answered, oldest first.
    pub callings: Vec<Calling>,
}

/// Something that happened, with whoever did it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What, when, and why.
    pub event: Event,
    /// Who; nobody, when the product did it.
    pub person: Option<Named>,
    /// For which chief's post they stood in (代), as it is called.
    pub standing_in_for: Option<String>,
}

/// A person, as a report names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Their number.
    pub number: Number,
    /// Their name.
    pub name: Name,
}

/// Something that went otherwise than planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deviation {
    /// A deputy did it in a chief's stead.
    Deputy(Act),
    /// It was asked to be written otherwise, or somebody wrote on it after it was handed in.
    HandedInAgain(usize),
    /// An agreement was taken back, or fell.
    AgreementLost,
    /// One chief alone sent it, under the year's agreement.
    Alone,
    /// It went to so many people, when so many had been agreed to.
    OtherPeople {
        /// When it was handed in.
        agreed: u64,
        /// When it was sent.
        sent: u64,
    },
    /// Somebody stopped it.
    Stopped,
    /// So many people did not receive it: LINE refused it, or it was too late.
    NotReceived(u64),
    /// For so many nobody can know.
    Unknown(u64),
    /// It had to be corrected.
    Corrected,
    /// Nobody of a side answered when it was called; where `reached` is false not one call could be made.
    Unanswered {
        /// Which.
        side: Side,
        /// Whether any call was made.
        reached: bool,
    },
    /// The report was late.
    Late,
}

/// Files the report, or files it anew while nobody has confirmed it.
///
/// # Errors
/// They do not speak for its side, nothing or too much was written, or it is not at rest.
pub async fn file(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    words: &str,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::File).await?;
    let report = taken.emergency.report.clone();
    let filed = Filing {
        words: Some(said(words)?),
        filed: Some(taken.did(now)),
        ..report.ok_or(EmergencyError::NotFiled)?
    };
    store::keep(tx.conn(), id, &filed).await?;
    taken.make(tx, now, With::Nothing, Said::default()).await
}

/// Confirms the report that was filed at `filed_at` (後閲): the emergency is closed.
///
/// # Errors
/// They do not speak for the other side, or filed it; or it was filed anew since it was read.
pub async fn confirm(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    filed_at: Instant,
) -> Result<(), EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Confirm).await?;
    let report = taken.emergency.report.clone();
    let report = report.ok_or(EmergencyError::NotFiled)?;
    if report.filed.is_none_or(|filed| filed.at != filed_at) {
        return Err(EmergencyError::NotFiled);
    }
    let confirmed = Filing {
        confirmed: Some(taken.did(now)),
        ..report
    };
    store::keep(tx.conn(), id, &confirmed).await?;
    taken.make(tx, now, With::Nothing, Said::default()).await
}

/// The report of an emergency that went out.
///
/// # Errors
/// The database does not answer.
pub async fn report(db: &Db, now: Instant, id: EmergencyId) -> Result<Option<Report>, DbError> {
    let Some(emergency) = emergencies::find(db.conn(), id).await? else {
        return Ok(None);
    };
    let progress = match emergency.head.dispatch {
        Some(dispatch) => delivery::progress(db, now, dispatch).await?,
        None => None,
    };
    let corrections = emergencies::corrections(db.conn(), id).await?;
    let roster = people::roster(db).await?;
    let timeline = emergency.history.iter().map(|event| entry(&roster, event));
    let callings = calling::history(db, id.0).await?;
    let mut deviations = deviations(&emergency, progress.as_ref(), &corrections, now);
    deviations.extend(callings.iter().filter_map(unanswered));
    Ok(Some(Report {
        timeline: timeline.collect(),
        deviations,
        callings,
        progress,
        corrections,
        emergency,
    }))
}

/// Those whose report was due and is not confirmed.
///
/// # Errors
/// The database does not answer.
pub async fn overdue(db: &Db, now: Instant) -> Result<Vec<Head>, DbError> {
    store::overdue(db.conn(), now).await
}

/// When the report of what is sent at `sent` is due: when work ends on the next working day.
pub(super) fn due_at(hours: &Hours, sent: Instant) -> Instant {
    let today = date_in_japan(sent);
    let day = hours.next_working_day(today).unwrap_or(today);
    let ends = hours.openings(day).into_iter().map(|(_, to)| to).max();
    let evening = || NaiveTime::from_hms_opt(17, 15, 0).unwrap_or_default();
    instant_in_japan(day.and_time(ends.unwrap_or_else(evening)))
}

fn entry(roster: &Roster, event: &Event) -> Entry {
    let person = event.by.and_then(|id| roster.persons.get(&id));
    let post = event.standing_in_for.and_then(|id| roster.posts.get(&id));
    Entry {
        event: event.clone(),
        person: person.map(|person| Named {
            number: person.number.clone(),
            name: person.name.clone(),
        }),
        standing_in_for: post.map(people::Post::label),
    }
}

/// A calling that had to be answered, and was not.
fn unanswered(calling: &Calling) -> Option<Deviation> {
    let ended = calling.ended.filter(|_| calling.kind == Kind::Emergency)?;
    let reached = calling.reached_out();
    let failed = |call: &Call| matches!(call.state, Standing::Failed(_));
    let in_vain = calling.calls.is_empty() || calling.calls.iter().any(failed);
    let is_missed = ended.how == Ended::Unanswered || (in_vain && !reached);
    is_missed.then_some(Deviation::Unanswered {
        side: calling.side?,
        reached,
    })
}

fn deviations(
    emergency: &Emergency,
    progress: Option<&Progress>,
    corrections: &[Head],
    now: Instant,
) -> Vec<Deviation> {
    let history = &emergency.history;
    let happened = |act: Act| history.iter().filter(move |event| event.act == Some(act));
    let deputies = history
        .iter()
        .filter(|event| event.standing_in_for.is_some());
    let mut found: Vec<Deviation> = deputies
        .filter_map(|event| event.act.map(Deviation::Deputy))
        .collect();
    let handed_in = happened(Act::Submit).count();
    if handed_in > 1 {
        found.push(Deviation::HandedInAgain(handed_in - 1));
    }
    if happened(Act::Revoke)
        .chain(happened(Act::Void))
        .next()
        .is_some()
    {
        found.push(Deviation::AgreementLost);
    }
    if emergency.head.agreement.is_some() {
        found.push(Deviation::Alone);
    }
    let agreed = emergency.issue.as_ref().map(|issue| issue.people);
    if let Some((agreed, sent)) = agreed.zip(emergency.head.people)
        && agreed != sent
    {
        found.push(Deviation::OtherPeople { agreed, sent });
    }
    if happened(Act::Stop).next().is_some() {
        found.push(Deviation::Stopped);
    }
    if let Some(progress) = progress {
        let people = &progress.people;
        if people.refused + people.late > 0 {
            found.push(Deviation::NotReceived(people.refused + people.late));
        }
        if people.unknown > 0 {
            found.push(Deviation::Unknown(people.unknown));
        }
    }
    if corrections.iter().any(|head| head.state.went_out()) {
        found.push(Deviation::Corrected);
    }
    let report = emergency.report.as_ref();
    let late = |report: &Filing| report.due_at < report.confirmed.map_or(now, |did| did.at);
    if report.is_some_and(late) {
        found.push(Deviation::Late);
    }
    found
}
