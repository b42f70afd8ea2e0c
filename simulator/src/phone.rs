//! What a person can see and tap, and what a tap does.

use serde_json::{Value, json};

use crate::check::is_picked_value;
use crate::person::{Bubble, Person};
use crate::reading;
use crate::world::World;

/// Something on the screen that can be tapped.
#[derive(Clone, Debug)]
pub(crate) struct Button {
    pub(crate) place: &'static str,
    pub(crate) label: String,
    pub(crate) action: Value,
}

/// Everything to tap, in the order a person would look: quick replies, bubbles from the newest up, the menu.
pub(crate) fn buttons(world: &World, person: &Person) -> Vec<Button> {
    let mut found = quick_replies(person);
    for bubble in person.received().collect::<Vec<_>>().into_iter().rev() {
        collect(bubble, &mut found);
    }
    if let Some(menu) = world
        .menus
        .shown(person.menu.as_deref())
        .filter(|_| person.is_reachable())
    {
        for area in menu.object["areas"].as_array().into_iter().flatten() {
            push("rich menu", &area["action"], &Value::Null, &mut found);
        }
    }
    found
}

/// The quick replies now on the screen.
pub(crate) fn quick_replies(person: &Person) -> Vec<Button> {
    let mut found = Vec::new();
    let items = person
        .quick_replies
        .as_ref()
        .and_then(|message| message["quickReply"]["items"].as_array());
    for item in items.into_iter().flatten() {
        push("quick reply", &item["action"], &Value::Null, &mut found);
    }
    found
}

fn collect(bubble: &Bubble, found: &mut Vec<Button>) {
    let message = &*bubble.message;
    for part in ["template", "contents", "actions"] {
        walk(&message[part], found);
    }
}

/// Finds every action in a template or a flex container, in reading order.
fn walk(value: &Value, found: &mut Vec<Button>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| walk(item, found)),
        Value::Object(object) => {
            for (name, inner) in object {
                match name.as_str() {
                    "action" | "defaultAction" => push("button", inner, value, found),
                    "actions" => {
                        for action in inner.as_array().into_iter().flatten() {
                            push("button", action, &Value::Null, found);
                        }
                    }
                    _ => walk(inner, found),
                }
            }
        }
        _ => {}
    }
}

/// A button is known by its label, else by the text it stands on, else by what it says.
fn push(place: &'static str, action: &Value, holder: &Value, found: &mut Vec<Button>) {
    let names = [
        &action["label"],
        &holder["text"],
        &action["text"],
        &action["displayText"],
        &action["uri"],
    ];
    let label = names
        .into_iter()
        .find_map(Value::as_str)
        .unwrap_or_default();
    found.push(Button {
        place,
        label: label.to_owned(),
        action: action.clone(),
    });
}

/// Finds what a person would tap by its label; the error lists what there is.
pub(crate) fn find(world: &World, user: &str, label: &str) -> Result<Value, String> {
    let person = world.person(user)?;
    let buttons = buttons(world, person);
    if let Some(button) = buttons.iter().find(|button| button.label == label) {
        return Ok(button.action.clone());
    }
    let mut seen: Vec<String> = buttons
        .iter()
        .map(|button| format!("「{}」 ({})", button.label, button.place))
        .collect();
    seen.dedup();
    let seen = if seen.is_empty() {
        "nothing".to_owned()
    } else {
        seen.join(", ")
    };
    Err(format!(
        "{} sees no 「{label}」 to tap; to be seen: {seen}",
        person.name
    ))
}

/// Performs an action as a phone would. Gives what the phone itself is to do: open an address, copy a text.
pub(crate) fn perform(world: &mut World, user: &str, action: &Value) -> Result<Value, String> {
    let text = |name: &str| action[name].as_str().map(str::to_owned);
    match action["type"].as_str().unwrap_or_default() {
        "message" => {
            let text = text("text").unwrap_or_default();
            say(world, user, &text)?;
        }
        "postback" => {
            let shown = text("displayText").or_else(|| text("text"));
            if action["text"].is_string() {
                say(world, user, &shown.unwrap_or_default())?;
            } else if let Some(shown) = shown {
                world.show_own(user, json!({ "type": "text", "text": shown }))?;
            } else {
                world.person_mut(user)?.quick_replies = None;
            }
            postback(world, user, &text("data").unwrap_or_default(), None)?;
            return Ok(
                json!({ "inputOption": action["inputOption"], "fillInText": action["fillInText"] }),
            );
        }
        "uri" => {
            let address = action.get("uri").or_else(|| action.get("linkUri")).cloned();
            if let Some(url) = address.as_ref().and_then(Value::as_str) {
                // What stands in a rich menu is in no message.
                let _in_no_message = reading::open_address(world, user, url);
            }
            return Ok(json!({ "open": address }));
        }
        "clipboard" => return Ok(json!({ "copy": action["clipboardText"] })),
        "richmenuswitch" => switch_menu(world, user, action)?,
        "datetimepicker" => {
            return Err("this asks for a date or a time: pick one instead of tapping".to_owned());
        }
        "location" => {
            return Err("this asks for a place: send a location instead of tapping".to_owned());
        }
        "camera" | "cameraRoll" => {
            return Err("this asks for a picture: send an image instead of tapping".to_owned());
        }
        other => return Err(format!("a phone cannot do 「{other}」")),
    }
    Ok(json!({}))
}

/// The person writes a text.
pub(crate) fn say(world: &mut World, user: &str, text: &str) -> Result<(), String> {
    let message = json!({ "type": "text", "text": text });
    world.write(user, message).map(drop)
}

/// The person sends a place.
pub(crate) fn send_location(world: &mut World, user: &str, place: &Value) -> Result<(), String> {
    let mut message = json!({ "type": "location" });
    for name in ["title", "address", "latitude", "longitude"] {
        if !place[name].is_null() {
            message[name] = place[name].clone();
        }
    }
    if !(message["latitude"].is_number() && message["longitude"].is_number()) {
        return Err("a place needs latitude and longitude".to_owned());
    }
    world.write(user, message).map(drop)
}

/// The person sends a sticker.
pub(crate) fn send_sticker(
    world: &mut World,
    user: &str,
    package: &str,
    sticker: &str,
) -> Result<(), String> {
    let message = json!({ "type": "sticker", "packageId": package, "stickerId": sticker, "stickerResourceType": "STATIC" });
    world.write(user, message).map(drop)
}

/// A postback event, as a button would raise it.
pub(crate) fn postback(
    world: &mut World,
    user: &str,
    data: &str,
    params: Option<Value>,
) -> Result<(), String> {
    if world.person(user)?.blocked {
        return Err("the account is blocked".to_owned());
    }
    let mut own = json!({ "postback": { "data": data } });
    if let Some(params) = params {
        own["postback"]["params"] = params;
    }
    world.happen(user, "postback", own, true);
    Ok(())
}

/// The person picks a date or a time in a picker that was offered.
pub(crate) fn pick(
    world: &mut World,
    user: &str,
    action: &Value,
    value: &str,
) -> Result<(), String> {
    if action["type"] != "datetimepicker" {
        return Err("this is not a date and time picker".to_owned());
    }
    let mode = action["mode"].as_str().unwrap_or_default();
    if !is_picked_value(mode, value) {
        return Err(format!(
            "{value} is no {mode} (2026-11-22, 07:30, 2026-11-22T07:30)"
        ));
    }
    let beyond = |bound: &str, wrong: fn(&str, &str) -> bool| {
        action[bound].as_str().is_some_and(|b| wrong(value, b))
    };
    if beyond("min", |value, min| value < min) || beyond("max", |value, max| value > max) {
        return Err(format!(
            "the picker takes {} to {}, not {value}",
            action["min"], action["max"]
        ));
    }
    let data = action["data"].as_str().unwrap_or_default();
    postback(world, user, data, Some(json!({ mode: value })))
}

fn switch_menu(world: &mut World, user: &str, action: &Value) -> Result<(), String> {
    let alias = action["richMenuAliasId"].as_str().unwrap_or_default();
    let menu = world.menus.aliases.get(alias).cloned();
    let (status, linked) = match menu {
        None => ("RICHMENU_ALIAS_ID_NOTFOUND", None),
        Some(menu) if world.menus.has_image(&menu) => ("SUCCESS", Some(menu)),
        Some(_) => ("RICHMENU_NOTFOUND", None),
    };
    let mut params = json!({});
    if let Some(menu) = linked {
        world.person_mut(user)?.menu = Some(menu);
        params["newRichMenuAliasId"] = alias.into();
    }
    params["status"] = status.into();
    postback(
        world,
        user,
        action["data"].as_str().unwrap_or_default(),
        Some(params),
    )
}

/// A person's screen, from the bubble with this number on.
pub(crate) fn screen(world: &World, user: &str, after: usize) -> Result<Value, String> {
    let person = world.person(user)?;
    let now = world.time.now();
    let menu = world
        .menus
        .shown(person.menu.as_deref())
        .filter(|menu| person.is_reachable() && menu.image.is_some());
    let bubbles: Vec<Value> = person.chat.iter().skip(after).map(Bubble::view).collect();
    Ok(json!({
        "person": { "id": person.id, "name": person.name, "friend": person.friend, "blocked": person.blocked },
        "account": { "displayName": world.options.display_name, "basicId": world.options.basic_id },
        "home": world.options.home,
        "now": now.timestamp_millis(),
        "bubbles": bubbles,
        "count": person.chat.len(),
        "quickReplies": person.quick_replies.as_ref().map(|message| &message["quickReply"]["items"]),
        "webhook": world.courier.state(),
        "loading": person.loading_until.is_some_and(|until| now < until),
        "menu": menu.map(|menu| menu.view()),
    }))
}
