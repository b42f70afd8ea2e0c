//! LINE's door. Signed bytes become events, each stored once and durably before LINE hears 200;
//! a worker answers them afterwards.
//!
//! `receive` → [`Inbox`] (group commit) → [`worker`] → conversation → one reply.

pub mod worker;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, PayloadConfig, ServiceConfig, post};
use actix_web::{HttpRequest, HttpResponse};
use secrecy::SecretString;

use crate::clock::Clock;
use crate::inbox::{Arrival, Inbox, NotStored};
use crate::line::event::parse_body;
use crate::line::signature;

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
        Err(NotStored) => answer(StatusCode::SERVICE_UNAVAILABLE, "not_stored"),
    }
}

fn answer(status: StatusCode, outcome: &'static str) -> HttpResponse {
    metrics::counter!("kairan_webhook_requests_total", "outcome" => outcome).increment(1);
    HttpResponse::build(status).finish()
}
