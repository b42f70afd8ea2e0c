//! The rooms in which a municipality works.
//!
//! [`routes::ROUTES`] is the one table of what can be asked, by whom. A page is a handler in `pages/`, a
//! template in `templates/` and a row there; nothing else is served.

mod admission;
mod pages;
pub mod routes;
pub mod words;

use std::sync::Arc;

use actix_web::web::ServiceConfig;

use crate::clock::Clock;
use crate::db::Db;
use crate::policy::Rules;
use crate::staff::account::Accounts;

pub use admission::{COOKIE, MAX_UPLOAD, Visitor};

/// What pages work with.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Everything kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The town's own rules, those of today.
    pub rules: Arc<Rules>,
    /// What heads every page: 「汐見市 LINE運用」.
    pub account: String,
    /// How staff prove who they are.
    pub accounts: Accounts,
    /// Browsers reach us by https: cookies insist on it.
    pub https: bool,
}

/// Adds the console's pages.
pub fn routes(desk: Desk) -> impl FnOnce(&mut ServiceConfig) {
    move |config| routes::add(Arc::new(desk), config)
}
