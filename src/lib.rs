//! Kairan (回覧): the back end of a municipality's LINE Official Account.
//!
//! The modules below are the table of contents, floor first. A module imports only from rows
//! beneath its own; `tests/architecture.rs` holds the same table and checks it.
#![warn(missing_docs)]

// 0 the floor
pub mod clock;
pub mod db;
pub mod ids;
pub mod language;
pub mod mode;
pub mod seal;
pub mod table;
pub mod telemetry;
pub mod text;

// 1 the platform as types · the town's own rules
pub mod audit;
pub mod edition;
pub mod jobs;
pub mod line;
pub mod policy;
pub mod sso;

// 2 people and places
pub mod area;
pub mod media;
pub mod resident;
pub mod staff;

// 3 who agrees · who receives · how it travels · what reaches us
pub mod approval;
pub mod calling;
pub mod delivery;
pub mod evacuation;
pub mod inbox;
pub mod jma;
pub mod segment;
pub mod upload;

// 4 what the town publishes
pub mod broadcast;
pub mod childcare;
pub mod faq;
pub mod garbage;
pub mod richmenu;
pub mod shelter;

// 5 what the town reminds of · what it must shout
pub mod emergency;
pub mod reminder;

// 6 what the town answers · what pages stand in
pub mod conversation;
pub mod web;

// 7 the edges
pub mod console;
pub mod public;
pub mod scheduler;
pub mod webhook;

// 8 what assembles them
pub mod commands;
pub mod config;
pub mod startup;
