//! The operating policy: profiles, their versions, and what they change.

mod clauses;
mod page;
mod profile;
mod replies;
mod seeds;
mod versions;
