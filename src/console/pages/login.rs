//! Coming and going.

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::web::Data;
use askama::Template;

use crate::console::admission::cookie_name;
use crate::console::{Desk, Visitor};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

#[derive(Template)]
#[template(path = "login.html")]
pub(in crate::console) struct Login {
    frame: Frame,
}

/// `GET /login`.
pub(in crate::console) async fn show(
    request: actix_web::HttpRequest,
    desk: Data<Desk>,
) -> Page<Login> {
    let mut frame = Frame::plain("サインイン", desk.account.clone(), desk.clock.now());
    frame.flash = Flash::of(&request);
    Page(Login { frame })
}

/// `POST /logout`.
pub(in crate::console) async fn leave(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    let person = visitor.signed.person();
    let ended = desk.accounts.end_session(person, visitor.session.id);
    ended.await?;
    let mut response = redirect("/login", Flash::done("サインアウトしました。"));
    let mut gone = Cookie::build(cookie_name(desk.https), "")
        .path("/")
        .secure(desk.https)
        .http_only(true)
        .finish();
    gone.make_removal();
    // The session has ended; the cookie opens nothing any more.
    drop(response.add_cookie(&gone));
    Ok(response)
}
