//! Calls to LINE: one pooled connection to each host, tokens renewed on their own, every outcome told apart.
//!
//! A call returns [`Outcome`]: accepted with LINE's request id, or a [`Failure`] a caller can act on.
//! Nothing here repeats a call (but for one 401 with a renewed token) or keeps LINE's pace: that is the
//! sender's business, which knows what may be repeated and for how long.

mod account;
mod base;
mod call;
mod menus;
mod outcome;
mod recipients;
mod sending;
mod statistics;
mod token;
mod unit;

use std::time::Duration;

pub use account::{BotInfo, FollowerPage, Quota, WebhookEndpoint, WebhookTest};
pub use base::{ApiBase, InvalidApiBase};
pub use menus::{
    Batch, BatchOperation, BatchPhase, BatchProgress, ListedMenu, MenuImage, ResumeKey,
};
pub use outcome::{Accepted, Detail, Failure, Lost, Outcome, Refusal};
pub use recipients::{InvalidRecipients, MAX_RECIPIENTS, Recipients};
pub use sending::{Audience, Notification, RetryKey, SentMessage, SentMessages};
pub use statistics::{FEWEST, LinkStatistics, MAX_DAYS, Statistics};
use thiserror::Error;
pub use token::Credentials;
pub use unit::{InvalidUnit, Unit};

use token::Tokens;

/// How to reach LINE.
#[derive(Debug, Clone)]
pub struct Config {
    /// `https://api.line.me`, or a simulator.
    pub api_base: ApiBase,
    /// `https://api-data.line.me`, or a simulator: pictures of rich menus go there.
    pub data_base: ApiBase,
    /// What proves to LINE who we are.
    pub credentials: Credentials,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for a whole answer; after it the outcome is unknown.
    pub timeout: Duration,
}

impl Config {
    /// LINE's own hosts and the timeouts of production.
    pub fn new(credentials: Credentials) -> Self {
        Self {
            api_base: ApiBase::line_api(),
            data_base: ApiBase::line_data(),
            credentials,
            connect_timeout: Duration::from_secs(3),
            timeout: Duration::from_secs(10),
        }
    }
}

/// Why no client could be made.
#[derive(Debug, Error)]
pub enum ClientError {
    /// One address is LINE's and the other a simulator's.
    #[error(
        "LINE_API_BASE is {api} and LINE_API_DATA_BASE is {data}: set both to LINE's hosts, or both to the simulator"
    )]
    MixedBases {
        /// For ordinary calls.
        api: ApiBase,
        /// For pictures.
        data: ApiBase,
    },
    /// The HTTP library could not start, for example without root certificates.
    #[error(
        "the HTTPS client could not start (are the system's root certificates installed?): {0}"
    )]
    Http(#[source] reqwest::Error),
}

/// The Messaging API of one channel. Make one and share it: the connections are pooled inside.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    api_base: ApiBase,
    data_base: ApiBase,
    tokens: Tokens,
}

impl Client {
    /// # Errors
    /// When the two addresses do not belong together, or the HTTP library cannot start.
    pub fn new(config: Config) -> Result<Self, ClientError> {
        let Config {
            api_base,
            data_base,
            credentials,
            connect_timeout,
            timeout,
        } = config;
        if api_base.is_loopback() != data_base.is_loopback() {
            return Err(ClientError::MixedBases {
                api: api_base,
                data: data_base,
            });
        }
        // One process, one provider: whoever was first has installed it.
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(connect_timeout)
            .timeout(timeout)
            // LINE never redirects; following would carry the token elsewhere.
            .redirect(reqwest::redirect::Policy::none())
            // reqwest would repeat requests the server refused on HTTP/2; repeating is the sender's business.
            .retry(reqwest::retry::never())
            .user_agent(concat!("kairan/", env!("CARGO_PKG_VERSION")));
        if api_base.is_loopback() {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(ClientError::Http)?;
        Ok(Self {
            http,
            api_base,
            data_base,
            tokens: Tokens::new(credentials),
        })
    }
}
