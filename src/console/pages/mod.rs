//! A handler for each row of the table, one file a noun.

pub(super) mod answers;
pub(super) mod audit;
pub(super) mod home;
pub(super) mod login;
pub(super) mod policy;
pub(super) mod residents;
pub(super) mod settings;

pub(super) use settings::job_name;
