//! A handler for each row of the table, one file a noun.

pub(super) mod answers;
pub(super) mod home;
pub(super) mod login;
pub(super) mod residents;
