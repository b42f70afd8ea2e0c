//! What residents ask often (FAQ): the entries a town keeps, and the search over them.
//!
//! Staff write entries one by one ([`add`], [`change`], [`remove`]) or take over a whole file
//! ([`import`], or [`check`] and [`take_over`]). The search is an index in memory, a few hundred entries big, built anew
//! after each of these:
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

mod edit;
mod file;
mod index;
mod model;
pub mod phrases;
mod store;

pub use edit::{EditError, Held, Way, add, all, by_category, change, find, remove, shift};
pub use file::{Checked, Compared, Imported, check, compare, export, import, take_over};
pub use index::{Found, Hit, Index, MIN_CONFIDENCE};
pub use model::{Draft, Entry, Field};

use crate::db::{Db, DbError};

/// The search over all questions in the database.
///
/// # Errors
/// The database does not answer.
pub async fn load(db: &Db) -> Result<Index, DbError> {
    let held = store::all(db.conn()).await?;
    Ok(Index::build(
        held.into_iter().map(|held| held.entry).collect(),
    ))
}
