//! Where a link leads, and whether it may stand in a message or a menu.

use url::{Host, Url};

use super::profile::Links;

/// A link that may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As it was written; it is never changed.
    pub url: String,
    /// The host to show beside it, so that people see where it leads.
    pub host: String,
    /// What is known of the host.
    pub standing: Standing,
}

/// What is known of a link's host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The municipality's own.
    Own,
    /// Listed as known to be good.
    Allowed,
    /// Somebody else's: what [`Links::require`] names must be shown.
    Other,
}

/// Why a link may not stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address that can be checked.
    #[error("`{0}` is no address that can be linked; write a full https:// address")]
    NotHttps(String),
    /// It carries a user name, which can make one host look like another.
    #[error("`{0}` carries a user name before its host; write it without")]
    UserName(String),
    /// Its host is a number or no public name.
    #[error("`{0}` leads to no public host; write the name of a site")]
    NotPublic(String),
    /// The host is on the deny list.
    #[error("`{0}` leads to a host the policy denies")]
    Denied(String),
    /// The host shortens addresses.
    #[error("`{0}` is a shortened link; write where it leads, so that residents see it")]
    Shortened(String),
    /// The host passes on to another.
    #[error("`{0}` passes on to another site; write where it leads, so that residents see it")]
    Redirector(String),
    /// Only listed hosts may be linked.
    #[error("`{0}` leads to a host that is not listed; the policy allows listed ones only")]
    NotListed(String),
}

impl Links {
    /// Judges a link.
    ///
    /// # Errors
    /// Why it may not stand; the first reason found.
    pub fn check(&self, url: &str) -> Result<Link, Refused> {
        let given = || url.to_owned();
        let parsed = Url::parse(url)
            .ok()
            .filter(|parsed| parsed.scheme() == "https" && !url.contains(char::is_whitespace))
            .ok_or_else(|| Refused::NotHttps(given()))?;
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(Refused::UserName(given()));
        }
        let host = match parsed.host() {
            Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
            _ => return Err(Refused::NotPublic(given())),
        };
        if !host.contains('.') {
            return Err(Refused::NotPublic(given()));
        }
        if among(&self.denied, &host) {
            return Err(Refused::Denied(given()));
        }
        if self.shortens(&host) {
            return Err(Refused::Shortened(given()));
        }
        let standing = if self.is_own(&host) {
            Standing::Own
        } else if among(&self.allowed, &host) {
            Standing::Allowed
        } else {
            Standing::Other
        };
        // One's own site may pass on as it likes: it answers for where it leads.
        if standing != Standing::Own && (among(&self.redirectors, &host) || passes_on(&parsed)) {
            return Err(Refused::Redirector(given()));
        }
        if standing == Standing::Other && self.only_listed {
            return Err(Refused::NotListed(given()));
        }
        Ok(Link {
            url: given(),
            host,
            standing,
        })
    }

    /// Whether `host`, in small letters, shortens addresses, or is beneath one that does.
    pub fn shortens(&self, host: &str) -> bool {
        among(&self.shorteners, host)
    }

    /// Whether `host` is the municipality's own, or beneath one that is.
    pub fn is_own(&self, host: &str) -> bool {
        among(&self.own, host)
    }
}

/// The host of an address, in the form in which hosts are compared.
pub(super) fn host_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    url.host_str()
        .map(|host| host.trim_end_matches('.').to_owned())
}

fn among(hosts: &[String], host: &str) -> bool {
    hosts.iter().any(|listed| {
        host.strip_suffix(listed.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// An address whose query is another whole address.
fn passes_on(url: &Url) -> bool {
    url.query_pairs()
        .any(|(_, value)| value.starts_with("https://") || value.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::Profile;

    fn links() -> Links {
        Profile::parse(include_str!("../../policies/default.toml"))
            .unwrap_or_else(|faults| panic!("{faults:?}"))
            .links
    }

    #[test]
    fn a_link_shows_its_real_host_and_stands_unchanged() {
        let links = links();
        for (url, host, standing) in [
            (
                "https://www.city.example.jp/a?b=c#d",
                "www.city.example.jp",
                Standing::Own,
            ),
            (
                "https://LIBRARY.www.city.example.jp./",
                "library.www.city.example.jp",
                Standing::Own,
            ),
            (
                "https://line.me/R/nv/location/",
                "line.me",
                Standing::Allowed,
            ),
            (
                "https://www.kantei.go.jp/",
                "www.kantei.go.jp",
                Standing::Other,
            ),
            ("https://例え.jp/", "xn--r8jz45g.jp", Standing::Other),
            (
                "https://www.city.example.jp.evil.example/",
                "www.city.example.jp.evil.example",
                Standing::Other,
            ),
            (
                "https://notwww.city.example.jp/",
                "notwww.city.example.jp",
                Standing::Other,
            ),
        ] {
            let link = links
                .check(url)
                .unwrap_or_else(|refused| panic!("{refused}"));
            assert_eq!(
                (link.host.as_str(), link.standing),
                (host, standing),
                "{url}"
            );
            assert_eq!(link.url, url);
        }
    }

    #[test]
    fn what_hides_where_it_leads_is_refused() {
        let mut links = links();
        links.denied = vec!["bad.example".to_owned()];
        let check = |url: &str| links.check(url).err();
        for (url, refused) in [
            (
                "http://www.city.example.jp/",
                Refused::NotHttps as fn(String) -> Refused,
            ),
            ("javascript:alert(1)", Refused::NotHttps),
            ("https://www.city.example.jp/ x", Refused::NotHttps),
            ("www.city.example.jp", Refused::NotHttps),
            (
                "https://www.city.example.jp@evil.example/",
                Refused::UserName,
            ),
            ("https://127.0.0.1/", Refused::NotPublic),
            ("https://2130706433/", Refused::NotPublic),
            ("https://[::1]/", Refused::NotPublic),
            ("https://intranet/", Refused::NotPublic),
            ("https://a.bad.example/", Refused::Denied),
            ("https://bit.ly/x", Refused::Shortened),
            ("https://BIT.LY:443/x", Refused::Shortened),
            ("https://a.t.co/x", Refused::Shortened),
            (
                "https://www.google.com/url?q=https://evil.example/",
                Refused::Redirector,
            ),
            (
                "https://other.example/?to=https%3A%2F%2Fevil.example",
                Refused::Redirector,
            ),
        ] {
            assert_eq!(check(url), Some(refused(url.to_owned())), "{url}");
        }
        links.only_listed = true;
        assert!(matches!(
            links.check("https://www.kantei.go.jp/"),
            Err(Refused::NotListed(_))
        ));
        assert!(links.check("https://line.me/x").is_ok());
    }

    proptest! {
        #[test]
        fn nothing_beneath_a_shortener_ever_passes(label in "[a-z0-9]{1,9}", path in "[ -~]{0,20}") {
            let links = links();
            for host in &links.shorteners {
                let url = format!("https://{label}.{host}/{path}");
                prop_assert!(links.check(&url).is_err());
            }
        }
    }
}
