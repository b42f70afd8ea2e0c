//! The rows, one file a table. No logic lives here; only `store.rs` rooms and `db.rs` use it.

pub mod area;
pub mod child;
pub mod conversation;
pub mod edition;
pub mod faq_entry;
pub mod garbage_area;
pub mod garbage_calendar;
pub mod garbage_category;
pub mod garbage_category_name;
pub mod garbage_closure;
pub mod garbage_collection;
pub mod garbage_item;
pub mod job_run;
pub mod resident;
pub mod resident_topic;
pub mod shelter;
pub mod unanswered_word;
pub mod webhook_event;
