//! What the town publishes, as answers read it: kept in memory while its edition is in force.

use std::sync::Arc;

use super::Town;
use crate::area::{self, Directory};
use crate::childcare::{self, Timetable};
use crate::db::{Db, DbError};
use crate::edition::{Kept, Published};
use crate::faq::{self, Index};
use crate::garbage::{self, Calendar, Category, Dictionary};
use crate::ids::AreaId;
use crate::shelter::{self, Shelter};

/// What is kept between answers.
#[derive(Debug)]
pub(super) struct Shelves {
    directory: Kept<Directory>,
    dictionary: Kept<Dictionary>,
    categories: Kept<Vec<Category>>,
    faq: Kept<Index>,
    timetable: Kept<Timetable>,
}

impl Default for Shelves {
    fn default() -> Self {
        Self {
            directory: Kept::new(Published::Garbage),
            dictionary: Kept::new(Published::Garbage),
            categories: Kept::new(Published::Garbage),
            faq: Kept::new(Published::Faq),
            timetable: Kept::new(Published::Childcare),
        }
    }
}

/// The shelves, and the database behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Library<'a> {
    pub(super) db: &'a Db,
    pub(super) shelves: &'a Shelves,
}

impl<'a> Library<'a> {
    pub(super) fn of(db: &'a Db, town: &'a Town) -> Self {
        let shelves = &town.shelves;
        Self { db, shelves }
    }

    pub(super) async fn directory(&self) -> Result<Arc<Directory>, DbError> {
        self.shelves
            .directory
            .get(self.db, || area::directory(self.db))
            .await
    }

    pub(super) async fn dictionary(&self) -> Result<Arc<Dictionary>, DbError> {
        self.shelves
            .dictionary
            .get(self.db, || garbage::dictionary(self.db))
            .await
    }

    pub(super) async fn categories(&self) -> Result<Arc<Vec<Category>>, DbError> {
        self.shelves
            .categories
            .get(self.db, || garbage::categories(self.db))
            .await
    }

    pub(super) async fn faq(&self) -> Result<Arc<Index>, DbError> {
        self.shelves.faq.get(self.db, || faq::load(self.db)).await
    }

    pub(super) async fn timetable(&self) -> Result<Arc<Timetable>, DbError> {
        self.shelves
            .timetable
            .get(self.db, || childcare::timetable(self.db))
            .await
    }

    /// Read anew each time: an area's is small, and a town has a thousand.
    pub(super) async fn calendar(&self, area: AreaId) -> Result<Calendar, DbError> {
        garbage::calendar(self.db, area).await
    }

    /// Read anew each time: which are open may have been said a moment ago.
    pub(super) async fn shelters(&self) -> Result<Vec<Shelter>, DbError> {
        shelter::all(self.db).await
    }
}
