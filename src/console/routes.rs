//! Everything the console answers to, and who may ask it.

use std::sync::Arc;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, resource, to};

use crate::staff::Right;

use super::Desk;
use super::admission::admit;
use super::pages::{
    countersigns, deputies, holdings, home, login, organisations, people, posts, secrets, sections,
};

const SEE: Admits = Admits::With(Right::SeePeople);
const MANAGE: Admits = Admits::With(Right::ManagePeople);
const DECIDE: Admits = Admits::With(Right::Countersign);

/// The table. What is not in it does not exist.
pub const ROUTES: &[Route] = &[
    get("/", Admits::With(Right::SignedIn), || to(home::show)).menu("ホーム"),
    get("/people", SEE, || to(people::list)).menu("職員"),
    get("/people/new", MANAGE, || to(people::new::ask)),
    post("/people/new", MANAGE, || to(people::new::add)),
    get("/people/{id}", SEE, || to(people::show)),
    get("/people/{id}/correct", MANAGE, || to(people::change::ask)),
    post("/people/{id}/correct", MANAGE, || {
        to(people::change::correct)
    }),
    get("/people/{id}/reinstate", MANAGE, || {
        to(people::change::ask_back)
    }),
    post("/people/{id}/reinstate", MANAGE, || {
        to(people::change::reinstate)
    }),
    get("/people/{id}/leave", MANAGE, || to(people::leave::ask)),
    post("/people/{id}/leave", MANAGE, || to(people::leave::leave)),
    get("/holdings/new", MANAGE, || to(holdings::ask)),
    post("/holdings/new", MANAGE, || to(holdings::grant)),
    get("/holdings/{id}/end", MANAGE, || to(holdings::ask_end)),
    post("/holdings/{id}/end", MANAGE, || to(holdings::end)),
    get("/sections", SEE, || to(sections::list)),
    post("/sections", MANAGE, || to(sections::add)),
    get("/sections/{id}/close", MANAGE, || to(sections::ask_close)),
    post("/sections/{id}/close", MANAGE, || to(sections::close)),
    get("/posts", SEE, || to(posts::list)),
    post("/posts", MANAGE, || to(posts::add)),
    get("/posts/{id}/close", MANAGE, || to(posts::ask_close)),
    post("/posts/{id}/close", MANAGE, || to(posts::close)),
    get("/deputies", SEE, || to(deputies::list)),
    get("/deputies/new", MANAGE, || to(deputies::ask)),
    post("/deputies/new", MANAGE, || to(deputies::add)),
    get("/deputies/{id}/end", MANAGE, || to(deputies::ask_end)),
    post("/deputies/{id}/end", MANAGE, || to(deputies::end)),
    get("/organisations", SEE, || to(organisations::list)),
    post("/organisations", MANAGE, || to(organisations::add)),
    get("/organisations/{id}", SEE, || to(organisations::show)),
    post("/organisations/{id}/extend", MANAGE, || {
        to(organisations::extend)
    }),
    post("/organisations/{id}/end", MANAGE, || to(organisations::end)),
    get("/countersigns", SEE, || to(countersigns::list)).menu("二人操作"),
    get("/countersigns/{id}", SEE, || to(countersigns::show)),
    post("/countersigns/{id}/agree", DECIDE, || {
        to(countersigns::agree)
    }),
    post("/countersigns/{id}/decline", DECIDE, || {
        to(countersigns::decline)
    }),
    post("/countersigns/{id}/withdraw", MANAGE, || {
        to(countersigns::withdraw)
    }),
    get("/secrets", SEE, || to(secrets::list)).menu("秘密情報の交換"),
    post("/secrets/{id}/done", MANAGE, || to(secrets::finish)),
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
