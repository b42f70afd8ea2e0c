//! Everything the console answers to, and who may ask it.

use std::sync::Arc;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, resource, to};

use crate::staff::Right;

use super::Desk;
use super::admission::admit;
use super::pages::{home, login};

/// The table. What is not in it does not exist.
pub const ROUTES: &[Route] = &[
    get("/", Admits::With(Right::SignedIn), || to(home::show)).menu("ホーム"),
    get("/login", Admits::Anyone, || to(login::show)),
    post("/logout", Admits::With(Right::SignedIn), || {
        to(login::leave)
    }),
];

/// A row of the table.
#[derive(Debug)]
pub struct Route {
    /// GET answers HEAD too.
    pub method: Method,
    /// As actix writes it: `/people/{id}`.
    pub path: &'static str,
    /// Whom it lets in.
    pub admits: Admits,
    /// What the menu calls it, if it stands there.
    pub menu: Option<&'static str>,
    to: fn() -> actix_web::Route,
}

/// Whom a row lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admits {
    /// Anybody, signed in or not.
    Anyone,
    /// Whoever is signed in and has this right.
    With(Right),
}

/// Adds every row.
pub(super) fn add(desk: Arc<Desk>, config: &mut ServiceConfig) {
    config.app_data(Data::from(Arc::clone(&desk)));
    for route in ROUTES {
        let desk = Arc::clone(&desk);
        config.service(
            resource(route.path)
                .guard(fn_guard(|asked| route.answers(&asked.head().method)))
                .wrap(from_fn(move |request, next| {
                    admit(Arc::clone(&desk), route, request, next)
                }))
                .route((route.to)()),
        );
    }
}

impl Route {
    const fn menu(mut self, label: &'static str) -> Self {
        self.menu = Some(label);
        self
    }

    fn answers(&self, method: &Method) -> bool {
        self.method == *method || (self.method == Method::GET && *method == Method::HEAD)
    }
}

const fn get(path: &'static str, admits: Admits, to: fn() -> actix_web::Route) -> Route {
    row(Method::GET, path, admits, to)
}

const fn post(path: &'static str, admits: Admits, to: fn() -> actix_web::Route) -> Route {
    row(Method::POST, path, admits, to)
}

const fn row(
    method: Method,
    path: &'static str,
    admits: Admits,
    to: fn() -> actix_web::Route,
) -> Route {
    Route {
        method,
        path,
        admits,
        menu: None,
        to,
    }
}
