//! Stories told from outside, on both databases, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod architecture;
mod support;

mod approval;
mod broadcast;
mod commands;
mod console;
mod conversation;
mod crash;
mod delivery;
mod deployment;
mod documents;
mod faq;
mod garbage;
mod languages;
mod line;
mod migrations;
mod odd_taps;
mod policy;
mod public_pages;
mod questions;
mod registration;
mod residents;
mod rich_menu;
mod rich_menu_apply;
mod rich_menu_disaster;
mod rich_menu_pictures;
mod rich_menu_showing;
mod rich_menu_taps;
mod sample_town;
mod seal;
mod shelter;
mod staff;
mod tour;
mod webhook;
