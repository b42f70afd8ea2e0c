//! Who may pass: the session, the right its row demands, and for deeds the session's token.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;

use crate::clock::{Instant, date_in_japan};
use crate::mode::Mode;
use crate::staff::Right;
use crate::staff::account::{self, Limits, Session};
use crate::staff::people::{self, Post, Signed};
use crate::web::walls::MAX_FORM;
use crate::web::{Flash, Frame, MenuItem, Refusal, Token, Who, token};

use super::Desk;
use super::live;
use super::routes::{Admits, ROUTES, Route};
use super::words::held_by;

/// Largest form with files, in bytes.
pub const MAX_UPLOAD: usize = 10 * 1024 * 1024;

/// Proof that somebody is signed in and has the right their route's row demands. A handler that takes
/// it knows who asks.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who asks, with the posts they hold today.
    pub signed: Signed,
    /// The session they ask in.
    pub session: Session,
    /// When they ask.
    pub now: Instant,
    key: account::Token,
    account: String,
    mode: Mode,
    path: String,
    flash: Option<Flash>,
}

impl Visitor {
    /// Whether a right is theirs, for pages that show more to some.
    pub fn may(&self, right: Right) -> bool {
        self.signed.may(right)
    }

    /// Puts into the log that they tried what is not theirs, so that who probes is seen: by number, never by name.
    pub fn was_refused(&self, tried: &str) {
        let person = self.signed.person();
        metrics::counter!("kairan_refused_total").increment(1);
        tracing::warn!(%person, path = self.path, tried, "not theirs: refused");
    }

    /// Whether nothing here reaches a resident.
    pub fn is_drill(&self) -> bool {
        self.mode == Mode::Drill
    }

    /// The frame of a page called `title`.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame {
            who: Some(Who {
                name: self.signed.name().as_str().to_owned(),
                post: self.posts(),
            }),
            menu: self.menu(),
            flash: self.flash.clone(),
            for_staff: true,
            token: Token::of(self.key.reveal()),
            ..Frame::plain(title, self.account.clone(), self.mode, self.now)
        }
    }

    fn posts(&self) -> String {
        let posts: Vec<String> = self.signed.posts().iter().map(Post::label).collect();
        posts.join("、")
    }

    fn menu(&self) -> Vec<MenuItem> {
        ROUTES
            .iter()
            .filter(|route| match route.admits {
                Admits::With(right) => self.may(right),
                Admits::Anyone => false,
            })
            .filter_map(|route| {
                let path = route.path;
                let within = self.path.strip_prefix(path);
                Some(MenuItem {
                    path,
                    label: route.menu?,
                    here: within.is_some_and(|rest| {
                        rest.is_empty() || (path != "/" && rest.starts_with('/'))
                    }),
                })
            })
            .collect()
    }
}

impl FromRequest for Visitor {
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visitor = request.extensions().get::<Self>().cloned();
        // Only `admit` makes one; a handler without it must not run.
        ready(
            visitor
                .ok_or_else(|| Refusal::unexpected("a handler wants who its row lets nobody be")),
        )
    }
}

/// Stands before every handler of the table.
pub(super) async fn admit(
    desk: Arc<Desk>,
    route: &'static Route,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    // Whatever fails from here on is told to staff, without asking the database who they are.
    let nobody = desk.frame(request.request(), "");
    request.extensions_mut().insert(nobody);
    match check(&desk, route, &mut request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        Err(Refusal::SignIn { .. }) if live::is_part(request.headers()) => {
            Ok(request.into_response(live::sign_in()).map_into_right_body())
        }
        Err(refusal) => Ok(request.error_response(refusal).map_into_right_body()),
    }
}

async fn check(desk: &Desk, route: &Route, request: &mut ServiceRequest) -> Result<(), Refusal> {
    let Admits::With(right) = route.admits else {
        return Ok(());
    };
    let visitor = visitor(desk, request).await?;
    // A refusal from here on is framed like any page of theirs.
    request.extensions_mut().insert(visitor.frame(""));
    if !visitor.may(right) {
        visitor.was_refused(request.method().as_str());
        return Err(Refusal::Forbidden {
            needs: held_by(right).to_owned(),
        });
    }
    if !request.method().is_safe() {
        carries_token(&Token::of(visitor.key.reveal()), request).await?;
    }
    request.extensions_mut().insert(visitor);
    Ok(())
}

async fn visitor(desk: &Desk, request: &ServiceRequest) -> Result<Visitor, Refusal> {
    let now = desk.clock.now();
    let Some((signed, session, key)) = signed_in(desk, now, request).await? else {
        let asked = request.uri().path_and_query().map(ToString::to_string);
        return Err(Refusal::SignIn {
            back_to: asked.filter(|_| request.method().is_safe()),
        });
    };
    Ok(Visitor {
        signed,
        session,
        now,
        key,
        account: desk.account.clone(),
        mode: desk.mode,
        path: request.path().to_owned(),
        flash: Flash::of(request.request()),
    })
}

/// Whoever the cookie's session belongs to, with what their posts allow today, not when they signed in.
async fn signed_in(
    desk: &Desk,
    now: Instant,
    request: &ServiceRequest,
) -> Result<Option<(Signed, Session, account::Token)>, Refusal> {
    let Some(cookie) = request.cookie(&desk.cookie(COOKIE)) else {
        return Ok(None);
    };
    let key = account::Token::given(cookie.value());
    let limits = Limits::default();
    let session = match live::by_itself(request.headers()) {
        true => desk.accounts.unattended(now, limits, &key).await?,
        false => desk.accounts.session(now, limits, &key).await?,
    };
    let Some(session) = session else {
        return Ok(None);
    };
    let signed = people::signed(&desk.db, session.person, date_in_japan(now)).await?;
    Ok(signed.map(|signed| (signed, session, key)))
}

/// The session's cookie, without the `__Host-` that it wears over https.
pub const COOKIE: &str = "kairan";

/// Reads the body, looks for the token and puts the body back for the handler.
async fn carries_token(token: &Token, request: &mut ServiceRequest) -> Result<(), Refusal> {
    let header = request.headers().get(token::HEADER);
    if header.is_some_and(|given| given.to_str().is_ok_and(|given| token.is(given))) {
        return Ok(());
    }
    let kind = request.headers().get(CONTENT_TYPE);
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let limit = if kind.starts_with("multipart/") {
        MAX_UPLOAD
    } else {
        MAX_FORM
    };
    let body = read(request.take_payload(), limit).await?;
    if !token::in_body(&kind, &body).is_some_and(|given| token.is(&given)) {
        return Err(Refusal::Foreign);
    }
    let again = futures_util::stream::once(ready(Ok(body)));
    request.set_payload(Payload::Stream {
        payload: Box::pin(again),
    });
    Ok(())
}

async fn read(mut payload: Payload, limit: usize) -> Result<Bytes, Refusal> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refusal::Malformed {
            expected: "送信が途中で切れました。".to_owned(),
        })?;
        if body.len() + chunk.len() > limit {
            return Err(Refusal::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
