//! Channel access tokens: one made by hand that lasts, or stateless ones that last a quarter of an hour.
//!
//! <https://developers.line.biz/en/docs/basics/channel-access-token/>

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Client;
use super::call::describe;
use super::outcome::{Failure, Refusal};

const ISSUE: &str = "/oauth2/v3/token";

/// What proves to LINE who we are. Prints without its secrets.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// A long-lived token from LINE's console.
    LongLived(SecretString),
    /// The channel's id and secret, for stateless tokens that are made as needed.
    Stateless {
        /// Channel id, as the console shows it.
        channel_id: String,
        /// Channel secret.
        channel_secret: SecretString,
    },
}

#[derive(Debug)]
pub(super) struct Tokens {
    credentials: Credentials,
    // Held while a token is being issued, so that everybody waits for the one request.
    issued: Mutex<Option<Result<Issued, Failed>>>,
}

#[derive(Debug)]
struct Issued {
    token: SecretString,
    renew_at: Instant,
}

/// Those who waited for a request that failed share its answer instead of asking one after the other.
#[derive(Debug)]
struct Failed {
    failure: Failure,
    at: Instant,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: SecretString,
    /// Seconds.
    expires_in: u64,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            issued: Mutex::new(None),
        }
    }

    /// Can another token be had when LINE refuses this one?
    pub(super) fn are_renewable(&self) -> bool {
        matches!(self.credentials, Credentials::Stateless { .. })
    }
}

impl Client {
    /// A token to call with, other than the `rejected` one.
    pub(super) async fn token(
        &self,
        rejected: Option<&SecretString>,
    ) -> Result<SecretString, Failure> {
        let (channel_id, channel_secret) = match &self.tokens.credentials {
            Credentials::LongLived(token) => return Ok(token.clone()),
            Credentials::Stateless {
                channel_id,
                channel_secret,
            } => (channel_id, channel_secret),
        };
        let waits_since = Instant::now();
        let mut issued = self.tokens.issued.lock().await;
        match issued.as_ref() {
            Some(Ok(Issued { token, renew_at })) => {
                let is_rejected = rejected
                    .is_some_and(|rejected| rejected.expose_secret() == token.expose_secret());
                if Instant::now() < *renew_at && !is_rejected {
                    return Ok(token.clone());
                }
            }
            // It failed while we waited for it.
            Some(Err(Failed { failure, at })) if *at >= waits_since => return Err(failure.clone()),
            Some(Err(_)) | None => {}
        }
        let asked_at = Instant::now();
        let answer = match self.issue(channel_id, channel_secret).await {
            Ok(answer) => answer,
            Err(failure) => {
                *issued = Some(Err(Failed {
                    failure: failure.clone(),
                    at: Instant::now(),
                }));
                return Err(failure);
            }
        };
        // A fifth of its life early, 3 minutes of 15: no call starts with a token about to end.
        let renew_at = asked_at + Duration::from_secs(answer.expires_in) * 4 / 5;
        *issued = Some(Ok(Issued {
            token: answer.access_token.clone(),
            renew_at,
        }));
        Ok(answer.access_token)
    }

    async fn issue(
        &self,
        channel_id: &str,
        channel_secret: &SecretString,
    ) -> Result<TokenAnswer, Failure> {
        let no_token = |status, cause| Failure::NoToken { status, cause };
        let started = Instant::now();
        let answered = self
            .http
            .post(self.api_base.join(ISSUE, &[])?)
            .form(&[
                ("grant_type", "client_credentials"),
                ("client_id", channel_id),
                ("client_secret", channel_secret.expose_secret()),
            ])
            .send()
            .await;
        let response = answered.map_err(|error| {
            let cause = describe(error);
            tracing::warn!(
                method = "POST",
                path = ISSUE,
                cause,
                "LINE did not answer POST {ISSUE}: {cause}"
            );
            no_token(None, cause)
        })?;
        let status = response.status();
        let duration_ms = started.elapsed().as_millis() as u64;
        tracing::info!(
            method = "POST",
            path = ISSUE,
            status = status.as_u16(),
            duration_ms,
            "LINE answered {} to POST {ISSUE}",
            status.as_u16()
        );
        let body = response.bytes().await.unwrap_or_default();
        if !status.is_success() {
            return Err(no_token(
                Some(status.as_u16()),
                Refusal::read(status.as_u16(), None, &body).to_string(),
            ));
        }
        serde_json::from_slice(&body).map_err(|_| {
            no_token(
                Some(status.as_u16()),
                "its answer holds no access_token and expires_in".to_owned(),
            )
        })
    }
}
