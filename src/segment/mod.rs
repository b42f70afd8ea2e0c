//! Segments (配信対象): a description of residents becomes the residents, now.
//!
//! Staff write what they mean ([`parse`]) or keep it under a name ([`keep`]); the program says it back in
//! Japanese ([`words::explain`]). [`check`] refuses what residents were not told their answers are for.
//! [`select`] looks the names up, and then [`count`] and [`page`] ask the database by one and the same
//! condition, so that the head-count is what will be sent to. Nobody who cannot be reached is in any segment.
//!
//! Head-counts are exact however small: they are what a send goes to, not statistics
//! ([`crate::resident::counts`] withholds small numbers).

mod kept;
mod model;
mod parse;
mod places;
mod purpose;
mod selection;
mod store;
pub mod words;

pub use kept::{Draft, KeepError, Kept, NAME_MAX, change, find, keep, list, rename, retire};
pub use model::{Fact, Segment, Span};
pub use parse::{Expected, Found, NotASegment, parse};
pub use places::Places;
pub use purpose::{BeyondPurpose, Use, check};
pub use selection::{Selection, Unknown, select, select_in};

use crate::db::{Db, DbError, Tx};

/// How many residents are selected.
///
/// # Errors
/// The database does not answer.
pub async fn count(db: &Db, selection: &Selection) -> Result<u64, DbError> {
    store::count(db.conn(), selection).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn count_in(tx: &Tx, selection: &Selection) -> Result<u64, DbError> {
    store::count(tx.conn(), selection).await
}

/// The numbers of the first `most` residents selected after the number `after`, in order. Begin after 0,
/// go on after the last one given; a page that is not full is the last.
///
/// # Errors
/// The database does not answer.
pub async fn page(
    db: &Db,
    selection: &Selection,
    after: i64,
    most: usize,
) -> Result<Vec<i64>, DbError> {
    store::page(db.conn(), selection, after, most).await
}

/// The same as `tx` sees it.
///
/// # Errors
/// The database does not answer.
pub async fn page_in(
    tx: &Tx,
    selection: &Selection,
    after: i64,
    most: usize,
) -> Result<Vec<i64>, DbError> {
    store::page(tx.conn(), selection, after, most).await
}
