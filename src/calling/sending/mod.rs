//! The ways over which calls go: mail, Web Push, and a gateway for text messages and voice. LINE is not among
//! them: it may be what is down, and staff's own LINE is no place for the town's business (総務省, LINE ガイドライン).

mod encrypted;
mod gateway;
mod mail;
mod push;
mod store;
pub(super) mod vapid;

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use thiserror::Error;

use crate::policy::Channel;

pub use gateway::Gateway;
pub use mail::{Mail, NotTaken};
pub(super) use push::Notification;
pub use push::Push;

/// Whoever does not answer in this time is tried again.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why a channel cannot be used. It does not repeat a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidChannel {
    /// The mail server's address.
    #[error(
        "no mail server to be trusted; write smtps://USER:PASSWORD@HOST, or smtp://…?tls=required"
    )]
    Smtp,
    /// The sender's address.
    #[error("no mail address; write one like line@city.example.jp")]
    From,
    /// The gateway's address.
    #[error("no gateway to be trusted; write its https:// address")]
    Gateway,
    /// The secret shared with the gateway.
    #[error("a secret shared with the gateway has at least 32 characters")]
    Secret,
    /// The HTTP library does not start.
    #[error("the HTTP library does not start: {0}")]
    Http(String),
}

/// What calls are made with. What is `None` this installation does not have.
#[derive(Debug, Clone)]
pub struct Senders {
    /// Where the links of calls lead, without a slash at the end.
    pub public_url: String,
    /// Mail.
    pub mail: Option<Mail>,
    /// Notifications on devices.
    pub push: Option<Push>,
    /// Text messages and voice.
    pub gateway: Option<Gateway>,
}

/// What one try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    /// Whoever carries it took it over.
    Taken,
    /// It never will.
    Refused,
    /// The device let go of it.
    Gone,
    /// Not this time; it may even have been taken.
    Unsure,
}

impl Senders {
    /// Whether this installation has a way for it.
    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Mail => self.mail.is_some(),
            Channel::Push => self.push.is_some(),
            Channel::Sms | Channel::Voice => self.gateway.is_some(),
        }
    }
}

fn client() -> Result<Client, InvalidChannel> {
    // One process, one provider of cryptography: whoever was first has installed it.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(TIMEOUT / 2)
        .timeout(TIMEOUT)
        .redirect(Policy::none())
        .user_agent(concat!("kairan/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| InvalidChannel::Http(error.to_string()))
}

/// Whether nobody on the way reads or changes what is sent there: over TLS, or to this machine itself.
fn is_safe(address: &url::Url) -> bool {
    let loopback = match address.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        // Of a scheme that `url` does not know, an address stands as a name.
        Some(url::Host::Domain(name)) => {
            let bare = name.trim_start_matches('[').trim_end_matches(']');
            let parsed = bare.parse::<std::net::IpAddr>();
            name == "localhost" || parsed.is_ok_and(|address| address.is_loopback())
        }
        None => false,
    };
    matches!(address.scheme(), "https" | "smtps") || loopback
}

/// What an HTTP answer means, where nothing is said about it in particular (RFC 9110 §15).
fn judged(answer: Result<reqwest::Response, reqwest::Error>) -> Tried {
    match answer {
        Ok(answer) if answer.status().is_success() => Tried::Taken,
        Ok(answer) => {
            let status = answer.status().as_u16();
            tracing::warn!(status, "a call was not taken");
            match status {
                408 | 425 | 429 | 500.. => Tried::Unsure,
                _ => Tried::Refused,
            }
        }
        Err(error) => {
            // Whoever knows a device's address can send there.
            let error = error.without_url();
            tracing::warn!(%error, "a call was not answered");
            Tried::Unsure
        }
    }
}
