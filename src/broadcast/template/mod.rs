//! Manuscripts to begin others with (ひな形): each house has its own.

mod store;

use serde_json::json;

use super::content::{Manuscript, Timing};
use super::{BroadcastError, may_write};
use crate::approval::House;
use crate::audit::{self, Entry};
use crate::clock::Instant;
use crate::db::{Db, DbError, Tx};
use crate::ids::TemplateId;
use crate::staff::people::Signed;

/// Most characters of a name.
pub const NAME_MAX: usize = 60;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Whose it is.
    pub house: House,
    /// How it is called.
    pub name: String,
    /// What it says.
    pub manuscript: Manuscript,
}

/// Keeps what `manuscript` says, without its hour.
///
/// # Errors
/// It has no name, corrects something, or they do not write for that house.
pub async fn keep(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    house: House,
    name: &str,
    manuscript: &Manuscript,
) -> Result<TemplateId, BroadcastError> {
    audit::take_turn(tx).await?;
    if !may_write(by, house) {
        return Err(BroadcastError::NotTheirs);
    }
    if manuscript.corrects().is_some() {
        return Err(BroadcastError::OtherCorrection);
    }
    let template = Template {
        id: TemplateId::new(now),
        house,
        name: sound(name)?.to_owned(),
        manuscript: Manuscript {
            timing: Timing::default(),
            ..manuscript.clone()
        },
    };
    store::add(tx.conn(), now, by.person(), &template).await?;
    note(tx, now, by, "broadcast.template_kept", template.id).await?;
    Ok(template.id)
}

/// Calls a template otherwise.
///
/// # Errors
/// It has no name, there is no such template, or they do not write for its house.
pub async fn rename(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: TemplateId,
    name: &str,
) -> Result<(), BroadcastError> {
    audit::take_turn(tx).await?;
    theirs(tx, by, id).await?;
    store::rename(tx.conn(), id, sound(name)?).await?;
    note(tx, now, by, "broadcast.template_renamed", id).await
}

/// Takes a template off the list.
///
/// # Errors
/// There is no such template, or they do not write for its house.
pub async fn retire(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    id: TemplateId,
) -> Result<(), BroadcastError> {
    audit::take_turn(tx).await?;
    theirs(tx, by, id).await?;
    store::retire(tx.conn(), id, now).await?;
    note(tx, now, by, "broadcast.template_retired", id).await
}

/// The templates of a house, by name.
///
/// # Errors
/// The database does not answer.
pub async fn of(db: &Db, house: House) -> Result<Vec<Template>, DbError> {
    store::of(db.conn(), house).await
}

/// The template with this id, unless it is off the list.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: TemplateId) -> Result<Option<Template>, DbError> {
    store::find(db.conn(), id).await
}

fn sound(name: &str) -> Result<&str, BroadcastError> {
    let name = name.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count());
    match fits && !name.contains(char::is_control) {
        true => Ok(name),
        false => Err(BroadcastError::Unsaid),
    }
}

/// That there is such a template, and that they write for its house.
async fn theirs(tx: &Tx, by: &Signed, id: TemplateId) -> Result<(), BroadcastError> {
    let kept = store::find(tx.conn(), id).await?;
    let kept = kept.ok_or(BroadcastError::Gone)?;
    match may_write(by, kept.house) {
        true => Ok(()),
        false => Err(BroadcastError::NotTheirs),
    }
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    act: &'static str,
    id: TemplateId,
) -> Result<(), BroadcastError> {
    let entry = Entry::of(by.actor(), act, ("template", id)).with(json!({}));
    Ok(audit::record(tx, now, entry).await?)
}
