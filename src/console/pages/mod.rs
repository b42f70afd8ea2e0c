//! A handler for each row of the table, one file a noun.

pub(super) mod answers;
pub(super) mod audit;
pub(super) mod broadcasts;
pub(super) mod calendar;
pub(super) mod calls;
pub(super) mod childcare;
pub(super) mod codes;
pub(super) mod countersigns;
pub(super) mod deputies;
pub(super) mod emergencies;
pub(super) mod enrol;
pub(super) mod garbage;
pub(super) mod hold;
pub(super) mod holdings;
pub(super) mod home;
pub(super) mod invite;
pub(super) mod login;
pub(super) mod me;
pub(super) mod menus;
mod month;
pub(super) mod organisations;
pub(super) mod people;
pub(super) mod pictures;
pub(super) mod policy;
pub(super) mod posts;
pub(super) mod reminders;
pub(super) mod residents;
pub(super) mod second;
pub(super) mod secrets;
pub(super) mod sections;
pub(super) mod settings;
pub(super) mod shelters;
pub(super) mod sign_on;

pub use menus::Pictures;
pub(super) use settings::job_name;
