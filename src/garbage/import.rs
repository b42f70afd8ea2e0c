//! Importing a town's files: all or nothing, again and again.

use std::fmt;

use chrono::NaiveDate;
use serde_json::json;

use crate::area::{self, Listed};
use crate::audit::{self, Actor, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::edition::{self, Published};
use crate::ids::UploadId;
use crate::table::{Source, Strictness};
use crate::upload::{self, TakenOver};

use super::difference::{Difference, Snapshot, missing_from};
use super::files::{self, Found, Options, Reading, Town};
use super::store;

/// What an import found and did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What cannot be used, in the order of files and lines.
    pub findings: Vec<Found>,
    /// What can, but look at it.
    pub warnings: Vec<Found>,
    /// What changed; nothing when the findings stood against it.
    pub changes: Option<Changes>,
}

/// The difference an import made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Labels of areas that are new.
    pub areas_added: Vec<String>,
    /// Labels of areas that are gone.
    pub areas_removed: Vec<String>,
    /// Labels of areas that are not listed any more but kept, because residents live there.
    pub areas_retired: Vec<String>,
    /// Labels of areas whose collections changed.
    pub areas_changed: Vec<String>,
    /// Areas in all.
    pub areas: usize,
    /// Categories that are new.
    pub categories_added: Vec<String>,
    /// Categories that are gone.
    pub categories_removed: Vec<String>,
    /// Lines of the dictionary in all, new, gone.
    pub items: (usize, usize, usize),
}

/// Files that were read and not taken over yet.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// What cannot be used, in the order of files and lines.
    pub findings: Vec<Found>,
    /// What can, but look at it.
    pub warnings: Vec<Found>,
    /// What they say; nothing when the findings stand against it.
    town: Option<Town>,
}

/// What taking files over would change.
#[derive(Debug)]
pub struct Preview {
    /// The edition in force, which they were compared with.
    pub seen: i64,
    /// What would be different.
    pub difference: Difference,
}

impl Checked {
    /// Whether there is something that may be taken over.
    pub fn is_usable(&self) -> bool {
        self.town.is_some()
    }
}

/// Reads and checks what `sources` say; nothing else happens.
pub fn check(
    sources: &[Source],
    options: Options,
    strictness: Strictness,
    today: NaiveDate,
) -> Checked {
    let Reading {
        town,
        findings,
        warnings,
    } = files::read(sources, options, today);
    let usable = findings.is_empty() || strictness == Strictness::Lenient;
    Checked {
        findings,
        warnings,
        town: Some(town).filter(|town| usable && !town.areas.is_empty()),
    }
}

/// What taking `checked` over would change; nothing if it is not usable.
///
/// # Errors
/// The database does not answer.
pub async fn preview(
    db: &Db,
    checked: &Checked,
    today: NaiveDate,
) -> Result<Option<Preview>, DbError> {
    let Some(town) = &checked.town else {
        return Ok(None);
    };
    // An edition published in between counts as not seen.
    let seen = edition::number(db, Published::Garbage).await?;
    let before = store::snapshot_now(db).await?;
    Ok(Some(Preview {
        seen,
        difference: Difference::between(before, Snapshot::of(town), today),
    }))
}

/// Takes over the files kept as `upload`, if `seen` is still the edition in force, and puts it on record
/// as `actor`'s deed.
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
    let Some(town) = &checked.town else {
        return Ok(TakenOver::Gone);
    };
    let left_out = checked.findings.len();
    upload::take_over(db, Published::Garbage, upload, seen, async |tx| {
        replace(tx, now, actor, town, left_out).await
    })
    .await
}

/// Replaces the town's calendar and dictionary by what `sources` say, in one transaction, and puts it on
/// record as `actor`'s deed.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn import(
    db: &Db,
    now: Instant,
    actor: Actor,
    sources: &[Source],
    options: Options,
    strictness: Strictness,
) -> Result<Report, DbError> {
    let checked = check(sources, options, strictness, date_in_japan(now));
    let left_out = checked.findings.len();
    let mut report = Report {
        findings: checked.findings,
        warnings: checked.warnings,
        changes: None,
    };
    if let Some(town) = &checked.town {
        let tx = db.begin().await?;
        edition::renew(&tx, Published::Garbage).await?;
        report.changes = Some(replace(&tx, now, actor, town, left_out).await?);
        tx.commit().await?;
    }
    Ok(report)
}

async fn replace(
    tx: &Tx,
    now: Instant,
    actor: Actor,
    town: &Town,
    left_out: usize,
) -> Result<Changes, DbError> {
    let before = store::snapshot(tx).await?;
    let moved = Snapshot::of(town).changed_since(&before, date_in_japan(now));
    store::clear(tx).await?;
    let listed: Vec<Listed> = town.areas.iter().map(listed).collect();
    let synced = area::publish(tx, &listed).await?;
    store::write(tx, town, &synced.ids, &moved).await?;
    let after = store::snapshot(tx).await?;

    let changed = after.areas.iter().filter(|(label, calendar)| {
        before
            .areas
            .get(*label)
            .is_some_and(|was| !was.agrees_with(calendar))
    });
    let changes = Changes {
        areas_changed: changed.map(|(label, _)| label.clone()).collect(),
        areas: town.areas.len(),
        areas_added: synced.added,
        areas_removed: synced.removed,
        areas_retired: synced.retired,
        categories_added: missing_from(&before.categories, &after.categories),
        categories_removed: missing_from(&after.categories, &before.categories),
        items: (
            after.items.len(),
            missing_from(&before.items, &after.items).len(),
            missing_from(&after.items, &before.items).len(),
        ),
    };
    let detail = json!({
        "areas": changes.areas,
        "added": changes.areas_added,
        "removed": changes.areas_removed,
        "retired": changes.areas_retired,
        "changed": changes.areas_changed.len(),
        "findings_left_out": left_out,
    });
    let entry = Entry::of(actor, "garbage.imported", ("calendar", "garbage"));
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(changes)
}

fn listed(area: &files::TownArea) -> Listed {
    Listed {
        district: area.district.clone(),
        name: area.name.clone(),
        reading: area.reading.clone(),
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (items, items_new, items_gone) = self.items;
        writeln!(
            f,
            "areas: {} in all, {} added, {} removed, {} changed",
            self.areas,
            self.areas_added.len(),
            self.areas_removed.len() + self.areas_retired.len(),
            self.areas_changed.len()
        )?;
        for (what, labels) in [
            ("added", &self.areas_added),
            ("removed", &self.areas_removed),
            (
                "no longer listed, kept for residents who live there",
                &self.areas_retired,
            ),
            ("changed", &self.areas_changed),
        ] {
            // A first import would name the whole town.
            if !labels.is_empty() && labels.len() < self.areas {
                writeln!(f, "  {what}: {}", labels.join(", "))?;
            }
        }
        for (what, labels) in [
            ("added", &self.categories_added),
            ("removed", &self.categories_removed),
        ] {
            if !labels.is_empty() {
                writeln!(f, "categories {what}: {}", labels.join(", "))?;
            }
        }
        write!(
            f,
            "dictionary: {items} lines, {items_new} new, {items_gone} gone"
        )
    }
}
