//! Broadcasts in the database.

use std::collections::BTreeSet;

use entity::broadcast::{ActiveModel, Entity, Model};
use entity::{broadcast_author, broadcast_picture, broadcast_revision, broadcast_statement};
use sea_orm::ActiveValue::Unchanged;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::content::Manuscript;
use super::model::{Broadcast, Head, Issue, Revision};
use super::moves::State;
use super::statement::{Stated, Statements};
use super::wording::{Begun, Wording};
use crate::approval::{Digest, House};
use crate::clock::Instant;
use crate::ids::{BroadcastId, DispatchId, OrganisationId, PersonId, SectionId};
use crate::policy::Drafter;

/// What stands in for each kind of drafter in the database.
const DRAFTERS: [(Drafter, &str); 3] = [
    (Drafter::Owner, "owner"),
    (Drafter::Section, "section"),
    (Drafter::Contractor, "contractor"),
];

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    now: Instant,
    by: PersonId,
    (house, drafter): (House, Drafter),
    manuscript: &Manuscript,
    begun: &Begun<'_>,
) -> Result<(), DbErr> {
    let copied = begun.copied();
    let wording = begun.wording(manuscript);
    let wording = wording.map_err(|error| DbErr::Json(error.to_string()))?;
    let (section, organisation) = parts(house);
    let code = DRAFTERS.iter().find(|(known, _)| *known == drafter);
    let row = Model {
        id: id.0,
        section_id: section,
        organisation_id: organisation,
        drafter: code.map_or("section", |(_, code)| code).to_owned(),
        state: State::Draft.code().to_owned(),
        revision: 1,
        title: manuscript.title.clone(),
        category: manuscript.category.clone(),
        corrects: manuscript.corrects().map(|wrong| wrong.0),
        copied_from: copied.map(|from| from.head.id.0),
        send_at: manuscript.timing.send_at,
        valid_until: manuscript.timing.valid_until,
        issue: None,
        created_by: by.0,
        created_at: now,
        moved_at: now,
        released_at: None,
        dispatch_id: None,
        template: wording.as_ref().map(|began| began.template.clone()),
        template_words: wording.map(|began| began.words.as_str().to_owned()),
    };
    Entity::insert(row.into_active_model() as ActiveModel)
        .exec_without_returning(conn)
        .await?;
    let authors = copied.into_iter().flat_map(|from| &from.editors);
    for author in authors {
        let row = broadcast_author::ActiveModel {
            broadcast_id: Set(id.0),
            person_id: Set(author.0),
        };
        broadcast_author::Entity::insert(row)
            .exec_without_returning(conn)
            .await?;
    }
    keep_revision(conn, id, 1, now, by, manuscript).await
}

/// Writes the draft's next revision.
pub(super) async fn edit(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    revision: i32,
    now: Instant,
    by: PersonId,
    manuscript: &Manuscript,
) -> Result<(), DbErr> {
    keep_revision(conn, id, revision, now, by, manuscript).await?;
    let row = ActiveModel {
        id: Unchanged(id.0),
        revision: Set(revision),
        title: Set(manuscript.title.clone()),
        category: Set(manuscript.category.clone()),
        send_at: Set(manuscript.timing.send_at),
        valid_until: Set(manuscript.timing.valid_until),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

async fn keep_revision(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    revision: i32,
    now: Instant,
    by: PersonId,
    manuscript: &Manuscript,
) -> Result<(), DbErr> {
    let row = broadcast_revision::Model {
        broadcast_id: id.0,
        revision,
        manuscript: json(manuscript)?,
        by: by.0,
        at: now,
    };
    broadcast_revision::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await
        .map(drop)
}

pub(super) async fn state(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    number: usize,
    stated: &Stated,
) -> Result<(), DbErr> {
    let row = broadcast_statement::Model {
        broadcast_id: id.0,
        number: i32::try_from(number).unwrap_or(i32::MAX),
        revision: stated.revision,
        statement: json(&stated.what)?,
        by: stated.by.0,
        at: stated.at,
    };
    broadcast_statement::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await
        .map(drop)
}

/// What else changes with a move.
pub(super) enum With<'a> {
    /// Nothing.
    Nothing,
    /// It is frozen as this.
    Issue(&'a Issue),
    /// It is written on again.
    NoIssue,
    /// It goes out.
    Dispatch(DispatchId),
}

pub(super) async fn move_to(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
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
        With::Issue(issue) => {
            row.issue = Set(Some(json(issue)?));
            let pictures = issue
                .pictures
                .keys()
                .map(|media| broadcast_picture::ActiveModel {
                    media_id: Set(media.0),
                    broadcast_id: Set(id.0),
                });
            for picture in pictures {
                broadcast_picture::Entity::insert(picture)
                    .exec_without_returning(conn)
                    .await?;
            }
        }
        With::NoIssue => {
            row.issue = Set(None);
            broadcast_picture::Entity::delete_many()
                .filter(broadcast_picture::Column::BroadcastId.eq(id.0))
                .exec(conn)
                .await?;
        }
        With::Dispatch(dispatch) => {
            row.dispatch_id = Set(Some(dispatch.0));
            row.released_at = Set(Some(now));
        }
    }
    row.update(conn).await.map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
) -> Result<Option<Broadcast>, DbErr> {
    let Some(row) = Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    let statements = statements(conn, id).await?;
    let mut editors = writers(conn, id).await?;
    editors.extend(statements.0.iter().map(|stated| stated.by));
    let issue = row.issue.as_deref().map(serde_json::from_str).transpose();
    Ok(Some(Broadcast {
        manuscript: manuscript(conn, id, row.revision).await?,
        editors,
        statements,
        issue: issue.map_err(|e| DbErr::Json(e.to_string()))?,
        head: head(row)?,
    }))
}

/// What a revision said.
pub(super) async fn manuscript(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
    revision: i32,
) -> Result<Manuscript, DbErr> {
    let row = broadcast_revision::Entity::find_by_id((id.0, revision));
    let row = row.one(conn).await?;
    let missing = || DbErr::RecordNotFound(format!("revision {revision} of broadcast {id}"));
    from_json(&row.ok_or_else(missing)?.manuscript)
}

/// Everybody who wrote on it, or on what it was copied from.
async fn writers(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
) -> Result<BTreeSet<PersonId>, DbErr> {
    let wrote: Vec<uuid::Uuid> = broadcast_revision::Entity::find()
        .select_only()
        .column(broadcast_revision::Column::By)
        .distinct()
        .filter(broadcast_revision::Column::BroadcastId.eq(id.0))
        .into_tuple()
        .all(conn)
        .await?;
    let copied: Vec<uuid::Uuid> = broadcast_author::Entity::find()
        .select_only()
        .column(broadcast_author::Column::PersonId)
        .filter(broadcast_author::Column::BroadcastId.eq(id.0))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(wrote.into_iter().chain(copied).map(PersonId).collect())
}

/// Every revision, oldest first.
pub(super) async fn revisions(
    conn: &impl ConnectionTrait,
    id: BroadcastId,
) -> Result<Vec<Revision>, DbErr> {
    let rows = broadcast_revision::Entity::find()
        .filter(broadcast_revision::Column::BroadcastId.eq(id.0))
        .order_by_asc(broadcast_revision::Column::Revision)
        .all(conn)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Revision {
                number: row.revision,
                manuscript: from_json(&row.manuscript)?,
                by: PersonId(row.by),
                at: row.at,
            })
        })
        .collect()
}

async fn statements(conn: &impl ConnectionTrait, id: BroadcastId) -> Result<Statements, DbErr> {
    let rows = broadcast_statement::Entity::find()
        .filter(broadcast_statement::Column::BroadcastId.eq(id.0))
        .order_by_asc(broadcast_statement::Column::Number)
        .all(conn)
        .await?;
    let stated = rows.into_iter().map(|row| {
        Ok(Stated {
            what: from_json(&row.statement)?,
            revision: row.revision,
            by: PersonId(row.by),
            at: row.at,
        })
    });
    stated.collect::<Result<_, DbErr>>().map(Statements)
}

/// What a row says.
pub(super) fn head(row: Model) -> Result<Head, DbErr> {
    let unreadable = |what: &str| DbErr::Type(format!("broadcast {}: {what}", row.id));
    let drafter = DRAFTERS.iter().find(|(_, code)| *code == row.drafter);
    Ok(Head {
        id: BroadcastId(row.id),
        house: house(row.section_id, row.organisation_id)
            .ok_or_else(|| unreadable("it is nobody's"))?,
        drafter: drafter
            .ok_or_else(|| unreadable("its drafter is unknown"))?
            .0,
        state: State::of_code(&row.state).ok_or_else(|| unreadable("its state is unknown"))?,
        revision: row.revision,
        corrects: row.corrects.map(BroadcastId),
        wording: row
            .template
            .zip(row.template_words.as_deref().and_then(Digest::read))
            .map(|(template, words)| Wording { template, words }),
        copied_from: row.copied_from.map(BroadcastId),
        send_at: row.send_at,
        valid_until: row.valid_until,
        created_by: PersonId(row.created_by),
        created_at: row.created_at,
        moved_at: row.moved_at,
        released_at: row.released_at,
        dispatch: row.dispatch_id.map(DispatchId),
        title: row.title,
        category: row.category,
    })
}

/// A house as two columns.
pub(super) fn parts(house: House) -> (Option<uuid::Uuid>, Option<uuid::Uuid>) {
    match house {
        House::Section(id) => (Some(id.0), None),
        House::Organisation(id) => (None, Some(id.0)),
    }
}

/// A house of two columns.
pub(super) fn house(
    section: Option<uuid::Uuid>,
    organisation: Option<uuid::Uuid>,
) -> Option<House> {
    let section = section.map(|id| House::Section(SectionId(id)));
    section.or(organisation.map(|id| House::Organisation(OrganisationId(id))))
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, DbErr> {
    serde_json_canonicalizer::to_string(value).map_err(|e| DbErr::Json(e.to_string()))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|e| DbErr::Json(e.to_string()))
}
