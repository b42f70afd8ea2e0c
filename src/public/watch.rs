//! Pages for machines that watch us: alive, ready, numbers.

use actix_web::web::{Data, ServiceConfig, get};
use actix_web::{HttpResponse, http::header::ContentType};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::db::Db;
use crate::delivery;
use crate::inbox;

/// What the pages show.
#[derive(Clone)]
pub struct Watched {
    /// Ready means that it answers.
    pub db: Db,
    /// What was counted; none where nobody counts.
    pub counted: Option<PrometheusHandle>,
}

/// Adds `/healthz`, `/readyz` and `/metrics`.
pub(super) fn routes(watched: Watched) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config
            .app_data(Data::new(watched))
            .route("/healthz", get().to(healthz))
            .route("/readyz", get().to(readyz))
            .route("/metrics", get().to(metrics_page));
    }
}

/// The process is up.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().body("ok\n")
}

/// Events can be stored: the database answers, with the schema this program knows.
async fn readyz(watched: Data<Watched>) -> HttpResponse {
    match watched.db.migration_status().await {
        Ok(known) if known.iter().all(|m| m.applied) => HttpResponse::Ok().body("ready\n"),
        Ok(_) => HttpResponse::ServiceUnavailable()
            .body("migrations are missing: run `kairan migrate up`\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            HttpResponse::ServiceUnavailable().body("the database does not answer\n")
        }
    }
}

/// Prometheus' text form.
async fn metrics_page(watched: Data<Watched>) -> HttpResponse {
    let Some(counted) = &watched.counted else {
        return HttpResponse::NotFound().finish();
    };
    if let Ok(count) = inbox::count_set_aside(&watched.db).await {
        metrics::gauge!("kairan_events_set_aside").set(count as f64);
    }
    if let Ok(hold) = delivery::hold(&watched.db).await {
        metrics::gauge!("kairan_delivery_held").set(f64::from(u8::from(hold.is_some())));
    }
    HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .body(counted.render())
}
