//! Mail, over the municipality's own server.

use std::fmt;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use super::{InvalidChannel, TIMEOUT, Tried, is_safe};
use crate::clock::Instant;
use crate::staff::people;

/// Why a mail did not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotTaken {
    /// For good.
    #[error("the mail server refuses it; look at KAIRAN_MAIL_FROM and the address it is for")]
    Refused,
    /// Perhaps it was taken; perhaps another time.
    #[error("the mail server does not take it now")]
    Unsure,
}

/// A mail server. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Mail {
    /// The server at `address` (`smtps://USER:PASSWORD@HOST`, or `smtp://…?tls=required`), from which mail comes
    /// as `from`.
    ///
    /// # Errors
    /// It is no such address, its way is not protected, or `from` is no mail address.
    pub fn new(address: &SecretString, from: &str) -> Result<Self, InvalidChannel> {
        let address = address.expose_secret();
        let url = Url::parse(address).map_err(|_| InvalidChannel::Smtp)?;
        let required = url
            .query_pairs()
            .any(|(key, value)| key == "tls" && value == "required");
        if !matches!(url.scheme(), "smtp" | "smtps") || !(required || is_safe(&url)) {
            return Err(InvalidChannel::Smtp);
        }
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(address);
        let server = server.map_err(|_| InvalidChannel::Smtp)?;
        Ok(Self {
            server: server.timeout(Some(TIMEOUT)).build(),
            from: from.parse().map_err(|_| InvalidChannel::From)?,
            host: url.host_str().unwrap_or_default().to_owned(),
        })
    }

    /// The address from which mail comes.
    pub fn from(&self) -> &str {
        self.from.email.as_ref()
    }

    /// Hands over a mail that is no call, once. `id` is of this mail alone.
    ///
    /// # Errors
    /// The server does not take it, or not now.
    pub async fn post(
        &self,
        now: Instant,
        id: &str,
        to: &people::Mail,
        subject: &str,
        body: String,
    ) -> Result<(), NotTaken> {
        match self.send(now, id, to, subject, body).await {
            Tried::Taken => Ok(()),
            Tried::Refused | Tried::Gone => Err(NotTaken::Refused),
            Tried::Unsure => Err(NotTaken::Unsure),
        }
    }

    /// Hands a mail over. Its `Message-ID` is the call's, so that a mail server or a program that shows mail knows one
    /// that came twice.
    pub(in crate::calling) async fn send(
        &self,
        now: Instant,
        id: impl fmt::Display,
        to: &people::Mail,
        subject: &str,
        body: String,
    ) -> Tried {
        let Ok(to) = to.as_str().parse() else {
            return Tried::Refused;
        };
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .date(now.into())
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body);
        let Ok(message) = message else {
            return Tried::Refused;
        };
        let Err(error) = self.server.send(message).await else {
            return Tried::Taken;
        };
        // Its words may repeat the address.
        let code = error.status().map(|code| code.to_string());
        tracing::warn!(code, "a mail was not taken");
        match error.is_permanent() {
            true => Tried::Refused,
            false => Tried::Unsure,
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mail({})", self.host)
    }
}
