//! The rooms in which a municipality works.
//!
//! [`routes::ROUTES`] is the one table of what can be asked, by whom. A page is a handler in `pages/`, a
//! template in `templates/` and a row there; nothing else is served.

pub mod acts;
mod admission;
mod alarms;
mod entry;
mod faults;
mod findings;
mod form_data;
mod live;
mod pages;
mod prove;
pub mod routes;
mod step_up;
mod taking;
pub mod words;

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::ServiceConfig;

use crate::calling::Senders;
use crate::clock::Clock;
use crate::conversation::Town;
use crate::db::Db;
use crate::emergency::template::Templates;
use crate::line::Identity;
use crate::line::client::Client;
use crate::mode::Mode;
use crate::policy::Rules;
use crate::sso::Provider;
use crate::staff::account::Accounts;
use crate::web::{Flash, Frame};

pub use pages::Pictures;

pub use admission::{COOKIE, MAX_UPLOAD, Visitor};
pub use prove::Given;
pub use step_up::{Confirmation, Deed, StepUp, step_up};

/// What pages work with.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Everything kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// The town's own rules, those of today.
    pub rules: Arc<Rules>,
    /// Live, or drills.
    pub mode: Mode,
    /// What emergencies are written from.
    pub templates: Arc<Templates>,
    /// What residents are answered.
    pub town: Arc<Town>,
    /// What heads every page: 「汐見市 LINE運用」.
    pub account: String,
    /// The folder with a folder for each rich menu.
    pub menus: PathBuf,
    /// Rich menus that were painted.
    pub pictures: Pictures,
    /// How staff prove who they are.
    pub accounts: Accounts,
    /// The municipality's own sign-on, where there is one.
    pub sign_on: Option<Provider>,
    /// Chiefs and administrators need a second factor. Only the demo does without.
    pub second_factor: bool,
    /// LINE itself, for what it says of the account.
    pub line: Arc<Client>,
    /// Who LINE says the account is.
    pub identity: Arc<Identity>,
    /// How browsers and LINE reach us, without a slash at its end.
    pub public_url: String,
    /// What staff are called with at night.
    pub senders: Arc<Senders>,
    /// Browsers reach us by https: cookies insist on it.
    pub https: bool,
}

impl Desk {
    /// The frame of a page for somebody who is not signed in.
    fn frame(&self, request: &HttpRequest, title: &str) -> Frame {
        Frame {
            flash: Flash::of(request),
            for_staff: true,
            ..Frame::plain(title, self.account.clone(), self.mode, self.clock.now())
        }
    }

    /// What our cookie `name` is called: `__Host-` binds it to this very host and to https. Browsers take
    /// that only over https, so a demo on one's own machine does without.
    fn cookie(&self, name: &str) -> String {
        match self.https {
            true => format!("__Host-{name}"),
            false => name.to_owned(),
        }
    }
}

/// Adds the console's pages.
pub fn routes(desk: Desk) -> impl FnOnce(&mut ServiceConfig) {
    move |config| routes::add(Arc::new(desk), config)
}
