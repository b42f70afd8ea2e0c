//! A handler for each row of the table, one file a noun.

pub(super) mod codes;
pub(super) mod enrol;
pub(super) mod home;
pub(super) mod invite;
pub(super) mod login;
pub(super) mod me;
pub(super) mod second;
pub(super) mod sign_on;
