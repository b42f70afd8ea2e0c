//! The town's own rules, as data: a TOML profile that says who operates the account, what it answers,
//! what it offers and how long it remembers.
//!
//! ```
//! let profile = kairan::policy::Profile::parse(include_str!("../../policies/default.toml"))?;
//! assert_eq!(profile.retention.half_finished_hours, 24);
//! # Ok::<(), Vec<kairan::policy::Fault>>(())
//! ```

mod check;
mod model;

pub use check::Fault;
pub use model::{
    Inquiry, Operator, Profile, ProfileHead, Reminder, Replies, ReplyMode, Retention, Topic,
};
