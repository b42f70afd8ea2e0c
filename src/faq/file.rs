//! Entries as a file: taken over as a whole, after somebody has seen what that changes, and given out.

use serde_json::json;

use super::edit::{self, Held};
use super::model::{self, Draft, Entry};
use super::store;
use crate::audit::{self, Actor};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::edition::{self, Published};
use crate::ids::UploadId;
use crate::table::{Finding, Source};
use crate::upload::{self, ImportError, TakenOver};

/// What an import changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Questions that were not there before.
    pub added: usize,
    /// Questions whose answer, synonyms, link, category or place in the order changed.
    pub changed: usize,
    /// Questions that stayed as they were.
    pub kept: usize,
    /// Questions that the file no longer has.
    pub removed: usize,
}

/// What a file would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// Questions that are not there yet.
    pub added: Vec<Draft>,
    /// Questions that say something else: before and after.
    pub changed: Vec<(Entry, Draft)>,
    /// Questions that the file does not have.
    pub removed: Vec<Entry>,
    /// How many say the same.
    pub kept: usize,
}

impl Compared {
    fn between(held: Vec<Held>, drafts: &[Draft]) -> Self {
        let mut before: Vec<Option<Entry>> =
            held.into_iter().map(|held| Some(held.entry)).collect();
        let mut compared = Self::default();
        for draft in drafts {
            let same = |entry: &&mut Option<Entry>| {
                entry.as_ref().is_some_and(|e| e.question == draft.question)
            };
            match before.iter_mut().find(same).and_then(Option::take) {
                Some(entry) if Draft::from(&entry) == *draft => compared.kept += 1,
                Some(entry) => compared.changed.push((entry, draft.clone())),
                None => compared.added.push(draft.clone()),
            }
        }
        compared.removed = before.into_iter().flatten().collect();
        compared
    }

    /// Whether taking it over would change anything that is said.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// A file that was read and can be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    file: String,
    drafts: Vec<Draft>,
}

/// Reads and checks a file; nothing else happens.
///
/// # Errors
/// Everything that has to be put right first.
pub fn check(source: &Source) -> Result<Checked, Vec<Finding>> {
    Ok(Checked {
        file: source.name.clone(),
        drafts: model::parse(source)?,
    })
}

/// Replaces the FAQ by that of `source` (`question,answer,synonyms,link,category`). A question that
/// stays keeps its id, so that a button sent to a resident before the import still finds its answer.
///
/// # Errors
/// Any finding, or the database: nothing has changed then.
pub async fn import(
    db: &Db,
    now: Instant,
    actor: Actor,
    source: &Source,
) -> Result<Imported, ImportError> {
    let checked = check(source).map_err(ImportError::Findings)?;
    let tx = db.begin().await?;
    edition::renew(&tx, Published::Faq).await?;
    let imported = replace(&tx, now, actor, checked).await?;
    tx.commit().await?;
    Ok(imported)
}

/// What taking `checked` over would change now.
///
/// # Errors
/// The database does not answer.
pub async fn compare(db: &Db, checked: &Checked) -> Result<Compared, DbError> {
    Ok(Compared::between(edit::all(db).await?, &checked.drafts))
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
    checked: Checked,
    seen: i64,
) -> Result<TakenOver<Imported>, DbError> {
    upload::take_over(db, Published::Faq, upload, seen, async |tx| {
        replace(tx, now, actor, checked).await
    })
    .await
}

async fn replace(
    tx: &Tx,
    now: Instant,
    actor: Actor,
    checked: Checked,
) -> Result<Imported, DbError> {
    let imported = store::replace(tx.conn(), checked.drafts).await?;
    let detail = json!({
        "file": checked.file,
        "added": imported.added,
        "changed": imported.changed,
        "kept": imported.kept,
        "removed": imported.removed,
    });
    let entry = audit::Entry::of(actor, "faq.imported", ("questions", "faq"));
    audit::record(tx, now, entry.with(detail)).await?;
    Ok(imported)
}

/// The header and every entry, in the order and the form that [`import`] reads.
///
/// # Errors
/// The database does not answer.
pub async fn export(db: &Db) -> Result<Vec<[String; 5]>, DbError> {
    let held = edit::all(db).await?;
    let rows = held.iter().map(|held| model::row(&held.entry));
    Ok(std::iter::once(model::HEADER.map(str::to_owned))
        .chain(rows)
        .collect())
}
