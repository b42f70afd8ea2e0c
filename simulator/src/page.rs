//! The phone page: static files, embedded, and a stream that tells it when to look again.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use rust_embed::RustEmbed;

use crate::platform::Platform;

/// Scripts and styles only from here; pictures from wherever the account keeps them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data: https: http:; media-src https: http:; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "page/"]
struct Files;

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(|| file("index.html")))
        .route("/phone/{user}", web::get().to(|| file("phone.html")))
        .route("/page/{name}", web::get().to(asset));
}

async fn asset(name: web::Path<String>) -> HttpResponse {
    file(&name).await
}

async fn file(name: &str) -> HttpResponse {
    match Files::get(name) {
        Some(found) => HttpResponse::Ok()
            .content_type(found.metadata.mimetype())
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::REFERRER_POLICY, "no-referrer"))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .body(found.data.into_owned()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// Server-sent events: one `changed` at once and one after every change; a comment keeps the line open.
pub(crate) async fn stream(platform: web::Data<Platform>, _: HttpRequest) -> HttpResponse {
    let mut changes = platform.changes();
    changes.mark_changed();
    let events = stream::unfold(changes, |mut changes| async move {
        let chunk = match tokio::time::timeout(Duration::from_secs(15), changes.changed()).await {
            Ok(Ok(())) => "event: changed\ndata: {}\n\n",
            Ok(Err(_)) => return None,
            Err(_) => ": still here\n\n",
        };
        Some((
            Ok::<_, Infallible>(Bytes::from_static(chunk.as_bytes())),
            changes,
        ))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(events)
}
