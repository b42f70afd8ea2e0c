//! The Messaging API as types, and the calls to it.

mod account;
mod actions;
mod events;
mod layouts;
mod logs;
mod messages;
mod odd_events;
mod sending;
mod server;
mod statistics;
mod support;
mod tokens;
