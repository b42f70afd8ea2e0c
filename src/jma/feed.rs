//! The Japan Meteorological Agency's feeds, asked politely: only what has changed, and no telegram twice
//! (<https://xml.kishou.go.jp/xmlpull.html>). It guarantees neither delivery nor delay: a draft that does not come is not
//! a quiet night.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Client, StatusCode, Url};

use super::place::Place;
use super::read;
use super::xml::LARGEST;

/// The agency's host.
const HOST: &str = "www.data.jma.go.jp";
/// What is asked: warnings, and earthquakes with tsunami.
const FEEDS: [&str; 2] = ["eqvol.xml", "extra.xml"];
/// Kinds that are about the whole country.
const NATIONAL: [&str; 3] = ["VXSE51", "VXSE53", "VTSE41"];
/// Kinds that a prefecture's office issues.
const OF_PREFECTURES: [&str; 7] = [
    "VPWW55", "VPWW56", "VPWW57", "VPWW58", "VPWW59", "VPWW60", "VPWW61",
];
/// Most telegrams fetched at a time; after a pause, the newest.
const AT_A_TIME: usize = 20;

/// Where the feeds are: the agency's, or a loopback address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedBase(Url);

/// Why an address is none that is asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not asked; write https://{HOST}/developer/xml/feed/, or a loopback address")]
pub struct InvalidFeed {
    given: String,
}

/// Why a feed was not read.
#[derive(Debug, thiserror::Error)]
pub enum NotFetched {
    /// It did not answer, or not in time.
    #[error("the feed does not answer: {0}")]
    Http(#[from] reqwest::Error),
    /// It answered otherwise.
    #[error("{address} answered {status}")]
    Status {
        /// What was asked.
        address: String,
        /// The answer.
        status: u16,
    },
    /// It answered with something else than a feed.
    #[error("{address}: {reason}")]
    NotAFeed {
        /// What was asked.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A way to the feeds, which remembers what it has seen.
#[derive(Debug)]
pub struct Feed {
    base: FeedBase,
    http: Client,
    seen: Mutex<BTreeMap<&'static str, HeaderMap>>,
    unreadable: Mutex<BTreeSet<String>>,
}

/// What has changed in one of them.
pub(super) struct Changed {
    feed: &'static str,
    /// Telegrams that may concern the place, oldest first.
    pub(super) addresses: Vec<String>,
    validators: HeaderMap,
}

impl FeedBase {
    /// Reads the address of the folder in which the feeds lie.
    ///
    /// # Errors
    /// It is another host's, not https, or carries more than a path.
    pub fn parse(given: &str) -> Result<Self, InvalidFeed> {
        let invalid = || InvalidFeed {
            given: given.to_owned(),
        };
        let mut url = Url::parse(given).map_err(|_| invalid())?;
        let bare = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let of_agency =
            url.scheme() == "https" && url.host_str() == Some(HOST) && url.port().is_none();
        let loopback = match url.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let local = matches!(url.scheme(), "http" | "https") && loopback;
        if !bare || !(of_agency || local) {
            return Err(invalid());
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }
}

impl Feed {
    /// A way to the feeds at `base`.
    ///
    /// # Errors
    /// The HTTP library does not start.
    pub fn new(base: FeedBase) -> Result<Self, NotFetched> {
        // One process, one provider of cryptography: whoever was first has installed it.
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(20))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("kairan/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            base,
            http,
            seen: Mutex::default(),
            unreadable: Mutex::default(),
        })
    }

    /// The feeds that have changed since they were last settled.
    pub(super) async fn changed(&self, place: &Place) -> Result<Vec<Changed>, NotFetched> {
        let mut changed = Vec::new();
        for feed in FEEDS {
            let validators = self.validators(feed);
            let Ok(address) = self.base.0.join(feed) else {
                continue;
            };
            let Some((validators, body)) = self.get(address.as_str(), validators).await? else {
                continue;
            };
            let addresses = read::entries(&body).map_err(|reason| NotFetched::NotAFeed {
                address: address.to_string(),
                reason,
            })?;
            let unreadable = self
                .unreadable
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            let concerns = |address: &String| {
                self.is_sibling(address)
                    && concerns(address, place)
                    && !unreadable.contains(address)
            };
            let mut addresses: Vec<String> = addresses.into_iter().filter(concerns).collect();
            // The newest stand first, and they are told in the order in which they came.
            addresses.reverse();
            changed.push(Changed {
                feed,
                addresses,
                validators,
            });
        }
        Ok(changed)
    }

    fn validators(&self, feed: &str) -> HeaderMap {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(feed).cloned().unwrap_or_default()
    }

    /// Remembers that all of it was taken in: it is not asked for again until it changes.
    pub(super) fn settle(&self, changed: Changed) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(changed.feed, changed.validators);
    }

    /// Remembers a telegram that cannot be read: asking once more would not help.
    pub(super) fn give_up(&self, address: String) {
        let mut unreadable = self
            .unreadable
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        unreadable.insert(address);
    }

    /// A telegram.
    pub(super) async fn telegram(&self, address: &str) -> Result<Vec<u8>, NotFetched> {
        let answer = self.get(address, HeaderMap::new()).await?;
        Ok(answer
            .map(|(_, body)| body.into_bytes())
            .unwrap_or_default())
    }

    /// Whether an address is of the same server: a feed must not choose whom we call.
    fn is_sibling(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| url.origin() == self.base.0.origin())
    }

    /// What is there; none when it has not changed.
    async fn get(
        &self,
        address: &str,
        validators: HeaderMap,
    ) -> Result<Option<(HeaderMap, String)>, NotFetched> {
        let mut answer = self.http.get(address).headers(validators).send().await?;
        match answer.status() {
            StatusCode::NOT_MODIFIED => return Ok(None),
            StatusCode::OK => {}
            status => {
                return Err(NotFetched::Status {
                    address: address.to_owned(),
                    status: status.as_u16(),
                });
            }
        }
        let mut validators = HeaderMap::new();
        for (given, asked) in [(ETAG, IF_NONE_MATCH), (LAST_MODIFIED, IF_MODIFIED_SINCE)] {
            if let Some(value) = answer.headers().get(given) {
                validators.insert(asked, value.clone());
            }
        }
        let other = |reason: &str| NotFetched::NotAFeed {
            address: address.to_owned(),
            reason: reason.to_owned(),
        };
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await? {
            body.extend_from_slice(&part);
            if body.len() > LARGEST {
                return Err(other("it is longer than any bulletin"));
            }
        }
        let body = String::from_utf8(body).map_err(|_| other("it is not in UTF-8"))?;
        Ok(Some((validators, body)))
    }
}

impl Changed {
    /// The newest of those that `known` does not have.
    pub(super) fn unknown(&self, known: &BTreeSet<String>) -> Vec<String> {
        let unknown = self
            .addresses
            .iter()
            .filter(|address| !known.contains(*address));
        let unknown: Vec<String> = unknown.cloned().collect();
        let from = unknown.len().saturating_sub(AT_A_TIME);
        unknown[from..].to_vec()
    }
}

/// By the telegram's name: time, counter, kind, office (`20260728094314_0_VXSE53_270000.xml`). The first two digits of a
/// prefecture's office are the prefecture's.
fn concerns(address: &str, place: &Place) -> bool {
    let name = address.rsplit('/').next().unwrap_or_default();
    let mut parts = name.trim_end_matches(".xml").split('_').skip(2);
    let (kind, office) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    NATIONAL.contains(&kind)
        || (OF_PREFECTURES.contains(&kind) && office.starts_with(place.prefecture()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_agency_and_this_machine_are_asked() {
        for good in [
            "https://www.data.jma.go.jp/developer/xml/feed/",
            "https://www.data.jma.go.jp/developer/xml/feed",
            "http://127.0.0.1:9000/feed/",
            "http://[::1]:9000",
            "http://localhost:9000",
        ] {
            assert!(FeedBase::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://www.data.jma.go.jp/developer/xml/feed/",
            "https://www.data.jma.go.jp.evil.example/",
            "https://www.data.jma.go.jp@evil.example/",
            "https://www.data.jma.go.jp:8443/",
            "https://user@www.data.jma.go.jp/",
            "https://www.data.jma.go.jp/?x",
            "http://192.168.0.1/",
            "file:///etc/passwd",
            "feed",
        ] {
            assert!(FeedBase::parse(bad).is_err(), "{bad}");
        }
    }
}
