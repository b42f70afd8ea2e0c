//! A handler for each row of the table, one file a noun.

pub(super) mod answers;
pub(super) mod childcare;
pub(super) mod codes;
pub(super) mod enrol;
pub(super) mod garbage;
pub(super) mod home;
pub(super) mod invite;
pub(super) mod login;
pub(super) mod menus;
pub(super) mod residents;

pub use menus::Pictures;
pub(super) mod me;
pub(super) mod second;
pub(super) mod sign_on;
