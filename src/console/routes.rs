//! Everything the console answers to, and who may ask it.

use std::sync::Arc;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, resource, to};

use crate::staff::Right;

use super::Desk;
use super::admission::admit;
use super::pages::{answers, audit, home, login, policy, residents, settings};

const COUNTS: Admits = Admits::With(Right::ResidentCounts);
const ANSWERS: Admits = Admits::With(Right::EditAnswers);
const READ_AUDIT: Admits = Admits::With(Right::ReadAudit);
const SEE_SETTINGS: Admits = Admits::With(Right::SeeSettings);
const MEND: Admits = Admits::With(Right::ManagePeople);

/// The table. What is not in it does not exist.
pub const ROUTES: &[Route] = &[
    get("/", Admits::With(Right::SignedIn), || to(home::show)).menu("ホーム"),
    get("/residents", COUNTS, || to(residents::show)).menu("住民の数"),
    get("/residents/counts.csv", COUNTS, || to(residents::download)),
    get("/answers", ANSWERS, || to(answers::list)).menu("よくある質問"),
    post("/answers", ANSWERS, || to(answers::edit::add)),
    get("/answers/new", ANSWERS, || to(answers::edit::new)),
    get("/answers/try", ANSWERS, || to(answers::rehearsal::show)),
    get("/answers/words", ANSWERS, || to(answers::words::show)),
    post("/answers/words/dismiss", ANSWERS, || {
        to(answers::words::dismiss)
    }),
    get("/answers/files", ANSWERS, || to(answers::files::show)),
    post("/answers/files", ANSWERS, || to(answers::files::lay_by)),
    get("/answers/files/{file}", ANSWERS, || {
        to(answers::files::preview)
    }),
    post("/answers/files/{file}", ANSWERS, || {
        to(answers::files::take_over)
    }),
    get("/answers/faq.csv", ANSWERS, || to(answers::files::csv)),
    get("/answers/faq.xlsx", ANSWERS, || to(answers::files::excel)),
    // Last of the answers: an id may look like anything.
    get("/answers/{id}", ANSWERS, || to(answers::edit::show)),
    post("/answers/{id}", ANSWERS, || to(answers::edit::change)),
    post("/answers/{id}/move", ANSWERS, || to(answers::edit::shift)),
    get("/answers/{id}/remove", ANSWERS, || {
        to(answers::edit::ask_to_remove)
    }),
    post("/answers/{id}/remove", ANSWERS, || {
        to(answers::edit::remove)
    }),
    get("/policy/staff", Admits::With(Right::SignedIn), || {
        to(policy::show)
    }),
    get("/audit", READ_AUDIT, || to(audit::list)).menu("監査記録"),
    post("/audit/verify", READ_AUDIT, || to(audit::verify)),
    post("/audit/export", READ_AUDIT, || to(audit::export)),
    get("/audit/{seq}", READ_AUDIT, || to(audit::one)),
    get("/settings", SEE_SETTINGS, || to(settings::show)).menu("設定"),
    post(
        "/settings/policy/adopt",
        Admits::With(Right::AdoptPolicy),
        || to(settings::adopt),
    ),
    get("/settings/compliance", SEE_SETTINGS, || {
        to(settings::compliance)
    }),
    get("/settings/health", SEE_SETTINGS, || to(settings::health)),
    post("/settings/health/retry", MEND, || to(settings::retry)),
    post("/settings/health/dismiss", MEND, || to(settings::dismiss)),
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
