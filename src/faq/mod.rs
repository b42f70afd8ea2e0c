//! What residents ask often (FAQ): the file a town keeps, and the search over it.
//!
//! The search is an index in memory, a few hundred entries big, built anew after each import:
//! ```
//! use kairan::faq::{Entry, Found, Index};
//! use kairan::ids::FaqId;
//! let entry = Entry {
//!     id: FaqId(1),
//!     question: "住民票の写しを取りたい".into(),
//!     answer: "市民課の窓口へお越しください。".into(),
//!     synonyms: vec!["住民票".into()],
//!     link: None,
//!     category: None,
//! };
//! let index = Index::build(vec![entry]);
//! assert!(matches!(index.find("住民票がほしい"), Found::Answer(e) if e.id == FaqId(1)));
//! assert_eq!(index.find("明日の天気は？"), Found::Nothing);
//! ```

mod index;
mod model;
pub mod phrases;
mod store;

pub use index::{Found, Hit, Index};
pub use model::Entry;

use crate::db::{Db, DbError};
use crate::table::{Finding, Source};

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

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file has to be put right first.
    #[error("the file has {} fault(s); nothing was imported", .0.len())]
    Findings(Vec<Finding>),
    /// The database did not take it.
    #[error("the questions could not be stored")]
    Database(#[from] DbError),
}

/// Replaces the FAQ by that of `source` (`question,answer,synonyms,link,category`). A question that
/// stays keeps its id, so that a button sent to a resident before the import still finds its answer.
///
/// # Errors
/// Any finding, or the database: nothing has changed then.
pub async fn import(db: &Db, source: &Source) -> Result<Imported, ImportError> {
    let drafts = model::parse(source).map_err(ImportError::Findings)?;
    Ok(store::replace(db, drafts).await?)
}

/// The search over all questions in the database.
///
/// # Errors
/// The database does not answer.
pub async fn load(db: &Db) -> Result<Index, DbError> {
    Ok(Index::build(store::all(db).await?))
}
