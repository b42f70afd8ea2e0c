//! Which servers we talk to: LINE's, or one on this machine. A mistyped or planted address must not
//! receive the town's token and its residents' ids.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;
use thiserror::Error;

use super::Failure;

const LINE_API: &str = "api.line.me";
const LINE_DATA: &str = "api-data.line.me";

/// Scheme, host and port of LINE or of a simulator on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiBase {
    origin: String,
    is_loopback: bool,
}

/// Why an address is none we call.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{given:?}: expected https://{LINE_API}, https://{LINE_DATA} or a loopback address such as http://127.0.0.1:9000"
)]
pub struct InvalidApiBase {
    given: String,
}

impl ApiBase {
    /// `https://api.line.me`
    pub fn line_api() -> Self {
        Self::line(LINE_API)
    }

    /// `https://api-data.line.me`
    pub fn line_data() -> Self {
        Self::line(LINE_DATA)
    }

    fn line(host: &str) -> Self {
        Self {
            origin: format!("https://{host}"),
            is_loopback: false,
        }
    }

    /// Reads an address without a path: `https` for LINE's hosts, `http` or `https` for loopback.
    ///
    /// # Errors
    /// For any other host, and for paths, queries, user names and passwords.
    pub fn parse(text: &str) -> Result<Self, InvalidApiBase> {
        let invalid = || InvalidApiBase {
            given: text.to_owned(),
        };
        let url = Url::parse(text).map_err(|_| invalid())?;
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let https = url.scheme() == "https";
        let of_line =
            https && url.port().is_none() && matches!(url.host_str(), Some(LINE_API | LINE_DATA));
        let local = (https || url.scheme() == "http") && is_loopback(&url);
        if !bare || !(of_line || local) {
            return Err(invalid());
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            is_loopback: local,
        })
    }

    /// On this machine?
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// The address of `template`, its `{…}` segments taken from `params` in order.
    pub(super) fn join(&self, template: &str, params: &[&str]) -> Result<Url, Failure> {
        let mut url = Url::parse(&self.origin).map_err(|error| Failure::NotSent {
            cause: error.to_string(),
        })?;
        let mut params = params.iter();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear();
            for segment in template.split('/').skip(1) {
                let value = if segment.starts_with('{') {
                    params.next().copied()
                } else {
                    None
                };
                segments.push(value.unwrap_or(segment));
            }
        }
        Ok(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

impl FromStr for ApiBase {
    type Err = InvalidApiBase;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl fmt::Debug for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn takes_line_and_this_machine_only() {
        for good in [
            "https://api.line.me",
            "https://api-data.line.me/",
            "http://127.0.0.1:9000",
            "http://localhost:9000",
            "http://[::1]:9000",
            "https://127.0.0.1",
        ] {
            assert!(ApiBase::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "api.line.me",
            "http://api.line.me",
            "https://api.line.me:8443",
            "https://api.line.me/v2",
            "https://api.line.me?x",
            "https://api.line.me.example.jp",
            "https://api.line.me@example.jp",
            "https://user@api.line.me",
            "http://localhost@example.jp",
            "http://localhost.example.jp",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "ftp://127.0.0.1",
        ] {
            assert!(ApiBase::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_are_put_in_place_and_encoded() {
        let base = ApiBase::parse("http://127.0.0.1:9000").unwrap();
        assert_eq!(base.to_string(), "http://127.0.0.1:9000");
        assert_eq!(
            base.join(
                "/v2/bot/user/{userId}/richmenu/{richMenuId}",
                &["U1", "a/b?c"]
            )
            .unwrap()
            .as_str(),
            "http://127.0.0.1:9000/v2/bot/user/U1/richmenu/a%2Fb%3Fc"
        );
    }
}
