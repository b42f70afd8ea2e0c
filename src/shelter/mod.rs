//! Evacuation places (指定緊急避難場所): where to flee to from which hazard, nearest first.
//!
//! The list is the town's own, in the form of 国土地理院 or of the 推奨データセット. It does not say
//! whether a place is open now: staff do ([`set_opening`]), and where they have not, every answer says so.

mod file;
mod model;
mod opening;
pub mod phrases;
mod store;

pub use model::{Hazard, Hazards, Location, Near, Shelter, nearest_of};
pub use opening::{FRESH, MAX_NOTE, NotSet, Opening, State, set_opening};

use crate::db::{Db, DbError};
use crate::ids::ShelterId;
use crate::table::{Finding, Source};
use crate::upload::ImportError;

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// How many places the town has now.
    pub places: usize,
    /// What was kept but should be looked at: places without coordinates or without any hazard.
    pub notes: Vec<Finding>,
}

/// Replaces the list of places by that of `source`.
///
/// # Errors
/// Any finding, or the database: nothing has changed then.
pub async fn import(db: &Db, source: &Source) -> Result<Imported, ImportError> {
    let (shelters, notes) = file::parse(source).map_err(ImportError::Findings)?;
    store::replace(db, &shelters).await?;
    Ok(Imported {
        places: shelters.len(),
        notes,
    })
}

/// Every place, in the list's order.
///
/// # Errors
/// The database does not answer.
pub async fn all(db: &Db) -> Result<Vec<Shelter>, DbError> {
    store::all(db.conn()).await
}

/// The place of this number, if the list still has it.
///
/// # Errors
/// The database does not answer.
pub async fn find(db: &Db, id: ShelterId) -> Result<Option<Shelter>, DbError> {
    store::find(db.conn(), id).await
}

/// The `count` places nearest to `from`; only those that are safe from `hazard`, if one is given: see
/// [`nearest_of`]. Places without coordinates are never among them.
///
/// # Errors
/// The database does not answer.
pub async fn nearest(
    db: &Db,
    from: Location,
    hazard: Option<Hazard>,
    count: usize,
) -> Result<Vec<Near>, DbError> {
    Ok(nearest_of(all(db).await?, from, hazard, count))
}
