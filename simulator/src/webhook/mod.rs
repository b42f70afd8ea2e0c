//! Webhooks: events, their signature, and their delivery.

pub(crate) mod courier;
pub(crate) mod event;
pub(crate) mod post;

pub(crate) use courier::Courier;
pub use courier::{Attempt, Webhook};
pub use post::signature;
