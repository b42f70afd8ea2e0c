//! From a proof to a session: the cookies of somebody who comes in.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse};

use crate::clock::{Instant, date_in_japan};
use crate::ids::PersonId;
use crate::staff::account::{AccountError, Limits, Next, PasswordProven, SignIn, Token};
use crate::staff::people::{self, Signed};
use crate::web::{Flash, Refusal, redirect};

use super::Desk;
use super::admission::COOKIE;

/// The cookie of a sign-in that waits for its second factor.
const STEP: &str = "kairan-step";
/// As long as the sign-in waits.
const STEP_LASTS: Duration = Duration::minutes(10);
const NO_POST: &str = "ご本人であることは確かめましたが、今日就いている役職がないか、アカウントが停止されています。システム管理者に確かめてください。";

/// Where to go after signing in: a path of ours, or home.
pub fn safe(next: &str) -> &str {
    // Browsers drop tabs and read `\` as `/`.
    let odd = |letter: char| letter == '\\' || letter.is_control();
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(odd);
    if ours { next } else { "/" }
}

/// `path` with the page that is wanted after signing in.
pub fn leading_to(path: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(safe(next).as_bytes()).collect();
    format!("{path}?next={next}")
}

/// Who somebody is today, if they hold a post.
pub async fn today(desk: &Desk, now: Instant, person: PersonId) -> Result<Option<Signed>, Refusal> {
    Ok(people::signed(&desk.db, person, date_in_japan(now)).await?)
}

/// Opens a session in this browser, and goes to `next`.
pub async fn enter(
    desk: &Desk,
    request: &HttpRequest,
    sign_in: SignIn,
    next: &str,
) -> Result<HttpResponse, Refusal> {
    match open(desk, request, sign_in).await? {
        Some(cookies) => Ok(with(redirect(safe(next), None), cookies)),
        None => Ok(redirect("/login", Flash::failed(NO_POST))),
    }
}

/// Opens a session; gives the cookies that go with the answer, or nothing for somebody without a post.
pub async fn open(
    desk: &Desk,
    request: &HttpRequest,
    sign_in: SignIn,
) -> Result<Option<Vec<Cookie<'static>>>, Refusal> {
    let now = desk.clock.now();
    if today(desk, now, sign_in.person()).await?.is_none() {
        return Ok(None);
    }
    let agent = request.headers().get(USER_AGENT);
    let agent = agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let limits = Limits::default();
    let key = match desk
        .accounts
        .open_session(now, limits, sign_in, agent)
        .await
    {
        Ok(key) => key,
        Err(AccountError::Refused) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // Whoever signs in again in this browser leaves the session they had.
    if let Some(before) = taken(desk, request, COOKIE)
        && let Some(session) = desk.accounts.session(now, limits, &before).await?
    {
        desk.accounts
            .end_session(session.person, session.id)
            .await?;
    }
    let key = key.reveal().to_owned();
    Ok(Some(vec![kept(desk, COOKIE, key), gone(desk, STEP)]))
}

/// Goes on after a right password: in, or to the second factor, or to enrolling one.
pub async fn after_password(
    desk: &Desk,
    request: &HttpRequest,
    proven: PasswordProven,
    next: &str,
) -> Result<HttpResponse, Refusal> {
    let now = desk.clock.now();
    let Some(signed) = today(desk, now, proven.person()).await? else {
        return Ok(redirect("/login", Flash::failed(NO_POST)));
    };
    let demanded = desk.second_factor && signed.needs_second_factor();
    match waiting(desk, proven.next(demanded), next).await? {
        Further::In(sign_in) => enter(desk, request, sign_in, next).await,
        Further::Second { path, step } => Ok(with(redirect(&path, None), [step])),
    }
}

/// What follows a proof.
pub enum Further {
    /// Nothing more is asked.
    In(SignIn),
    /// The second factor, on the page at `path`, by whoever holds the cookie.
    Second { path: String, step: Cookie<'static> },
}

/// Keeps a sign-in until its second factor comes, if one is wanted.
pub async fn waiting(desk: &Desk, after: Next, next: &str) -> Result<Further, Refusal> {
    let (pending, path) = match after {
        Next::SignIn(sign_in) => return Ok(Further::In(sign_in)),
        Next::SecondFactor(pending) => (pending, "/login/code"),
        Next::MustEnrolSecondFactor(pending) => (pending, "/login/enrol"),
    };
    let token = desk.accounts.ask_second(desk.clock.now(), &pending).await?;
    let mut step = kept(desk, STEP, token.reveal().to_owned());
    step.set_max_age(STEP_LASTS);
    Ok(Further::Second {
        path: leading_to(path, next),
        step,
    })
}

/// The sign-in of this browser that waits for its second factor.
pub fn step(desk: &Desk, request: &HttpRequest) -> Option<Token> {
    taken(desk, request, STEP)
}

/// To the beginning: what was begun is over.
pub fn begin_again(why: &str) -> HttpResponse {
    redirect("/login", Flash::failed(why))
}

/// An answer with cookies.
pub fn with(
    mut response: HttpResponse,
    cookies: impl IntoIterator<Item = Cookie<'static>>,
) -> HttpResponse {
    for cookie in cookies {
        // Names and values are ours: there is nothing in them that a header cannot hold.
        drop(response.add_cookie(&cookie));
    }
    response
}

/// A cookie that only this very host gets back, and no script reads.
pub fn kept(desk: &Desk, name: &str, value: String) -> Cookie<'static> {
    Cookie::build(desk.cookie(name), value)
        .path("/")
        .secure(desk.https)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}

/// Takes a cookie back.
pub fn gone(desk: &Desk, name: &str) -> Cookie<'static> {
    let mut gone = kept(desk, name, String::new());
    gone.make_removal();
    gone
}

/// What one of our cookies holds.
pub fn taken(desk: &Desk, request: &HttpRequest, name: &str) -> Option<Token> {
    let cookie = request.cookie(&desk.cookie(name))?;
    Some(Token::given(cookie.value()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away_from_us() {
        for away in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "me",
            "/a\r\nb",
            "/\t/evil.example",
        ] {
            assert_eq!(safe(away), "/", "{away:?}");
        }
        assert_eq!(safe("/people?q=a"), "/people?q=a");
        assert_eq!(
            leading_to("/login/code", "/?a=b"),
            "/login/code?next=%2F%3Fa%3Db"
        );
    }
}
