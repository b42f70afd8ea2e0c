//! The simulator's manners, through its own doors: HTTP on one side, a webhook receiver on the other.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod limits;
mod messages;
mod narrowcast;
mod page;
mod people;
mod phone;
mod rich_menu;
mod rich_menu_links;
mod sending;
mod statistics;
mod support;
mod webhooks;
