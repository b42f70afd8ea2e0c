//! The rooms in which a municipality works.
//!
//! [`routes::ROUTES`] is the one table of what can be asked, by whom. A page is a handler in `pages/`, a
//! template in `templates/` and a row there; nothing else is served.

pub mod acts;
mod admission;
mod alarms;
mod faults;
mod pages;
pub mod routes;
mod session;
mod upload;
pub mod words;

use std::sync::Arc;

use actix_web::web::ServiceConfig;

use crate::clock::Clock;
use crate::conversation::Town;
use crate::db::Db;
use crate::line::Identity;
use crate::line::client::Client;
use crate::policy::Rules;

pub use admission::{MAX_UPLOAD, Visitor};
pub use session::{COOKIE, Sessions};

/// What pages work with.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Everything kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The town's own rules, those of today.
    pub rules: Arc<Rules>,
    /// What residents are answered.
    pub town: Arc<Town>,
    /// What heads every page: 「汐見市 LINE運用」.
    pub account: String,
    /// LINE itself, for what it says of the account.
    pub line: Arc<Client>,
    /// Who LINE says the account is.
    pub identity: Arc<Identity>,
    /// How browsers and LINE reach us, without a slash at its end.
    pub public_url: String,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Browsers reach us by https: cookies insist on it.
    pub https: bool,
}

/// Adds the console's pages.
pub fn routes(desk: Desk) -> impl FnOnce(&mut ServiceConfig) {
    move |config| routes::add(Arc::new(desk), config)
}
