//! Taking a whole timetable over: all or nothing, again and again.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::json;

use super::fault::Fault;
use super::file;
use super::model::Rule;
use super::store;
use crate::area;
use crate::audit::{self, Actor, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::edition::{self, Published};
use crate::ids::UploadId;
use crate::table::{Finding, Source, Strictness};
use crate::upload::{self, TakenOver};

/// A file that was read and not taken over yet.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What cannot be used, in the order of lines.
    pub findings: Vec<Finding<Fault>>,
    rules: Option<Vec<Rule>>,
}

/// What taking a file over changes. A version is known by its rule and its first day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Versions that were not there.
    pub added: Vec<Rule>,
    /// Versions that say something else: so far, and from now on.
    pub changed: Vec<(Rule, Rule)>,
    /// Versions that the file does not have.
    pub removed: Vec<Rule>,
    /// Versions that stay as they are.
    pub kept: usize,
}

/// What taking a file over would change.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The edition in force, with which it was compared.
    pub seen: i64,
    /// What would change.
    pub changes: Changes,
}

/// What an import found and did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What cannot be used.
    pub findings: Vec<Finding<Fault>>,
    /// What changed; nothing when the findings stood against it.
    pub changes: Option<Changes>,
}

impl Checked {
    /// Whether there is something that may be taken over.
    pub fn is_usable(&self) -> bool {
        self.rules.is_some()
    }
}

/// Reads and checks a file; nothing else happens.
///
/// # Errors
/// The database does not say which areas there are.
pub async fn check(db: &Db, source: &Source, strictness: Strictness) -> Result<Checked, DbError> {
    let (rules, findings) = file::parse(source, &area::directory(db).await?);
    let usable = findings.is_empty() || strictness == Strictness::Lenient;
    Ok(Checked {
        rules: Some(rules).filter(|rules| usable && !rules.is_empty()),
        findings,
    })
}

/// What taking `checked` over would change; nothing if it is not usable.
///
/// # Errors
/// The database does not answer.
pub async fn preview(db: &Db, checked: &Checked) -> Result<Option<Preview>, DbError> {
    let Some(rules) = &checked.rules else {
        return Ok(None);
    };
    // An edition published in between counts as not seen.
    let seen = edition::number(db, Published::Childcare).await?;
    let before = store::timetable(db).await?;
    Ok(Some(Preview {
        seen,
        changes: Changes::between(before.all(), rules),
    }))
}

/// Takes over the file kept as `upload`, if `seen` is still the edition in force, and puts it on record as
/// `actor`'s deed.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn take_over(
    db: &Db,
    now: Instant,
    actor: Actor,
    upload: UploadId,
    checked: &Checked,
    seen: i64,
) -> Result<TakenOver<Changes>, DbError> {
    let Some(rules) = &checked.rules else {
        return Ok(TakenOver::Gone);
    };
    upload::take_over(db, Published::Childcare, upload, seen, async |tx| {
        replace(tx, now, actor, rules).await
    })
    .await
}

/// Replaces the timetable by that of `source`, in one transaction, and puts it on record as `actor`'s deed.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn import(
    db: &Db,
    now: Instant,
    actor: Actor,
    source: &Source,
    strictness: Strictness,
) -> Result<Report, DbError> {
    let checked = check(db, source, strictness).await?;
    let mut report = Report {
        findings: checked.findings,
        changes: None,
    };
    if let Some(rules) = &checked.rules {
        let tx = db.begin().await?;
        edition::renew(&tx, Published::Childcare).await?;
        report.changes = Some(replace(&tx, now, actor, rules).await?);
        tx.commit().await?;
    }
    Ok(report)
}

async fn replace(tx: &Tx, now: Instant, actor: Actor, rules: &[Rule]) -> Result<Changes, DbError> {
    let before = store::rules(tx.conn()).await?;
    let changes = Changes::between(&before, rules);
    store::replace(tx.conn(), now, rules).await?;
    let detail = json!({
        "added": codes(&changes.added),
        "changed": codes(changes.changed.iter().map(|(_, new)| new)),
        "removed": codes(&changes.removed),
        "kept": changes.kept,
    });
    let entry = Entry::of(actor, "childcare.imported", ("timetable", "childcare"));
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(changes)
}

fn codes<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Vec<&'a str> {
    rules.into_iter().map(|rule| rule.code.as_str()).collect()
}

impl Changes {
    fn between(before: &[Rule], after: &[Rule]) -> Self {
        let version = |rule: &'_ Rule| (rule.code.clone(), rule.effective_from);
        let mut old: BTreeMap<_, &Rule> = before.iter().map(|r| (version(r), r)).collect();
        let mut changes = Self::default();
        for rule in after {
            match old.remove(&version(rule)) {
                None => changes.added.push(rule.clone()),
                Some(was) if was == rule => changes.kept += 1,
                Some(was) => changes.changed.push((was.clone(), rule.clone())),
            }
        }
        let gone = |rule: &&Rule| old.contains_key(&version(rule));
        changes.removed = before.iter().filter(gone).cloned().collect();
        changes
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "childcare: {} added, {} changed, {} kept, {} removed",
            self.added.len(),
            self.changed.len(),
            self.kept,
            self.removed.len()
        )
    }
}
