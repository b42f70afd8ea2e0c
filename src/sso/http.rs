//! How the OpenID Connect library reaches the network: through our own client.

use std::time::Duration;

use openidconnect::http::{HeaderValue, Response};
use openidconnect::{HttpRequest, HttpResponse};

/// A provider's answers are a few kilobytes; a page of nonsense is not read to its end.
const LONGEST_ANSWER: usize = 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("the answer is longer than {LONGEST_ANSWER} bytes")]
    TooLong,
}

pub(super) fn client() -> Result<reqwest::Client, reqwest::Error> {
    // One process, one provider of cryptography: whoever was first has installed it.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10))
        // Following would let a provider's answer choose whom we call.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("kairan/", env!("CARGO_PKG_VERSION")))
        .build()
}

pub(super) async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await? {
        body.extend_from_slice(&part);
        if body.len() > LONGEST_ANSWER {
            return Err(HttpError::TooLong);
        }
    }
    let mut response = Response::new(body);
    *response.status_mut() = answer.status();
    let kind: Option<&HeaderValue> = answer.headers().get(reqwest::header::CONTENT_TYPE);
    if let Some(kind) = kind {
        let name = openidconnect::http::header::CONTENT_TYPE;
        response.headers_mut().insert(name, kind.clone());
    }
    Ok(response)
}
