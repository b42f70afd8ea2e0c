//! The ways to staff in the database, sealed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{person, push_subscription, telephone};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
};
use url::Url;
use uuid::Uuid;

use super::{Device, PushTarget, Telephone, Ways};
use crate::audit::Actor;
use crate::clock::Instant;
use crate::ids::{PersonId, PushId};
use crate::seal::Seal;
use crate::staff::people;

const NUMBER: &str = "telephone.number";
const ENDPOINT: &str = "push_subscription.endpoint";
const KEYS: &str = "push_subscription.keys";

pub(super) async fn ways(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, Ways>, DbErr> {
    let ids = || persons.iter().map(|person| person.0);
    // One that does not open costs its owner this way, and nobody else theirs.
    let unreadable = |what: &str, person: Uuid| {
        tracing::error!(%person, what, "a way to somebody cannot be read: have them set it anew");
    };
    let mut ways: BTreeMap<PersonId, Ways> = BTreeMap::new();
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids()));
    for row in rows.all(conn).await? {
        let of = ways.entry(PersonId(row.id)).or_default();
        if let Some(mail) = row.mail {
            of.mail = people::opened_mail(seal, &mail);
            if of.mail.is_none() {
                unreadable("mail address", row.id);
            }
        }
    }
    let rows = telephone::Entity::find().filter(telephone::Column::PersonId.is_in(ids()));
    for row in rows.all(conn).await? {
        let number = seal.open(NUMBER, &row.number).ok();
        let number = number.and_then(|number| Telephone::parse(&number).ok());
        let of = ways.entry(PersonId(row.person_id)).or_default();
        if number.is_none() {
            unreadable("telephone", row.person_id);
        }
        of.telephone = number;
    }
    let rows = push_subscription::Entity::find()
        .filter(push_subscription::Column::PersonId.is_in(ids()))
        .filter(push_subscription::Column::FailedAt.is_null())
        .order_by_asc(push_subscription::Column::Id);
    for row in rows.all(conn).await? {
        let person = PersonId(row.person_id);
        match opened(seal, row) {
            Some(target) => ways.entry(person).or_default().push.push(target),
            None => unreadable("device", person.0),
        }
    }
    Ok(ways)
}

fn opened(seal: &Seal, row: push_subscription::Model) -> Option<PushTarget> {
    let endpoint = Url::parse(&seal.open(ENDPOINT, &row.endpoint).ok()?).ok()?;
    let keys = seal.open(KEYS, &row.keys).ok()?;
    let (p256dh, auth) = keys.split_once(' ')?;
    PushTarget::of_parts(PushId(row.id), endpoint, p256dh, auth).ok()
}

fn sealed(seal: &Seal, column: &'static str, text: &str) -> Result<String, DbErr> {
    let sealed = seal.text(column, text);
    sealed.map_err(|error| DbErr::Custom(error.to_string()))
}

pub(super) async fn keep_telephone(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    by: &Actor,
    person: PersonId,
    number: &Telephone,
) -> Result<(), DbErr> {
    let row = telephone::Model {
        person_id: person.0,
        number: sealed(seal, NUMBER, number.as_str())?,
        set_at: now,
        set_by: match by {
            Actor::Person(by, _) => Some(by.0),
            Actor::System | Actor::Operator => None,
        },
    };
    let anew = OnConflict::column(telephone::Column::PersonId)
        .update_columns([
            telephone::Column::Number,
            telephone::Column::SetAt,
            telephone::Column::SetBy,
        ])
        .to_owned();
    telephone::Entity::insert(row.into_active_model())
        .on_conflict(anew)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn has_telephone(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, DbErr> {
    let known = telephone::Entity::find_by_id(person.0).one(conn).await?;
    Ok(known.is_some())
}

/// Whether there was one.
pub(super) async fn forget_telephone(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, DbErr> {
    let gone = telephone::Entity::delete_by_id(person.0).exec(conn).await?;
    Ok(gone.rows_affected > 0)
}

pub(super) async fn keep_device(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    now: Instant,
    person: PersonId,
    target: &PushTarget,
    label: &str,
) -> Result<(), DbErr> {
    let row = push_subscription::Model {
        id: target.id.0,
        person_id: person.0,
        endpoint: seal.lookup(ENDPOINT, target.endpoint.as_str()),
        keys: sealed(seal, KEYS, &target.keys())?,
        label: label.to_owned(),
        created_at: now,
        failed_at: None,
    };
    push_subscription::Entity::insert(row.into_active_model())
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Whoever's it was.
pub(super) async fn forget_endpoint(
    conn: &impl ConnectionTrait,
    seal: &Seal,
    target: &PushTarget,
) -> Result<(), DbErr> {
    let forms = seal.lookups(ENDPOINT, target.endpoint.as_str());
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::Endpoint.is_in(forms))
        .exec(conn)
        .await?;
    Ok(())
}

/// Whether it was theirs.
pub(super) async fn forget_device(
    conn: &impl ConnectionTrait,
    person: PersonId,
    id: PushId,
) -> Result<bool, DbErr> {
    let gone = push_subscription::Entity::delete_by_id(id.0)
        .filter(push_subscription::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected > 0)
}

pub(super) async fn forget_devices(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<(), DbErr> {
    push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn forget_departed(
    conn: &impl ConnectionTrait,
    today: NaiveDate,
) -> Result<u64, DbErr> {
    let departed = || {
        person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .filter(person::Column::EndsOn.lt(today))
            .into_query()
    };
    let numbers = telephone::Entity::delete_many()
        .filter(telephone::Column::PersonId.in_subquery(departed()))
        .exec(conn)
        .await?;
    let devices = push_subscription::Entity::delete_many()
        .filter(push_subscription::Column::PersonId.in_subquery(departed()))
        .exec(conn)
        .await?;
    Ok(numbers.rows_affected + devices.rows_affected)
}

pub(super) async fn fail_device(
    conn: &impl ConnectionTrait,
    now: Instant,
    id: PushId,
) -> Result<(), DbErr> {
    push_subscription::Entity::update_many()
        .set(push_subscription::ActiveModel {
            failed_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(push_subscription::Column::Id.eq(id.0))
        .filter(push_subscription::Column::FailedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn devices(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Device>, DbErr> {
    let rows = push_subscription::Entity::find()
        .filter(push_subscription::Column::PersonId.eq(person.0))
        .order_by_asc(push_subscription::Column::Id);
    let device = |row: push_subscription::Model| Device {
        id: PushId(row.id),
        label: row.label,
        created_at: row.created_at,
        failed_at: row.failed_at,
    };
    Ok(rows.all(conn).await?.into_iter().map(device).collect())
}
