//! What every answer tells the browser to refuse, and where the browser reports what it refused.

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, PERMISSIONS_POLICY,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, ServiceConfig, post};

/// Scripts and styles only from our own files, never in a page; no frames in either direction. What a script hands to
/// the browser as HTML or as code goes by the one policy of `trusted.js`.
const CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types default; report-uri /csp-report";
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
    publickey-credentials-get=(self), publickey-credentials-create=(self)";
/// A year, as browsers ask before they believe it.
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";
/// Largest report read, in bytes.
const MAX_REPORT: usize = 16 * 1024;

/// Adds `POST /csp-report`.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/csp-report", post().to(count_report));
}

/// Puts the headers on an answer. What may be kept by browsers and proxies says so itself; else nothing is.
pub(super) async fn add<B: MessageBody>(
    https: bool,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(CONTENT_SECURITY_POLICY, CONTENT);
    say(X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`, with which browsers hide the origin of our own forms too.
    say(REFERRER_POLICY, "same-origin");
    say(PERMISSIONS_POLICY, PERMISSIONS);
    say(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    say(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if https {
        say(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// A browser refused something on one of our pages: a fault of ours, or an attack that failed.
async fn count_report(body: Bytes) -> HttpResponse {
    metrics::counter!("kairan_csp_reports_total").increment(1);
    let directive = body
        .get(..body.len().min(MAX_REPORT))
        .and_then(|json| serde_json::from_slice::<serde_json::Value>(json).ok())
        .and_then(|report| {
            let directive = &report["csp-report"]["effective-directive"];
            directive
                .as_str()
                .map(|d| d.chars().take(40).collect::<String>())
        });
    // Never the report itself: its addresses and samples are the visitor's.
    tracing::warn!(?directive, "a browser refused something on a page");
    HttpResponse::NoContent().finish()
}
