//! What changes about what is there: a person's particulars, a contract's end, a post that is no more.

mod store;

use chrono::NaiveDate;
use serde_json::json;

use super::{
    End, Mail, Name, Number, PeopleError, Person, Post, PostKind, Roster, Subject, Unfit, note,
    roster_in,
};
use crate::audit::{self, Actor};
use crate::clock::{Instant, date_in_japan};
use crate::db::Tx;
use crate::ids::{CountersignId, OrganisationId, PersonId, PostId, SectionId};

/// What can be corrected about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particulars {
    /// Their number.
    pub number: Number,
    /// Their name.
    pub name: Name,
    /// Their mail address.
    pub mail: Option<Mail>,
}

impl From<&Person> for Particulars {
    fn from(person: &Person) -> Self {
        Self {
            number: person.number.clone(),
            name: person.name.clone(),
            mail: person.mail.clone(),
        }
    }
}

/// Corrects what is known of a person, who had `was` when it was decided to.
///
/// # Errors
/// It is about whoever corrects; somebody corrected it meanwhile; or the number or the address is somebody
/// else's.
pub async fn correct(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: PersonId,
    was: &Particulars,
    to: &Particulars,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    if matches!(by, Actor::Person(oneself, _) if *oneself == id) {
        return Err(PeopleError::Oneself);
    }
    let roster = roster_in(tx).await?;
    let person = roster.persons.get(&id);
    let person = person.ok_or(PeopleError::Missing("person"))?;
    if Particulars::from(person) != *was {
        return Err(PeopleError::Changed);
    }
    let mut others = roster.persons.values().filter(|other| other.id != id);
    if others.clone().any(|other| other.number == to.number) {
        return Err(PeopleError::Taken("this number"));
    }
    if to.mail.is_some() && others.any(|other| other.mail == to.mail) {
        return Err(PeopleError::Taken("this mail address"));
    }
    store::set_particulars(tx.conn(), tx.seal()?, id, to).await?;
    let changed = [
        ("number", was.number != to.number),
        ("name", was.name != to.name),
        ("mail", was.mail != to.mail),
    ];
    let changed = changed.iter().filter(|(_, differs)| *differs);
    // Which, not into what: the record holds no personal data.
    let detail = json!({ "changed": changed.map(|(name, _)| name).collect::<Vec<_>>() });
    note(
        tx,
        now,
        by,
        "staff.person_corrected",
        ("person", id),
        detail,
    )
    .await
}

/// Entrusts a section with a subject. Two people have agreed to it: `agreed`.
pub(in crate::staff) async fn entrust(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    (id, subject): (SectionId, Subject),
    agreed: CountersignId,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    roster_in(tx).await?.may_entrust(id, subject)?;
    store::set_subject(tx.conn(), id, subject, true).await?;
    let detail = json!({ "subject": subject, "countersign": agreed });
    let act = "staff.section_entrusted";
    note(tx, now, by, act, ("section", id), detail).await
}

/// Takes a subject from a section: one person suffices, and it holds at once.
///
/// # Errors
/// There is no such open section, or the subject was not its own.
pub async fn relieve(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    (id, subject): (SectionId, Subject),
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    let roster = roster_in(tx).await?;
    let section = roster.sections.get(&id);
    if !section.is_some_and(|s| s.closed_on.is_none() && s.subjects.contains(&subject)) {
        return Err(PeopleError::Missing("subject of an open section"));
    }
    store::set_subject(tx.conn(), id, subject, false).await?;
    let detail = json!({ "subject": subject });
    let act = "staff.section_relieved";
    note(tx, now, by, act, ("section", id), detail).await
}

/// Closes a post: from today it allows nothing, and cannot be given.
///
/// # Errors
/// There is no such open post; it is a chief's, which goes with its section; or nobody could administer the
/// system without it.
pub async fn close_post(tx: &Tx, now: Instant, by: &Actor, id: PostId) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    let on = date_in_japan(now);
    let roster = roster_in(tx).await?;
    let post = roster.posts.get(&id).filter(|post| !post.is_closed(on));
    match post.map(|post| post.kind) {
        None => return Err(PeopleError::Missing("open post")),
        Some(PostKind::Chief) => return Err(PeopleError::WithItsSection),
        Some(PostKind::Administrator) if administers(&roster, on) < 2 => {
            return Err(PeopleError::LastAdministrators);
        }
        Some(_) => store::close_post(tx.conn(), id, on).await?,
    }
    note(
        tx,
        now,
        by,
        "staff.post_closed",
        ("post", id),
        json!({ "on": on }),
    )
    .await
}

/// How many posts there are for who administers the system.
fn administers(roster: &Roster, day: NaiveDate) -> usize {
    let open = |post: &&Post| post.kind == PostKind::Administrator && !post.is_closed(day);
    roster.posts.values().filter(open).count()
}

/// Ends a contract sooner, and with it what its people may do: one person suffices.
///
/// # Errors
/// There is no such contractor, the day is later than the contract's end, or before its beginning.
pub async fn end_contract(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: OrganisationId,
    end: End,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    let roster = roster_in(tx).await?;
    let known = roster.organisations.get(&id);
    let contract = known.ok_or(PeopleError::Missing("contractor"))?.contract;
    // At once: already yesterday was the last day.
    let last = end.last_day(now).or_else(|| date_in_japan(now).pred_opt());
    let last = last
        .filter(|day| contract.from <= *day)
        .ok_or(Unfit::NoDays)?;
    if contract.to.is_some_and(|to| to < last) {
        return Err(PeopleError::Longer);
    }
    store::set_contract_end(tx.conn(), id, last).await?;
    let detail = json!({ "was": contract.to, "last_day": last });
    note(
        tx,
        now,
        by,
        "staff.contract_ended",
        ("organisation", id),
        detail,
    )
    .await
}

/// Prolongs a contract. Two people have agreed to it: `agreed`.
pub(in crate::staff) async fn extend_contract(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    (id, to): (OrganisationId, chrono::NaiveDate),
    agreed: CountersignId,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    roster_in(tx).await?.may_extend(id, to)?;
    store::set_contract_end(tx.conn(), id, to).await?;
    let detail = json!({ "last_day": to, "countersign": agreed });
    note(
        tx,
        now,
        by,
        "staff.contract_extended",
        ("organisation", id),
        detail,
    )
    .await
}

/// Takes a person back who left or was about to; what they held stays ended. Two people have agreed to
/// it: `agreed`.
pub(in crate::staff) async fn reinstate(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: PersonId,
    agreed: CountersignId,
) -> Result<(), PeopleError> {
    audit::take_turn(tx).await?;
    roster_in(tx).await?.may_reinstate(id)?;
    super::store::set_last_day(tx.conn(), id, None).await?;
    let detail = json!({ "countersign": agreed });
    note(tx, now, by, "staff.person_returned", ("person", id), detail).await
}
