//! Who works here: sections, contractors, persons, posts, and who holds which from when to when.
//!
//! ```ignore
//! let signed = people::signed(db.conn(), person, today).await?;       // what may they do today?
//! let roster = people::roster(&db).await?;
//! let acting = roster.acting(chief, today);                            // the chief, or deputies in order
//! ```
//!
//! Verbs that change something take a transaction, and their turn in the audit record before they look: what
//! they decide on cannot change under them. Giving a post or a deputy's place takes two people and goes through [`crate::staff::countersign`];
//! taking one away takes one, at once.

mod amending;
mod ending;
mod first;
mod model;
mod roster;
mod sealed;
mod signed;
mod store;
#[cfg(test)]
mod tests;

pub use amending::{Particulars, close_post, correct, end_contract, relieve};
pub(in crate::staff) use amending::{entrust, extend_contract, reinstate};
pub use ending::{End, end_deputy, end_holding};
pub use first::{FirstStart, add_administrator};
pub use model::{
    AD_HOC_DAYS, Deputy, Holding, InvalidWord, Mail, Name, Number, Organisation, Person, Place,
    Post, PostKind, Section, Subject, Term,
};
pub use roster::{Acting, Roster, Unfit};
pub(in crate::staff) use sealed::opened_mail;
pub use signed::Signed;

use chrono::NaiveDate;
use serde_json::json;
use thiserror::Error;

use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::{CountersignId, DeputyId, HoldingId, OrganisationId, PersonId, PostId, SectionId};

/// Why something about people was not done.
#[derive(Debug, Error)]
pub enum PeopleError {
    /// The person and the post do not go together.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There is no such thing.
    #[error("there is no {0} with this id")]
    Missing(&'static str),
    /// There is one like it already.
    #[error("{0} is taken: choose another, or look up who has it")]
    Taken(&'static str),
    /// It would last longer than it does; that is a new right, and takes two.
    #[error("this day is later than the present end: a longer term is given anew, by two people")]
    Longer,
    /// Somebody else changed it meanwhile.
    #[error("somebody changed this meanwhile: look at it again")]
    Changed,
    /// A chief's post is there as long as its section.
    #[error("a chief's post is closed together with its section")]
    WithItsSection,
    /// Without this post nobody could administer the system.
    #[error("the only post of the system's administrators cannot be closed")]
    LastAdministrators,
    /// Nobody corrects what is known of themselves.
    #[error("somebody else corrects what is known of a person")]
    Oneself,
    /// The post needs a section, a contractor, or neither.
    #[error("a post of this kind does not belong there")]
    Misplaced,
    /// The name is empty or too long.
    #[error("a name has 1 to 60 characters and no line breaks")]
    Unnamed,
    /// The database.
    #[error("the staff could not be read or written")]
    Db(#[from] DbError),
}

/// A person to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Their number.
    pub number: Number,
    /// Their name.
    pub name: Name,
    /// Their mail address.
    pub mail: Option<Mail>,
    /// The contractor they work for.
    pub organisation: Option<OrganisationId>,
}

/// Everybody and every post.
///
/// # Errors
/// The database does not answer.
pub async fn roster(db: &Db) -> Result<Roster, DbError> {
    store::roster(db.conn(), db.seal()?, None).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn roster_in(tx: &Tx) -> Result<Roster, DbError> {
    store::roster(tx.conn(), tx.seal()?, None).await
}

/// What `person` may do on `today`; `None` if nothing: they left, their contract is over, or they hold no post.
///
/// # Errors
/// The database does not answer.
pub async fn signed(
    db: &Db,
    person: PersonId,
    today: NaiveDate,
) -> Result<Option<Signed>, DbError> {
    let roster = store::roster(db.conn(), db.seal()?, Some(person)).await?;
    Ok(roster.signed(person, today))
}

/// Sections, also closed ones, by name.
///
/// # Errors
/// The database does not answer.
pub async fn sections(db: &Db) -> Result<Vec<Section>, DbError> {
    store::sections(db.conn()).await
}

/// Contractors, also those whose contract is over, by name.
///
/// # Errors
/// The database does not answer.
pub async fn organisations(db: &Db) -> Result<Vec<Organisation>, DbError> {
    store::organisations(db.conn()).await
}

/// Adds a section that looks after `subjects`. One open section owns the account.
///
/// # Errors
/// The name, or the owner's place, is taken.
pub async fn add_section(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    name: &str,
    owner: bool,
    subjects: &[Subject],
) -> Result<SectionId, PeopleError> {
    audit::take_turn(tx).await?;
    let id = SectionId::new(now);
    let name = called(name)?;
    let open = store::sections(tx.conn()).await?;
    let mut open = open.iter().filter(|section| section.closed_on.is_none());
    if open.clone().any(|section| section.name == name) {
        return Err(PeopleError::Taken("this section's name"));
    }
    if owner && open.any(|section| section.owner) {
        return Err(PeopleError::Taken("the section that owns the account"));
    }
    let section = Section {
        id,
        name,
        owner,
        subjects: subjects.iter().copied().collect(),
        closed_on: None,
    };
    store::add_section(tx.conn(), &section).await?;
    let detail = json!({ "name": section.name, "owner": owner, "subjects": section.subjects });
    note(tx, now, by, "staff.section_added", ("section", id), detail).await?;
    Ok(id)
}

/// Closes a section: from today its posts allow nothing, and cannot be given.
///
/// # Errors
/// There is no such open section.
pub async fn close_section(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    id: SectionId,
) -> Result<(), PeopleError> {
    let on = date_in_japan(now);
    if !store::close_section(tx.conn(), id, on).await? {
        return Err(PeopleError::Missing("open section"));
    }
    let detail = json!({ "on": on });
    note(tx, now, by, "staff.section_closed", ("section", id), detail).await
}

/// Adds a contractor.
///
/// # Errors
/// The name is taken, or the contract has no last day.
pub async fn add_organisation(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    name: &str,
    contract: Term,
) -> Result<OrganisationId, PeopleError> {
    audit::take_turn(tx).await?;
    let id = OrganisationId::new(now);
    let name = called(name)?;
    let to = contract.to.filter(|to| contract.from <= *to);
    let to = to.ok_or(Unfit::NoDays)?;
    let known = store::organisations(tx.conn()).await?;
    if known.iter().any(|o| o.name == name) {
        return Err(PeopleError::Taken("this contractor's name"));
    }
    store::add_organisation(tx.conn(), id, &name, contract.from, to).await?;
    let detail = json!({ "name": name, "from": contract.from, "to": to });
    let object = ("organisation", id);
    note(tx, now, by, "staff.organisation_added", object, detail).await?;
    Ok(id)
}

/// Adds a person, who may do nothing until they are given a post.
///
/// # Errors
/// The number or the address is somebody else's, or there is no such contractor.
pub async fn add_person(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    person: &NewPerson,
) -> Result<PersonId, PeopleError> {
    audit::take_turn(tx).await?;
    let id = PersonId::new(now);
    let known = store::organisations(tx.conn()).await?;
    let of = |id: &OrganisationId| known.iter().any(|o| o.id == *id);
    if !person.organisation.as_ref().is_none_or(of) {
        return Err(PeopleError::Missing("contractor"));
    }
    if store::person_numbered(tx.conn(), &person.number)
        .await?
        .is_some()
    {
        return Err(PeopleError::Taken("this number"));
    }
    if let Some(mail) = &person.mail
        && store::person_at(tx.conn(), tx.seal()?, mail)
            .await?
            .is_some()
    {
        return Err(PeopleError::Taken("this mail address"));
    }
    store::add_person(tx.conn(), tx.seal()?, id, person, now).await?;
    let detail = json!({ "organisation": person.organisation });
    note(tx, now, by, "staff.person_added", ("person", id), detail).await?;
    Ok(id)
}

/// The person with this number.
///
/// # Errors
/// The database does not answer.
pub async fn person_numbered(db: &Db, number: &Number) -> Result<Option<PersonId>, DbError> {
    store::person_numbered(db.conn(), number).await
}

/// The person with this number, or this mail address.
pub(in crate::staff) async fn person_called(
    tx: &Tx,
    called: &str,
) -> Result<Option<PersonId>, DbError> {
    if let Ok(mail) = Mail::parse(called) {
        return store::person_at(tx.conn(), tx.seal()?, &mail).await;
    }
    match Number::parse(called) {
        Ok(number) => store::person_numbered(tx.conn(), &number).await,
        Err(_) => Ok(None),
    }
}

/// Adds a post, which nobody holds yet. `place` is looked up by its id alone.
///
/// # Errors
/// A post of this kind does not belong there, or the section has its chief's post already.
pub async fn add_post(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    kind: PostKind,
    title: &str,
    place: &Place,
) -> Result<PostId, PeopleError> {
    audit::take_turn(tx).await?;
    let id = PostId::new(now);
    let title = called(title)?;
    let (section, organisation) = match (kind, place) {
        (PostKind::Chief | PostKind::Staff, Place::Section(section)) => (Some(section.id), None),
        (PostKind::ContractManager | PostKind::ContractPoster, Place::Organisation(o)) => {
            (None, Some(o.id))
        }
        (PostKind::DutyOfficer | PostKind::Auditor | PostKind::Administrator, Place::Town) => {
            (None, None)
        }
        _ => return Err(PeopleError::Misplaced),
    };
    let roster = roster_in(tx).await?;
    let chiefs = |post: &Post| post.kind == PostKind::Chief && post.place == *place;
    if kind == PostKind::Chief && roster.posts.values().any(chiefs) {
        return Err(PeopleError::Taken("this section's chief post"));
    }
    store::add_post(tx.conn(), id, kind, &title, section, organisation).await?;
    let detail =
        json!({ "kind": kind, "title": title, "section": section, "organisation": organisation });
    note(tx, now, by, "staff.post_added", ("post", id), detail).await?;
    Ok(id)
}

/// Gives `post` to `person`. Two people have agreed to it: `agreed`.
pub(in crate::staff) async fn grant(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    (post, person, term): (PostId, PersonId, Term),
    agreed: Option<CountersignId>,
) -> Result<HoldingId, PeopleError> {
    audit::take_turn(tx).await?;
    roster_in(tx).await?.may_hold(post, person, &term)?;
    let holding = Holding {
        id: HoldingId::new(now),
        post,
        person,
        term,
        ended_at: None,
        granted_at: now,
    };
    store::add_holding(tx.conn(), &holding, agreed).await?;
    let detail = json!({ "person": person, "post": post, "term": term, "countersign": agreed });
    let object = ("holding", holding.id);
    note(tx, now, by, "staff.post_granted", object, detail).await?;
    Ok(holding.id)
}

/// Lets `person` stand in for the holder of `post`. Two people have agreed to it: `agreed`.
pub(in crate::staff) async fn add_deputy(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    (post, person, term): (PostId, PersonId, Term),
    (rank, scope): (i32, &str),
    agreed: CountersignId,
) -> Result<DeputyId, PeopleError> {
    audit::take_turn(tx).await?;
    let roster = roster_in(tx).await?;
    roster.may_deputise(post, person, rank, &term)?;
    let deputy = Deputy {
        id: DeputyId::new(now),
        post,
        person,
        rank,
        term,
        scope: scope.trim().to_owned(),
        ended_at: None,
        granted_at: now,
    };
    store::add_deputy(tx.conn(), &deputy, agreed).await?;
    let detail = json!({ "person": person, "post": post, "term": term, "rank": rank, "countersign": agreed });
    let object = ("deputy", deputy.id);
    note(tx, now, by, "staff.deputy_added", object, detail).await?;
    Ok(deputy.id)
}

/// Notes a person's last day.
pub(in crate::staff) async fn set_last_day(
    tx: &Tx,
    person: PersonId,
    last: NaiveDate,
) -> Result<(), DbError> {
    store::set_last_day(tx.conn(), person, Some(last)).await
}

fn called(name: &str) -> Result<String, PeopleError> {
    let name = Name::parse(name).map_err(|_| PeopleError::Unnamed)?;
    Ok(name.as_str().to_owned())
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Actor,
    act: &'static str,
    object: (&'static str, impl std::fmt::Display),
    detail: serde_json::Value,
) -> Result<(), PeopleError> {
    let entry = Entry::of(by.clone(), act, object).with(detail);
    Ok(audit::record(tx, now, entry).await?)
}
