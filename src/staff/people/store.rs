//! People and posts in the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{deputy, holding, organisation, person, post, section};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ActiveValue::NotSet, ActiveValue::Unchanged, ColumnTrait,
    ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::model::{
    Deputy, Holding, Mail, Number, Organisation, Person, Place, Post, PostKind, Section, Subject,
    Term,
};
use super::{NewPerson, Roster, sealed};
use crate::clock::Instant;
use crate::ids::{CountersignId, DeputyId, HoldingId, OrganisationId, PersonId, PostId, SectionId};
use crate::seal::Seal;

/// Everybody, or all that concerns one person.
pub(super) async fn roster(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    only: Option<PersonId>,
) -> Result<Roster, DbErr> {
    let sections: BTreeMap<SectionId, Section> = sections(conn)
        .await?
        .into_iter()
        .map(|section| (section.id, section))
        .collect();
    let organisations: BTreeMap<OrganisationId, Organisation> = organisations(conn)
        .await?
        .into_iter()
        .map(|organisation| (organisation.id, organisation))
        .collect();
    let mut persons = person::Entity::find();
    let mut holdings = holding::Entity::find().order_by_asc(holding::Column::Id);
    let mut deputies = deputy::Entity::find()
        .order_by_asc(deputy::Column::Rank)
        .order_by_asc(deputy::Column::Id);
    if let Some(PersonId(id)) = only {
        persons = persons.filter(person::Column::Id.eq(id));
        holdings = holdings.filter(holding::Column::PersonId.eq(id));
        deputies = deputies.filter(deputy::Column::PersonId.eq(id));
    }
    let deputies = deputies.all(conn).await?;
    let mut roster = Roster {
        sections,
        organisations,
        holdings: holdings.all(conn).await?.into_iter().map(held).collect(),
        deputies: deputies.into_iter().map(stands_in).collect(),
        ..Roster::default()
    };
    for row in persons.all(conn).await? {
        let person = someone(seal, row, &roster.organisations)?;
        roster.persons.insert(person.id, person);
    }
    for row in post::Entity::find().all(conn).await? {
        let post = seat(row, &roster.sections, &roster.organisations)?;
        roster.posts.insert(post.id, post);
    }
    Ok(roster)
}

pub(super) async fn sections(conn: &impl ConnectionTrait) -> Result<Vec<Section>, DbErr> {
    let rows = section::Entity::find().order_by_asc(section::Column::Name);
    let section = |row: section::Model| Section {
        id: SectionId(row.id),
        name: row.name,
        owner: row.owner,
        subjects: [
            (Subject::Answers, row.answers),
            (Subject::Garbage, row.garbage),
            (Subject::Childcare, row.childcare),
            (Subject::Shelters, row.shelters),
        ]
        .into_iter()
        .filter_map(|(subject, kept)| kept.then_some(subject))
        .collect(),
        closed_on: row.closed_on,
    };
    Ok(rows.all(conn).await?.into_iter().map(section).collect())
}

pub(super) async fn organisations(conn: &impl ConnectionTrait) -> Result<Vec<Organisation>, DbErr> {
    let rows = organisation::Entity::find().order_by_asc(organisation::Column::Name);
    let organisation = |row: organisation::Model| Organisation {
        id: OrganisationId(row.id),
        name: row.name,
        contract: Term {
            from: row.contract_from,
            to: Some(row.contract_to),
        },
    };
    Ok(rows
        .all(conn)
        .await?
        .into_iter()
        .map(organisation)
        .collect())
}

pub(super) async fn person_numbered(
    conn: &impl ConnectionTrait,
    number: &Number,
) -> Result<Option<PersonId>, DbErr> {
    let row = person::Entity::find()
        .filter(person::Column::Number.eq(number.as_str()))
        .one(conn)
        .await?;
    Ok(row.map(|row| PersonId(row.id)))
}

pub(super) async fn person_at(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    mail: &Mail,
) -> Result<Option<PersonId>, DbErr> {
    let row = person::Entity::find()
        .filter(person::Column::Mail.is_in(sealed::mails(seal, mail)))
        .one(conn)
        .await?;
    Ok(row.map(|row| PersonId(row.id)))
}

pub(super) async fn add_section(
    conn: &impl ConnectionTrait,
    section: &Section,
) -> Result<(), DbErr> {
    let row = section::Model {
        id: section.id.0,
        name: section.name.clone(),
        owner: section.owner,
        answers: section.subjects.contains(&Subject::Answers),
        garbage: section.subjects.contains(&Subject::Garbage),
        childcare: section.subjects.contains(&Subject::Childcare),
        shelters: section.subjects.contains(&Subject::Shelters),
        closed_on: section.closed_on,
    };
    insert(conn, row.into_active_model()).await
}

/// Whether there was such an open section.
pub(super) async fn close_section(
    conn: &impl ConnectionTrait,
    id: SectionId,
    on: NaiveDate,
) -> Result<bool, DbErr> {
    let closed = section::Entity::update_many()
        .set(section::ActiveModel {
            closed_on: Set(Some(on)),
            ..Default::default()
        })
        .filter(section::Column::Id.eq(id.0))
        .filter(section::Column::ClosedOn.is_null())
        .exec(conn)
        .await?;
    Ok(closed.rows_affected == 1)
}

pub(super) async fn add_organisation(
    conn: &impl ConnectionTrait,
    id: OrganisationId,
    name: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), DbErr> {
    let row = organisation::Model {
        id: id.0,
        name: name.to_owned(),
        contract_from: from,
        contract_to: to,
    };
    insert(conn, row.into_active_model()).await
}

pub(super) async fn add_person(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    id: PersonId,
    person: &NewPerson,
    now: Instant,
) -> Result<(), DbErr> {
    let row = person::Model {
        id: id.0,
        number: person.number.as_str().to_owned(),
        name: sealed::name(seal, &person.name)?,
        mail: person.mail.as_ref().map(|mail| sealed::mail(seal, mail)),
        organisation_id: person.organisation.map(|o| o.0),
        ends_on: None,
        created_at: now,
    };
    insert(conn, row.into_active_model()).await
}

pub(super) async fn set_last_day(
    conn: &impl ConnectionTrait,
    id: PersonId,
    last: Option<NaiveDate>,
) -> Result<(), DbErr> {
    let row = person::ActiveModel {
        id: Unchanged(id.0),
        ends_on: Set(last),
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn add_post(
    conn: &impl ConnectionTrait,
    id: PostId,
    kind: PostKind,
    title: &str,
    section: Option<SectionId>,
    organisation: Option<OrganisationId>,
) -> Result<(), DbErr> {
    let row = post::Model {
        id: id.0,
        section_id: section.map(|id| id.0),
        organisation_id: organisation.map(|id| id.0),
        kind: kind.code().to_owned(),
        title: title.to_owned(),
        closed_on: None,
    };
    insert(conn, row.into_active_model()).await
}

pub(super) async fn add_holding(
    conn: &impl ConnectionTrait,
    held: &Holding,
    agreed: Option<CountersignId>,
) -> Result<(), DbErr> {
    let row = holding::Model {
        id: held.id.0,
        post_id: held.post.0,
        person_id: held.person.0,
        from_on: held.term.from,
        to_on: held.term.to,
        ended_at: None,
        granted_at: held.granted_at,
        granted_by: agreed.map(|id| id.0),
    };
    insert(conn, row.into_active_model()).await
}

pub(super) async fn add_deputy(
    conn: &impl ConnectionTrait,
    deputy: &Deputy,
    agreed: CountersignId,
) -> Result<(), DbErr> {
    let row = deputy::Model {
        id: deputy.id.0,
        post_id: deputy.post.0,
        person_id: deputy.person.0,
        rank: deputy.rank,
        from_on: deputy.term.from,
        to_on: deputy.term.to,
        ended_at: None,
        scope: deputy.scope.clone(),
        granted_at: deputy.granted_at,
        approved_by: agreed.0,
    };
    insert(conn, row.into_active_model()).await
}

/// A holding that was not taken away.
pub(super) async fn holding(
    conn: &impl ConnectionTrait,
    id: HoldingId,
) -> Result<Option<Holding>, DbErr> {
    let row = holding::Entity::find_by_id(id.0);
    let row = row.one(conn).await?.map(held);
    Ok(row.filter(|held| held.ended_at.is_none()))
}

/// A deputy's place that was not taken away.
pub(super) async fn deputy(
    conn: &impl ConnectionTrait,
    id: DeputyId,
) -> Result<Option<Deputy>, DbErr> {
    let row = deputy::Entity::find_by_id(id.0);
    let row = row.one(conn).await?.map(stands_in);
    Ok(row.filter(|deputy| deputy.ended_at.is_none()))
}

pub(super) async fn end_holding(
    conn: &impl ConnectionTrait,
    id: HoldingId,
    last: Option<NaiveDate>,
    now: Instant,
) -> Result<(), DbErr> {
    let (to_on, ended_at) = ended(last, now);
    let row = holding::ActiveModel {
        id: Unchanged(id.0),
        to_on,
        ended_at,
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

pub(super) async fn end_deputy(
    conn: &impl ConnectionTrait,
    id: DeputyId,
    last: Option<NaiveDate>,
    now: Instant,
) -> Result<(), DbErr> {
    let (to_on, ended_at) = ended(last, now);
    let row = deputy::ActiveModel {
        id: Unchanged(id.0),
        to_on,
        ended_at,
        ..Default::default()
    };
    row.update(conn).await.map(drop)
}

/// A last day, or the moment that ends it now.
fn ended(
    last: Option<NaiveDate>,
    now: Instant,
) -> (ActiveValue<Option<NaiveDate>>, ActiveValue<Option<Instant>>) {
    match last {
        Some(last) => (Set(Some(last)), NotSet),
        None => (NotSet, Set(Some(now))),
    }
}

async fn insert<A: ActiveModelTrait>(conn: &impl ConnectionTrait, row: A) -> Result<(), DbErr> {
    A::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

fn someone(
    seal: &Seal,
    row: person::Model,
    organisations: &BTreeMap<OrganisationId, Organisation>,
) -> Result<Person, DbErr> {
    let id = PersonId(row.id);
    let unreadable = |what| DbErr::Type(format!("person {id}: the {what} cannot be read"));
    let organisation = row.organisation_id.map(|id| {
        let known = organisations.get(&OrganisationId(id));
        known.cloned().ok_or_else(|| unreadable("contractor"))
    });
    let mail = row.mail.map(|mail| {
        let opened = sealed::opened_mail(seal, &mail);
        opened.ok_or_else(|| unreadable("mail address"))
    });
    Ok(Person {
        id,
        number: Number::parse(&row.number).map_err(|_| unreadable("number"))?,
        name: sealed::opened_name(seal, &row.name).ok_or_else(|| unreadable("name"))?,
        mail: mail.transpose()?,
        organisation: organisation.transpose()?,
        ends_on: row.ends_on,
    })
}

fn seat(
    row: post::Model,
    sections: &BTreeMap<SectionId, Section>,
    organisations: &BTreeMap<OrganisationId, Organisation>,
) -> Result<Post, DbErr> {
    let id = PostId(row.id);
    let unreadable = || DbErr::Type(format!("post {id} cannot be read: kind `{}`", row.kind));
    let place = match (row.section_id, row.organisation_id) {
        (Some(id), _) => sections.get(&SectionId(id)).cloned().map(Place::Section),
        (_, Some(id)) => {
            let known = organisations.get(&OrganisationId(id));
            known.cloned().map(Place::Organisation)
        }
        (None, None) => Some(Place::Town),
    };
    Ok(Post {
        id,
        kind: PostKind::of_code(&row.kind).ok_or_else(unreadable)?,
        place: place.ok_or_else(unreadable)?,
        title: row.title,
        closed_on: row.closed_on,
    })
}

fn held(row: holding::Model) -> Holding {
    Holding {
        id: HoldingId(row.id),
        post: PostId(row.post_id),
        person: PersonId(row.person_id),
        term: Term {
            from: row.from_on,
            to: row.to_on,
        },
        ended_at: row.ended_at,
        granted_at: row.granted_at,
    }
}

fn stands_in(row: deputy::Model) -> Deputy {
    Deputy {
        id: DeputyId(row.id),
        post: PostId(row.post_id),
        person: PersonId(row.person_id),
        rank: row.rank,
        term: Term {
            from: row.from_on,
            to: row.to_on,
        },
        scope: row.scope,
        ended_at: row.ended_at,
        granted_at: row.granted_at,
    }
}
