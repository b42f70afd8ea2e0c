//! How another wording comes in force: somebody hands it in or asks for one that waits, somebody else agrees to exactly
//! that, or declines and says why.

use serde_json::json;

use super::fault::Fault;
use super::file;
use super::library::Library;
use super::publish::{Asked, Declined, Version};
use super::store;
use crate::audit::{self, Entry};
use crate::clock::{Instant, date_in_japan};
use crate::db::{DbError, Tx};
use crate::edition::{self, Published};
use crate::staff::Right;
use crate::staff::countersign::TTL;
use crate::staff::people::{self, Signed};
use crate::table::{Finding, Source};

/// Who may: those who do everything else that takes two.
const RIGHT: Right = Right::ManagePeople;
/// Most bytes of a file.
const MOST: usize = 64 * 1024;
/// Most letters of a reason.
const REASON: usize = 500;

/// Why a wording was not published.
#[derive(Debug, thiserror::Error)]
pub enum NotPublished {
    /// They may not, or could not yet when it was asked.
    #[error("this person has not the right for it, or had it not yet when it was asked")]
    NotEntitled,
    /// Nobody agrees to what they asked for themselves.
    #[error("the person who asked cannot be the one who agrees")]
    SamePerson,
    /// There is no such version, or it is in force.
    #[error("no version of this template with this text waits; look at the list again")]
    NotWaiting,
    /// Nobody has asked, or the hour is over.
    #[error("nobody has asked for it within the last {} minutes; ask first", TTL.num_minutes())]
    NotAsked,
    /// It would leave a template without its answer, or says what must not be said.
    #[error("with it the templates would not hold together: {}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Faults(Vec<Finding<Fault>>),
    /// Only who asked takes it back.
    #[error("only the person who asked can take it back")]
    NotTheirs,
    /// It is what is in force, word for word.
    #[error("it says what is in force already")]
    InForce,
    /// No reason was given.
    #[error("say why, in 1 to {REASON} characters")]
    NoReason,
    /// No template is so long.
    #[error("it has {0} bytes; at most {MOST} are read")]
    TooLong(usize),
    /// The database.
    #[error("the template could not be read or written")]
    Db(#[from] DbError),
}

/// Hands in a wording, as its file, and asks that it be published. It replaces what has its code, or is new.
///
/// # Errors
/// It is no template, does not hold together with the others, or is in force; see [`NotPublished`].
pub async fn propose(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    source: &Source,
) -> Result<Version, NotPublished> {
    begin(tx, by).await?;
    if source.bytes.len() > MOST {
        return Err(NotPublished::TooLong(source.bytes.len()));
    }
    let template = file::read(source).map_err(NotPublished::Faults)?;
    let versions = store::all(tx.conn()).await?;
    let known = versions
        .into_iter()
        .find(|known| known.code == template.code && known.version == template.version);
    let version = match known {
        Some(known) if known.is_in_force() => return Err(NotPublished::InForce),
        Some(known) => known,
        None => Version {
            text: source.text().unwrap_or_default(),
            recorded_at: now,
            wanted: None,
            asked: None,
            seconded_by: None,
            published_at: None,
            retired_at: None,
            written_by: Some(by.person()),
            declined: None,
            code: template.code,
            version: template.version,
        },
    };
    holds_together(tx, &version).await?;
    // One that is there already stays as it is.
    store::add(tx.conn(), &version).await?;
    asks(tx, now, by, &version).await?;
    Ok(version)
}

/// Asks that a version that waits, or was in force once, be published.
///
/// # Errors
/// See [`NotPublished`].
pub async fn ask(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    code: &str,
    version: &str,
) -> Result<(), NotPublished> {
    begin(tx, by).await?;
    let version = waiting(tx, code, version).await?;
    holds_together(tx, &version).await?;
    asks(tx, now, by, &version).await
}

async fn asks(tx: &Tx, now: Instant, by: &Signed, version: &Version) -> Result<(), NotPublished> {
    let asked = Asked {
        by: by.person(),
        at: now,
    };
    store::ask(tx.conn(), version, asked).await?;
    note(tx, now, by, "emergency.template_asked", version).await
}

/// Agrees, and publishes it; the version that was in force retires.
///
/// # Errors
/// See [`NotPublished`].
pub async fn second(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    code: &str,
    version: &str,
) -> Result<(), NotPublished> {
    audit::take_turn(tx).await?;
    let (version, asked) = another_s(tx, now, by, code, version).await?;
    // A right that was given in between does not count, and one that was taken does.
    let roster = people::roster_in(tx).await?.as_granted_by(asked.at);
    for person in [asked.by, by.person()] {
        for day in [asked.at, now].map(date_in_japan) {
            let signed = roster.signed(person, day);
            if !signed.is_some_and(|signed| signed.may(RIGHT)) {
                return Err(NotPublished::NotEntitled);
            }
        }
    }
    holds_together(tx, &version).await?;
    store::retire(tx.conn(), code, now).await?;
    store::publish(tx.conn(), &version, asked, by.person(), now).await?;
    edition::renew(tx, Published::EmergencyTemplates).await?;
    note(tx, now, by, "emergency.template_published", &version).await
}

/// Declines what another asked for, and says why.
///
/// # Errors
/// See [`NotPublished`].
pub async fn decline(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    (code, version): (&str, &str),
    answer: &str,
) -> Result<(), NotPublished> {
    begin(tx, by).await?;
    let answer = answer.trim();
    if !(1..=REASON).contains(&answer.chars().count()) {
        return Err(NotPublished::NoReason);
    }
    let (version, _) = another_s(tx, now, by, code, version).await?;
    let declined = Declined {
        by: by.person(),
        at: now,
        answer: answer.to_owned(),
    };
    store::decline(tx.conn(), &version, declined).await?;
    note(tx, now, by, "emergency.template_declined", &version).await
}

/// Takes back what one asked for oneself.
///
/// # Errors
/// See [`NotPublished`].
pub async fn take_back(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    code: &str,
    version: &str,
) -> Result<(), NotPublished> {
    audit::take_turn(tx).await?;
    let version = waiting(tx, code, version).await?;
    let asked = version.wanted.filter(|_| version.waits(now));
    if asked.ok_or(NotPublished::NotAsked)?.by != by.person() {
        return Err(NotPublished::NotTheirs);
    }
    store::take_back(tx.conn(), &version).await?;
    note(tx, now, by, "emergency.template_withdrawn", &version).await
}

async fn begin(tx: &Tx, by: &Signed) -> Result<(), NotPublished> {
    audit::take_turn(tx).await?;
    match by.may(RIGHT) {
        true => Ok(()),
        false => Err(NotPublished::NotEntitled),
    }
}

/// The version that another has asked for within the hour.
async fn another_s(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    code: &str,
    version: &str,
) -> Result<(Version, Asked), NotPublished> {
    let version = waiting(tx, code, version).await?;
    let asked = version.wanted.filter(|_| version.waits(now));
    let asked = asked.ok_or(NotPublished::NotAsked)?;
    match asked.by == by.person() {
        true => Err(NotPublished::SamePerson),
        false => Ok((version, asked)),
    }
}

async fn waiting(tx: &Tx, code: &str, version: &str) -> Result<Version, NotPublished> {
    let versions = store::all(tx.conn()).await?;
    let found = versions
        .into_iter()
        .find(|known| known.code == code && known.version == version);
    found
        .filter(|known| !known.is_in_force())
        .ok_or(NotPublished::NotWaiting)
}

/// Whether all that would be in force can be read, and each has its answer.
async fn holds_together(tx: &Tx, with: &Version) -> Result<(), NotPublished> {
    let versions = store::all(tx.conn()).await?;
    let others = versions
        .iter()
        .filter(|known| known.is_in_force() && known.code != with.code);
    let files: Vec<Source> = others.chain([with]).map(Version::file).collect();
    Library::of(&files).map(drop).map_err(NotPublished::Faults)
}

async fn note(
    tx: &Tx,
    now: Instant,
    by: &Signed,
    act: &'static str,
    version: &Version,
) -> Result<(), NotPublished> {
    let entry = Entry::of(by.actor(), act, ("emergency_template", &version.code));
    let entry = entry.with(json!({ "version": version.version }));
    Ok(audit::record(tx, now, entry).await?)
}
