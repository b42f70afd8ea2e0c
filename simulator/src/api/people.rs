//! Profiles, followers, the chat's extras, and what people sent.

use chrono::TimeDelta;
use serde_json::json;

use super::{Answer, Call, Outcome, World};
use crate::ids;
use crate::world::Sent;

pub(super) fn profile(world: &mut World, call: &Call) -> Outcome {
    match world.people.get(call.param(0)) {
        Some(person) if person.is_reachable() => Ok(Answer::json(
            200,
            json!({ "displayName": person.name, "userId": person.id, "language": "ja" }),
        )),
        _ => Err(Answer::not_found()),
    }
}

pub(super) fn followers(world: &mut World, call: &Call) -> Outcome {
    if !world.options.verified {
        return Err(Answer::error(
            403,
            "Access to this API is not available for your account",
        ));
    }
    let limit = match call.query("limit").map(str::parse::<usize>) {
        None => 300,
        Some(Ok(limit)) if (1..=1_000).contains(&limit) => limit,
        Some(_) => {
            return Err(Answer::error(
                400,
                "The value for the 'limit' parameter is invalid",
            ));
        }
    };
    let start = match call.query("start").map(str::parse::<usize>) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(_)) => {
            return Err(Answer::error(
                400,
                "The value for the 'start' parameter is invalid",
            ));
        }
    };
    let mut friends = world
        .people
        .iter()
        .filter(|person| person.is_reachable())
        .skip(start);
    let page: Vec<&str> = friends
        .by_ref()
        .take(limit)
        .map(|person| person.id.as_str())
        .collect();
    let mut body = json!({ "userIds": page });
    if friends.next().is_some() {
        body["next"] = (start + limit).to_string().into();
    }
    Ok(Answer::json(200, body))
}

pub(super) fn start_loading(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let chat = body["chatId"].as_str().unwrap_or_default();
    if !ids::is_hex('U', chat) {
        return Err(Answer::invalid_property("chatId"));
    }
    let seconds = match body.get("loadingSeconds") {
        None => 20,
        Some(value) => value
            .as_i64()
            .filter(|seconds| (5..=60).contains(seconds) && seconds % 5 == 0)
            .ok_or_else(|| Answer::invalid_property("loadingSeconds"))?,
    };
    if let Some(person) = world.people.get_mut(chat) {
        person.loading_until = Some(call.now + TimeDelta::seconds(seconds));
    }
    Ok(Answer::accepted())
}

pub(super) fn mark_as_read(_: &mut World, call: &Call) -> Outcome {
    match call.json()?["markAsReadToken"].as_str() {
        Some(token) if !token.is_empty() => Ok(Answer::ok()),
        _ => Err(Answer::invalid_property("markAsReadToken")),
    }
}

pub(super) fn link_token(world: &mut World, call: &Call) -> Outcome {
    match world.people.get(call.param(0)) {
        Some(person) if person.is_reachable() => {
            Ok(Answer::json(200, json!({ "linkToken": ids::hex("") })))
        }
        _ => Err(Answer::not_found()),
    }
}

/// The bot leaves a group or room; no event tells of it.
pub(super) fn leave(world: &mut World, call: &Call) -> Outcome {
    if world.groups.remove(call.param(0)) {
        Ok(Answer::ok())
    } else {
        Err(Answer::not_found())
    }
}

pub(super) fn content(world: &mut World, call: &Call) -> Outcome {
    match world.contents.get(call.param(0)) {
        Some(Sent::Content {
            content_type,
            bytes,
        }) => Ok(Answer::raw(content_type, bytes.clone())),
        Some(Sent::Unsent) => Err(Answer::error(410, "The message has been unsent")),
        None => Err(Answer::not_found()),
    }
}

pub(super) fn transcoding(world: &mut World, call: &Call) -> Outcome {
    if world.contents.contains_key(call.param(0)) {
        Ok(Answer::json(200, json!({ "status": "succeeded" })))
    } else {
        Err(Answer::not_found())
    }
}
