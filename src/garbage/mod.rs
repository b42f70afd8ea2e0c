//! Garbage (ごみ): which category is collected where and when, and how to sort things.
pub mod cell;
pub mod dictionary;
pub mod files;
pub mod model;
mod recurrence;
mod schedule;
mod words;

pub use cell::Ambiguous;
pub use dictionary::{Dictionary, Item, Sorting};
pub use model::{Calendar, Category, Closure, Collection, Effect};
pub use recurrence::{MonthSet, NotARecurrence, Recurrence};
pub use schedule::Schedule;
