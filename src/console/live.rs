//! Parts of a page that are asked for anew while it is open, by the browser's htmx.
//!
//! Such a part is cut out of the whole page, so everything works without script as well. A part that is
//! asked for by the clock says in the header [`SHOWN`] what it shows.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::HttpResponse;
use actix_web::http::header::HeaderMap;

/// Stands in what a page asks by itself, with the print of what it shows.
const SHOWN: &str = "kairan-shown";

/// Nobody asked for this: a page did, by the clock.
pub(super) fn by_itself(headers: &HeaderMap) -> bool {
    headers.contains_key(SHOWN)
}

/// Only a part of the answer will be shown, in a page that is already open.
/// <https://htmx.org/reference/#request_headers>
pub(super) fn is_part(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// For a part, when nobody is signed in any more: the page loads anew, and is led to the sign-in page.
pub(super) fn sign_in() -> HttpResponse {
    let mut answer = HttpResponse::Unauthorized();
    answer.insert_header(("hx-refresh", "true")).finish()
}

/// Tells two things shown apart.
pub(super) fn print(shown: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    shown.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The browser shows this already. Told nothing, it leaves the page alone: no focus is lost, and nothing
/// is read aloud again.
pub(super) fn is_shown(headers: &HeaderMap, print: &str) -> bool {
    headers.get(SHOWN).is_some_and(|shown| shown == print)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn what_has_not_changed_is_known_by_its_print() {
        let shown = print(&["二件", "一件"]);
        assert_ne!(shown, print(&["二件"]));
        let mut headers = HeaderMap::new();
        assert!(!by_itself(&headers) && !is_shown(&headers, &shown));
        let name = HeaderName::from_static(SHOWN);
        headers.insert(name, HeaderValue::from_str(&shown).unwrap());
        assert!(by_itself(&headers) && is_shown(&headers, &shown));
        assert!(!is_shown(&headers, &print(&["二件"])));
    }
}
