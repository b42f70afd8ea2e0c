//! The operating policy: profiles, their versions, and what they change.

mod profile;
mod replies;
mod versions;
