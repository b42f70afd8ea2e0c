//! The Messaging API: a table of endpoints, and the gate every call passes.

mod account;
mod counts;
pub(crate) mod narrowcast;
mod people;
mod rich_menu;
mod rich_menu_alias;
mod rich_menu_link;
mod route;
mod routes;
mod send;
mod token;
mod webhook;

use serde_json::Value;

use crate::answer::{Answer, Call};
use crate::ledger::Accepted;
use crate::world::World;

pub(crate) use route::{Found, Route, find};
pub(crate) use webhook::{test_answer, webhook_test};

/// Which of LINE's two hosts a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Api,
    Data,
}

/// The largest request.
pub(crate) const MAX_BODY: usize = 2 * 1024 * 1024;

/// What an endpoint needs besides its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// A token and nothing else.
    Token,
    /// A token and a POST body that may be empty, but whose length must be announced.
    Length,
    /// A token and a JSON body.
    Json,
    /// A token and a JSON body; a retry key is welcome.
    JsonOrRetry,
    /// A token and an image.
    Image,
    /// Nothing: the caller asks for a token here.
    Nothing,
}

/// Answers a call for a route that was found: token, rate, media type, retry key, then the endpoint itself.
pub(crate) fn answer(world: &mut World, route: &Route, call: &Call) -> Answer {
    match admit(world, route, call) {
        Ok(()) => {}
        Err(refusal) => return refusal,
    }
    let answer = (route.handler)(world, call).unwrap_or_else(|refusal| refusal);
    if let Some(key) = &call.retry_key
        && answer.is_success()
    {
        let sent = match &answer.content {
            crate::answer::Content::Json(body) => body.get("sentMessages").cloned(),
            crate::answer::Content::Raw(..) => None,
        };
        let accepted = Accepted {
            request_id: call.request_id.clone(),
            at: call.now,
            sent,
        };
        world.retry_keys.remember(key, accepted);
    }
    answer
}

/// The gate; also run by the webhook test, whose answer has to wait for the other side.
pub(crate) fn admit(world: &mut World, route: &Route, call: &Call) -> Result<(), Answer> {
    if route.needs != Needs::Nothing {
        token::authenticate(world, call)?;
    }
    let endpoint = (route.method, route.pattern);
    if world.options.rate_limits
        && !world
            .buckets
            .take(endpoint, route.rate, world.time.uptime())
    {
        return Err(Answer::rate_limited());
    }
    if call.body.len() > MAX_BODY {
        return Err(Answer::error(413, "The request entity is too large"));
    }
    if call.method == "POST" && !call.length_known {
        return Err(Answer::error(411, "Length Required"));
    }
    media_type(route, call)?;
    retry_key(world, route, call)
}

fn media_type(route: &Route, call: &Call) -> Result<(), Answer> {
    let given = call.content_type.as_deref().unwrap_or_default();
    let essence = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let fits = match route.needs {
        Needs::Json | Needs::JsonOrRetry => essence == "application/json",
        Needs::Image => matches!(essence.as_str(), "image/png" | "image/jpeg"),
        Needs::Token | Needs::Length | Needs::Nothing => true,
    };
    if fits {
        Ok(())
    } else {
        Err(Answer::error(
            415,
            format!("The content type, {given}, is not supported"),
        ))
    }
}

fn retry_key(world: &World, route: &Route, call: &Call) -> Result<(), Answer> {
    let Some(key) = &call.retry_key else {
        return Ok(());
    };
    if route.needs != Needs::JsonOrRetry {
        return Err(Answer::error(
            400,
            "The retry key is not supported by this endpoint",
        ));
    }
    if key.len() != 36 || uuid::Uuid::try_parse(key).is_err() {
        return Err(Answer::error(
            400,
            "The retry key is invalid: a UUID in hexadecimal form is expected",
        ));
    }
    match world.retry_keys.accepted(key, call.now) {
        None => Ok(()),
        Some(accepted) => {
            let mut body = serde_json::json!({ "message": "The retry key is already accepted" });
            if let Some(sent) = &accepted.sent {
                body["sentMessages"] = sent.clone();
            }
            Err(Answer::json(409, body)
                .with_header("x-line-accepted-request-id", accepted.request_id.clone()))
        }
    }
}

/// What an endpoint gives: an answer, or a refusal, which is an answer as well.
pub(crate) type Outcome = Result<Answer, Answer>;

/// The user ids of a field that takes 1 to 500 of them; one bad id refuses them all.
fn user_ids(body: &Value, field: &str) -> Result<Vec<String>, Answer> {
    let Some(list) = body[field].as_array() else {
        return Err(Answer::invalid_property(field));
    };
    if !(1..=500).contains(&list.len()) {
        let detail =
            serde_json::json!({ "message": "Size must be between 1 and 500", "property": field });
        let body = serde_json::json!({ "message": "The request body has 1 error(s)", "details": [detail] });
        return Err(Answer::json(400, body));
    }
    list.iter()
        .enumerate()
        .map(|(n, id)| {
            let id = id.as_str().filter(|id| crate::ids::is_hex('U', id));
            id.map(str::to_owned)
                .ok_or_else(|| Answer::invalid_property(&format!("{field}[{n}]")))
        })
        .collect()
}
