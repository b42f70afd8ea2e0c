//! Emergencies in the database.

use std::collections::BTreeSet;
use std::ops::Range;

use entity::emergency::{ActiveModel, Column, Entity, Model};
use entity::{emergency_event, emergency_revision};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::Digest;
use super::model::{Did, Emergency, Event, Head, Issue, Written};
use super::moves::{Act, State};
use crate::clock::Instant;
use crate::ids::{AgreementId, DispatchId, EmergencyId, PersonId, PostId, SectionId};
use crate::mode::Mode;

/// The name of what begins one in its history: it is no move.
const DRAFTED: &str = "draft";

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    new: &Head,
    written: &Written,
) -> Result<(), DbErr> {
    let row = Model {
        id: new.id.0,
        mode: new.mode.code().to_owned(),
        section_id: new.section.0,
        state: new.state.code().to_owned(),
        version: new.version,
        template: new.template.clone(),
        corrects: new.corrects.map(|wrong| wrong.0),
        created_by: new.created.by.0,
        created_at: new.created.at,
        moved_at: new.moved_at,
        issue: None,
        digest: None,
        submitted_by: None,
        submitted_at: None,
        expires_at: None,
        concurred_by: None,
        concurred_at: None,
        concurred_with: None,
        agreement_id: None,
        sent_by: None,
        sent_at: None,
        people: None,
        dispatch_id: None,
    };
    Entity::insert(row.into_active_model() as ActiveModel)
        .exec_without_returning(conn)
        .await?;
    keep_version(conn, new.id, new.version, new.created, written).await
}

/// Writes the draft's next version.
pub(super) async fn edit(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
    version: i32,
    did: Did,
    written: &Written,
) -> Result<(), DbErr> {
    keep_version(conn, id, version, did, written).await?;
    let row = ActiveModel {
        id: Unchanged(id.0),
        version: Set(version),
        template: Set(written.template.clone()),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

async fn keep_version(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
    version: i32,
    did: Did,
    written: &Written,
) -> Result<(), DbErr> {
    let row = emergency_revision::Model {
        emergency_id: id.0,
        version,
        written: json(written)?,
        person_id: did.by.0,
        at: did.at,
    };
    emergency_revision::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await
        .map(drop)
}

/// What else changes with a move.
#[derive(Debug)]
pub(super) enum With<'a> {
    /// Nothing.
    Nothing,
    /// It is frozen as this.
    Issue(&'a Issue, &'a Digest, Did),
    /// It is written on again.
    NoIssue,
    /// The other side agreed, by this passkey.
    Agreement(Did, Uuid),
    /// The agreement is gone.
    NoAgreement,
    /// It goes out.
    Dispatch {
        dispatch: DispatchId,
        people: u64,
        did: Did,
        agreement: Option<AgreementId>,
    },
}

pub(super) async fn move_to(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
    now: Instant,
    to: State,
    with: With<'_>,
) -> Result<(), DbErr> {
    let mut row = ActiveModel {
        id: Unchanged(id.0),
        state: Set(to.code().to_owned()),
        moved_at: Set(now),
        ..Default::default()
    };
    match with {
        With::Nothing => {}
        With::Issue(issue, digest, did) => {
            row.issue = Set(Some(json(issue)?));
            row.digest = Set(Some(digest.to_string()));
            row.submitted_by = Set(Some(did.by.0));
            row.submitted_at = Set(Some(did.at));
            row.expires_at = Set(Some(issue.expires_at));
        }
        With::NoIssue => {
            row.issue = Set(None);
            row.digest = Set(None);
            row.submitted_by = Set(None);
            row.submitted_at = Set(None);
            row.expires_at = Set(None);
            agree(&mut row, None);
        }
        With::Agreement(did, passkey) => agree(&mut row, Some((did, passkey))),
        With::NoAgreement => agree(&mut row, None),
        With::Dispatch {
            dispatch,
            people,
            did,
            agreement,
        } => {
            row.dispatch_id = Set(Some(dispatch.0));
            row.people = Set(Some(i64::try_from(people).unwrap_or(i64::MAX)));
            row.sent_by = Set(Some(did.by.0));
            row.sent_at = Set(Some(did.at));
            row.agreement_id = Set(agreement.map(|id| id.0));
        }
    }
    row.update(conn).await.map(drop)
}

fn agree(row: &mut ActiveModel, agreed: Option<(Did, Uuid)>) {
    row.concurred_by = Set(agreed.map(|(did, _)| did.by.0));
    row.concurred_at = Set(agreed.map(|(did, _)| did.at));
    row.concurred_with = Set(agreed.map(|(_, passkey)| passkey));
}

/// Whether one written from the template `code`, and no correction, was sent to residents in that time.
pub(super) async fn was_sent(
    conn: &impl ConnectionTrait,
    code: &str,
    when: &Range<Instant>,
) -> Result<bool, DbErr> {
    let sent = Entity::find()
        .filter(Column::Template.eq(code))
        .filter(Column::Mode.eq(Mode::Live.code()))
        .filter(Column::Corrects.is_null())
        .filter(Column::SentAt.gte(when.start))
        .filter(Column::SentAt.lt(when.end));
    Ok(sent.count(conn).await? > 0)
}

/// Adds to the history of an emergency.
pub(super) async fn note(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
    event: &Event,
) -> Result<(), DbErr> {
    let of_it = emergency_event::Entity::find()
        .filter(emergency_event::Column::EmergencyId.eq(id.0))
        .count(conn)
        .await?;
    let row = emergency_event::Model {
        emergency_id: id.0,
        number: i32::try_from(of_it + 1).unwrap_or(i32::MAX),
        act: event.act.map_or(DRAFTED, Act::code).to_owned(),
        from_state: event.from.map(|state| state.code().to_owned()),
        to_state: event.to.code().to_owned(),
        version: event.version,
        person_id: event.by.map(|person| person.0),
        standing_in_for: event.standing_in_for.map(|post| post.0),
        at: event.at,
        digest: event.digest.as_ref().map(Digest::to_string),
        evidence: event.evidence.clone(),
        reason: event.reason.clone(),
    };
    emergency_event::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: EmergencyId,
) -> Result<Option<Emergency>, DbErr> {
    let Some(row) = Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    let versions = emergency_revision::Entity::find()
        .filter(emergency_revision::Column::EmergencyId.eq(id.0))
        .order_by_asc(emergency_revision::Column::Version)
        .all(conn)
        .await?;
    let editors: BTreeSet<PersonId> = versions.iter().map(|v| PersonId(v.person_id)).collect();
    let newest = versions.last();
    let missing = || DbErr::RecordNotFound(format!("what emergency {id} says"));
    let issue = row.issue.as_deref().map(from_json).transpose()?;
    Ok(Some(Emergency {
        written: from_json(&newest.ok_or_else(missing)?.written)?,
        editors,
        issue,
        history: history(conn, id).await?,
        report: super::report::store::find(conn, id).await?,
        head: head(row)?,
    }))
}

async fn history(conn: &impl ConnectionTrait, id: EmergencyId) -> Result<Vec<Event>, DbErr> {
    let rows = emergency_event::Entity::find()
        .filter(emergency_event::Column::EmergencyId.eq(id.0))
        .order_by_asc(emergency_event::Column::Number)
        .all(conn)
        .await?;
    rows.into_iter().map(event).collect()
}

fn event(row: emergency_event::Model) -> Result<Event, DbErr> {
    let unreadable = |what: &str| unreadable(row.emergency_id, what);
    let state = |code: &str| State::of_code(code).ok_or_else(|| unreadable("a state is unknown"));
    let act = Act::of_code(&row.act);
    if act.is_none() && row.act != DRAFTED {
        return Err(unreadable("an act is unknown"));
    }
    Ok(Event {
        act,
        from: row.from_state.as_deref().map(state).transpose()?,
        to: state(&row.to_state)?,
        version: row.version,
        by: row.person_id.map(PersonId),
        standing_in_for: row.standing_in_for.map(PostId),
        at: row.at,
        digest: row.digest.as_deref().and_then(Digest::read),
        evidence: row.evidence,
        reason: row.reason,
    })
}

/// The heads that `wanted` asks for, the newest first.
pub(super) async fn heads(
    conn: &impl ConnectionTrait,
    wanted: Condition,
    most: u64,
) -> Result<Vec<Head>, DbErr> {
    let rows = Entity::find()
        .filter(wanted)
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(most)
        .all(conn)
        .await?;
    rows.into_iter().map(head).collect()
}

/// The newest.
pub(super) async fn list(conn: &impl ConnectionTrait, most: u64) -> Result<Vec<Head>, DbErr> {
    heads(conn, Condition::all(), most).await
}

/// Those that stand in one of these.
pub(super) async fn standing_in(
    conn: &impl ConnectionTrait,
    states: &[State],
) -> Result<Vec<Head>, DbErr> {
    let codes = states.iter().map(|state| state.code());
    let wanted = Condition::all().add(Column::State.is_in(codes));
    heads(conn, wanted, u64::MAX >> 1).await
}

/// Those that ended between two moments without being sent, oldest first.
pub(super) async fn ended_unsent(
    conn: &impl ConnectionTrait,
    from: Instant,
    to: Instant,
) -> Result<Vec<Head>, DbErr> {
    let over = [State::Declined, State::Withdrawn, State::Expired].map(State::code);
    let wanted = Condition::all()
        .add(Column::State.is_in(over))
        .add(Column::MovedAt.gte(from))
        .add(Column::MovedAt.lt(to));
    let mut found = heads(conn, wanted, u64::MAX >> 1).await?;
    found.sort_by_key(|head| (head.moved_at, head.id.0));
    Ok(found)
}

/// Those that correct it.
pub(super) async fn corrections(
    conn: &impl ConnectionTrait,
    of: EmergencyId,
) -> Result<Vec<Head>, DbErr> {
    let wanted = Condition::all().add(Column::Corrects.eq(of.0));
    heads(conn, wanted, u64::MAX >> 1).await
}

/// Those that wait although their time is over.
pub(super) async fn expired(conn: &impl ConnectionTrait, now: Instant) -> Result<Vec<Head>, DbErr> {
    let waits = [State::Conferring, State::Concurred].map(State::code);
    let wanted = Condition::all()
        .add(Column::State.is_in(waits))
        .add(Column::ExpiresAt.lte(now));
    heads(conn, wanted, u64::MAX >> 1).await
}

fn head(row: Model) -> Result<Head, DbErr> {
    let unreadable = |what: &str| unreadable(row.id, what);
    Ok(Head {
        id: EmergencyId(row.id),
        mode: Mode::of_code(&row.mode).ok_or_else(|| unreadable("its mode is unknown"))?,
        section: SectionId(row.section_id),
        state: State::of_code(&row.state).ok_or_else(|| unreadable("its state is unknown"))?,
        version: row.version,
        corrects: row.corrects.map(EmergencyId),
        created: Did {
            by: PersonId(row.created_by),
            at: row.created_at,
        },
        moved_at: row.moved_at,
        digest: row.digest.as_deref().and_then(Digest::read),
        submitted: did(row.submitted_by, row.submitted_at),
        expires_at: row.expires_at,
        concurred: did(row.concurred_by, row.concurred_at),
        concurred_with: row.concurred_with,
        agreement: row.agreement_id.map(AgreementId),
        sent: did(row.sent_by, row.sent_at),
        people: row.people.map(i64::unsigned_abs),
        dispatch: row.dispatch_id.map(DispatchId),
        template: row.template,
    })
}

pub(super) fn did(by: Option<Uuid>, at: Option<Instant>) -> Option<Did> {
    by.zip(at).map(|(by, at)| Did {
        by: PersonId(by),
        at,
    })
}

fn unreadable(id: Uuid, what: &str) -> DbErr {
    DbErr::Type(format!("emergency {id}: {what}"))
}

fn json(value: &impl serde::Serialize) -> Result<String, DbErr> {
    serde_json::to_string(value).map_err(|e| DbErr::Json(e.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|e| DbErr::Json(e.to_string()))
}
