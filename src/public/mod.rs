//! What anybody may look at without signing in: the operating policy, the proof that the account is
//! genuine, the archive of notices; and, for machines that watch us, whether we are well.
//!
//! These pages set no cookie and may be kept by browsers and proxies for a few minutes.

mod notices;
mod pictures;
mod policy;
mod proof;
mod watch;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, ServiceConfig, get};
use askama::Template;

use crate::clock::{Clock, Instant};
use crate::db::Db;
use crate::line::Identity;
use crate::mode::Mode;
use crate::policy::{Profile, Rules};
use crate::web::{Frame, Page, Refusal};

pub use watch::Watched;

/// How long browsers and proxies may keep a page.
const KEPT: &str = "public, max-age=300";

/// What the pages show.
#[derive(Debug, Clone)]
pub struct Window {
    /// Where what was sent is kept.
    pub db: Db,
    /// The town's own rules.
    pub rules: Arc<Rules>,
    /// Who LINE says the account is.
    pub identity: Arc<Identity>,
    /// What time it is.
    pub clock: Clock,
    /// Live, or drills.
    pub mode: Mode,
}

impl Window {
    async fn now(&self) -> Result<(Instant, Arc<Profile>), Refusal> {
        let now = self.clock.now();
        Ok((now, self.rules.at(now).await?))
    }

    fn frame(&self, title: impl Into<String>, profile: &Profile, now: Instant) -> Frame {
        let municipality = &profile.operator.municipality;
        let account = format!("{municipality} LINE公式アカウント");
        Frame::plain(title, account, self.mode, now)
    }
}

/// Adds the pages, and those for machines.
pub fn routes(window: Window, watched: Watched) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config
            .app_data(Data::new(window))
            .route("/policy", get().to(policy::show))
            .route("/policy/versions", get().to(policy::versions))
            .route("/account", get().to(proof::show))
            .route("/account/qr.svg", get().to(proof::qr))
            .route("/notices", get().to(notices::list))
            .route("/notices/{id}", get().to(notices::show))
            .route("/media/{id}", get().to(pictures::show))
            .route("/media/{id}/{token}", get().to(pictures::tried));
        watch::routes(watched)(config);
    }
}

/// A page that is everybody's: kept, and without cookies.
fn open<T: Template>(page: T) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, KEPT));
    Page(page).with(response)
}
