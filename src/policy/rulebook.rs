//! The policy's versions. What the file says is recorded at the start; the first version rules as it
//! comes, a later one waits until it is adopted, and acts from its date, without a restart.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::profile::Profile;
use super::read::Fault;
use super::store;
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError, Tx};
use crate::ids::PersonId;
use crate::text::hex;

/// A profile, and the text it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The text.
    pub text: String,
    /// What it says.
    pub profile: Arc<Profile>,
}

/// A version that was read once, adopted or waiting.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// What it says, and the text that says it.
    pub document: Document,
    /// SHA-256 of the text, in hexadecimal: what is agreed to is exactly this.
    pub digest: String,
    /// When it was first read.
    pub recorded_at: Instant,
    /// Who adopted it and when; `None` while it waits.
    pub adoption: Option<Adoption>,
    /// Who last asked that it be adopted, where that takes two.
    pub asking: Option<Asking>,
}

/// That somebody asked that a version be adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// That a version was adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adoption {
    /// The person; nobody for the first version, which was there before anybody could adopt it.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// Every version, those adopted first, in the order in which they rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rulebook {
    versions: Vec<Version>,
}

/// Why there are no rules to go by.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database does not answer.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A recorded text is no profile any more.
    #[error("policy version {version} cannot be read: {fault}")]
    Unreadable {
        /// Which.
        version: String,
        /// The first fault.
        fault: Fault,
    },
    /// The file changes a version that was adopted.
    #[error(
        "version {version} was adopted on {adopted_on} and says something else; give the changed policy a version and an effective_from of its own (`kairan policy list` shows those recorded)"
    )]
    OtherText {
        /// Which.
        version: String,
        /// The day, in Japan.
        adopted_on: NaiveDate,
    },
    /// Nothing rules yet.
    #[error(
        "no version rules on {today}; the first takes effect on {first}. Start then, or write an effective_from of today or earlier"
    )]
    TooEarly {
        /// The day asked about.
        today: NaiveDate,
        /// When the first version begins.
        first: NaiveDate,
    },
}

/// Why a version is not adopted.
#[derive(Debug, thiserror::Error)]
pub enum NotAdopted {
    /// The database does not answer.
    #[error(transparent)]
    Db(#[from] DbError),
    /// There is none of this name and text that waits: it is unknown, was adopted before, or has changed.
    #[error("no version {0} with this text waits for adoption; look at the list again")]
    NotWaiting(String),
    /// It says otherwise how emergencies are agreed to and who is woken: nobody changes that alone.
    #[error(
        "version {0} changes [emergency], the working hours or the account; two people adopt it"
    )]
    TakesTwo(String),
    /// Versions cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Error>),
}

impl Document {
    /// Reads a profile and keeps its text.
    ///
    /// # Errors
    /// Every fault found.
    pub fn parse(text: impl Into<String>) -> Result<Self, Vec<Fault>> {
        let text = text.into();
        let profile = Arc::new(Profile::parse(&text)?);
        Ok(Self { text, profile })
    }

    /// SHA-256 of the text, in hexadecimal.
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(&self.text))
    }
}

impl Version {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.document.profile.profile.version
    }

    /// What it says.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.document.profile
    }

    /// The first day on which it rules: the one it names, but not before somebody adopted it.
    pub fn acts_from(&self) -> Option<NaiveDate> {
        let adoption = self.adoption?;
        let named = self.profile().profile.effective_from;
        Some(match adoption.by {
            None => named,
            Some(_) => named.max(date_in_japan(adoption.at)),
        })
    }
}

impl Rulebook {
    /// Puts versions in their order.
    pub fn new(mut versions: Vec<Version>) -> Self {
        versions.sort_by_key(|version| match version.adoption {
            Some(adoption) => (false, version.acts_from(), adoption.at),
            None => (true, None, version.recorded_at),
        });
        Self { versions }
    }

    /// Every version: those adopted in the order in which they rule, then those that wait.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version with this name.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name() == name)
    }

    /// What rules on this day in Japan; `None` before the first version's day.
    pub fn in_force(&self, on: NaiveDate) -> Option<&Version> {
        self.versions
            .iter()
            .rfind(|version| version.acts_from().is_some_and(|from| from <= on))
    }

    /// Whether adopting `version` on `today` changes how emergencies are agreed to, when that way is open, who is woken,
    /// or from which account they go out, against what would rule without it.
    pub fn takes_two(&self, version: &Version, today: NaiveDate) -> bool {
        let from = version.profile().profile.effective_from.max(today);
        let rules = |version: &Version| {
            let profile = version.profile();
            let account = profile.operator.account_id.clone();
            (
                profile.emergency.clone(),
                profile.working_hours.clone(),
                account,
            )
        };
        let before = self.in_force(from).map(rules);
        before.is_some_and(|before| before != rules(version))
    }

    /// Versions that wait to be adopted.
    pub fn waiting(&self) -> impl Iterator<Item = &Version> {
        self.versions.iter().filter(|v| v.adoption.is_none())
    }
}

/// The rules in force, kept in memory and read anew when another version was adopted, by this process or
/// another.
#[derive(Debug)]
pub struct Rules {
    db: Db,
    kept: Mutex<Option<(u64, Arc<Rulebook>)>>,
}

impl Rules {
    /// Over the versions that `db` holds.
    pub fn new(db: Db) -> Self {
        Self {
            db,
            kept: Mutex::default(),
        }
    }

    /// What rules at this moment.
    ///
    /// # Errors
    /// The database does not answer, or nothing rules yet.
    pub async fn at(&self, now: Instant) -> Result<Arc<Profile>, Error> {
        let kept = self.book().await?;
        let today = date_in_japan(now);
        match kept.in_force(today) {
            Some(version) => Ok(Arc::clone(version.profile())),
            None => Err(Error::TooEarly {
                today,
                first: kept
                    .versions()
                    .iter()
                    .find_map(Version::acts_from)
                    .unwrap_or(today),
            }),
        }
    }

    /// Every version, those adopted as they are now; one that waits may be missing or older.
    ///
    /// # Errors
    /// The database does not answer, or a text cannot be read any more.
    pub async fn book(&self) -> Result<Arc<Rulebook>, Error> {
        // An adopted version never changes and never goes: their number says whether there is another.
        let count = store::count_adopted(self.db.conn()).await?;
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((_, kept)) = kept.filter(|(of, _)| *of == count) {
            return Ok(kept);
        }
        let read = Arc::new(rulebook(&self.db).await?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((count, Arc::clone(&read)));
        Ok(read)
    }
}

/// Every version recorded, as it is now.
///
/// # Errors
/// The database does not answer, or a text cannot be read any more.
pub async fn rulebook(db: &Db) -> Result<Rulebook, Error> {
    Ok(Rulebook::new(store::all(db.conn()).await?))
}

/// Records what the file says: the first version is adopted with it, a later one waits.
///
/// # Errors
/// The file changes an adopted version, or the database does not answer.
pub async fn record(db: &Db, document: &Document, now: Instant) -> Result<(), Error> {
    let tx = db.begin().await?;
    let known = store::all(tx.conn()).await?;
    let name = &document.profile.profile.version;
    match known.iter().find(|version| version.name() == name) {
        None => {
            let adoption = known.is_empty().then_some(Adoption { by: None, at: now });
            store::insert(tx.conn(), document, now, adoption).await?;
        }
        // Comments and spaces rule nothing.
        Some(version) if version.document.profile == document.profile => return Ok(()),
        Some(version) => match version.adoption {
            Some(adoption) => {
                return Err(Error::OtherText {
                    version: name.clone(),
                    adopted_on: date_in_japan(adoption.at),
                });
            }
            None => store::replace_waiting(tx.conn(), document, now).await?,
        },
    }
    Ok(tx.commit().await?)
}

/// Adopts a waiting version, of exactly the text with this digest, in the transaction that also records
/// who agreed.
///
/// # Errors
/// No such version waits, it takes two, or the database does not answer.
pub async fn adopt(
    tx: &Tx,
    version: &str,
    digest: &str,
    by: PersonId,
    now: Instant,
) -> Result<(), NotAdopted> {
    let book = store::all(tx.conn()).await.map_err(Box::new)?;
    let book = Rulebook::new(book);
    let known = book.version(version);
    if known.is_some_and(|known| book.takes_two(known, date_in_japan(now))) {
        return Err(NotAdopted::TakesTwo(version.to_owned()));
    }
    done(
        store::adopt(tx.conn(), version, digest, (by, None), now).await?,
        version,
    )
}

/// Asks that a waiting version, of exactly the text with this digest, be adopted: somebody else agrees.
///
/// # Errors
/// No such version waits, or the database does not answer.
pub async fn ask(
    tx: &Tx,
    version: &str,
    digest: &str,
    by: PersonId,
    now: Instant,
) -> Result<(), NotAdopted> {
    let asking = Asking { by, at: now };
    done(
        store::ask(tx.conn(), version, digest, asking).await?,
        version,
    )
}

/// Who asked that the waiting version of exactly this text be adopted.
///
/// # Errors
/// The database does not answer.
pub async fn asking(tx: &Tx, version: &str, digest: &str) -> Result<Option<Asking>, DbError> {
    store::asking(tx.conn(), version, digest).await
}

/// Adopts what `asked` asked for and `agreed` agreed to.
///
/// # Errors
/// No such version waits, or the database does not answer.
pub async fn second(
    tx: &Tx,
    version: &str,
    digest: &str,
    (asked, agreed): (PersonId, PersonId),
    now: Instant,
) -> Result<(), NotAdopted> {
    let by = (asked, Some(agreed));
    done(
        store::adopt(tx.conn(), version, digest, by, now).await?,
        version,
    )
}

fn done(done: bool, version: &str) -> Result<(), NotAdopted> {
    match done {
        true => Ok(()),
        false => Err(NotAdopted::NotWaiting(version.to_owned())),
    }
}
