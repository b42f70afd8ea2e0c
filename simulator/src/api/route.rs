//! What an endpoint is, and how a path finds its own.

use super::routes::ROUTES;
use super::{Host, Needs, Outcome};
use crate::answer::Call;
use crate::rate::Rate;
use crate::world::World;

/// What answers at an endpoint.
pub(crate) type Handler = fn(&mut World, &Call) -> Outcome;

/// One endpoint.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) host: Host,
    pub(crate) needs: Needs,
    pub(crate) rate: Rate,
    pub(crate) handler: Handler,
}

/// The limit of every endpoint without one of its own.
pub(super) const USUAL: Rate = Rate::per_second(2_000);

pub(super) const fn get(pattern: &'static str, rate: Rate, handler: Handler) -> Route {
    let (method, host, needs) = ("GET", Host::Api, Needs::Token);
    Route {
        method,
        pattern,
        host,
        needs,
        rate,
        handler,
    }
}

pub(super) const fn post(
    pattern: &'static str,
    needs: Needs,
    rate: Rate,
    handler: Handler,
) -> Route {
    let (method, host) = ("POST", Host::Api);
    Route {
        method,
        pattern,
        host,
        needs,
        rate,
        handler,
    }
}

pub(super) const fn put(pattern: &'static str, rate: Rate, handler: Handler) -> Route {
    Route {
        method: "PUT",
        ..post(pattern, Needs::Json, rate, handler)
    }
}

pub(super) const fn delete(pattern: &'static str, rate: Rate, handler: Handler) -> Route {
    Route {
        method: "DELETE",
        ..get(pattern, rate, handler)
    }
}

/// A GET without a token.
pub(super) const fn get_open(pattern: &'static str, handler: Handler) -> Route {
    Route {
        needs: Needs::Nothing,
        ..get(pattern, USUAL, handler)
    }
}

/// The same on the api-data host.
pub(super) const fn on_data(route: Route) -> Route {
    Route {
        host: Host::Data,
        ..route
    }
}

/// What a path leads to on a host.
#[derive(Debug)]
pub(crate) enum Found {
    Endpoint(&'static Route, Vec<String>),
    /// The path is known, but not with this method.
    WrongMethod,
    Nothing,
}

pub(crate) fn find(host: Host, method: &str, path: &str) -> Found {
    let mut wrong_method = false;
    for route in ROUTES.iter().filter(|route| route.host == host) {
        if let Some(params) = fit(route.pattern, path) {
            if route.method == method {
                return Found::Endpoint(route, params);
            }
            wrong_method = true;
        }
    }
    if wrong_method {
        Found::WrongMethod
    } else {
        Found::Nothing
    }
}

/// The values of the `{…}` parts, if the path fits the pattern.
fn fit(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut params = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(params),
            (Some(part), Some(value)) if part.starts_with('{') && !value.is_empty() => {
                params.push(value.to_owned())
            }
            (Some(part), Some(value)) if part == value => {}
            _ => return None,
        }
    }
}
