//! Requests in the database.

use std::collections::BTreeMap;

use entity::{approval_editor, approval_request, approval_step};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, Condition, ConnectionTrait, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::Digest;
use super::model::{
    Demand, Ended, Frozen, Ground, House, Outcome, Request, Step, Subject, SubjectKind, Taken,
};
use crate::ids::{ApprovalId, OrganisationId, PersonId, PostId, SectionId};
use crate::policy::Decider;

pub(super) async fn add(conn: &impl ConnectionTrait, request: &Request) -> Result<(), DbErr> {
    let (section, organisation) = match request.house {
        House::Section(id) => (Some(id.0), None),
        House::Organisation(id) => (None, Some(id.0)),
    };
    let row = approval_request::Model {
        id: request.id.0,
        subject_kind: request.frozen.subject.kind.code().to_owned(),
        subject_id: request.frozen.subject.id,
        revision: request.frozen.revision,
        digest: request.frozen.digest.to_string(),
        section_id: section,
        organisation_id: organisation,
        policy_version: request.policy.clone(),
        submitted_by: request.submitted_by.0,
        submitted_at: request.submitted_at,
        until: request.until,
        outcome: None,
        ended_by: None,
        ended_at: None,
        reason: None,
    };
    approval_request::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    let editors = request.editors.iter().map(|person| {
        let row = approval_editor::Model {
            request_id: request.id.0,
            person_id: person.0,
        };
        row.into_active_model()
    });
    approval_editor::Entity::insert_many(editors)
        .exec_without_returning(conn)
        .await?;
    let steps = request.steps.iter().zip(1..).map(|(step, place)| {
        let grounds: Vec<_> = step.demand.grounds.iter().map(|g| g.code()).collect();
        let row = approval_step::Model {
            request_id: request.id.0,
            place,
            decider: step.demand.decider.key().to_owned(),
            grounds: grounds.join(","),
            decided_by: None,
            decided_at: None,
            standing_in_for: None,
            note: None,
        };
        row.into_active_model()
    });
    approval_step::Entity::insert_many(steps)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Writes that step `step`, from 0, was agreed to.
pub(super) async fn take(
    conn: &impl ConnectionTrait,
    id: ApprovalId,
    step: usize,
    taken: &Taken,
) -> Result<(), DbErr> {
    let place = i32::try_from(step + 1).map_err(|e| DbErr::Type(e.to_string()))?;
    let row = approval_step::ActiveModel {
        request_id: Unchanged(id.0),
        place: Unchanged(place),
        decided_by: Set(Some(taken.by.0)),
        decided_at: Set(Some(taken.at)),
        standing_in_for: Set(taken.standing_in_for.map(|post| post.0)),
        note: Set(taken.note.clone()),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn end(
    conn: &impl ConnectionTrait,
    id: ApprovalId,
    ended: &Ended,
) -> Result<(), DbErr> {
    let row = approval_request::ActiveModel {
        id: Unchanged(id.0),
        outcome: Set(Some(ended.outcome.code().to_owned())),
        ended_by: Set(ended.by.map(|person| person.0)),
        ended_at: Set(Some(ended.at)),
        reason: Set(ended.reason.clone()),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: ApprovalId,
) -> Result<Option<Request>, DbErr> {
    let only = Condition::all().add(approval_request::Column::Id.eq(id.0));
    Ok(requests(conn, only).await?.pop())
}

/// The request about `subject` that waits or is approved; there is at most one.
pub(super) async fn live(
    conn: &impl ConnectionTrait,
    subject: Subject,
) -> Result<Option<Request>, DbErr> {
    let column = approval_request::Column::Outcome;
    let live = Condition::any()
        .add(column.is_null())
        .add(column.eq(Outcome::Approved.code()));
    Ok(requests(conn, about(subject).add(live)).await?.pop())
}

/// Newest first.
pub(super) async fn history(
    conn: &impl ConnectionTrait,
    subject: Subject,
) -> Result<Vec<Request>, DbErr> {
    let mut found = requests(conn, about(subject)).await?;
    found.reverse();
    Ok(found)
}

/// Newest first.
pub(super) async fn asked(
    conn: &impl ConnectionTrait,
    kind: SubjectKind,
) -> Result<Vec<Request>, DbErr> {
    let of_kind = approval_request::Column::SubjectKind.eq(kind.code());
    let mut found = requests(conn, Condition::all().add(of_kind)).await?;
    found.reverse();
    Ok(found)
}

/// Oldest first.
pub(super) async fn waiting(conn: &impl ConnectionTrait) -> Result<Vec<Request>, DbErr> {
    let waits = Condition::all().add(approval_request::Column::Outcome.is_null());
    requests(conn, waits).await
}

fn about(subject: Subject) -> Condition {
    Condition::all()
        .add(approval_request::Column::SubjectKind.eq(subject.kind.code()))
        .add(approval_request::Column::SubjectId.eq(subject.id))
}

/// Oldest first.
async fn requests(conn: &impl ConnectionTrait, wanted: Condition) -> Result<Vec<Request>, DbErr> {
    let rows = approval_request::Entity::find()
        .filter(wanted)
        .order_by_asc(approval_request::Column::SubmittedAt)
        .order_by_asc(approval_request::Column::Id)
        .all(conn)
        .await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut editors: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let written = approval_editor::Column::RequestId.is_in(ids.clone());
    for row in approval_editor::Entity::find()
        .filter(written)
        .all(conn)
        .await?
    {
        editors
            .entry(row.request_id)
            .or_default()
            .push(PersonId(row.person_id));
    }
    let mut steps: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let on_the_way = approval_step::Entity::find()
        .filter(approval_step::Column::RequestId.is_in(ids))
        .order_by_asc(approval_step::Column::Place)
        .all(conn)
        .await?;
    for row in on_the_way {
        steps.entry(row.request_id).or_default().push(step(row)?);
    }
    let whole = rows.into_iter().map(|row| {
        let editors = editors.remove(&row.id).unwrap_or_default();
        let steps = steps.remove(&row.id).unwrap_or_default();
        request(row, editors, steps)
    });
    whole.collect()
}

fn step(row: approval_step::Model) -> Result<Step, DbErr> {
    let unreadable = |what: &str| DbErr::Type(format!("approval {}: {what}", row.request_id));
    let decider = Decider::ALL
        .into_iter()
        .find(|known| known.key() == row.decider);
    let grounds = row.grounds.split(',').map(Ground::of_code);
    let taken = row.decided_by.zip(row.decided_at).map(|(by, at)| Taken {
        by: PersonId(by),
        at,
        standing_in_for: row.standing_in_for.map(PostId),
        note: row.note,
    });
    Ok(Step {
        demand: Demand {
            decider: decider.ok_or_else(|| unreadable("its decider is unknown"))?,
            grounds: grounds
                .collect::<Option<_>>()
                .ok_or_else(|| unreadable("its grounds are unknown"))?,
        },
        taken,
    })
}

fn request(
    row: approval_request::Model,
    editors: Vec<PersonId>,
    steps: Vec<Step>,
) -> Result<Request, DbErr> {
    let unreadable = |what: &str| DbErr::Type(format!("approval {}: {what}", row.id));
    let kind = SubjectKind::of_code(&row.subject_kind);
    let section = row.section_id.map(|id| House::Section(SectionId(id)));
    let organisation = row
        .organisation_id
        .map(|id| House::Organisation(OrganisationId(id)));
    let ended = match (row.outcome.as_deref(), row.ended_at) {
        (Some(code), Some(at)) => Some(Ended {
            outcome: Outcome::of_code(code).ok_or_else(|| unreadable("its outcome is unknown"))?,
            by: row.ended_by.map(PersonId),
            at,
            reason: row.reason.clone(),
        }),
        _ => None,
    };
    Ok(Request {
        id: ApprovalId(row.id),
        frozen: Frozen {
            subject: Subject {
                kind: kind.ok_or_else(|| unreadable("its subject is unknown"))?,
                id: row.subject_id,
            },
            revision: row.revision,
            digest: Digest::read(&row.digest).ok_or_else(|| unreadable("its digest is none"))?,
        },
        house: section
            .or(organisation)
            .ok_or_else(|| unreadable("it is nobody's"))?,
        policy: row.policy_version,
        submitted_by: PersonId(row.submitted_by),
        submitted_at: row.submitted_at,
        editors: editors.into_iter().collect(),
        steps,
        until: row.until,
        ended,
    })
}
