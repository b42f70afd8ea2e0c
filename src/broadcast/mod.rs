//! Broadcasts (配信): what they say, and what a careful colleague would point out in it.

pub mod content;
mod links;
pub mod lint;
