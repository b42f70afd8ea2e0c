//! Aliases of rich menus, by which menus switch.

use serde_json::{Value, json};

use super::{Answer, Call, Outcome, World};
use crate::menu::MAX;

fn is_alias(alias: &str) -> bool {
    (1..=32).contains(&alias.len())
        && alias
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// The menu a body names; it must exist and have its image.
fn named_menu(world: &World, body: &Value) -> Result<String, Answer> {
    let id = body["richMenuId"].as_str().unwrap_or_default();
    if world.menus.get(id).is_none() {
        return Err(Answer::error(400, "richmenu not found"));
    }
    if !world.menus.has_image(id) {
        return Err(Answer::error(
            400,
            "must upload richmenu image before setting it to an alias",
        ));
    }
    Ok(id.to_owned())
}

pub(super) fn create(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    let alias = body["richMenuAliasId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    if !is_alias(&alias) {
        return Err(Answer::invalid_property("richMenuAliasId"));
    }
    if world.menus.aliases.contains_key(&alias) {
        return Err(Answer::error(400, "conflict richmenu alias id"));
    }
    if world.menus.aliases.len() >= MAX {
        return Err(Answer::error(
            400,
            "the number of rich menu aliases has reached its limit, 1000",
        ));
    }
    let menu = named_menu(world, &body)?;
    world.menus.aliases.insert(alias, menu);
    Ok(Answer::ok())
}

pub(super) fn update(world: &mut World, call: &Call) -> Outcome {
    let body = call.json()?;
    if !world.menus.aliases.contains_key(call.param(0)) {
        return Err(Answer::not_found());
    }
    let menu = named_menu(world, &body)?;
    world.menus.aliases.insert(call.param(0).to_owned(), menu);
    Ok(Answer::ok())
}

pub(super) fn get(world: &mut World, call: &Call) -> Outcome {
    let menu = world
        .menus
        .aliases
        .get(call.param(0))
        .ok_or_else(Answer::not_found)?;
    Ok(Answer::json(
        200,
        json!({ "richMenuAliasId": call.param(0), "richMenuId": menu }),
    ))
}

pub(super) fn list(world: &mut World, _: &Call) -> Outcome {
    let aliases = world.menus.aliases.iter();
    let list: Vec<Value> = aliases
        .map(|(id, menu)| json!({ "richMenuAliasId": id, "richMenuId": menu }))
        .collect();
    Ok(Answer::json(200, json!({ "aliases": list })))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Outcome {
    world
        .menus
        .aliases
        .remove(call.param(0))
        .map(|_| Answer::ok())
        .ok_or_else(Answer::not_found)
}
