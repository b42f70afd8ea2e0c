//! Accounts and recovery codes; whether a person may prove anything at all.

use std::collections::{BTreeMap, BTreeSet};

use entity::{account, organisation, passkey, person, recovery_code, sso_subject};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait,
    PaginatorTrait, QueryFilter, Set,
};

use super::credentials::Credentials;
use super::throttle::LOCKS_AT;
use crate::clock::{Instant, date_in_japan};
use crate::db::Tx;
use crate::ids::PersonId;
use crate::staff::people;

/// A person's account.
pub(super) struct Account {
    pub person: PersonId,
    pub password_hash: Option<String>,
    pub password_set_at: Option<Instant>,
    pub totp: Option<String>,
    pub failures: i32,
}

impl Account {
    pub(super) fn password_locked(&self) -> bool {
        self.failures >= LOCKS_AT
    }
}

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        Self {
            person: PersonId(row.person_id),
            password_hash: row.password_hash,
            password_set_at: row.password_set_at,
            totp: row.totp,
            failures: row.failures,
        }
    }
}

pub(super) async fn account(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<Account>, DbErr> {
    let row = account::Entity::find_by_id(person.0).one(conn).await?;
    Ok(row.map(Account::from))
}

/// The account of whoever has this number or mail address.
pub(super) async fn account_called(tx: &Tx, called: &str) -> Result<Option<Account>, DbErr> {
    match people::person_called(tx, called).await? {
        Some(person) => account(tx.conn(), person).await,
        None => Ok(None),
    }
}

/// Whether the person works here on the day of `now`, and is not locked.
pub(super) async fn is_active(
    conn: &impl ConnectionTrait,
    person: PersonId,
    now: Instant,
) -> Result<bool, DbErr> {
    let today = date_in_japan(now);
    let Some(row) = person::Entity::find_by_id(person.0).one(conn).await? else {
        return Ok(false);
    };
    let contract = match row.organisation_id {
        Some(id) => organisation::Entity::find_by_id(id).one(conn).await?,
        None => None,
    };
    let account = account::Entity::find_by_id(person.0).one(conn).await?;
    Ok(row.ends_on.is_none_or(|last| today <= last)
        && contract.is_none_or(|c| c.contract_from <= today && today <= c.contract_to)
        && account.is_none_or(|account| account.locked_at.is_none()))
}

/// Everybody whose account an administrator has locked.
pub(super) async fn locked(conn: &impl ConnectionTrait) -> Result<BTreeSet<PersonId>, DbErr> {
    let rows = account::Entity::find()
        .filter(account::Column::LockedAt.is_not_null())
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| PersonId(row.person_id))
        .collect())
}

/// An account begins when something is set in it first.
async fn ensure(conn: &impl ConnectionTrait, person: PersonId, now: Instant) -> Result<(), DbErr> {
    let row = account::ActiveModel {
        person_id: Set(person.0),
        password_hash: NotSet,
        password_set_at: NotSet,
        totp: NotSet,
        totp_step: NotSet,
        failures: Set(0),
        locked_at: NotSet,
        created_at: Set(now),
        stopped_at: NotSet,
    };
    account::Entity::insert(row)
        .on_conflict(
            OnConflict::column(account::Column::PersonId)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_password(
    conn: &impl ConnectionTrait,
    person: PersonId,
    hash: String,
    now: Instant,
) -> Result<(), DbErr> {
    ensure(conn, person, now).await?;
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::PasswordSetAt, Expr::value(now))
        .filter(account::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_codes(
    conn: &impl ConnectionTrait,
    person: PersonId,
    sealed: Option<String>,
    step: Option<i64>,
    now: Instant,
) -> Result<(), DbErr> {
    ensure(conn, person, now).await?;
    account::Entity::update_many()
        .col_expr(account::Column::Totp, Expr::value(sealed))
        .col_expr(account::Column::TotpStep, Expr::value(step))
        .filter(account::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Takes the password, the authenticator app and the recovery codes away.
pub(super) async fn forget_password_and_codes(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .set(account::ActiveModel {
            password_hash: Set(None),
            password_set_at: Set(None),
            totp: Set(None),
            totp_step: Set(None),
            failures: Set(0),
            ..Default::default()
        })
        .filter(account::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    replace_recovery_codes(conn, person, Vec::new()).await
}

/// Uses up the code of a step; false when that or a later one was used.
pub(super) async fn use_step(
    conn: &impl ConnectionTrait,
    person: PersonId,
    step: i64,
) -> Result<bool, DbErr> {
    let unused = account::Column::TotpStep
        .is_null()
        .or(account::Column::TotpStep.lt(step));
    let used = account::Entity::update_many()
        .col_expr(account::Column::TotpStep, Expr::value(step))
        .filter(account::Column::PersonId.eq(person.0))
        .filter(unused)
        .exec(conn)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Adds to the wrong tries in a row.
pub(super) async fn add_failures(
    conn: &impl ConnectionTrait,
    person: PersonId,
    more: i32,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(
            account::Column::Failures,
            Expr::col(account::Column::Failures).add(more),
        )
        .filter(account::Column::PersonId.eq(person.0))
        .filter(Expr::col(account::Column::Failures).add(more).gte(0))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_failures(
    conn: &impl ConnectionTrait,
    person: PersonId,
    failures: i32,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::Failures, Expr::value(failures))
        .filter(account::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn set_locked(
    conn: &impl ConnectionTrait,
    person: PersonId,
    locked_at: Option<Instant>,
    now: Instant,
) -> Result<(), DbErr> {
    ensure(conn, person, now).await?;
    account::Entity::update_many()
        .col_expr(account::Column::LockedAt, Expr::value(locked_at))
        .filter(account::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Keeps that the account was stopped: what was confirmed before counts no more, also once it goes on.
pub(super) async fn stop(
    conn: &impl ConnectionTrait,
    person: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    ensure(conn, person, now).await?;
    account::Entity::update_many()
        .col_expr(account::Column::StoppedAt, Expr::value(now))
        .filter(account::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

/// Whether the account was stopped after `since`.
pub(super) async fn was_stopped(
    conn: &impl ConnectionTrait,
    person: PersonId,
    since: Instant,
) -> Result<bool, DbErr> {
    let stopped = account::Entity::find_by_id(person.0)
        .filter(account::Column::StoppedAt.gt(since))
        .count(conn)
        .await?;
    Ok(stopped > 0)
}

pub(super) async fn replace_recovery_codes(
    conn: &impl ConnectionTrait,
    person: PersonId,
    hashes: Vec<String>,
) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    if hashes.is_empty() {
        return Ok(());
    }
    let rows = hashes.into_iter().map(|hash| recovery_code::ActiveModel {
        hash: Set(hash),
        person_id: Set(person.0),
        used_at: NotSet,
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn use_recovery_code(
    conn: &impl ConnectionTrait,
    person: PersonId,
    hash: &str,
    now: Instant,
) -> Result<bool, DbErr> {
    let used = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
        .filter(recovery_code::Column::Hash.eq(hash))
        .filter(recovery_code::Column::PersonId.eq(person.0))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(conn)
        .await?;
    Ok(used.rows_affected == 1)
}

pub(super) async fn recovery_codes_left(
    conn: &impl ConnectionTrait,
    person: PersonId,
) -> Result<usize, DbErr> {
    let left = recovery_code::Entity::find()
        .filter(recovery_code::Column::PersonId.eq(person.0))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(conn)
        .await?;
    Ok(usize::try_from(left).unwrap_or(usize::MAX))
}

/// The person bound to a subject of the municipality's own sign-on.
pub(super) async fn bound_to(
    conn: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<PersonId>, DbErr> {
    let key = (issuer.to_owned(), subject.to_owned());
    let row = sso_subject::Entity::find_by_id(key).one(conn).await?;
    Ok(row.map(|row| PersonId(row.person_id)))
}

/// Lets no subject of the sign-on be `person` any more.
pub(super) async fn unbind(conn: &impl ConnectionTrait, person: PersonId) -> Result<(), DbErr> {
    sso_subject::Entity::delete_many()
        .filter(sso_subject::Column::PersonId.eq(person.0))
        .exec(conn)
        .await?;
    Ok(())
}

pub(super) async fn bind(
    conn: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
    person: PersonId,
    now: Instant,
) -> Result<(), DbErr> {
    let row = sso_subject::ActiveModel {
        issuer: Set(issuer.to_owned()),
        subject: Set(subject.to_owned()),
        person_id: Set(person.0),
        bound_at: Set(now),
    };
    sso_subject::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

pub(super) async fn credentials(conn: &impl ConnectionTrait) -> Result<Vec<Credentials>, DbErr> {
    let accounts = account::Entity::find().all(conn).await?;
    let passkeys = passkey::Entity::find()
        .filter(passkey::Column::RevokedAt.is_null())
        .all(conn)
        .await?;
    let mut all: BTreeMap<PersonId, Credentials> = BTreeMap::new();
    let none = |person| Credentials {
        person,
        password_set_at: None,
        code: false,
        passkeys: Vec::new(),
    };
    for row in accounts {
        let person = PersonId(row.person_id);
        let theirs = all.entry(person).or_insert_with(|| none(person));
        theirs.password_set_at = row.password_set_at;
        theirs.code = row.totp.is_some();
    }
    for row in passkeys {
        let person = PersonId(row.person_id);
        let theirs = all.entry(person).or_insert_with(|| none(person));
        theirs.passkeys.push(row.enrolled_at);
    }
    Ok(all.into_values().collect())
}
