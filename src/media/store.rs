//! Pictures in the database.

use entity::{media, picture};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::model::{Entitled, Media, Rights};
use super::picture::{Format, Picture};
use crate::clock::Instant;
use crate::ids::{MediaId, PersonId};

/// Keeps the bytes, unless they are kept already.
pub(super) async fn keep_picture(
    conn: &impl ConnectionTrait,
    drawn: &Picture,
) -> Result<(), DbErr> {
    let row = picture::Model {
        digest: drawn.digest().to_owned(),
        format: drawn.format().code().to_owned(),
        width: pixels(drawn.width()),
        height: pixels(drawn.height()),
        bytes: drawn.bytes().to_owned(),
    };
    picture::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(picture::Column::Digest)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn add(
    conn: &impl ConnectionTrait,
    id: MediaId,
    now: Instant,
    drawn: &Picture,
    entitled: &Entitled,
) -> Result<(), DbErr> {
    let mut row = columns(entitled);
    row.id = Set(id.0);
    row.digest = Set(drawn.digest().to_owned());
    row.kept_at = Set(now);
    media::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn entitle(
    conn: &impl ConnectionTrait,
    id: MediaId,
    entitled: &Entitled,
) -> Result<(), DbErr> {
    let mut row = columns(entitled);
    row.id = sea_orm::ActiveValue::Unchanged(id.0);
    row.update(conn).await.map(drop)
}

pub(super) async fn find(
    conn: &impl ConnectionTrait,
    ids: &[MediaId],
) -> Result<Vec<Media>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = media::Entity::find()
        .filter(media::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(conn)
        .await?;
    with_sizes(conn, rows).await
}

pub(super) async fn newest(
    conn: &impl ConnectionTrait,
    before: Option<MediaId>,
    most: u64,
) -> Result<Vec<Media>, DbErr> {
    let mut rows = media::Entity::find();
    if let Some(before) = before {
        rows = rows.filter(media::Column::Id.lt(before.0));
    }
    let rows = rows
        .order_by_desc(media::Column::Id)
        .limit(most)
        .all(conn)
        .await?;
    with_sizes(conn, rows).await
}

pub(super) async fn bytes(
    conn: &impl ConnectionTrait,
    id: MediaId,
) -> Result<Option<(Format, Vec<u8>)>, DbErr> {
    let Some(row) = media::Entity::find_by_id(id.0).one(conn).await? else {
        return Ok(None);
    };
    let kept = picture::Entity::find_by_id(row.digest).one(conn).await?;
    kept.map(|kept| Ok((format(&kept.format)?, kept.bytes)))
        .transpose()
}

/// Everything of the pictures but their bytes.
async fn with_sizes(
    conn: &impl ConnectionTrait,
    rows: Vec<media::Model>,
) -> Result<Vec<Media>, DbErr> {
    type Size = (String, String, i32, i32);
    let sizes: Vec<Size> = picture::Entity::find()
        .select_only()
        .column(picture::Column::Digest)
        .column(picture::Column::Format)
        .column(picture::Column::Width)
        .column(picture::Column::Height)
        .filter(picture::Column::Digest.is_in(rows.iter().map(|row| row.digest.clone())))
        .into_tuple()
        .all(conn)
        .await?;
    rows.into_iter()
        .map(|row| {
            let size = sizes.iter().find(|(digest, ..)| *digest == row.digest);
            let missing = || DbErr::RecordNotFound(format!("picture {}", row.digest));
            let (_, kind, width, height) = size.ok_or_else(missing)?;
            Ok(Media {
                format: format(kind)?,
                width: width.unsigned_abs(),
                height: height.unsigned_abs(),
                id: MediaId(row.id),
                digest: row.digest,
                kept_at: row.kept_at,
                entitled: Entitled {
                    name: row.name,
                    rights: Rights {
                        relation: row.relation,
                        holder: row.holder,
                        evidence: row.evidence,
                        checker: row.checker.map(PersonId),
                        checked_on: row.checked_on,
                        expires_on: row.expires_on,
                        open: row.open,
                    },
                },
            })
        })
        .collect()
}

fn columns(entitled: &Entitled) -> media::ActiveModel {
    let rights = entitled.rights.clone();
    media::ActiveModel {
        name: Set(entitled.name.trim().to_owned()),
        relation: Set(rights.relation),
        holder: Set(rights.holder),
        evidence: Set(rights.evidence),
        checker: Set(rights.checker.map(|person| person.0)),
        checked_on: Set(rights.checked_on),
        expires_on: Set(rights.expires_on),
        open: Set(rights.open),
        ..Default::default()
    }
}

fn format(code: &str) -> Result<Format, DbErr> {
    Format::of_code(code).ok_or_else(|| DbErr::Type(format!("`{code}` is no format of pictures")))
}

fn pixels(side: u32) -> i32 {
    i32::try_from(side).unwrap_or(i32::MAX)
}
