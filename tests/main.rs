//! Stories told from outside, on both databases, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod architecture;
mod support;

mod conversation;
mod deployment;
mod faq;
mod garbage;
mod line;
mod migrations;
mod rich_menu;
mod sample_town;
mod shelter;
mod webhook;
