//! Staff (職員): who they are, which posts they hold from when to when, and what that allows them. A post
//! is not a person: rights come from posts held today, never from a person's row.
//!
//! - [`people`]: sections, contractors, persons, posts, deputies; who acts for a post on a date.
//! - [`account`]: how a person proves who they are.
//! - [`countersign`]: acts that need two. Adding a right needs two people, taking one away needs one.
//! - [`adopting`]: a version of the policy, by the PR chief, and by two where emergencies change.
//! - [`leaving`]: the personnel change as one act, and the secrets to change after it.
//! - [`contact`]: how they are reached at night, when something cannot wait.
//! - [`own_line`]: their own LINE, where test sends arrive.

pub mod account;
pub mod adopting;
pub mod contact;
pub mod countersign;
pub mod leaving;
pub mod own_line;
pub mod people;
mod right;
mod typed;

pub use right::Right;
