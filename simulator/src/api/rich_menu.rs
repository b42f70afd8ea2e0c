//! Rich menus: create, list, get, delete, and their images.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use serde_json::{Value, json};

use super::{Answer, Call, Outcome, World};
use crate::check::{self, Findings, Place};

/// The largest image.
const MAX_IMAGE: usize = 1024 * 1024;

fn checked(call: &Call) -> Result<Value, Answer> {
    let body = call.json()?;
    let mut findings = Findings::default();
    check::rich_menu(&Place::root(&body), &mut findings);
    if findings.is_empty() {
        Ok(body)
    } else {
        Err(Answer::invalid(&findings))
    }
}

pub(super) fn create(world: &mut World, call: &Call) -> Outcome {
    let object = checked(call)?;
    match world.menus.add(object) {
        Some(id) => Ok(Answer::json(200, json!({ "richMenuId": id }))),
        None => Err(Answer::error(
            400,
            "the number of rich menus has reached its limit, 1000",
        )),
    }
}

pub(super) fn validate(_: &mut World, call: &Call) -> Outcome {
    checked(call).map(|_| Answer::ok())
}

pub(super) fn list(world: &mut World, _: &Call) -> Outcome {
    let menus: Vec<Value> = world.menus.iter().map(|menu| menu.view()).collect();
    Ok(Answer::json(200, json!({ "richmenus": menus })))
}

pub(super) fn get(world: &mut World, call: &Call) -> Outcome {
    let menu = world
        .menus
        .get(call.param(0))
        .ok_or_else(Answer::not_found)?;
    Ok(Answer::json(200, menu.view()))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Outcome {
    if !world.menus.remove(call.param(0)) {
        return Err(Answer::not_found());
    }
    for person in world
        .people
        .iter_mut()
        .filter(|person| person.menu.as_deref() == Some(call.param(0)))
    {
        person.menu = None;
    }
    Ok(Answer::ok())
}

pub(super) fn upload(world: &mut World, call: &Call) -> Outcome {
    let menu = world
        .menus
        .get_mut(call.param(0))
        .ok_or_else(Answer::not_found)?;
    if menu.image.is_some() {
        return Err(Answer::error(
            400,
            "An image has already been uploaded to the richmenu",
        ));
    }
    if call.body.len() > MAX_IMAGE {
        return Err(Answer::error(413, "The image is larger than 1 MB"));
    }
    let format = match image::guess_format(&call.body) {
        Ok(ImageFormat::Png) => "image/png",
        Ok(ImageFormat::Jpeg) => "image/jpeg",
        _ => return Err(Answer::error(400, "The image is neither JPEG nor PNG")),
    };
    if call.content_type.as_deref() != Some(format) {
        return Err(Answer::error(
            400,
            format!("The image is {format}, but the content type says otherwise"),
        ));
    }
    let reader = ImageReader::new(Cursor::new(&call.body)).with_guessed_format();
    let size = reader.ok().and_then(|reader| reader.into_dimensions().ok());
    let expected = menu.size();
    if size.map(|(width, height)| (u64::from(width), u64::from(height))) != Some(expected) {
        let found = size.map_or("unreadable".to_owned(), |(width, height)| {
            format!("{width}x{height}")
        });
        let (width, height) = expected;
        return Err(Answer::error(
            400,
            format!("The image is {found}, the rich menu {width}x{height}"),
        ));
    }
    menu.image = Some((format.to_owned(), call.body.clone()));
    Ok(Answer::ok())
}

pub(super) fn download(world: &mut World, call: &Call) -> Outcome {
    let image = world
        .menus
        .get(call.param(0))
        .and_then(|menu| menu.image.as_ref());
    let (content_type, bytes) = image.ok_or_else(Answer::not_found)?;
    Ok(Answer::raw(content_type, bytes.clone()))
}
