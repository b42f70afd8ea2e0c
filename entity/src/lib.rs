//! The rows, one file a table. No logic lives here; only `store.rs` rooms and `db.rs` use it.

pub mod area;
pub mod child;
pub mod conversation;
pub mod job_run;
pub mod resident;
pub mod resident_topic;
pub mod unanswered_word;
pub mod webhook_event;
