//! Changing one rule, from a day on: what holds until then stays as it was.

use chrono::NaiveDate;
use serde_json::json;

use super::model::Rule;
use super::store;
use super::timetable::Timetable;
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::edition::{self, Published};

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Done,
    /// Another edition than the one seen is in force. Nothing has changed.
    Overtaken,
    /// There is a rule of this code already, or none any more. Nothing has changed.
    NotThere,
}

/// Adds a rule, if `seen` is the edition in force and no rule has its code.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn add(
    db: &Db,
    now: Instant,
    actor: Actor,
    seen: i64,
    rule: Rule,
) -> Result<Changed, DbError> {
    let code = rule.code.clone();
    let entry = Entry::of(actor, "childcare.rule_added", ("childcare_rule", &code));
    let versions = |table: &Timetable| table.versions(&code).is_empty().then(|| vec![rule]);
    write(db, now, seen, entry, &code, versions).await
}

/// Changes the rule of this code from `first` on.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn change(
    db: &Db,
    now: Instant,
    actor: Actor,
    seen: i64,
    rule: Rule,
    first: NaiveDate,
) -> Result<Changed, DbError> {
    let code = rule.code.clone();
    let entry = Entry::of(actor, "childcare.rule_changed", ("childcare_rule", &code));
    let entry = entry.with(json!({ "from": first }));
    let versions = |table: &Timetable| {
        let there = !table.versions(&code).is_empty();
        there.then(|| table.changed_from(rule, first))
    };
    write(db, now, seen, entry, &code, versions).await
}

/// Ends the rule of this code with `last`.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn end(
    db: &Db,
    now: Instant,
    actor: Actor,
    seen: i64,
    code: &str,
    last: NaiveDate,
) -> Result<Changed, DbError> {
    let entry = Entry::of(actor, "childcare.rule_ended", ("childcare_rule", code));
    let entry = entry.with(json!({ "last": last }));
    let versions = |table: &Timetable| {
        let there = !table.versions(code).is_empty();
        there.then(|| table.ended_after(code, last))
    };
    write(db, now, seen, entry, code, versions).await
}

async fn write(
    db: &Db,
    now: Instant,
    seen: i64,
    entry: Entry,
    code: &str,
    versions: impl FnOnce(&Timetable) -> Option<Vec<Rule>>,
) -> Result<Changed, DbError> {
    let tx = db.begin().await?;
    if !edition::renew_after(&tx, Published::Childcare, seen).await? {
        return Ok(Changed::Overtaken);
    }
    let table = Timetable::new(store::rules(tx.conn()).await?);
    let Some(versions) = versions(&table) else {
        return Ok(Changed::NotThere);
    };
    store::put(tx.conn(), now, code, &versions).await?;
    audit::record(&tx, now, entry).await?;
    tx.commit().await?;
    Ok(Changed::Done)
}
