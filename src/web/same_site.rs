//! Only our own pages may change anything.

use actix_web::http::Method;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};

/// Whether a request that may change something comes from a page of ours.
///
/// Browsers say so in `Sec-Fetch-Site`, which pages cannot set; older ones send `Origin` alone. Who
/// sends neither is no browser, and has no business here.
/// <https://www.w3.org/TR/fetch-metadata/>
pub(super) fn allows(method: &Method, headers: &HeaderMap, public_origin: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    let said = |name| {
        headers.get(name).map(|value: &_| {
            let value: &actix_web::http::header::HeaderValue = value;
            value.to_str().unwrap_or_default()
        })
    };
    if let Some(site) = said("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = said(ORIGIN.as_str()) else {
        return false;
    };
    if origin == public_origin {
        return true;
    }
    // On one's own machine the address may be written in several ways.
    public_origin.starts_with("http://")
        && said(HOST.as_str()).is_some_and(|host| origin.strip_prefix("http://") == Some(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn asked(public: &str, headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
            .collect();
        allows(&Method::POST, &headers, public)
    }

    #[test]
    fn what_the_browser_says_decides() {
        const CITY: &str = "https://line.city.example.jp";
        assert!(asked(CITY, &[("sec-fetch-site", "same-origin")]));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!asked(CITY, &[("sec-fetch-site", site), ("origin", CITY)]));
        }
        assert!(asked(CITY, &[("origin", CITY)]));
        for origin in [
            "https://evil.example",
            "null",
            "https://line.city.example.jp.evil.example",
        ] {
            assert!(!asked(
                CITY,
                &[("origin", origin), ("host", "evil.example")]
            ));
        }
        assert!(!asked(CITY, &[]));
        assert!(asked(
            "http://127.0.0.1:1",
            &[("origin", "http://localhost:2"), ("host", "localhost:2")]
        ));
        assert!(allows(&Method::GET, &HeaderMap::new(), CITY));
    }
}
