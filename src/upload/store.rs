//! Uploads in the database.

use entity::{upload, upload_file};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use super::Upload;
use crate::clock::Instant;
use crate::ids::{PersonId, UploadId};
use crate::table::Source;

/// Removes a person's uploads of one kind, and everybody's from before `before`.
pub(super) async fn forget(
    conn: &impl ConnectionTrait,
    kind: &str,
    by: PersonId,
    before: Instant,
) -> Result<(), DbErr> {
    let theirs = Condition::all()
        .add(upload::Column::Kind.eq(kind))
        .add(upload::Column::PersonId.eq(by.0));
    upload::Entity::delete_many()
        .filter(
            Condition::any()
                .add(theirs)
                .add(upload::Column::At.lt(before)),
        )
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn write(
    conn: &impl ConnectionTrait,
    id: UploadId,
    kind: &str,
    by: PersonId,
    now: Instant,
    files: &[Source],
    options: &str,
) -> Result<(), DbErr> {
    let row = upload::Model {
        id: id.0,
        kind: kind.to_owned(),
        options: options.to_owned(),
        person_id: by.0,
        at: now,
    };
    upload::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    for (position, file) in (0..).zip(files) {
        let row = upload_file::Model {
            upload_id: id.0,
            position,
            name: file.name.clone(),
            bytes: file.bytes.clone(),
        };
        upload_file::Entity::insert(row.into_active_model())
            .exec_without_returning(conn)
            .await?;
    }
    Ok(())
}

pub(super) async fn read(
    conn: &impl ConnectionTrait,
    kind: &str,
    id: UploadId,
) -> Result<Option<Upload>, DbErr> {
    let found = upload::Entity::find_by_id(id.0).one(conn).await?;
    let Some(row) = found.filter(|row| row.kind == kind) else {
        return Ok(None);
    };
    let files = upload_file::Entity::find()
        .filter(upload_file::Column::UploadId.eq(id.0))
        .order_by_asc(upload_file::Column::Position)
        .all(conn)
        .await?;
    Ok(Some(Upload {
        id,
        files: files
            .into_iter()
            .map(|file| Source::new(file.name, file.bytes))
            .collect(),
        options: row.options,
        at: row.at,
    }))
}

pub(super) async fn remove(conn: &impl ConnectionTrait, id: UploadId) -> Result<bool, DbErr> {
    let gone = upload::Entity::delete_by_id(id.0).exec(conn).await?;
    Ok(gone.rows_affected == 1)
}
