//! What a deed came to, said once on the page that follows it.
//!
//! It travels in a cookie of its own that lives a minute and is forgotten when shown; it holds no secret.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const NAME: &str = "kairan-said";
/// Longest text kept: a cookie holds 4 KB.
const LONGEST: usize = 500;

/// What a deed came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// It went well.
    pub good: bool,
    /// What to say.
    pub text: String,
}

impl Flash {
    /// It went well: 「保存しました。」
    pub fn done(text: impl Into<String>) -> Self {
        Self {
            good: true,
            text: text.into(),
        }
    }

    /// It did not go, and why.
    pub fn failed(text: impl Into<String>) -> Self {
        Self {
            good: false,
            text: text.into(),
        }
    }

    /// What the request's cookie says.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(NAME)?;
        let bytes = URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        let written = String::from_utf8(bytes).ok()?;
        match written.split_at_checked(1)? {
            ("+", text) => Some(Self::done(text)),
            ("-", text) => Some(Self::failed(text)),
            _ => None,
        }
    }

    fn cookie(&self) -> Cookie<'static> {
        let mark = if self.good { '+' } else { '-' };
        let text: String = self.text.chars().take(LONGEST).collect();
        Cookie::build(NAME, URL_SAFE_NO_PAD.encode(format!("{mark}{text}")))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .max_age(Duration::minutes(1))
            .finish()
    }
}

/// After a deed: go to `path` (303, so that reloading repeats nothing), and say what it came to.
pub fn redirect(path: &str, flash: impl Into<Option<Flash>>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, path));
    if let Some(flash) = flash.into() {
        response.cookie(flash.cookie());
    }
    response.finish()
}

/// Takes the cookie back when `request` brought it.
pub(super) fn forget(request: &HttpRequest, response: &mut HttpResponse) {
    if request.cookie(NAME).is_some() {
        let mut gone = Cookie::build(NAME, "").path("/").finish();
        gone.make_removal();
        // A header that cannot be written leaves a cookie that ends within the minute.
        drop(response.add_cookie(&gone));
    }
}
