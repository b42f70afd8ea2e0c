//! From a rule to a standing approval: handed in, agreed to, taken back, void.

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde_json::json;

use super::notice::{Content, HandedIn, Key, Notice};
use super::{ReminderError, phrases, store};
use crate::approval::{
    self, Digest, House, Outcome, Request, STANDING_DAYS, SubjectKind, Submission, Verdict,
};
use crate::audit::{self, Actor, Entry};
use crate::broadcast::{self, gates};
use crate::clock::Instant;
use crate::db::{Db, Tx};
use crate::ids::{NoticeId, PersonId};
use crate::policy::{Drafter, Profile};
use crate::staff::people::{self, Place, Signed};

/// Days before its last one that an approval is to be renewed.
pub const SOON: i64 = 45;

/// For how long, and whether outside working hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The last day on which it is to hold: at most a year ahead.
    pub until: NaiveDate,
    /// Why it goes out outside working hours, where the policy asks that.
    pub out_of_hours: Option<String>,
}

impl Wish {
    /// The last day until which one can be had today.
    pub fn latest(today: NaiveDate) -> NaiveDate {
        today + TimeDelta::days(STANDING_DAYS - 1)
    }

    /// The last day that is usually wished for: the fiscal year's; of a year that ends within [`SOON`] days, as late as
    /// can be.
    pub fn usual(today: NaiveDate) -> NaiveDate {
        let ends = |year| NaiveDate::from_ymd_opt(year, 3, 31);
        let years = [today.year(), today.year() + 1].into_iter();
        let end = years.filter_map(ends).find(|end| *end >= today);
        match end {
            Some(end) if end - today >= TimeDelta::days(SOON) => end,
            _ => Self::latest(today),
        }
    }
}

/// The house for which somebody hands this notice in: their section that looks after what it is of, or the
/// section that owns the account. `None` if it is not theirs.
pub fn house(by: &Signed, key: &Key) -> Option<(House, Drafter)> {
    let subject = match key {
        Key::Garbage => people::Subject::Garbage,
        Key::Childcare(_) => people::Subject::Childcare,
    };
    let looks_after = |house: &House| {
        by.posts().iter().any(|post| match &post.place {
            Place::Section(section) => {
                *house == House::Section(section.id)
                    && (section.owner || section.subjects.contains(&subject))
            }
            _ => false,
        })
    };
    let mut houses = broadcast::houses(by).into_iter();
    houses.find(|(house, _)| looks_after(house))
}

/// Whether the policy keeps it to working hours although it goes out at others.
pub fn needs_exception(profile: &Profile, content: &Content) -> bool {
    // Hours that residents choose are the evening's and the morning's; notices for children wait for an
    // opening.
    profile.sending.only_in_working_hours && content.versions.is_empty()
}

/// Hands a notice in as it is now.
///
/// # Errors
/// It is not theirs, it waits already, it was handed in since it was read, it needs a reason, or nobody could
/// decide on it.
pub async fn submit(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    profile: &Profile,
    notice: &Notice,
    wish: Wish,
) -> Result<Request, ReminderError> {
    audit::take_turn(tx).await?;
    let (house, drafter) = house(by, &notice.key).ok_or(ReminderError::NotTheirs)?;
    if notice.waiting().is_some() {
        return Err(approval::ApprovalError::Already.into());
    }
    let newest = store::newest_revision(tx.conn(), &notice.key).await?;
    if newest != notice.asked.first().map(|asked| asked.handed_in.revision) {
        return Err(ReminderError::Changed);
    }
    let out_of_hours = reason(profile, notice, wish.out_of_hours)?;
    let handed_in = HandedIn {
        id: NoticeId::new(now),
        key: notice.key.clone(),
        revision: newest.unwrap_or_default() + 1,
        content: notice.content.out_of_hours(out_of_hours),
    };
    let content = &handed_in.content;
    let submission = Submission {
        frozen: handed_in.frozen(content)?,
        house,
        editors: [by.person()].into(),
        way: way(profile, drafter, content).ok_or(ReminderError::NoRoute)?,
        policy: profile.profile.version.clone(),
        until: Some(wish.until),
    };
    store::add(tx.conn(), now, &handed_in).await?;
    let request = approval::submit(tx, now, by.person(), submission).await?;
    let entry = Entry::of(by.actor(), "reminder.submitted", ("notice", &handed_in.key));
    let detail = json!({ "approval": request.id, "until": wish.until });
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(request)
}

/// Agrees to what waits of `notice`, or sends it back; `seen` is the digest of what was read.
///
/// # Errors
/// As [`approval::decide`]; or it is not what would go out any more.
pub async fn decide(
    tx: &Tx,
    now: Instant,
    by: PersonId,
    notice: &Notice,
    seen: &Digest,
    verdict: Verdict,
) -> Result<Request, ReminderError> {
    let asked = notice.waiting().ok_or(ReminderError::Changed)?;
    if matches!(verdict, Verdict::Agree(_)) && !asked.holds {
        return Err(ReminderError::Changed);
    }
    Ok(approval::decide(tx, now, by, asked.request.id, seen, verdict).await?)
}

/// Takes back whatever waits, or is in force. Nothing of it goes out from then on.
///
/// # Errors
/// It is not theirs, or there is nothing to take back.
pub async fn withdraw(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    notice: &Notice,
) -> Result<(), ReminderError> {
    house(by, &notice.key).ok_or(ReminderError::NotTheirs)?;
    let mut live = notice
        .asked
        .iter()
        .filter(|asked| asked.is_live())
        .peekable();
    live.peek().ok_or(ReminderError::Changed)?;
    for asked in live {
        let subject = asked.request.frozen.subject;
        approval::withdraw(tx, now, by.person(), subject).await?;
    }
    Ok(())
}

/// Ends what was asked or agreed about rules that have changed, or are no more; gives how many.
///
/// # Errors
/// The database does not answer.
pub async fn void_changed(
    db: &Db,
    now: Instant,
    profile: &Profile,
) -> Result<usize, ReminderError> {
    let asked = approval::asked(db, SubjectKind::Notice).await?;
    let live = |request: &Request| {
        let ended = request.ended.as_ref();
        ended.is_none_or(|ended| ended.outcome == Outcome::Approved)
    };
    if !asked.iter().any(live) {
        return Ok(0);
    }
    let (notices, gone) = super::all(db, profile).await?;
    let of_notices = notices.iter().flat_map(|notice| &notice.asked);
    let changed = of_notices
        .filter(|asked| !asked.holds)
        .map(|asked| (asked, phrases::CHANGED));
    let gone = gone.iter().map(|asked| (asked, phrases::GONE));
    let mut ended = 0;
    for (asked, why) in changed.chain(gone).filter(|(asked, _)| asked.is_live()) {
        let tx = db.begin().await?;
        let subject = asked.request.frozen.subject;
        approval::void(&tx, now, &Actor::System, subject, why).await?;
        tx.commit().await?;
        ended += 1;
    }
    Ok(ended)
}

/// Why it may go out outside working hours; nothing where the policy does not ask.
fn reason(
    profile: &Profile,
    notice: &Notice,
    said: Option<String>,
) -> Result<Option<String>, ReminderError> {
    if !profile.sending.only_in_working_hours {
        return Ok(None);
    }
    let said = said.map(|said| said.trim().to_owned());
    match said.filter(|said| !said.is_empty()) {
        Some(said) if said.chars().count() <= 500 => Ok(Some(said)),
        None if !needs_exception(profile, &notice.content) => Ok(None),
        _ => Err(ReminderError::NoReason),
    }
}

/// Who must agree, one after the other.
fn way(profile: &Profile, drafter: Drafter, content: &Content) -> Option<Vec<approval::Demand>> {
    let category = profile.category(&content.category);
    let note = category.is_some_and(|category| category.chief_note);
    let asks = [
        (note, gates::Gate::ChiefNote),
        (content.out_of_hours.is_some(), gates::Gate::OutOfHours),
    ];
    let asks = asks.into_iter().filter(|(asks, _)| *asks);
    let findings: Vec<gates::Finding> = asks
        .map(|(_, gate)| gates::Finding {
            gate,
            severity: gates::Severity::AsksChief,
            clause: None,
        })
        .collect();
    broadcast::way(profile, drafter, &content.category, &findings)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_can_be_asked_for() {
        let offered = |today: &str| Wish::usual(today.parse().unwrap()).to_string();
        assert_eq!(offered("2026-11-24"), "2027-03-31");
        assert_eq!(offered("2027-03-20"), "2028-03-19");
        assert_eq!(offered("2027-04-01"), "2028-03-31");
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        for today in first.iter_days().take(1_500) {
            assert!(today <= Wish::usual(today) && Wish::usual(today) <= Wish::latest(today));
        }
    }
}
