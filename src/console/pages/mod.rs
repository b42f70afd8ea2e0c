//! A handler for each row of the table, one file a noun.

pub(super) mod countersigns;
pub(super) mod deputies;
pub(super) mod holdings;
pub(super) mod home;
pub(super) mod login;
pub(super) mod organisations;
pub(super) mod people;
pub(super) mod posts;
pub(super) mod secrets;
pub(super) mod sections;
