//! Which menu people see: the default, links of single people, bulk links, batches.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::{Answer, Call, Outcome, World, user_ids};
use crate::check::{self, Findings, Place};
use crate::ids;
use crate::menu::Batch;

/// The menu must exist and have its image before anybody can see it.
fn usable(world: &World, id: &str) -> Result<(), Answer> {
    if world.menus.get(id).is_none() {
        return Err(Answer::not_found());
    }
    if !world.menus.has_image(id) {
        return Err(Answer::error(
            400,
            "must upload richmenu image before applying it to user",
        ));
    }
    Ok(())
}

pub(super) fn set_default(world: &mut World, call: &Call) -> Outcome {
    usable(world, call.param(0))?;
    world.menus.default = Some(call.param(0).to_owned());
    Ok(Answer::ok())
}

pub(super) fn get_default(world: &mut World, _: &Call) -> Outcome {
    match &world.menus.default {
        Some(id) => Ok(Answer::json(200, json!({ "richMenuId": id }))),
        None => Err(Answer::error(404, "no default richmenu")),
    }
}

pub(super) fn clear_default(world: &mut World, _: &Call) -> Outcome {
    world.menus.default = None;
    Ok(Answer::ok())
}

fn user(call: &Call) -> Result<&str, Answer> {
    let id = call.param(0);
    if ids::is_hex('U', id) {
        Ok(id)
    } else {
        Err(Answer::error(
            400,
            "The value for the 'userId' parameter is invalid",
        ))
    }
}

/// Links succeed silently for people the account cannot reach; they have no effect there.
fn link_user(world: &mut World, user: &str, menu: Option<&str>) {
    if let Some(person) = world
        .people
        .get_mut(user)
        .filter(|person| person.is_reachable())
    {
        person.menu = menu.map(str::to_owned);
    }
}

pub(super) fn link(world: &mut World, call: &Call) -> Outcome {
    let user = user(call)?.to_owned();
    usable(world, call.param(1))?;
    link_user(world, &user, Some(call.param(1)));
    Ok(Answer::ok())
}

pub(super) fn linked(world: &mut World, call: &Call) -> Outcome {
    let menu = world
        .people
        .get(user(call)?)
        .and_then(|person| person.menu.as_ref());
    match menu {
        Some(id) => Ok(Answer::json(200, json!({ "richMenuId": id }))),
        None => Err(Answer::error(404, "the user has no richmenu")),
    }
}

pub(super) fn unlink(world: &mut World, call: &Call) -> Outcome {
    let user = user(call)?.to_owned();
    link_user(world, &user, None);
    Ok(Answer::ok())
}

pub(super) fn bulk_link(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let users = user_ids(&body, "userIds")?;
    let menu = body["richMenuId"].as_str().unwrap_or_default();
    usable(world, menu)?;
    for user in &users {
        link_user(world, user, Some(menu));
    }
    Ok(Answer::accepted())
}

pub(super) fn bulk_unlink(world: &mut World, call: &Call) -> Outcome {
    for user in user_ids(&call.json()?, "userIds")? {
        link_user(world, &user, None);
    }
    Ok(Answer::accepted())
}

fn checked_batch(world: &World, call: &Call) -> Result<Value, Answer> {
    let body = call.json()?;
    let mut findings = Findings::default();
    check::batch(&Place::root(&body), &mut findings);
    if !findings.is_empty() {
        return Err(Answer::invalid(&findings));
    }
    for operation in body["operations"].as_array().into_iter().flatten() {
        if let Some(to) = operation["to"].as_str() {
            usable(world, to).map_err(|_| {
                Answer::error(400, format!("richmenu {to} not found, or without an image"))
            })?;
        }
    }
    Ok(body)
}

pub(super) fn validate_batch(world: &mut World, call: &Call) -> Outcome {
    checked_batch(world, call).map(|_| Answer::ok())
}

pub(super) fn batch(world: &mut World, call: &Call) -> Outcome {
    let body = checked_batch(world, call)?;
    let fails = world.menus.failing_batches > 0;
    world.menus.failing_batches = world.menus.failing_batches.saturating_sub(1);
    // The same key again resumes the same work, which is already done here, unless it failed.
    let is_resumed = body["resumeRequestKey"].as_str().is_some_and(|key| {
        !fails
            && world
                .menus
                .resumed
                .insert(key.to_owned(), call.request_id.clone())
                .is_some()
    });
    if !is_resumed && !fails {
        relink(world, &body);
    }
    let batch = Batch {
        accepted_at: call.now,
        succeeded: !fails,
        ongoing: world.menus.slow_batches,
    };
    world.menus.batches.insert(call.request_id.clone(), batch);
    Ok(Answer::accepted())
}

fn relink(world: &mut World, body: &Value) {
    let operations = body["operations"].as_array().cloned().unwrap_or_default();
    for person in world.people.iter_mut() {
        for operation in &operations {
            let applies = match operation["type"].as_str() {
                Some("unlinkAll") => true,
                _ => person.menu.is_some() && person.menu.as_deref() == operation["from"].as_str(),
            };
            if applies {
                person.menu = operation["to"].as_str().map(str::to_owned);
                break;
            }
        }
    }
}

pub(super) fn batch_progress(world: &mut World, call: &Call) -> Outcome {
    let id = call.query("requestId").unwrap_or_default();
    let known = world
        .menus
        .batches
        .get_mut(id)
        .filter(|batch| call.now - batch.accepted_at < TimeDelta::days(14));
    let batch = known.ok_or_else(Answer::not_found)?;
    let stamp = batch
        .accepted_at
        .to_rfc3339_opts(SecondsFormat::Millis, true);
    if batch.ongoing > 0 {
        batch.ongoing -= 1;
        return Ok(Answer::json(
            200,
            json!({ "phase": "ongoing", "acceptedTime": stamp }),
        ));
    }
    let phase = if batch.succeeded {
        "succeeded"
    } else {
        "failed"
    };
    Ok(Answer::json(
        200,
        json!({ "phase": phase, "acceptedTime": stamp, "completedTime": stamp }),
    ))
}
