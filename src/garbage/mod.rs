//! Garbage (ごみ): what is collected where and when, and how to sort things.
//!
//! A town publishes CSV files ([`files`]); an [`import`] reads them, every cell by the grammar of
//! [`cell`], and replaces the stored [`Calendar`]s and [`Dictionary`]. What is collected on a day is
//! then a pure function of a calendar: the command line, the bot and the reminders use the same one. What an
//! edition moves is kept beside it ([`Changed`]) until residents are used to it.
//!
//! ```
//! use std::sync::Arc;
//! use kairan::garbage::{Calendar, Category, Schedule};
//!
//! let burnable = Category { label: "燃えるごみ".into(), ..Category::default() };
//! let schedule: Schedule = "RRULE:FREQ=WEEKLY;BYDAY=MO\nEXDATE;VALUE=DATE:20261123".parse()?;
//! let calendar = Calendar { collected: vec![(Arc::new(burnable), schedule)], ..Calendar::default() };
//! let from = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default();
//! assert_eq!(calendar.collections(from, 10)[0].date.to_string(), "2026-11-30");
//! # Ok::<(), kairan::garbage::NotARecurrence>(())
//! ```

pub mod cell;
mod changed;
mod dictionary;
mod difference;
mod fault;
pub mod files;
mod import;
mod model;
pub mod phrases;
mod recurrence;
mod schedule;
mod store;
mod words;

pub use crate::table::Strictness;
pub use cell::{Ambiguous, NotADate};
pub use changed::Changed;
pub use dictionary::{Dictionary, Item, Sorting};
pub use difference::{Difference, Shift};
pub use fault::{Areas, Expected, Fault};
pub use files::{Found, Options};
pub use import::{Changes, Checked, Preview, Report, check, import, preview, take_over};
pub use model::{Calendar, Category, Closure, Collection, Effect};
pub use recurrence::{MonthSet, NotARecurrence, Recurrence};
pub use schedule::Schedule;
pub use store::{AreaCategories, areas, calendar, calendars, categories, dictionary};
