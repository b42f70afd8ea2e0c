//! The walls around every page: headers, the cross-site guard, the rate limit, compression.

use std::sync::Arc;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::web::{FormConfig, PathConfig, QueryConfig, ServiceConfig, scope, to};

use actix_web::http::header::REFERER;
use actix_web::{HttpMessage, HttpRequest, ResponseError};
use askama::Template;

use crate::clock::Instant;
use crate::mode::Mode;

use super::address::Address;
use super::frame::Frame;
use super::rate::Rate;
use super::refusal::{Again, Refusal};
use super::{assets, headers, same_site};

/// Largest form without files, in bytes.
pub const MAX_FORM: usize = 256 * 1024;

/// What the walls are made of; one for all workers.
#[derive(Debug)]
pub struct Walls {
    account: String,
    mode: Mode,
    public_origin: String,
    rate: Rate,
}

impl Walls {
    /// `account` heads the pages of nobody in particular; `public_url` is how browsers reach us; `trusted_proxies` is how many proxies of ours stand before us.
    pub fn new(
        account: impl Into<String>,
        mode: Mode,
        public_url: &str,
        trusted_proxies: usize,
    ) -> Arc<Self> {
        Arc::new(Self {
            account: account.into(),
            mode,
            public_origin: url::Url::parse(public_url).map_or_else(
                |_| public_url.to_owned(),
                |url| url.origin().ascii_serialization(),
            ),
            rate: Rate::new(trusted_proxies),
        })
    }
}

/// Adds what `inside` adds, with the walls around it, the assets, and a page for what is not there.
/// It takes every path, so it comes last.
pub fn around(
    walls: Arc<Walls>,
    inside: impl FnOnce(&mut ServiceConfig),
) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let https = walls.public_origin.starts_with("https://");
        config.service(
            scope("")
                .app_data(
                    FormConfig::default()
                        .limit(MAX_FORM)
                        .error_handler(|error, _| {
                            malformed(&error, "入力の形が正しくありません。")
                        }),
                )
                .app_data(QueryConfig::default().error_handler(|error, _| {
                    malformed(&error, "アドレスの「?」より後ろが正しくありません。")
                }))
                .app_data(PathConfig::default().error_handler(|_, _| Refusal::NotFound.into()))
                .wrap(from_fn(move |request, next| {
                    gate(Arc::clone(&walls), request, next)
                }))
                .wrap(from_fn(move |request, next| {
                    headers::add(https, request, next)
                }))
                .wrap(Compress::default())
                .configure(assets::routes)
                .configure(headers::routes)
                .configure(inside)
                .default_service(to(not_found)),
        );
    }
}

async fn gate(
    walls: Arc<Walls>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = match pass(&walls, &request) {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(refusal) => request.error_response(refusal).map_into_right_body(),
    };
    Ok(framed(&walls, response))
}

fn pass(walls: &Walls, request: &ServiceRequest) -> Result<(), Refusal> {
    if let Some(address) = walls.rate.address(request) {
        request.extensions_mut().insert(Address(address));
    }
    walls
        .rate
        .check(request)
        .map_err(|wait| Refusal::TooMany { wait })?;
    if !same_site::allows(request.method(), request.headers(), &walls.public_origin) {
        metrics::counter!("kairan_foreign_forms_total").increment(1);
        return Err(Refusal::Foreign);
    }
    Ok(())
}

/// Puts the frame of who asks around a refusal: a handler has none to give it.
fn framed<B: MessageBody>(
    walls: &Walls,
    response: ServiceResponse<EitherBody<B>>,
) -> ServiceResponse<EitherBody<B>> {
    let refusal = response
        .response()
        .error()
        .and_then(|e| e.as_error::<Refusal>());
    let Some(refusal) = refusal.filter(|refusal| !refusal.status_code().is_redirection()) else {
        return response;
    };
    let frame = response.request().extensions().get::<Frame>().cloned();
    let frame =
        frame.unwrap_or_else(|| Frame::plain("", &walls.account, walls.mode, Instant::default()));
    let again = again(response.request());
    match refusal.page(frame, again).render() {
        Ok(html) => response.map_body(|_, _| EitherBody::right(BoxBody::new(html))),
        // The bare page says the same.
        Err(_) => response,
    }
}

/// How to come to the same page again: its own path, or for a deed that of the page it was on, which is ours: the
/// cross-site guard has let it in.
fn again(request: &HttpRequest) -> Again {
    if request.method().is_safe() {
        let path = request.uri().path_and_query();
        return Again {
            deed: false,
            path: path.map_or_else(|| "/".to_owned(), ToString::to_string),
        };
    }
    let referer = request.headers().get(REFERER);
    let referer = referer
        .and_then(|at| at.to_str().ok())
        .and_then(|at| url::Url::parse(at).ok());
    let path =
        referer.map(|at| at[url::Position::BeforePath..url::Position::AfterQuery].to_owned());
    // Browsers take `//` for another site.
    let path = path.filter(|path| !path.starts_with("//"));
    Again {
        deed: true,
        path: path.unwrap_or_else(|| "/".to_owned()),
    }
}

async fn not_found() -> Result<actix_web::HttpResponse, Refusal> {
    Err(Refusal::NotFound)
}

fn malformed(error: &impl ResponseError, expected: &str) -> actix_web::Error {
    if error.status_code() == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal::TooLarge { limit: MAX_FORM }.into();
    }
    tracing::info!(%error, "a request could not be read");
    Refusal::Malformed {
        expected: expected.to_owned(),
    }
    .into()
}
