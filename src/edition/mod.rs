//! What the town publishes changes a few times a year and is read at every answer: it is kept in memory,
//! and read anew when its edition has changed, by this process or another.

mod store;

use std::sync::{Arc, Mutex, PoisonError};

use crate::db::{Db, DbError, Tx};

/// What is published as one whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// Areas, calendars and the sorting dictionary.
    Garbage,
    /// Frequent questions.
    Faq,
    /// The childcare timetable.
    Childcare,
    /// The wordings of emergencies.
    EmergencyTemplates,
}

/// Something published, kept in memory.
#[derive(Debug)]
pub struct Kept<T> {
    what: Published,
    kept: Mutex<Option<(i64, Arc<T>)>>,
}

impl Published {
    /// Its name in the database.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Garbage => "garbage",
            Self::Faq => "faq",
            Self::Childcare => "childcare",
            Self::EmergencyTemplates => "emergency-templates",
        }
    }
}

/// Says, in the transaction that publishes, that there is a new edition; gives its number. Who publishes
/// the same waits here for the transaction to end.
///
/// # Errors
/// The database does not answer.
pub async fn renew(tx: &Tx, what: Published) -> Result<i64, DbError> {
    store::renew(tx.conn(), what.name()).await?;
    store::current(tx.conn(), what.name()).await
}

/// The number of the edition in force; 0 before anything was published. Who shows what would change
/// remembers it, and hands it to [`renew_after`].
///
/// # Errors
/// The database does not answer.
pub async fn number(db: &Db, what: Published) -> Result<i64, DbError> {
    store::current(db.conn(), what.name()).await
}

/// As [`renew`], but says whether `seen` was the edition in force until now: if not, somebody else has
/// published meanwhile, and `tx` must not be committed. Whoever else renews waits until `tx` ends.
///
/// # Errors
/// The database does not answer.
pub async fn renew_after(tx: &Tx, what: Published, seen: i64) -> Result<bool, DbError> {
    Ok(renew(tx, what).await? == seen + 1)
}

impl<T> Kept<T> {
    /// Nothing is kept yet.
    pub fn new(what: Published) -> Self {
        Self {
            what,
            kept: Mutex::default(),
        }
    }

    /// What is in force, loaded if it is not what is kept.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn get<F: Future<Output = Result<T, DbError>>>(
        &self,
        db: &Db,
        load: impl FnOnce() -> F,
    ) -> Result<Arc<T>, DbError> {
        let edition = store::current(db.conn(), self.what.name()).await?;
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((_, kept)) = kept.filter(|(of, _)| *of == edition) {
            return Ok(kept);
        }
        // An edition published meanwhile may be loaded under the older number: it is loaded once more then.
        let loaded = Arc::new(load().await?);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((edition, Arc::clone(&loaded)));
        Ok(loaded)
    }
}
