//! Reply, push, multicast, broadcast, and their validation.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Outcome, user_ids};
use crate::answer::{Answer, Call};
use crate::check::{self, Findings, Place, Road};
use crate::ids;
use crate::world::{Post, World};

/// The `messages` of a body, found in order.
pub(super) fn checked_messages(body: &Value, road: Road) -> Result<Vec<Arc<Value>>, Answer> {
    let mut findings = Findings::default();
    let place = Place::root(body);
    check::messages(&place, road, &mut findings);
    check_units(&place, &mut findings);
    if !findings.is_empty() {
        return Err(Answer::invalid(&findings));
    }
    Ok(body["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .cloned()
        .map(Arc::new)
        .collect())
}

/// At most one custom aggregation unit, of at most 30 letters, digits and underscores.
fn check_units(body: &Place<'_>, findings: &mut Findings) {
    let units = body.field("customAggregationUnits");
    if units.value().is_none() {
        return;
    }
    for unit in units.list(0, 1, findings) {
        let fits = unit.str().is_some_and(|name| {
            (1..=30).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        if !fits {
            findings.add(&unit, "must have 1 to 30 characters of [a-zA-Z0-9_]");
        }
    }
}

pub(super) fn validate_chat(_: &mut World, call: &Call) -> Outcome {
    checked_messages(&call.json()?, Road::Chat).map(|_| Answer::ok())
}

pub(super) fn validate_crowd(_: &mut World, call: &Call) -> Outcome {
    checked_messages(&call.json()?, Road::Crowd).map(|_| Answer::ok())
}

fn is_silent(body: &Value) -> bool {
    body["notificationDisabled"].as_bool().unwrap_or_default()
}

fn sent_messages(first: u64, messages: &[Arc<Value>]) -> Value {
    let list: Vec<Value> = (first..)
        .map(ids::message_id)
        .zip(messages)
        .map(|(id, message)| match message["type"].as_str() {
            Some("text" | "textV2" | "sticker" | "image" | "video" | "template") => {
                json!({ "id": id, "quoteToken": ids::hex("q") })
            }
            _ => json!({ "id": id }),
        })
        .collect();
    json!({ "sentMessages": list })
}

pub(super) fn reply(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let messages = checked_messages(&body, Road::Chat)?;
    let token = body["replyToken"].as_str().unwrap_or_default();
    let Some(chat) = world.reply_tokens.spend(token, call.now) else {
        return Err(Answer::error(400, "Invalid reply token"));
    };
    let post = Post {
        messages: &messages,
        via: "reply",
        silent: is_silent(&body),
        request_id: call.request_id.as_str().into(),
    };
    let reachable = world
        .people
        .get(&chat)
        .is_some_and(|person| !person.blocked);
    let to = if reachable { chat.as_str() } else { "" };
    let first = world.deliver(to, &post);
    world.counts.sent("reply", u64::from(reachable), call.now);
    Ok(Answer::json(200, sent_messages(first, &messages)))
}

pub(super) fn push(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let messages = checked_messages(&body, Road::Chat)?;
    let to = body["to"].as_str().unwrap_or_default();
    let shaped = ['U', 'C', 'R']
        .into_iter()
        .any(|kind| ids::is_hex(kind, to));
    if !shaped || to == world.options.bot_user_id {
        return Err(Answer::invalid_property("to"));
    }
    if !to.starts_with('U') && !world.groups.contains(to) {
        return Err(Answer::error(400, "Failed to send messages"));
    }
    let arrives = world
        .people
        .get(to)
        .is_some_and(|person| person.takes_push(call.now));
    let recipients = u64::from(arrives);
    if !world.quota_allows(recipients, call.now) {
        return Err(Answer::quota_reached());
    }
    let post = Post {
        messages: &messages,
        via: "push",
        silent: is_silent(&body),
        request_id: call.request_id.as_str().into(),
    };
    let first = world.deliver(if arrives { to } else { "" }, &post);
    world.counts.sent("push", recipients, call.now);
    remember_units(world, &body, call);
    Ok(Answer::json(200, sent_messages(first, &messages)))
}

pub(super) fn multicast(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let messages = checked_messages(&body, Road::Crowd)?;
    let to = user_ids(&body, "to")?;
    if let Some(own) = to.iter().position(|id| *id == world.options.bot_user_id) {
        return Err(Answer::invalid_property(&format!("to[{own}]")));
    }
    let reachable: Vec<String> = to
        .into_iter()
        .filter(|id| {
            world
                .people
                .get(id)
                .is_some_and(|person| person.is_reachable())
        })
        .collect();
    let post = Post {
        messages: &messages,
        via: "multicast",
        silent: is_silent(&body),
        request_id: call.request_id.as_str().into(),
    };
    spread(world, &reachable, &post, call)?;
    remember_units(world, &body, call);
    Ok(Answer::ok())
}

pub(super) fn broadcast(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let messages = checked_messages(&body, Road::Crowd)?;
    let everyone = all_friends(world);
    let post = Post {
        messages: &messages,
        via: "broadcast",
        silent: is_silent(&body),
        request_id: call.request_id.as_str().into(),
    };
    spread(world, &everyone, &post, call)?;
    Ok(Answer::ok())
}

pub(super) fn all_friends(world: &World) -> Vec<String> {
    world
        .people
        .iter()
        .filter(|person| person.is_reachable())
        .map(|person| person.id.clone())
        .collect()
}

/// Delivers to all of these people, or to nobody if the quota has no room for all of them.
pub(super) fn spread(
    world: &mut World,
    people: &[String],
    post: &Post<'_>,
    call: &Call,
) -> Result<(), Answer> {
    let recipients = u64::try_from(people.len()).unwrap_or(u64::MAX);
    if !world.quota_allows(recipients, call.now) {
        return Err(Answer::quota_reached());
    }
    for id in people {
        world.deliver(id, post);
    }
    world.counts.sent(post.via, recipients, call.now);
    Ok(())
}

fn remember_units(world: &mut World, body: &Value, call: &Call) {
    for unit in body["customAggregationUnits"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if world.counts.unit(unit, call.now) {
            world.readings.sent(&call.request_id, unit);
        }
    }
}
