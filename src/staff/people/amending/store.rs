//! Changed rows of persons, posts and contractors.

use chrono::NaiveDate;
use entity::{organisation, person, post, section};
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, ConnectionTrait, DbErr, Set};

use super::Particulars;
use crate::ids::{OrganisationId, PersonId, PostId, SectionId};
use crate::seal::Seal;
use crate::staff::people::{Subject, sealed};

pub(super) async fn set_particulars(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    id: PersonId,
    to: &Particulars,
) -> Result<(), DbErr> {
    let row = person::ActiveModel {
        id: Unchanged(id.0),
        number: Set(to.number.as_str().to_owned()),
        name: Set(sealed::name(seal, &to.name)?),
        mail: Set(to.mail.as_ref().map(|mail| sealed::mail(seal, mail))),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn close_post(
    conn: &impl ConnectionTrait,
    id: PostId,
    on: NaiveDate,
) -> Result<(), DbErr> {
    let row = post::ActiveModel {
        id: Unchanged(id.0),
        closed_on: Set(Some(on)),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn set_contract_end(
    conn: &impl ConnectionTrait,
    id: OrganisationId,
    to: NaiveDate,
) -> Result<(), DbErr> {
    let row = organisation::ActiveModel {
        id: Unchanged(id.0),
        contract_to: Set(to),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn set_subject(
    conn: &impl ConnectionTrait,
    id: SectionId,
    subject: Subject,
    kept: bool,
) -> Result<(), DbErr> {
    let mut row = section::ActiveModel {
        id: Unchanged(id.0),
        ..Default::default()
    };
    match subject {
        Subject::Answers => row.answers = Set(kept),
        Subject::Garbage => row.garbage = Set(kept),
        Subject::Childcare => row.childcare = Set(kept),
        Subject::Shelters => row.shelters = Set(kept),
    }
    row.update(conn).await.map(drop)
}
