//! LINE's door. Signed bytes become events, each stored once and durably before LINE hears 200;
//! a worker answers them afterwards.
//!
//! [`receive`] → [`inbox`] (group commit) → `webhook_event` rows → [`worker`] → conversation → one reply.

mod arrival;
pub mod inbox;
mod store;
pub mod worker;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, PayloadConfig, ServiceConfig, post};
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use secrecy::SecretString;

use crate::clock::{Clock, Instant};
use crate::db::{Db, DbError};
use crate::line::event::parse_body;
use crate::line::signature;

use arrival::Arrival;
use inbox::Inbox;

/// Largest body taken, in bytes. LINE names no limit; its largest real ones are far below.
pub const MAX_BODY: usize = 2 * 1024 * 1024;

/// What the door needs to know.
pub struct Door {
    /// The channel's secrets: one, or several while rotating.
    pub secrets: Vec<SecretString>,
    /// Where events go.
    pub inbox: Inbox,
    /// When they came.
    pub clock: Clock,
}

/// Adds `POST /line/webhook`.
pub fn routes(door: Arc<Door>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config
            .app_data(Data::from(door))
            .app_data(PayloadConfig::new(MAX_BODY))
            .route("/line/webhook", post().to(receive));
    }
}

/// Events that were set aside after a few tries, for `doctor` and the metrics.
///
/// # Errors
/// The database does not answer.
pub async fn set_aside(db: &Db) -> Result<Vec<SetAside>, DbError> {
    store::set_aside(db.conn()).await
}

/// An event that could not be handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// LINE's id of it.
    pub event_id: String,
    /// Its kind.
    pub kind: String,
    /// What stopped it, at the last try.
    pub error: String,
}

/// How many events are set aside, for the gauge of the metrics page.
///
/// # Errors
/// The database does not answer.
pub async fn count_set_aside(db: &Db) -> Result<u64, DbError> {
    store::count_set_aside(db.conn()).await
}

/// Forgets events older than `days`; says how many.
///
/// # Errors
/// The database does not answer.
pub async fn forget_events(db: &Db, now: Instant, days: u32) -> Result<u64, DbError> {
    store::forget(db.conn(), now - TimeDelta::days(days.into())).await
}

async fn receive(request: HttpRequest, body: Bytes, door: Data<Door>) -> HttpResponse {
    let header = request
        .headers()
        .get("x-line-signature")
        .and_then(|h| h.to_str().ok());
    if signature::verify(&door.secrets, &body, header).is_err() {
        return answer(StatusCode::UNAUTHORIZED, "unsigned");
    }
    let Ok(body) = parse_body(&body) else {
        return answer(StatusCode::BAD_REQUEST, "malformed");
    };
    let now = door.clock.now();
    let arrivals: Vec<Arrival> = body
        .events
        .iter()
        .map(|raw| Arrival::of(raw, now))
        .collect();
    match door.inbox.store(arrivals).await {
        Ok(()) => answer(StatusCode::OK, "stored"),
        // LINE redelivers what was not answered 200.
        Err(inbox::NotStored) => answer(StatusCode::SERVICE_UNAVAILABLE, "not_stored"),
    }
}

fn answer(status: StatusCode, outcome: &'static str) -> HttpResponse {
    metrics::counter!("kairan_webhook_requests_total", "outcome" => outcome).increment(1);
    HttpResponse::build(status).finish()
}
