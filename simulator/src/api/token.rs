//! Channel access tokens (<https://developers.line.biz/en/docs/basics/channel-access-token/>).

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Answer, Call, Outcome, World};
use crate::ids;

/// How long a stateless token lives, in seconds.
const STATELESS_LIFE: i64 = 900;

/// A bearer token that is the long-lived one, or a stateless one still alive.
pub(super) fn authenticate(world: &World, call: &Call) -> Result<(), Answer> {
    let failed = |reason: &str| {
        Answer::error(
            401,
            format!("Authentication failed due to the following reason: {reason}"),
        )
        .with_header("www-authenticate", "Bearer realm=\"api.line.me\"")
    };
    let Some(header) = &call.authorization else {
        return Err(failed("missing Authorization header"));
    };
    let Some(token) = header.strip_prefix("Bearer ") else {
        return Err(failed("invalid Authorization header"));
    };
    if token == world.options.access_token {
        return Ok(());
    }
    match world.issued.get(token) {
        Some(expires) if call.now < *expires => Ok(()),
        Some(_) => Err(failed("access token expired")),
        None => Err(failed(
            "invalid token. Confirm that the access token in the authorization header is valid.",
        )),
    }
}

/// Issues a stateless token for the channel's id and secret.
pub(super) fn issue(world: &mut World, call: &Call) -> Outcome {
    let form = call.form();
    let field = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default();
    if field("grant_type") != "client_credentials" {
        return Err(Answer::json(
            400,
            json!({ "error": "unsupported_grant_type" }),
        ));
    }
    if field("client_id") != world.options.channel_id
        || field("client_secret") != world.options.channel_secret
    {
        let body =
            json!({ "error": "invalid_client", "error_description": "invalid client credentials" });
        return Err(Answer::json(400, body));
    }
    let token = format!("stateless-{}", ids::opaque());
    world
        .issued
        .retain(|_, expires| call.now < *expires + TimeDelta::hours(1));
    world
        .issued
        .insert(token.clone(), call.now + TimeDelta::seconds(STATELESS_LIFE));
    let body =
        json!({ "token_type": "Bearer", "access_token": token, "expires_in": STATELESS_LIFE });
    Ok(Answer::json(200, body))
}

/// Says whether a token is good: in the query (v2.1) or in the form (v2).
pub(super) fn verify(world: &mut World, call: &Call) -> Outcome {
    let form = call.form();
    let token = call
        .query("access_token")
        .or_else(|| form.get("access_token").and_then(Value::as_str));
    let token = token.unwrap_or_default();
    let channel = &world.options.channel_id;
    if token == world.options.access_token {
        // A long-lived token names no end; LINE answers with a far one.
        return Ok(Answer::json(
            200,
            json!({ "client_id": channel, "expires_in": i32::MAX, "scope": "P CM" }),
        ));
    }
    match world
        .issued
        .get(token)
        .map(|expires| (*expires - call.now).num_seconds())
    {
        Some(left) if left > 0 => Ok(Answer::json(
            200,
            json!({ "client_id": channel, "expires_in": left, "scope": "P CM" }),
        )),
        _ => Err(Answer::json(
            400,
            json!({ "error": "invalid_request", "error_description": "access token expired" }),
        )),
    }
}
