//! Importing a town's files: all or nothing, again and again.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;

use crate::area::{self, Listed};
use crate::db::{Db, DbError};
use crate::edition::{self, Published};
use crate::table::{Finding, Source};

use super::files::{self, Options};
use super::store;

/// What becomes of files that have findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Nothing is imported.
    #[default]
    Strict,
    /// What has no finding is imported.
    Lenient,
}

/// What an import found and did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What cannot be used, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// What can, but look at it.
    pub warnings: Vec<Finding>,
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

/// Replaces the town's calendar and dictionary by what `sources` say, in one transaction.
///
/// # Errors
/// The database does not answer; nothing has changed then.
pub async fn import(
    db: &Db,
    sources: &[Source],
    options: Options,
    strictness: Strictness,
    today: NaiveDate,
) -> Result<Report, DbError> {
    let reading = files::read(sources, options, today);
    let mut report = Report {
        findings: reading.findings,
        warnings: reading.warnings,
        changes: None,
    };
    let town = reading.town;
    let usable = report.findings.is_empty() || strictness == Strictness::Lenient;
    if !usable || town.areas.is_empty() {
        return Ok(report);
    }
    let tx = db.begin().await?;
    let before = store::snapshot(&tx).await?;
    store::clear(&tx).await?;
    let listed: Vec<Listed> = town.areas.iter().map(listed).collect();
    let synced = area::publish(&tx, &listed).await?;
    store::write(&tx, &town, &synced.ids).await?;
    let after = store::snapshot(&tx).await?;
    edition::renew(&tx, Published::Garbage).await?;
    tx.commit().await?;

    let changed = after.areas.iter().filter(|(label, calendar)| {
        before
            .areas
            .get(*label)
            .is_some_and(|was| !was.agrees_with(calendar))
    });
    report.changes = Some(Changes {
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
    });
    Ok(report)
}

fn listed(area: &files::TownArea) -> Listed {
    Listed {
        district: area.district.clone(),
        name: area.name.clone(),
        reading: area.reading.clone(),
    }
}

/// What `all` has and `some` has not.
fn missing_from<T: Ord + Clone>(some: &BTreeSet<T>, all: &BTreeSet<T>) -> Vec<T> {
    all.difference(some).cloned().collect()
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
