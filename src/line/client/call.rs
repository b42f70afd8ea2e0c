//! One HTTP exchange with LINE, from request to outcome.

use std::error::Error;
use std::time::Instant;

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::outcome::{Accepted, Failure, Lost, Outcome, Refusal};
use super::{Client, RetryKey};

const RETRY_KEY: &str = "x-line-retry-key";
const REQUEST_ID: &str = "x-line-request-id";
const ACCEPTED_REQUEST_ID: &str = "x-line-accepted-request-id";

/// A call to make. Its path is a template, which logs may show; what fills it, they may not.
pub(super) struct Call<'a> {
    method: Method,
    path: &'static str,
    params: Vec<&'a str>,
    query: Vec<(&'static str, &'a str)>,
    body: Vec<u8>,
    content_type: Option<&'static str>,
    to_data_host: bool,
    retry_key: Option<RetryKey>,
}

impl<'a> Call<'a> {
    pub(super) fn get(path: &'static str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: &'static str) -> Self {
        Self::new(Method::POST, path)
    }

    pub(super) fn put(path: &'static str) -> Self {
        Self::new(Method::PUT, path)
    }

    pub(super) fn delete(path: &'static str) -> Self {
        Self::new(Method::DELETE, path)
    }

    fn new(method: Method, path: &'static str) -> Self {
        Self {
            method,
            path,
            params: Vec::new(),
            query: Vec::new(),
            body: Vec::new(),
            content_type: None,
            to_data_host: false,
            retry_key: None,
        }
    }

    /// Fills the next `{…}` of the path.
    pub(super) fn param(mut self, value: &'a str) -> Self {
        self.params.push(value);
        self
    }

    pub(super) fn query(mut self, key: &'static str, value: &'a str) -> Self {
        self.query.push((key, value));
        self
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self, Failure> {
        self.body = serde_json::to_vec(body).map_err(|error| Failure::NotSent {
            cause: error.to_string(),
        })?;
        self.content_type = Some("application/json");
        Ok(self)
    }

    /// Sends `bytes` as they are, to the host for pictures.
    pub(super) fn data(mut self, content_type: &'static str, bytes: Vec<u8>) -> Self {
        self.body = bytes;
        self.content_type = Some(content_type);
        self.to_data_host = true;
        self
    }

    /// Makes the call safe to repeat. LINE answers 400 to a key where it takes none.
    pub(super) fn retry_key(mut self, key: RetryKey) -> Self {
        self.retry_key = Some(key);
        self
    }
}

impl Client {
    /// Makes a call whose answer matters.
    pub(super) async fn ask<T: DeserializeOwned>(&self, call: Call<'_>) -> Outcome<T> {
        let accepted = self.exchange(call).await?;
        match serde_json::from_slice(&accepted.body) {
            Ok(body) => Ok(accepted.map(|_| body)),
            Err(error) => Err(Failure::Unknown {
                // Where, not what: serde quotes values, and they may be somebody's.
                lost: Lost::Unreadable(format!("line {}, column {}", error.line(), error.column())),
                request_id: accepted.request_id,
            }),
        }
    }

    /// Makes a call that is done once LINE accepts it, whatever its answer says.
    pub(super) async fn tell<T: DeserializeOwned + Default>(&self, call: Call<'_>) -> Outcome<T> {
        let accepted = self.exchange(call).await?;
        Ok(accepted.map(|body| serde_json::from_slice(&body).unwrap_or_default()))
    }

    async fn exchange(&self, call: Call<'_>) -> Outcome<Vec<u8>> {
        let (method, path, keyed) = (call.method.clone(), call.path, call.retry_key.is_some());
        let mut token = self.token(None).await?;
        let mut request = self.request(call)?;
        // A token may be revoked before its time: LINE did nothing on 401, so once more with a new one.
        let again = if self.tokens.are_renewable() {
            request.try_clone()
        } else {
            None
        };
        authorise(&mut request, &token)?;
        let mut response = self.send(request, &method, path).await?;
        if let (StatusCode::UNAUTHORIZED, Some(mut request)) = (response.status(), again) {
            token = self.token(Some(&token)).await?;
            authorise(&mut request, &token)?;
            response = self.send(request, &method, path).await?;
        }
        conclude(response, keyed).await
    }

    fn request(&self, call: Call<'_>) -> Result<Request, Failure> {
        let base = if call.to_data_host {
            &self.data_base
        } else {
            &self.api_base
        };
        let mut url = base.join(call.path, &call.params)?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut builder = self.http.request(call.method.clone(), url);
        if let Some(content_type) = call.content_type {
            builder = builder.header(CONTENT_TYPE, content_type);
        }
        if let Some(key) = call.retry_key {
            builder = builder.header(RETRY_KEY, key.to_string());
        }
        if !call.body.is_empty() {
            builder = builder.body(call.body);
        } else if call.method == Method::POST || call.method == Method::PUT {
            // Without it LINE's edge answers 411, and reqwest leaves it out of its own accord.
            builder = builder.header(CONTENT_LENGTH, 0);
        }
        builder.build().map_err(|error| Failure::NotSent {
            cause: describe(error),
        })
    }

    async fn send(
        &self,
        request: Request,
        method: &Method,
        path: &'static str,
    ) -> Result<Response, Failure> {
        let started = Instant::now();
        let answered = self.http.execute(request).await;
        let duration_ms = started.elapsed().as_millis() as u64;
        match answered {
            Ok(response) => {
                let status = response.status().as_u16();
                let request_id = header(response.headers(), REQUEST_ID);
                tracing::info!(
                    %method, path, status, request_id, duration_ms,
                    "LINE answered {status} to {method} {path}"
                );
                Ok(response)
            }
            Err(error) => {
                let failure = failure_of(error);
                tracing::warn!(%method, path, duration_ms, "LINE did not answer {method} {path}: {failure}");
                Err(failure)
            }
        }
    }
}

fn authorise(request: &mut Request, token: &SecretString) -> Result<(), Failure> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| {
            Failure::NotSent {
                cause: "the channel access token holds characters no HTTP header can".to_owned(),
            }
        })?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}

async fn conclude(response: Response, keyed: bool) -> Outcome<Vec<u8>> {
    let status = response.status();
    let request_id = header(response.headers(), REQUEST_ID);
    let accepted_request_id = header(response.headers(), ACCEPTED_REQUEST_ID);
    // The status has decided; an answer broken off in its middle changes nothing.
    let body = response.bytes().await.unwrap_or_default().to_vec();
    if status.is_success() {
        return Ok(Accepted {
            request_id,
            already: false,
            body,
        });
    }
    if status == StatusCode::CONFLICT && keyed {
        return Ok(Accepted {
            request_id: accepted_request_id,
            already: true,
            body,
        });
    }
    let refusal = Refusal::read(status.as_u16(), request_id.clone(), &body);
    Err(match status {
        StatusCode::TOO_MANY_REQUESTS if refusal.is_out_of_quota() => Failure::OutOfQuota(refusal),
        StatusCode::TOO_MANY_REQUESTS => Failure::RateLimited(refusal),
        StatusCode::REQUEST_TIMEOUT => Failure::Unknown {
            lost: Lost::Server(refusal),
            request_id,
        },
        status if status.is_server_error() => Failure::Unknown {
            lost: Lost::Server(refusal),
            request_id,
        },
        _ => Failure::Refused(refusal),
    })
}

fn failure_of(error: reqwest::Error) -> Failure {
    // Before the connection stood, nothing was sent; a time-out while connecting is of this kind too.
    if error.is_connect() || error.is_builder() {
        return Failure::NotSent {
            cause: describe(error),
        };
    }
    let lost = if error.is_timeout() {
        Lost::Timeout
    } else {
        Lost::Connection(describe(error))
    };
    Failure::Unknown {
        lost,
        request_id: None,
    }
}

/// An error with its causes, without the address: addresses hold ids.
pub(super) fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
