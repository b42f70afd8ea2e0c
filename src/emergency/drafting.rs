//! Written, written on, and handed in (T1–T3, T9).

use chrono::TimeDelta;
use serde_json::json;

use super::announcing::announced;
use super::model::{Audience, Did, Event, Head, Issue, Written};
use super::moves::{Act, Side, State};
use super::readiness::readiness_in;
use super::standing::{channel, people};
use super::store::{self, With};
use super::taking::{Said, make, take};
use super::template::{self, About, Template, Where};
use super::waking::{self, Woken};
use super::{EmergencyError, Terms, digest, link, who};
use crate::area;
use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::Tx;
use crate::ids::{EmergencyId, SectionId};
use crate::line::message::Messages;
use crate::mode::Mode;
use crate::staff::people::{Roster, Signed, roster_in};

/// Minutes for which an emergency is worth being told when its template does not say.
const MINUTES: u32 = 60;
/// Most versions that are kept of one.
const MOST_VERSIONS: i32 = 200;

/// Begins an emergency of `section`, in the mode of this installation.
///
/// # Errors
/// `by` does not write for that section, the template is not published, or its areas are none.
pub async fn draft(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    section: SectionId,
    written: &Written,
) -> Result<EmergencyId, EmergencyError> {
    audit::take_turn(tx).await?;
    terms.rules()?;
    let roster = roster_in(tx).await?;
    if !who::writes_for(&roster, date_in_japan(now), section, by.person()) {
        return Err(EmergencyError::NotTheirs(Act::Edit));
    }
    fits(tx, terms, written, None).await?;
    begun_by(&roster, section, published(terms, written)?)?;
    begin(tx, now, by, (section, None), written).await
}

/// Whether a section may begin a template.
fn begun_by(
    roster: &Roster,
    section: SectionId,
    template: &Template,
) -> Result<(), EmergencyError> {
    let name = roster.sections.get(&section);
    let named = |of: &String| name.is_some_and(|section| section.name == *of);
    match template.sections.is_empty() || template.sections.iter().any(named) {
        true => Ok(()),
        false => Err(EmergencyError::OtherSections(template.sections.clone())),
    }
}

/// Begins one that fits.
pub(super) async fn begin(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    (section, corrects): (SectionId, Option<EmergencyId>),
    written: &Written,
) -> Result<EmergencyId, EmergencyError> {
    let did = Did {
        by: by.person(),
        at: now,
    };
    let head = Head {
        id: EmergencyId::new(now),
        mode: tx.mode().await?,
        section,
        state: State::Draft,
        version: 1,
        template: written.template.clone(),
        corrects,
        created: did,
        moved_at: now,
        digest: None,
        submitted: None,
        expires_at: None,
        concurred: None,
        concurred_with: None,
        agreement: None,
        sent: None,
        people: None,
        dispatch: None,
    };
    store::add(tx.conn(), &head, written).await?;
    let event = Event {
        act: None,
        from: None,
        to: State::Draft,
        version: 1,
        by: Some(did.by),
        standing_in_for: None,
        at: now,
        digest: None,
        evidence: None,
        reason: None,
    };
    store::note(tx.conn(), head.id, &event).await?;
    let detail = json!({ "mode": head.mode, "section": section, "corrects": corrects, "template": head.template });
    let entry = Entry::of(by.actor(), "emergency.drafted", ("emergency", head.id));
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(head.id)
}

/// Writes over what was read at `version`; gives the new version. What was handed in or agreed to becomes a
/// draft again, and every agreement void.
///
/// # Errors
/// Somebody wrote on it meanwhile, it is not theirs, or it went out or ended.
pub async fn edit(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    version: i32,
    written: &Written,
) -> Result<i32, EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Edit).await?;
    let head = taken.head();
    if head.version != version {
        return Err(EmergencyError::Changed);
    }
    if taken.emergency.written == *written {
        return Ok(version);
    }
    if version >= MOST_VERSIONS {
        return Err(EmergencyError::WrittenTooOften);
    }
    let before = &taken.emergency.written.audience;
    fits(tx, terms, written, head.corrects.map(|_| before)).await?;
    if written.template != head.template {
        let roster = roster_in(tx).await?;
        begun_by(&roster, head.section, published(terms, written)?)?;
    }
    let with = match head.state {
        State::Draft => With::Nothing,
        _ => With::NoIssue,
    };
    let newer = Head {
        version: version + 1,
        ..head.clone()
    };
    let deed = (Act::Edit, Some((by, taken.standing_in_for)));
    make(tx, now, &newer, deed, with, Said::default()).await?;
    store::edit(tx.conn(), id, version + 1, taken.did(now), written).await?;
    Ok(version + 1)
}

/// Hands in what was read at `version`: it is frozen, and the chiefs confer.
///
/// # Errors
/// Somebody wrote on it meanwhile, they do not speak for its side, it does not say what it must or reaches
/// nobody; live: it is within working hours, or the sides are not ready.
pub async fn submit(
    tx: &Tx,
    now: Instant,
    terms: Terms<'_>,
    by: &Signed,
    id: EmergencyId,
    version: i32,
) -> Result<Issue, EmergencyError> {
    let taken = take(tx, now, terms, by, id, Act::Submit).await?;
    let head = taken.head();
    if head.version != version {
        return Err(EmergencyError::Changed);
    }
    let rules = terms.rules()?;
    // A correction goes the way of what it corrects, whatever the hour.
    if head.mode == Mode::Live && head.corrects.is_none() {
        let in_hours = terms.profile.working_hours.is_open(now);
        if rules.only_outside_working_hours && in_hours {
            return Err(EmergencyError::InHours);
        }
        let ready = readiness_in(tx, now, terms, head.section).await?;
        if !ready.is_ready() {
            return Err(EmergencyError::NotReady(ready));
        }
    }
    let written = &taken.emergency.written;
    fits(tx, terms, written, head.corrects.map(|_| &written.audience)).await?;
    let template = published(terms, written)?;
    if head.mode == Mode::Live && head.corrects.is_none() {
        announced(tx, now, terms, template).await?;
    }
    let messages = composed(now, terms, head.mode, written)?;
    let messages = digest::plain(serde_json::to_value(&messages)?)?;
    let people = people(tx, &written.audience).await?;
    if people == 0 {
        return Err(EmergencyError::Nobody);
    }
    link::is_ours(tx, now, terms).await?;
    link::has_room(tx, now, people).await?;
    let category = terms.profile.categories.iter().find(|c| c.emergency);
    let issue = Issue {
        id,
        version,
        mode: head.mode,
        category: category.ok_or(EmergencyError::NoWay)?.id.clone(),
        template: template.code.clone(),
        template_version: template.version.clone(),
        messages,
        audience: written.audience.clone(),
        people,
        channel: channel(terms).to_owned(),
        besides: written.besides,
        not_before: now,
        expires_at: now + TimeDelta::minutes(rules.request_minutes.into()),
        minutes: template.minutes.unwrap_or(MINUTES),
        corrects: head.corrects,
    };
    let digest = issue.digest()?;
    let with = With::Issue(&issue, &digest, taken.did(now));
    taken.make(tx, now, with, Said::default()).await?;
    let concurs = Woken {
        side: Side::Concurs,
        cause: None,
        until: issue.expires_at,
        already: None,
    };
    waking::wake(tx, now, terms, &taken.granted, head, concurs).await?;
    Ok(issue)
}

/// What would be sent if it were handed in now. Whoever hands it in has LINE validate this first, while no transaction
/// waits.
///
/// # Errors
/// The template is not published, or something has to be put right.
pub fn composed(
    now: Instant,
    terms: Terms<'_>,
    mode: Mode,
    written: &Written,
) -> Result<Messages, EmergencyError> {
    let template = published(terms, written)?;
    let about = About {
        profile: terms.profile,
        places: places(&written.audience),
        now,
    };
    template::compose(template, mode, &written.filled, &about).map_err(EmergencyError::Findings)
}

/// The same words as plain texts, one a language, for the ordinary way.
///
/// # Errors
/// As [`composed`].
pub fn texts(
    now: Instant,
    terms: Terms<'_>,
    mode: Mode,
    written: &Written,
) -> Result<Vec<String>, EmergencyError> {
    let template = published(terms, written)?;
    let about = About {
        profile: terms.profile,
        places: places(&written.audience),
        now,
    };
    template::texts(template, mode, &written.filled, &about).map_err(EmergencyError::Findings)
}

/// For where it is.
fn places(audience: &Audience) -> Where {
    match audience {
        Audience::WholeTown => Where::WholeTown,
        Audience::Areas(places) | Audience::SameAs { places, .. } => {
            let labels = places.as_slice().iter().map(|place| place.label.clone());
            Where::Places(labels.collect())
        }
    }
}

fn published<'a>(terms: Terms<'a>, written: &Written) -> Result<&'a Template, EmergencyError> {
    let template = terms.library.find(&written.template);
    template.ok_or(EmergencyError::Template)
}

/// That it can be written so: from a published template, for areas that there are; a correction is for those
/// that the mistake reached (`corrected`), and nothing else is.
pub(super) async fn fits(
    tx: &Tx,
    terms: Terms<'_>,
    written: &Written,
    corrected: Option<&Audience>,
) -> Result<(), EmergencyError> {
    published(terms, written)?;
    match (corrected, &written.audience) {
        (Some(same), audience) if same == audience => Ok(()),
        (Some(_), _) | (None, Audience::SameAs { .. }) => Err(EmergencyError::OtherCorrection),
        (None, Audience::WholeTown) => Ok(()),
        (None, Audience::Areas(places)) => Ok(places.stand(&area::directory_in(tx).await?)?),
    }
}
